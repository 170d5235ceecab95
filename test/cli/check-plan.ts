/** A site of two providers and one service, and a playbook that looks at them. */
import { createHash } from 'node:crypto';
import type { CheckRegistry } from '../../src/checks/check.ts';
import { buildPlan, type Plan } from '../../src/engine/plan.ts';
import { parsePlaybook } from '../../src/playbook/parse.ts';

const PLAYBOOK = `oor: 1
id: site
title: { en: Site }
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry }
  hardware:
    steps:
      - { id: disk, uses: disk.space }
  software:
    steps:
      - { id: who, ask: { en: "Who?" }, type: text }
      - { id: data, for: services, uses: disk.space, if: "answers.who == 'x'" }
  network:
    steps:
      - { id: provider, for: providers, uses: net.tcp }
      - { id: provider_http, for: providers, uses: net.http, needs: [provider] }
      - { id: provider_tls, for: providers, uses: tls.cert, if: "checks.provider_http.fail" }
      - { id: cache, for: caches, uses: net.tcp }
`;

export function sitePlan(registry: CheckRegistry): Plan {
  const parsed = parsePlaybook({
    file: 'site.yaml',
    text: PLAYBOOK,
    registry,
    timeLimit: (evaluate) => evaluate(),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    include: () => undefined,
  });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, col, message }) => `${line}:${col} ${message}`).join('\n'));
  const profile = {
    services: [{ name: 'app', kind: 'app', role: 'core', on: 'app1' }],
    providers: [
      { name: 'bank', kind: 'http', role: 'primary' },
      { name: 'wallet', kind: 'http', role: 'backup' },
    ],
    hosts: [{ name: 'app1', ssh: 'app1' }],
  };
  return buildPlan({ playbook: parsed.playbook, profile, inputs: {}, localHost: 'gw' });
}

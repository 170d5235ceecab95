import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/engine/diagnose.ts';
import { planFrom, play, registry } from './harness.ts';

const PLAYBOOK = `oor: 1
id: ways
title: Ways
phases:
  network:
    steps:
      - { id: way, for: partners, uses: net.tcp, with: { name: "\${{ target.name }}" } }
      - { id: port, for: partners.port, uses: net.tcp, with: { name: "\${{ target.name }}" } }
      - { id: answer, for: providers, uses: net.http, with: { name: "\${{ target.name }}" } }
      - { id: base, for: databases, uses: net.http, with: { name: "\${{ target.name }}" } }
      - { id: store, for: caches, uses: net.http, with: { name: "\${{ target.name }}" } }
causes:
  net.packet_loss:
    title: Packets are lost
    class: network
    for: partners
    prior: common
    component: network
    evidence: [ { when: checks.way.fail, supports: decisive } ]
    explains: [answer, base, store]
    verify: { ask: Again?, predict: answer }
  provider.down:
    title: The provider is down
    class: third-party
    for: providers
    prior: common
    evidence: [ { when: checks.answer.fail, supports: decisive } ]
    verify: { ask: Is it down?, predict: answer }
  db.down:
    title: The database is down
    class: software
    for: databases
    prior: common
    evidence: [ { when: checks.base.fail, supports: decisive } ]
    verify: { ask: Is it down?, predict: answer }
`;

const PROFILE = {
  providers: [
    { name: 'bank', kind: 'http', url: 'https://api.bank.test:8443/health' },
    { name: 'wallet', kind: 'http', url: 'https://pay.wallet.test/' },
  ],
  databases: [{ name: 'main', kind: 'postgres', url: { env: 'DB_URL' } }],
  caches: [{ name: 'redis', kind: 'redis', url: 'redis://redis.test:6379' }],
  network: {
    paths: [
      { name: 'line', host: 'api.bank.test', port: 443 },
      { name: 'bank', host: '10.9.0.1' },
    ],
  },
  hosts: [{ name: 'db', ssh: 'db', services: ['main', 'redis'] }],
};

describe('for: partners', () => {
  test('each way once: the first of several at one address or on one machine stands for all', () => {
    const { steps } = planFrom(PLAYBOOK, PROFILE);
    const ways = steps.filter(({ step }) => step.id === 'way');
    expect(ways.map(({ key, target }) => [key, target?.list, target?.data])).toEqual([
      ['way@bank', 'providers', { name: 'bank', of: 'providers', to: 'https://api.bank.test:8443/health', host: null, port: null }],
      ['way@wallet', 'providers', { name: 'wallet', of: 'providers', to: 'https://pay.wallet.test/', host: null, port: null }],
      ['way@main', 'databases', { name: 'main', of: 'databases', to: { env: 'DB_URL' }, host: null, port: null }],
      ['way@network.paths/bank', 'network.paths', { name: 'bank', of: 'network.paths', to: null, host: '10.9.0.1', port: null }],
    ]);
  });

  test('each port, where that is asked for', () => {
    const { steps } = planFrom(PLAYBOOK, PROFILE);
    expect(steps.filter(({ step }) => step.id === 'port').map(({ key }) => key)).toEqual([
      'port@bank',
      'port@wallet',
      'port@main',
      'port@redis',
      'port@line',
      'port@network.paths/bank',
    ]);
  });

  const failing = async (...keys: readonly string[]) => {
    const facts = Object.fromEntries(keys.map((key) => [key, { status: 'fail' }]));
    const { plan, session } = await play({ yaml: PLAYBOOK, profile: PROFILE, facts });
    return diagnose(plan, session, registry);
  };

  test('a lossy way explains what is asked over it, on that machine, and nothing of others', async () => {
    const explained = async (...keys: readonly string[]) =>
      Object.fromEntries(
        (await failing(...keys)).findings.flatMap(({ key, explainedBy }) =>
          explainedBy && !key.startsWith('way') ? [[key, explainedBy]] : [],
        ),
      );
    const all = ['answer@bank', 'answer@wallet', 'base@main', 'store@redis'];
    expect(await explained('way@bank', ...all)).toMatchObject({ 'answer@bank': 'net.packet_loss@bank' });
    expect((await explained('way@bank', ...all))['answer@wallet']).toBeUndefined();
    expect(await explained('way@main', ...all)).toEqual({ 'base@main': 'net.packet_loss@main', 'store@redis': 'net.packet_loss@main' });
  });

  test('ways that suffer from one network are one cause', async () => {
    const { causes, leading } = await failing('way@bank', 'way@wallet', 'way@main');
    expect(causes.map(({ id, component }) => [id, component])).toEqual([['net.packet_loss', 'network']]);
    expect(leading?.id).toBe('net.packet_loss');
  });
});

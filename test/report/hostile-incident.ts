/** An incident of which every text that came from outside attacks the page: log lines, answers, names, facts, output, notes. */
import type { Incident } from '../../src/report/incident.ts';
import { answer } from '../engine/harness.ts';
import { playIncident } from './played.ts';

/** Each would call `alert`, ask for something or close what it stands in, if it were markup. */
export const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><img src=http://127.0.0.1:9/x onerror=alert(2)>',
  "'><svg/onload=alert(3)>",
  '</title></style></pre></code></text></svg><iframe srcdoc="<script>parent.alert(4)</script>">',
  '<a href="javascript:alert(5)">click</a>',
  '<!--<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/">',
  '<style>@import "http://127.0.0.1:9/x";body{display:none}</style>',
  '`${alert(6)}`\u202e\u001b]0;owned\u0007\u2028',
] as const;

const ALL = PAYLOADS.join(' ');
const quoted = JSON.stringify(ALL).replace(
  /[\u007f-\uffff]/g,
  (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
);

const YAML = `
oor: 1
id: test
title: { en: Test, zh-CN: 测试 }
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry, title: { en: ${quoted}, zh-CN: ${quoted} } }
      - { id: who, ask: { en: ${quoted}, zh-CN: ${quoted} }, type: text }
  network: { steps: [{ id: cert, uses: tls.cert, for: services }, { id: disk, uses: disk.space }] }
causes:
  tls.expired:
    title: { en: ${quoted}, zh-CN: ${quoted} }
    class: human
    prior: common
    evidence: [{ when: 'any.cert.codes.exists(c, c == "expired")', supports: decisive }]
    explains: [entry]
    verify: { ask: { en: ${quoted}, zh-CN: ${quoted} }, predict: "not answer" }
    fix: renew
    advice: { en: ${quoted}, zh-CN: ${quoted} }
fixes:
  renew:
    title: { en: ${quoted}, zh-CN: ${quoted} }
    effect: write
    confirm: yes-no
    run: { argv: [renew, ${quoted}] }
    rollback: { none: { en: ${quoted} } }
    signal: { steps: [entry], within: 1s }
validate: { steps: [entry], soak: 0s }
escalate: { to: ${quoted}, text: { en: ${quoted} } }
`;

/** `said`: what logs, answers, names and output hold; the playbook keeps to the payloads. */
export async function hostileIncident(said: string = ALL): Promise<Incident> {
  const name = `web ${said}`;
  return await playIncident(
    {
      yaml: YAML,
      profile: { site: said, services: [{ name }] },
      interactive: true,
      symptom: said,
      facts: {
        entry: {
          status: 'fail',
          code: said,
          body: said,
          samples: [
            { code: said, timing: { totalMs: 5, connectMs: 2 } },
            { code: said, timing: { totalMs: Number.MAX_VALUE } },
          ],
        },
        [`cert@${name}`]: { status: 'fail', code: 'expired', [said]: said },
        disk: 'unknown',
      },
      replies: {
        who: answer(said),
        'verify:tls.expired#0': answer(false),
        [`fix:renew`]: answer(true),
      },
      act: () => ({ exitCode: 1, stdout: said, stderr: said }),
    },
    { artifacts: new Map([['entry', [`../../x/javascript:alert(1)/${said}`, 'javascript:alert(1)', '//127.0.0.1:9/x']]]) },
  );
}

import { describe, expect, it } from 'vitest';
import { complete, FILES, type KnownFlag, type NameKind } from '../../src/cli/complete.ts';

const flag = (name: string, value?: string, choices: readonly string[] = []): KnownFlag => ({ name, text: '', value, choices });
const known = {
  commands: [
    { name: 'run', text: 'walk', flags: [flag('--sandbox', 'fault'), flag('--answer', 'id=value'), flag('--set', 'input=value')] },
    { name: 'check', text: 'look', flags: [flag('--phase', 'phase'), flag('--output', 'file')] },
    { name: 'sessions', text: '', flags: [] },
    { name: 'bundle', text: '', flags: [] },
    { name: 'playbook', text: '', flags: [] },
    { name: 'reconcile', text: '', flags: [] },
    { name: 'report', text: '', flags: [flag('--template', 'name')] },
    { name: 'help', text: '', flags: [] },
    { name: 'note', text: '', flags: [] },
    { name: 'notify', text: '', flags: [] },
  ],
  flags: [
    flag('--json'),
    flag('--format', 'format'),
    flag('--symptom', 'text'),
    flag('--fail-on', 'status', ['warn', 'fail']),
    flag('--lang', 'language'),
    flag('--profile', 'file'),
  ],
};
const NAMES: Readonly<Record<NameKind, readonly string[]>> = {
  playbooks: ['payment-gateway', 'pos-switch'],
  checks: ['disk.space', 'disk.io', 'net.http'],
  sessions: ['20261128-1', '20261128-2'],
  fixes: ['start-app'],
  faults: ['tls-expired', 'db-down'],
  tables: ['stripe'],
  phases: ['confirm', 'network'],
  causes: ['tls.expired', 'db.down'],
  topics: ['exit-codes', 'profile'],
  answers: ['symptom=errors', 'symptom=timeouts'],
  inputs: ['snapshot='],
  parameters: ['file=', 'since='],
  told: ['ops', 'pager'],
};
const ask = async (...words: readonly string[]) => {
  const found = await complete(words, known, async (kind) => NAMES[kind].map((value) => ({ value })));
  return found === FILES ? FILES : found.map(({ value }) => value);
};

describe('what may stand here', () => {
  it.each([
    ['a command', ['ru'], ['run']],
    ['a command behind a flag and its value', ['--lang', 'en', 'ch'], ['check']],
    ['a playbook', ['run', ''], ['payment-gateway', 'pos-switch']],
    ['only one of them', ['run', 'pos-switch', ''], []],
    ['a check', ['check', 'disk.'], ['disk.space', 'disk.io']],
    ['another check, not the same again', ['check', 'disk.space', 'disk.'], ['disk.io']],
    ['a check behind a flag and its value', ['check', '--phase', 'network', 'net'], ['net.http']],
    [
      'flags of the command and of all',
      ['check', '--'],
      ['--phase', '--output', '--json', '--format', '--symptom', '--fail-on', '--lang', '--profile'],
    ],
    ['flags of no command yet', ['--j'], ['--json']],
    ['choices of a flag', ['check', '--fail-on', 'w'], ['warn']],
    ['words of a flag', ['--lang', ''], ['en', 'zh-CN']],
    ['a fault, only behind =', ['run', '--sandbox=tls'], ['--sandbox=tls-expired']],
    ['a playbook behind --sandbox, which takes no word', ['run', '--sandbox', 'pay'], ['payment-gateway']],
    ['a session', ['sessions', 'show', '20261128-'], ['20261128-1', '20261128-2']],
    ['an action', ['bundle', 'v'], ['verify']],
    ['a cause to be explained', ['help', 'tls'], ['tls.expired']],
    ['a topic', ['help', 'exit'], ['exit-codes']],
    ['an answer', ['run', '--answer', 'symptom=t'], ['symptom=timeouts']],
    ['an input of the playbook', ['run', 'pos-switch', '--set', ''], ['snapshot=']],
    ['formats of a check', ['check', '--format', 'na'], ['nagios']],
    ['formats of a report, not of a check', ['run', '--format', ''], ['text', 'json', 'md', 'html', 'junit', 'csv']],
    ['formats of what is wrong with a playbook', ['playbook', 'lint', '--format', ''], ['text', 'json', 'sarif', 'github']],
    ['formats of a playbook', ['playbook', 'show', '--format', ''], ['yaml', 'text', 'md']],
    ['formats of its graph', ['playbook', 'graph', '--format', ''], ['mermaid', 'svg']],
    ['formats of a comparison', ['reconcile', '--format', ''], ['text', 'json', 'csv', 'html', 'md']],
    ['letters', ['report', '20261128-1', '--template', 'post'], ['postmortem']],
    ["nothing for a text of one's own", ['run', '--symptom', ''], []],
    ['a session behind the words of a note', ['note', 'hello', '2026'], ['20261128-1', '20261128-2']],
    ['no session in place of the words of a note', ['note', ''], []],
    ['whom a run tells, each once', ['notify', 'ops', ''], ['pager']],
  ])('%s', async (_name, words, expected) => {
    expect(await ask(...words)).toEqual(expected);
  });

  it.each([
    ['the value of a flag that names a file', ['--profile', '']],
    ['what a bundle command reads', ['bundle', 'verify', '']],
  ])('%s is left to the shell', async (_name, words) => {
    expect(await ask(...words)).toBe(FILES);
  });
});

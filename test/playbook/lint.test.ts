import { describe, expect, it } from 'vitest';
import { examinePlaybook } from '../../src/playbook/examine.ts';
import { readsAddress, readsSecret } from '../../src/playbook/reads-secret.ts';
import { GOOD, placeOf, registry, sha256, timeLimit, warningsOf } from './support.ts';

type Row = readonly [from: string, to: string, at: string, warning: string];

function expectWarning([from, to, at, warning]: Row): void {
  if (!GOOD.includes(from)) throw new Error(`the good playbook has no ${from}`);
  const text = GOOD.replace(from, to);
  expect(warningsOf(text)).toContain(`${placeOf(text, at)} ${warning}`);
}

const SLOW_TEXTS = ['profile.', 'password ', 'bearer ', '-----BEGIN ', '://a:', 'not ', 'no password ', '不', '不含', 'token="', '$'];
const SLOW_EXPRESSIONS = ['profile.', 'target.a.', 'target[', 'has(', 'has(profile.', '[ "', ". '", '. ', ' ', 'a', '${{ '];
const SLOW_LENGTH = 40_000;
const SLOW_EXPRESSION_LENGTH = 200_000;
/** Of processor: ten times what it takes, and a small part of what the square of the length would take. */
const MOST_LINT_MS = 250;
const MOST_READ_MS = 250;

function processorMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  return process.cpuUsage(start).user / 1000;
}

const TEMPLATE_IN_TEXT = '${{ }} is not filled in texts that people read';
const SECRET = '{ en: "${{ target.credentials.password }}", zh-CN: 甲 }';
const TEXTS_WITH_SECRET: readonly (readonly [from: string, to: string, at: string])[] = [
  ['title: { en: Demo, zh-CN: 演示 }', `title: ${SECRET}`, SECRET],
  ['symptoms:', `description: ${SECRET}\nsymptoms:`, SECRET],
  ['id: disk, uses', `id: disk, title: ${SECRET}, uses`, SECRET],
  ['ask: { en: What is shown?, zh-CN: 显示什么？ }', `ask: ${SECRET}`, SECRET],
  ['type: select', `help: ${SECRET}\n        type: select`, SECRET],
  ['label: { en: Declines, zh-CN: 拒绝 }', `label: ${SECRET}`, SECRET],
  ['advice: { en: Make room, zh-CN: 清理空间 }', `advice: ${SECRET}`, SECRET],
  ['verify: { ask: { en: Is it down?, zh-CN: 停了吗？ }', `verify: { ask: ${SECRET}`, SECRET],
  ['type: "${{ target.name }}"', `type: "\${{ target.name }}", why: ${SECRET}`, SECRET],
  ['effect: write', `why: ${SECRET}\n    effect: write`, SECRET],
  ['none: { en: A restart is its own rollback, zh-CN: 重启无需回退 }', `none: ${SECRET}`, SECRET],
  ['escalate: { to: payments-oncall }', `escalate: { to: payments-oncall, text: ${SECRET} }`, SECRET],
];
const VERIFY = '    verify: { uses: disk.space, with: { mount: / }, predict: out.used_pct > 95 }\n';
const ADVICE = '    advice: { en: Make room, zh-CN: 清理空间 }\n';

describe('lint', () => {
  it('says nothing about the good playbook', () => {
    expect(warningsOf(GOOD)).toEqual([]);
  });

  it.each<Row>([
    [
      'retry: { max: 1, delay: 2s }',
      'confirm: { of: 6, need: 2, every: 2s }',
      'probe\n',
      'confirm-time: 6 probes every 2000 ms do not fit into the 10000 ms of probe | a longer timeout, or fewer probes',
    ],
    [
      'nginx.down:',
      'nginx.douwn:\n    class: software',
      'nginx.douwn',
      'cause-vocabulary: nginx.douwn is not in the vocabulary of causes | did you mean nginx.down?',
    ],
    [
      'nginx.down:',
      'lb.split_brain:\n    class: software',
      'lb.split',
      'cause-vocabulary: lb.split_brain is not in the vocabulary of causes | other programs read these ids; a new one is for a root that none of them names',
    ],
    [VERIFY, '', 'disk.full:', 'cause-verify: disk.full has no verify: it can lead, but nothing can confirm it before a fix'],
    [ADVICE, '', 'disk.full:', 'cause-advice: disk.full has neither a fix nor advice | say what a person does next'],
    [
      'zh-CN: 磁盘已满 }\n    prior: common',
      'zh-CN: 磁盘已满 }\n    prior: rare',
      'disk.full:',
      'cause-odds: disk.full can never lead: with all its evidence true its score is 0.09 | it needs 0.5: more or stronger evidence',
    ],
    [
      'with: { mount: / }, predict',
      'with: { mount: /var }, predict',
      'verify: { uses',
      'verify-rereads: this reads again what disk has read: it confirms nothing | look from elsewhere, at something else, or change one variable',
    ],
    [
      'checks.disk.fail && checks.disk.code == "full"',
      '!checks.disk.ok',
      '!checks.disk',
      'negated-status: !checks.disk.ok is also true when the check could not tell, was skipped or does not apply | name checks.disk.fail',
    ],
    [
      ' && checks.disk.code == "full"',
      ' && answers.symptom == "rc91"',
      "when: 'checks.disk.fail",
      'evidence-mixed: this evidence needs a check and an answer at once: without a person it never counts | split it in two',
    ],
    [
      'supports: weak',
      'supports: strong',
      'when: answers.symptom',
      'evidence-symptom: a symptom that somebody reports is weak evidence at most | supports: weak',
    ],
    [
      'when: \'checks.disk.fail && checks.disk.code == "full"\'',
      'when: \'profile.site == "x"\'',
      "when: 'profile.site",
      'evidence-constant: this evidence reads no check and no answer | a fact of the site belongs into the if of the cause',
    ],
    ['    run: { argv: "${{ target.control.restart }}" }\n', '', 'restart-web:\n', 'fix-empty: restart-web has neither run nor manual'],
    [
      'confirm: { type: "${{ target.name }}" }',
      'confirm: yes-no',
      'restart-web:\n',
      'fix-confirm: restart-web is destructive and asks only yes or no | confirm: {type: "${{ target.name }}"}',
    ],
    [
      '    fix: restart-web\n',
      '    advice: { en: Restart it, zh-CN: 重启 }\n',
      'restart-web:\n',
      'fix-unused: no cause offers restart-web',
    ],
    [
      'explains: [probe, again]',
      'explains: [probe]',
      'again, needs',
      'step-unused: no cause, condition or fix looks at again | add evidence, or explains',
    ],
    [
      'uses: disk.space, with: { mount: /var }',
      'if: "false", uses: disk.space, with: { mount: /var }',
      'disk, if',
      'unreachable: disk never runs: its if is false',
    ],
    [
      '        scope: entry\n',
      '',
      'probe\n        uses',
      'no-entry: no step has scope: entry, so the state of the incident is never known',
    ],
    ['{ en: Make room, zh-CN: 清理空间 }', 'Make room', 'Make room', 'missing-translation: no zh-CN text | write {en: ..., zh-CN: ...}'],
    [
      '{ en: Is it down?, zh-CN: 停了吗？ }',
      '{ en: Is it down? }',
      '{ en: Is it down? }',
      'missing-translation: no zh-CN text | write {en: ..., zh-CN: ...}',
    ],
    [
      'label: { en: Declines, zh-CN: 拒绝 }',
      'label: Declines',
      'Declines',
      'missing-translation: no zh-CN text | write {en: ..., zh-CN: ...}',
    ],
    [
      'en: Make room,',
      'en: "Make room on ${{ target.name }}",',
      '{ en: "Make room',
      'template-in-text: ${{ }} is not filled in texts that people read',
    ],
    ['title: { en: Demo, zh-CN: 演示 }', 'title: Demo', 'Demo', 'missing-translation: no zh-CN text | write {en: ..., zh-CN: ...}'],
    [
      'escalate: { to: payments-oncall }',
      'escalate: { to: payments-oncall, text: Call }',
      'Call }',
      'missing-translation: no zh-CN text | write {en: ..., zh-CN: ...}',
    ],
    [
      'if: checks.probe.fail,',
      'if: checks.probe.fail && checks.probe.ok,',
      'again, needs',
      'unreachable: again never runs: checks.probe cannot be fail and ok at once',
    ],
    [
      'if: checks.probe.fail,',
      'if: answers.symptom == "rc91" && answers.symptom == "decline",',
      'again, needs',
      'unreachable: again never runs: answers.symptom cannot be rc91 and decline at once',
    ],
    [
      'uses: disk.space, with: { mount: /var }',
      'if: 1 > 2, uses: disk.space, with: { mount: /var }',
      'again, needs',
      'unreachable: again never runs: it needs disk, which never runs',
    ],
    [
      '  hardware:\n',
      '      - { id: after, if: \'answers.symptom == "decline"\', instruct: { en: Go, zh-CN: 去 } }\n  hardware:\n',
      'after, if',
      'unreachable: after never runs: it wants the answer decline to symptom, which leads past it',
    ],
    [
      'next: { decline: { end: false-alarm } }\n',
      'next: { decline: { end: false-alarm }, rc91: { end: false-alarm } }\n      - { id: after, instruct: { en: Go, zh-CN: 去 } }\n',
      'after, instruct',
      'unreachable: after never runs: every answer to symptom leads past it',
    ],
    [
      'checks.disk.fail && checks.disk.code == "full"',
      'checks.disk.fail && checks.disk.warn',
      "when: 'checks.disk.fail",
      'evidence-never: this is never true: checks.disk cannot be fail and warn at once | two pieces of evidence, or || between them',
    ],
    [
      'dry_run: { argv: [systemctl, status, "${{ target.unit }}"] }',
      'dry_run: { argv: "${{ target.control.restart }}" }',
      '"${{ target.control.restart }}" }\n    rollback',
      'early-write: its dry_run changes something before the fix itself is applied | a trial only shows what would be done',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [sudo, -n, systemctl, stop, "${{ target.unit }}"]',
      '[sudo',
      'early-write: what it keeps before changes something before the fix itself is applied | before only reads: the changing command belongs into run',
    ],
    [
      'effect: write\n    confirm: { type: "${{ target.name }}" }\n    before: { argv: [systemctl, show, "${{ target.unit }}"], save: unit }\n    run: { argv: "${{ target.control.restart }}" }',
      'effect: read\n    run: { argv: [/usr/bin/systemctl, restart, nginx] }',
      'read\n',
      'fix-effect: restart-web says that it only reads, and its command changes something | effect: write, and a rollback',
    ],
    ['zh-CN: 磁盘已满 }\n', 'zh-CN: 磁盘已满 }\n    if: "false"\n', '"false"', 'unreachable: disk.full never stands: its if is false'],
    ['{ id: disk, uses', '{ id: disk, source: [F03, P28], uses', 'P28', 'unknown-row: there is no row P28 | did you mean F28?'],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [curl, -u, "${{ target.credentials.password }}"]',
      '"${{ target.credentials',
      'secret-flow: a secret of the profile would become an argument, which every user of the machine can read | let the program read it from its own file or environment',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [psql, "${{ target.url }}"]',
      '"${{ target.url',
      'secret-flow: the address of a database may hold its password, and arguments are seen by every user of the machine | let the program read it from its own file or environment',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [mysql, --password=tulip-and-rose]',
      '--password',
      'secret-written: a secret is written here; it goes into the record of every run | the profile names it: {env: NAME} or {file: PATH}, and the check asks for it',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [env, "PGPASSWORD=${{ profile.databases.filter(d, d.name == \'x\')[0].credentials.password }}", psql]',
      '"PGPASSWORD',
      'secret-flow: a secret of the profile would become an argument, which every user of the machine can read | let the program read it from its own file or environment',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [echo, \'${{ target["passphrase"] }}\']',
      "'${{ target[",
      'secret-flow: a secret of the profile would become an argument, which every user of the machine can read | let the program read it from its own file or environment',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [sh, -c, "date;\n          psql ${{ target.url }}"]',
      '${{ target.url',
      'secret-flow: the address of a database may hold its password, and arguments are seen by every user of the machine | let the program read it from its own file or environment',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [sudo, -u, postgres, psql, "${{ profile.databases[0].url }}"]',
      '"${{ profile.databases',
      'secret-flow: the address of a database may hold its password, and arguments are seen by every user of the machine | let the program read it from its own file or environment',
    ],
    [
      'rollback: { none: { en: A restart is its own rollback, zh-CN: 重启无需回退 } }',
      'rollback: [{ argv: [logger, "${{ target.credentials.token }}"] }]',
      '"${{ target.credentials',
      'secret-flow: a secret of the profile would become an argument, which every user of the machine can read | let the program read it from its own file or environment',
    ],
    [
      'rollback: { none: { en: A restart is its own rollback, zh-CN: 重启无需回退 } }',
      'rollback: { none: { en: None, zh-CN: "口令 ${{ target.credentials.password }}" } }',
      '{ en: None, zh-CN: "口令',
      'template-in-text: ${{ }} is not filled in texts that people read',
    ],
    [
      'confirm: { type: "${{ target.name }}" }',
      'confirm: { type: "${{ target.credentials.password }}" }',
      '"${{ target.credentials',
      'secret-flow: a secret of the profile would be shown in a question | let the program read it from its own file or environment',
    ],
    [
      'failed: 100 - out.ok_ratio * 100',
      'value: \'dyn(profile.databases[0].url) == "" ? 0 : 1\', failed: string(profile.metrics.credentials.token)',
      'string(profile',
      'secret-flow: a secret of the profile would be shown to whoever reads the run or its report | let the program read it from its own file or environment',
    ],
    [
      'port=${{ inputs.port }}"',
      'port=${{ profile.metrics.credentials.token }}"',
      '"${{ profile.entry',
      'secret-flow: a secret of the profile is carried wherever this variable is | let the program read it from its own file or environment',
    ],
    [
      'with: { url: "${{ vars.health }}" } }',
      'with: { url: "https://h/?key=${{ profile.metrics.credentials.token }}" } }',
      '"https://h/',
      'secret-flow: a secret of the profile would become a part of this text | let the program read it from its own file or environment',
    ],
    [
      'with: { url: "${{ vars.health }}" } }',
      'with: { url: "${{ vars.health }}", headers: { X-Key: "${{ profile.metrics.credentials.token }}" } } }',
      '"${{ profile.metrics',
      'secret-flow: a secret of the profile would go into headers, which stands in the record | let the program read it from its own file or environment',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [mysql, --password, tulip-and-rose]',
      'tulip',
      'secret-written: a secret is written here; it goes into the record of every run | the profile names it: {env: NAME} or {file: PATH}, and the check asks for it',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [curl, -u, "oncall:tulips99", "https://pay.example.test/"]',
      '"oncall',
      'secret-written: a secret is written here; it goes into the record of every run | the profile names it: {env: NAME} or {file: PATH}, and the check asks for it',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [redis-cli, "redis://:tulips99@cache/0"]',
      '"redis',
      'secret-written: a secret is written here; it goes into the record of every run | the profile names it: {env: NAME} or {file: PATH}, and the check asks for it',
    ],
    [
      'with: { url: "${{ vars.health }}" } }',
      'with: { url: "${{ vars.health }}", headers: { Authorization: "Bearer abcdef0123456789abcdef" } } }',
      '"Bearer',
      'secret-written: a secret is written here; it goes into the record of every run | the profile names it: {env: NAME} or {file: PATH}, and the check asks for it',
    ],
    [
      '{ en: Make room, zh-CN: 清理空间 }',
      '{ en: Make room, zh-CN: "密码 password: tulips-and-roses" }',
      '"密码',
      'secret-written: a secret is written here; it goes into the record of every run | the profile names it: {env: NAME} or {file: PATH}, and the check asks for it',
    ],
    [
      '{ en: Make room, zh-CN: 清理空间 }',
      '\n      en: |\n        Make room,\n        with token=0123456789abcdef\n      zh-CN: 清理空间',
      'token=',
      'secret-written: a secret is written here; it goes into the record of every run | the profile names it: {env: NAME} or {file: PATH}, and the check asks for it',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [bash, -c, "cd /srv && systemctl stop nginx"]',
      '[bash',
      'early-write: what it keeps before changes something before the fix itself is applied | before only reads: the changing command belongs into run',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [sh, -c, "date > /etc/motd"]',
      '[sh, -c',
      'early-write: what it keeps before changes something before the fix itself is applied | before only reads: the changing command belongs into run',
    ],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [ssh, web-1, sudo, systemctl, stop, nginx]',
      '[ssh',
      'early-write: what it keeps before changes something before the fix itself is applied | before only reads: the changing command belongs into run',
    ],
    [
      'effect: write\n    confirm',
      'if: "false"\n    effect: write\n    confirm',
      '"false"',
      'unreachable: restart-web is never offered: its if is false',
    ],
    [
      'uses: disk.space, with: { mount: /var }',
      'if: 1 > 2, uses: disk.space, with: { mount: /var }',
      "when: 'checks.disk",
      'evidence-never: this is never true: disk never runs | two pieces of evidence, or || between them',
    ],
    [
      'uses: disk.space, with: { mount: /var }',
      'if: 1 > 2, uses: disk.space, with: { mount: /var }',
      'disk.full:',
      'cause-odds: disk.full can never lead: with all its evidence true its score is 0.20 | it needs 0.5: more or stronger evidence',
    ],
  ])('%s -> %s', (...row) => {
    const [from, to, at, warning] = row;
    expectWarning(
      warning.startsWith('fix-confirm')
        ? ['effect: write\n    confirm: { type: "${{ target.name }}" }', 'effect: destructive\n    confirm: yes-no', at, warning]
        : [from, to, at, warning],
    );
  });

  it.each(TEXTS_WITH_SECRET)('a secret in a text that is not filled in is one mistake, not two: %s', (from, to, at) => {
    if (!GOOD.includes(from)) throw new Error(`the good playbook has no ${from}`);
    const text = GOOD.replace(from, to);
    expect(warningsOf(text)).toEqual([`${placeOf(text, at)} template-in-text: ${TEMPLATE_IN_TEXT}`]);
  });

  it.each([
    ['{ en: What is the password? (not that of the replica), zh-CN: 名字 }', true],
    ['{ en: Name?, zh-CN: 数据库密码是什么？ }', true],
    ['{ en: Name? Do not type the password, zh-CN: 名字？请勿输入密码 }', false],
  ])('a question for a secret: %s', (ask, asked) => {
    const text = GOOD.replace('      - id: symptom', `      - { id: word, ask: ${ask}, type: text }\n      - id: symptom`);
    expect(warningsOf(text).filter((warning) => warning.includes('secret-flow'))).toEqual(
      asked
        ? [
            `${placeOf(text, ask)} secret-flow: the answer would be a secret, and answers stand in the record | ask for what shows that it is right, never for the secret itself`,
          ]
        : [],
    );
  });

  it.each(SLOW_TEXTS)('takes no longer for what somebody wrote to make it slow: %s', (word) => {
    const many = word.repeat(SLOW_LENGTH / word.length);
    const argv = GOOD.replace('[systemctl, show, "${{ target.unit }}"]', () => `[echo, '${many}']`);
    const ask = GOOD.replace(
      '- id: symptom',
      () => `- { id: word, ask: { en: '${many}', zh-CN: '${many}' }, type: text }\n      - id: symptom`,
    );
    for (const text of [argv, ask]) expect(processorMs(() => warningsOf(text))).toBeLessThan(MOST_LINT_MS);
  });

  it.each(SLOW_EXPRESSIONS)('reads an expression in a time that its length bounds: %s', (word) => {
    const expression = `\${{ ${word.repeat(SLOW_EXPRESSION_LENGTH / word.length)}`;
    expect(processorMs(() => [readsSecret(expression), readsAddress(expression)])).toBeLessThan(MOST_READ_MS);
  });

  it('a question whose answer changes nothing', () => {
    const text = GOOD.replace('        next: { decline: { end: false-alarm } }\n', '').replace(
      '      - when: answers.symptom == "rc91"\n        supports: weak\n',
      '',
    );
    expect(warningsOf(text)).toEqual([`${placeOf(text, 'symptom\n')} question-unused: the answer to symptom changes nothing`]);
  });

  it('a fix that nothing judges', () => {
    const text = GOOD.replace('        scope: entry\n', '')
      .replace('    signal: { steps: [listens, probe], within: 30s }\n', '')
      .replace('validate: { steps: [probe],', 'validate: {');
    expect(warningsOf(text)).toContain(
      `${placeOf(text, 'restart-web:\n')} fix-signal: nothing tells whether restart-web worked | signal: {steps: [...], within: 1m}`,
    );
  });

  it('accepts a negation beside a statement of what is known', () => {
    expect(warningsOf(GOOD.replace('checks.disk.fail &&', 'any.listens.ok && !any.listens.fail &&'))).toEqual([]);
  });

  it('a check that touches more than it reads runs only where the site or a condition asks for it', () => {
    const active = { ...registry, 'disk.space': { ...(registry['disk.space'] as NonNullable<(typeof registry)[string]>), active: true } };
    const codes = (text: string): string[] =>
      examinePlaybook({ file: 'a.yaml', text, registry: active, timeLimit, include: () => undefined, sha256 }).map(
        ({ line, col, code }) => `${line}:${col} ${code}`,
      );
    const verify = 'disk.space, with: { mount: / }';
    expect(codes(GOOD)).toEqual(['disk.space, with: { mount: /var', verify].map((at) => `${placeOf(GOOD, at)} early-write`));
    const asked = GOOD.replace('{ id: disk, uses', '{ id: disk, if: checks.probe.fail, uses');
    expect(codes(asked)).toEqual([`${placeOf(asked, verify)} early-write`]);
    expect(
      codes(
        asked.replace(
          "    prior: common\n    evidence:\n      - { when: 'checks.disk",
          "    if: has(profile.site)\n    prior: common\n    evidence:\n      - { when: 'checks.disk",
        ),
      ),
    ).toEqual([]);
  });

  it.each([
    ['argv: [curl, "https://pay.example.test/?token=${{ target.name }}"]'],
    ['argv: [systemctl, show, "${{ target.unit }}", --property=Result]'],
    ['argv: [pgrep, -u, postgres]'],
    ['argv: [cat, /proc/self/status]'],
    ['argv: [sh, -c, "ls -l /var/log 2>/dev/null | head"]'],
    ['argv: [ssh, web-1, systemctl, status, nginx]'],
    ['argv: [id, -u, nginx]'],
    ['argv: [curl, "${{ profile.entry.url }}"]'],
  ])('%s is no secret and changes nothing', (argv) => {
    expect(warningsOf(GOOD.replace('argv: [systemctl, show, "${{ target.unit }}"]', argv))).toEqual([]);
  });
});

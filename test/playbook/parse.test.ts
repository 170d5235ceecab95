import { describe, expect, it } from 'vitest';
import type { CheckStep } from '../../src/playbook/playbook.ts';
import { formatProblem } from '../../src/playbook/problem.ts';
import { GOOD, parse, parsed, placeOf, problemsOf, sha256, warningsOf } from './support.ts';

/** The good playbook with one piece of it replaced. */
function change(from: string, to: string): string {
  if (!GOOD.includes(from)) throw new Error(`the good playbook has no ${from}`);
  return GOOD.replace(from, to);
}

describe('a playbook that is whole', () => {
  const playbook = parsed(GOOD);
  const step = (id: string) => playbook.steps.find((one) => one.id === id);

  it('has no problem and no warning', () => {
    expect(problemsOf(GOOD)).toEqual([]);
    expect(warningsOf(GOOD)).toEqual([]);
  });

  it('keeps its text, digest and names', () => {
    expect(playbook).toMatchObject({
      id: 'demo',
      title: { en: 'Demo', 'zh-CN': '演示' },
      symptoms: ['timeouts'],
      file: 'main.oor.yaml',
      text: GOOD,
      sha256: sha256(GOOD),
      escalate: { to: 'payments-oncall' },
    });
    expect(playbook.inputs).toEqual([
      { name: 'port', type: 'int', required: false, default: 8443, min: 1 },
      { name: 'since', type: 'duration', required: false, default: '30m' },
    ]);
  });

  it('has its steps in order, with defaults applied', () => {
    expect(playbook.steps.map(({ id, kind, phase }) => `${phase} ${kind} ${id}`)).toEqual([
      'confirm check probe',
      'confirm ask symptom',
      'hardware check disk',
      'network check listens',
      'network check again',
    ]);
    expect(step('probe')).toMatchObject({
      uses: 'net.http',
      onFail: 'fail',
      timeoutMs: 10_000,
      confirm: { of: 2, need: 2, everyMs: 2_000 },
      scope: 'entry',
      position: { line: 14, col: 9 },
    });
    expect(step('symptom')).toMatchObject({ type: 'select', required: false, next: { decline: { end: 'false-alarm' } } });
    expect(step('listens')).toMatchObject({ forEach: { list: 'services', kind: 'web' }, needs: [] });
    expect(step('again')).toMatchObject({ needs: ['disk'], if: { text: 'checks.probe.fail', steps: ['probe'] } });
  });

  it('fills parameters from profile, inputs and vars', () => {
    const probe = step('probe') as CheckStep;
    expect(probe.with.fill({ profile: { entry: { url: 'https://pay.test/' } }, inputs: { port: 1 } })).toEqual({
      url: 'https://pay.test/?port=1',
      samples: 5,
    });
    expect(probe.impact?.failed?.evaluate({ out: { ok_ratio: 0.25 } })).toBe(75);
  });

  it('has causes with a class from the vocabulary', () => {
    expect(playbook.causes.map(({ id, class: family, prior }) => [id, family, prior])).toEqual([
      ['nginx.down', 'software', 'common'],
      ['disk.full', 'hardware', 'common'],
    ]);
    const [down, full] = playbook.causes;
    expect(down?.evidence.map(({ effect, strength }) => [effect, strength])).toEqual([
      ['supports', 'decisive'],
      ['excludes', undefined],
      ['supports', 'weak'],
    ]);
    expect(down?.verify).toMatchObject([{ kind: 'ask', predict: true }]);
    expect(full?.verify).toMatchObject([{ kind: 'check', uses: 'disk.space', predict: { text: 'out.used_pct > 95' } }]);
  });

  it('has fixes whose commands are lists of arguments', () => {
    const [fix] = playbook.fixes;
    const scope = { target: { name: 'nginx', unit: 'nginx.service', control: { restart: ['systemctl', 'restart', 'nginx'] } } };
    expect(fix?.run.map(({ argv }) => argv.fill(scope))).toEqual([['systemctl', 'restart', 'nginx']]);
    expect(fix?.before.map(({ save, argv }) => [save, argv.fill(scope)])).toEqual([['unit', ['systemctl', 'show', 'nginx.service']]]);
    expect(fix).toMatchObject({
      effect: 'write',
      signal: { steps: ['listens', 'probe'], withinMs: 30_000 },
      mitigates: false,
      rollback: { none: { en: 'A restart is its own rollback' } },
    });
    expect(fix?.confirm !== 'yes-no' && fix?.confirm.type.fill(scope)).toBe('nginx');
    expect(() => fix?.run[0]?.argv.fill({ target: { name: 'nginx' } })).toThrow('profile has no target.control');
  });

  it('falls back to bounds for what it does not say', () => {
    const bare = parsed('oor: 1\nid: bare\ntitle: Bare\nphases: { confirm: { steps: [ { id: p, uses: disk.space, scope: entry } ] } }\n');
    expect(bare.validate).toEqual({ steps: ['p'], soakMs: 60_000, everyMs: 10_000, maxLoops: 2 });
    expect(bare.steps[0]).not.toHaveProperty('confirm');
  });

  it('takes the version as text too, and leaves x-* alone at every level', () => {
    expect(
      problemsOf(change('oor: 1', 'oor: "1"\nx-note: {any: thing}').replace('scope: entry', 'scope: entry\n        x-owner: me')),
    ).toEqual([]);
  });
});

/** `[what is replaced, by what, where the caret stands, what it says]` */
type Row = readonly [from: string, to: string, at: string, fault: string];

function expectFault([from, to, at, fault]: Row): void {
  const text = change(from, to);
  expect(problemsOf(text)).toContain(`${placeOf(text, at)} ${fault}`);
}

describe('shape', () => {
  it.each<Row>([
    ['oor: 1', 'oor: 2', '2\n', 'invalid-value: oor: expected oor: 1, the version of the format, got 2'],
    ['oor: 1\n', '', 'id: demo', 'missing-key: oor is missing'],
    ['symptoms:', 'symptons:', 'symptons', 'unknown-key: unknown key symptons | did you mean symptoms?'],
    ['title: { en: Demo, zh-CN: 演示 }', 'title: { zh-CN: 演示 }', 'title: { zh-CN', 'missing-key: en is missing'],
    ['title: { en: Demo, zh-CN: 演示 }', 'title: 5', '5\nsymptoms', 'invalid-value: title: expected text, got 5 | quote it: "5"'],
    ['id: demo', 'id: 1.10', '1.10', 'invalid-value: id: expected text, got 1.1 | quote it: "1.10"'],
    ['id: demo', 'id:', '\ntitle', 'invalid-value: id: expected text, got nothing'],
    ['timeout: 10s', 'timeout: 10', '10, retry', 'invalid-value: timeout: expected text, got 10 | quote it: "10"'],
    ['timeout: 10s', 'timeout: ten', 'ten', 'invalid-value: timeout: expected a duration such as 500ms, 10s, 5m, 2h or 1d, got "ten"'],
    ['id: probe', 'id: ok-again', 'ok-again', 'invalid-value: id: expected lower-case letters, digits and _, got "ok-again"'],
    ['id: probe', 'id: if', 'if\n', 'invalid-value: id: "if" is a word of the expression language; choose another name'],
    [
      'supports: decisive',
      'supports: sure',
      'sure',
      'invalid-value: supports: expected "weak", "moderate", "strong", "decisive", got "sure"',
    ],
    ['prior: common', 'prior: often', 'often', 'invalid-value: prior: expected "rare", "uncommon", "common", got "often"'],
    ['nginx.down:', 'nginx_down:', 'nginx_down', 'invalid-value: nginx_down: expected area.state such as tls.expired, got "nginx_down"'],
    ['predict: answer', 'predict: maybe', 'maybe', 'invalid-value: predict: expected "answer", "not answer", got "maybe"'],
    [
      'argv: [systemctl, status, "${{ target.unit }}"]',
      'argv: systemctl status',
      'systemctl status',
      'invalid-value: argv: expected a list of arguments, or one whole ${{ }} that gives a list; there is no shell',
    ],
    ['argv: [systemctl, status, "${{ target.unit }}"]', 'argv: []', '[] }', 'invalid-value: argv: expected at least the program'],
    ['soak: 1m', 'soak: 1m, repeat: [probe]', 'repeat:', 'unknown-key: unknown key repeat | known: steps, soak, every, max'],
    [
      'expect: out.ok_ratio >= 0.8 && out.p95_ms < 2000',
      'expect: true',
      'true\n',
      'invalid-value: expect: expected text, got true | quote it: "true"',
    ],
    [
      'phases:',
      'phases:\n  fix: { steps: [] }',
      'fix: { steps',
      'unknown-key: unknown key fix | known: confirm, evidence, hardware, software, network',
    ],
    [
      'steps:\n      - { id: disk',
      'steps:\n      - 5\n      - { id: disk',
      '5\n      - { id: disk',
      'invalid-value: expected a map of keys, got 5',
    ],
  ])('%s -> %s', (...row) => expectFault(row));

  it('an expression that a comma or bracket tore apart', () => {
    expectFault([
      'when: checks.listens.fail',
      'when: any.disk.out.exists(x, x > 1)',
      'x > 1)',
      'unknown-key: unknown key x > 1) | an expression or text that holds a comma, colon, # or bracket must be quoted',
    ]);
  });

  it('every problem of a file, in order', () => {
    const text = change('symptoms:', 'symptons:').replace('prior: common', 'prior: often').replace('effect: write', 'effect: wrote');
    expect(problemsOf(text).map((fault) => fault.split(' ')[0])).toEqual([
      placeOf(text, 'symptons'),
      placeOf(text, 'often'),
      placeOf(text, 'wrote'),
    ]);
  });

  it('something else than a map at the top', () => {
    expect(problemsOf('- 1')).toEqual(['1:1 invalid-value: expected a map of keys, got a list']);
    expect(problemsOf('text')).toEqual(['1:1 invalid-value: expected a map of keys, got "text"']);
  });
});

describe('checks and their parameters', () => {
  it.each<Row>([
    [
      'uses: net.http\n        with',
      'uses: net.htp\n        with',
      'net.htp',
      'unknown-check: there is no check net.htp | did you mean net.http?',
    ],
    ['mount: /var', 'mnt: /var', 'mnt', 'unknown-key: unknown key mnt | did you mean mount?'],
    ['mount: /var', 'mount: 5', '5 } }\n  network', 'invalid-value: mount: expected text, got 5 | quote it: "5"'],
    ['samples: 5', 'sample: 5', 'sample:', 'unknown-key: unknown key sample | did you mean samples?'],
    ['samples: 5', 'samples: many', 'many', 'invalid-value: samples: expected a number, got "many"'],
    ['with: { host: 127.0.0.1, port:', 'with: { port:', 'with: { port:', 'missing-key: host is missing | net.tcp needs it'],
    [
      'with: { host: 127.0.0.1, port: "${{ target.listen[0] }}" }',
      'with: { host: 127.0.0.1 }',
      'with: { host: 127.0.0.1 }',
      'missing-key: port is missing',
    ],
    ['with: { mount: / }, predict', 'with: { mont: / }, predict', 'mont', 'unknown-key: unknown key mont | did you mean mount?'],
  ])('%s -> %s', (...row) => expectFault(row));
});

const RESULTS = 'results are known in if (of steps), when, predict, with and fixes';

describe('expressions in their place', () => {
  it.each<Row>([
    ['if: checks.probe.fail', 'if: checks.prob.fail', 'prob.fail', 'expression-name: unknown step prob | did you mean probe?'],
    [
      'expect: out.ok_ratio >= 0.8',
      'expect: out.okratio >= 0.8',
      'okratio',
      'expression-path: out has no okratio | did you mean ok_ratio?',
    ],
    [
      'expect: out.ok_ratio >= 0.8',
      'expect: checks.disk.ok && 0.5 >= 0.8',
      'checks.disk.ok &&',
      `expression-name: checks is not known here | ${RESULTS}`,
    ],
    [
      'mount: /var',
      'mount: "${{ target.data[0] }}"',
      'target.data',
      'expression-name: target is not known here | target is known only where there is a for:, and in fixes',
    ],
    ['target.listen[0]', 'target.liste[0]', 'liste[', 'expression-path: target has no liste | did you mean listen?'],
    ['profile.entry.url', 'profile.entree.url', 'entree', 'expression-path: profile has no entree | did you mean entry?'],
    [
      'checks.disk.code == "full"',
      'checks.disk.code == "ful"',
      '"ful"',
      'expression-literal: the code of disk is never "ful" | did you mean full?',
    ],
    [
      "when: 'checks.disk.fail &&",
      "when: 'inputs.port &&",
      'inputs.port &&',
      "expression-type: Logical operator requires bool operands, got 'double'",
    ],
    [
      'when: answers.symptom == "rc91"',
      'when: answers.symptom == 91',
      'answers.symptom == 91',
      'expression-type: no such overload: string == int',
    ],
    [
      "when: 'checks.disk.fail &&",
      "when: 'checks.listens.fail &&",
      "'checks.listens.fail &&",
      'other-targets: listens runs once for each of services.web, this has no for:, so checks.listens is never known here | any.listens is true when at least one of them is',
    ],
    ['predict: out.used_pct > 95', 'predict: 1 + 1', '1 + 1', 'expression-type: must be true or false, this is int'],
    [
      'argv: [systemctl, show, "${{ target.unit }}"]',
      'argv: [systemctl, show, "${{ saved.unit }}"]',
      'saved.unit',
      'expression-name: saved is not known here | saved is known only in the rollback of the fix that saves it',
    ],
    [
      'title: { en: The disk is full',
      'if: checks.disk.ok\n    title: { en: The disk is full',
      'checks.disk.ok',
      `expression-name: checks is not known here | ${RESULTS}`,
    ],
    [
      'health: "${{',
      'other: "${{ vars.health }}"\n  health: "${{',
      'vars.health',
      'expression-name: vars is not known here | one var cannot read another',
    ],
  ])('%s -> %s', (...row) => expectFault(row));

  it('a step whose targets only seem to be the same', () => {
    const otherKind = change('for: services.web\n    prior', 'for: services.app\n    prior');
    expect(problemsOf(otherKind)).toContain(
      `${placeOf(otherKind, 'checks.listens.fail')} other-targets: listens runs once for each of services.web, this runs for: services.app, so checks.listens is never known here | any.listens is true when at least one of them is`,
    );
    expect(problemsOf(change('for: services.web\n    prior', 'for: services\n    prior'))).toEqual([]);
    expect(problemsOf(change('for: services.web\n    prior', 'for: databases\n    prior'))).not.toEqual([]);
  });

  it('an error is found behind any number of warnings', () => {
    const negations = Array.from({ length: 300 }, () => "      - { when: '!checks.disk.ok', supports: weak }").join('\n');
    const text = change('      - { when: checks.listens.ok', `${negations}\n      - { when: checks.listens.okay`);
    expect(problemsOf(text)).toContain(`${placeOf(text, 'okay')} expression-name: checks.listens has no okay | did you mean ok?`);
  });

  it('a rollback reads what before has saved', () => {
    expect(
      problemsOf(
        change(
          'rollback: { none: { en: A restart is its own rollback, zh-CN: 重启无需回退 } }',
          'rollback: { argv: [undo, "${{ saved.unit }}"] }',
        ),
      ),
    ).toEqual([]);
  });

  it('a list of the profile that is not there', () => {
    const list = (value: string): Row[1] => `id: listens, for: ${value},`;
    expectFault([
      'id: listens, for: services.web,',
      list('service.web'),
      'service.web',
      'for-list: the profile has no list service | did you mean services?',
    ]);
    expectFault([
      'id: listens, for: services.web,',
      list('services.webb'),
      'services.webb',
      'for-list: no entry of services has the kind webb | did you mean web?',
    ]);
    expectFault([
      'id: listens, for: services.web,',
      list('{list: transactions, role: x}'),
      '{list: transactions',
      'for-list: the entries of transactions have no role',
    ]);
  });
});

describe('what one part says about another', () => {
  it.each<Row>([
    ['needs: disk', 'needs: dsk', 'dsk', 'unknown-step: there is no step dsk | did you mean disk?'],
    ['needs: disk', 'needs: [disk, dsk]', 'dsk', 'unknown-step: there is no step dsk | did you mean disk?'],
    [
      'explains: [probe, again]',
      'explains: [probe, agin]',
      'agin',
      'unknown-check-step: there is no check step agin | did you mean again?',
    ],
    ['fix: restart-web', 'fix: restart-wb', 'restart-wb\n', 'unknown-fix: there is no fix restart-wb | did you mean restart-web?'],
    [
      'signal: { steps: [listens, probe]',
      'signal: { steps: [listens, prob]',
      'prob]',
      'unknown-check-step: there is no check step prob | did you mean probe?',
    ],
    [
      'validate: { steps: [probe]',
      'validate: { steps: [prob]',
      'prob]',
      'unknown-check-step: there is no check step prob | did you mean probe?',
    ],
    ['decline: { end: false-alarm }', 'decline: { goto: agin }', 'agin', 'unknown-step: there is no step agin | did you mean again?'],
    [
      'decline: { end: false-alarm }',
      'declin: { end: false-alarm }',
      'declin:',
      'unknown-answer: declin is not an answer to this question | did you mean decline?',
    ],
    [
      'decline: { end: false-alarm }',
      'decline: { goto: probe }',
      'probe } }',
      'goto-cycle: goto leads back: probe -> symptom -> probe | a branch can only skip forward',
    ],
    [
      'id: disk, uses',
      'id: disk, needs: again, uses',
      'disk, needs',
      'needs-cycle: these steps wait for each other: disk -> again -> disk',
    ],
    ['id: disk, uses', 'id: disk, if: checks.disk.ok, uses', 'disk, if', 'needs-cycle: these steps wait for each other: disk -> disk'],
    ['id: again', 'id: disk', 'disk, needs', 'duplicate-id: the step disk stands twice, first at 29:9'],
    [
      'supports: weak',
      'supports: weak\n        excludes: true',
      'when: answers',
      'evidence: one of supports, refutes and excludes | write a second piece of evidence',
    ],
    [
      'excludes: true }',
      'x-nothing: 1 }',
      '{ when: checks.listens.ok',
      'evidence: one of supports, refutes and excludes | e.g. supports: strong',
    ],
    [
      'nginx.down:',
      'nginx.sleepy:',
      'nginx.sleepy',
      'cause-class: nginx.sleepy needs a class | hardware, software, network, environment, third-party, security, human or data',
    ],
    [
      '    rollback: { none: { en: A restart is its own rollback, zh-CN: 重启无需回退 } }\n',
      '',
      'restart-web:\n',
      'fix-rollback: the fix changes something and has no rollback | add rollback: {argv: [...]} or rollback: {none: why there is none}',
    ],
    ['type: select\n', 'type: confirm\n', 'options:', 'question: only a select has options'],
    ['value: decline,', 'value: rc91,', 'rc91, label: { en: Declines', 'duplicate-id: the option rc91 stands twice'],
    ['default: 8443, min: 1', 'default: 0, min: 1', '0, min', 'input: default: expected at least 1, got 0'],
    ['default: 30m', 'default: half an hour', 'half an hour', 'input: default: expected a duration such as 30m, got "half an hour"'],
    [
      '{ type: duration, default: 30m }',
      '{ type: secret, default: x }',
      'default: x',
      'input: a secret has no default: secrets are never written into the file',
    ],
    [
      'uses: disk.space, with: { mount: /var }',
      'uses: disk.space, on_fail: warn',
      'on_fail',
      "on-fail: on_fail has a meaning only with expect | without expect the status is the check's own",
    ],
  ])('%s -> %s', (...row) => expectFault(row));
});

const LIBRARY = `oor: 1
id: library
title: { en: Library, zh-CN: 库 }
phases:
  hardware:
    steps:
      - { id: spare, uses: disk.space, with: { mount: /srv } }
causes:
  disk.inodes:
    title: { en: Inodes, zh-CN: 索引节点 }
    prior: common
    evidence: [ { when: checks.spare.fail, supports: strong } ]
    verify: { ask: { en: Full?, zh-CN: 满了？ }, predict: answer }
    advice: { en: Delete, zh-CN: 删除 }
`;

describe('use', () => {
  const using = change('symptoms:', 'use: library\nsymptoms:');

  it('brings in steps, causes and fixes, after its own of the same phase', () => {
    const playbook = parsed(using, { library: LIBRARY });
    expect(playbook.steps.map(({ id }) => id)).toEqual(['probe', 'symptom', 'disk', 'spare', 'listens', 'again']);
    expect(playbook.causes.map(({ id }) => id)).toEqual(['nginx.down', 'disk.full', 'disk.inodes']);
    expect(playbook.included).toEqual([{ name: 'library', file: 'library.oor.yaml', text: LIBRARY }]);
  });

  it('lets one file read the steps of the other', () => {
    expect(problemsOf(using.replace('if: checks.probe.fail', 'if: checks.spare.ok'), { library: LIBRARY })).toEqual([]);
    expect(problemsOf(using, { library: LIBRARY.replace('checks.spare.fail', 'checks.disk.fail') })).toEqual([]);
  });

  it('has a digest that changes with the included file', () => {
    const digest = (library: string) => parsed(using, { library }).sha256;
    expect(digest(LIBRARY)).not.toBe(digest(`${LIBRARY}# more\n`));
  });

  it('reads a file once, however many name it', () => {
    const files = {
      library: `${LIBRARY}use: shared\n`,
      shared:
        'oor: 1\nid: shared\ntitle: { en: S, zh-CN: 共 }\nphases: { evidence: { steps: [ { id: common_step, uses: disk.space, for: disks } ] } }\n',
    };
    expect(
      parsed(using.replace('use: library', 'use: [library, shared]'), files).steps.filter(({ id }) => id === 'common_step'),
    ).toHaveLength(1);
  });

  it('refuses what is not there', () => {
    expect(problemsOf(using)).toEqual([`${placeOf(using, 'library')} unknown-playbook: there is no playbook library to include`]);
  });

  it('names the path of a cycle', () => {
    expect(problemsOf(using, { library: `${LIBRARY}use: third\n`, third: `${LIBRARY}use: [library]\n` })).toEqual([
      'third.oor.yaml:15:7 include-cycle: playbooks include each other: library.oor.yaml -> third.oor.yaml -> library.oor.yaml',
    ]);
  });

  it('refuses an id that both have, naming both places', () => {
    expect(problemsOf(using, { library: LIBRARY.replace('id: spare', 'id: disk').replace('checks.spare', 'checks.disk') })).toEqual([
      'library.oor.yaml:7:15 duplicate-id: the step disk stands twice, first at main.oor.yaml:30:9',
    ]);
  });

  it('takes a cause that both have for one root in two places', () => {
    const both = parsed(using, { library: LIBRARY.replace('disk.inodes:', 'disk.full:') });
    expect(both.causes.map(({ id, variant }) => [id, variant])).toEqual([
      ['nginx.down', 0],
      ['disk.full', 0],
      ['disk.full', 1],
    ]);
  });

  it('says in which file a problem is', () => {
    expect(problemsOf(using, { library: LIBRARY.replace('checks.spare.fail', 'checks.spar.fail') })).toEqual([
      'library.oor.yaml:12:32 expression-name: unknown step spar | did you mean spare?',
    ]);
  });
});

describe('hostile playbooks', () => {
  const head = 'oor: 1\nid: big\ntitle: Big\n';
  const steps = (count: number, step: (index: number) => string) =>
    `${head}phases:\n  evidence:\n    steps:\n${Array.from({ length: count }, (_, index) => `      - ${step(index)}`).join('\n')}\n`;

  it.each([
    ['thousands of steps that wait for what is not there', steps(4_000, (index) => `{id: s${index}, uses: disk.spce, needs: t${index}}`)],
    ['a chain of thousands of needs', steps(4_000, (index) => `{id: s${index}, uses: disk.space, needs: s${(index + 1) % 4_000}}`)],
    ['thousands of equal ids', steps(4_000, () => '{id: same, uses: disk.space}')],
    ['thousands of broken expressions', steps(4_000, (index) => `{id: s${index}, uses: disk.space, if: checks.t${index}.ok}`)],
    ['thousands of goto', steps(2_000, (index) => `{id: s${index}, ask: x, type: confirm, next: {yes: {goto: s0}}}`)],
    ['thousands of unknown keys', `${head}${Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n')}`],
  ])('%s: refused soon, with a bounded list', (_, text) => {
    const started = performance.now();
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(200);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('formatProblem', () => {
  it('shows the line, a caret below the fault, and the hint', () => {
    const text = change('if: checks.probe.fail', 'if: checks.prob.fail');
    const result = parse(text);
    expect(result.ok || formatProblem(result.problems[0] as never, text)).toBe(
      [
        'main.oor.yaml:33:46: error: unknown step prob',
        '          - { id: again, needs: disk, if: checks.prob.fail, uses: net.http, with: { url: "${{ vars.health }}" } }',
        '                                                 ^^^^',
        '    hint: did you mean probe?',
      ].join('\n'),
    );
  });

  it('counts a Chinese character as two columns and shows no control characters', () => {
    const problem = {
      file: 'a\u001b[2J.yaml',
      line: 1,
      col: 4,
      length: 2,
      code: 'x',
      message: 'bad \u0007 thing',
      severity: 'error' as const,
    };
    expect(formatProblem(problem, '支付:\u001b]网关')).toBe('a?[2J.yaml:1:4: error: bad ? thing\n    支付:?]网关\n         ^^');
  });

  it('cuts a long line around the caret', () => {
    const problem = { file: 'a', line: 1, col: 1_001, length: 1, code: 'x', message: 'here', severity: 'error' as const };
    const [, line, mark] = formatProblem(problem, `${'a'.repeat(1_000)}!${'b'.repeat(1_000)}`).split('\n');
    expect(line?.length).toBeLessThan(200);
    expect(line?.[(mark as string).indexOf('^')]).toBe('!');
  });
});

import { describe, expect, it } from 'vitest';
import { examinePlaybook, openPrepared } from '../../src/playbook/examine.ts';
import { salvage } from '../../src/playbook/salvage.ts';
import { playbookShape } from '../../src/playbook/shape.ts';
import { v } from '../../src/playbook/shape-kit.ts';
import { parseYaml } from '../../src/playbook/yaml.ts';
import { GOOD, placeOf, registry, sha256, timeLimit } from './support.ts';

function examine(text: string): string[] {
  const problems = examinePlaybook({ file: 'main.oor.yaml', text, registry, timeLimit, include: () => undefined, sha256 });
  return problems.map(({ line, col, code }) => `${line}:${col} ${code}`);
}

/** `«code»` stands before what is wrong; returned are the text without the marks, and where each was. */
function readMarks(marked: string): { readonly text: string; readonly marks: readonly string[] } {
  const marks: string[] = [];
  const lines = marked.split('\n').map((line, index) => {
    let rest = line;
    for (let at = rest.indexOf('«'); at >= 0; at = rest.indexOf('«')) {
      const end = rest.indexOf('»');
      marks.push(
        ...rest
          .slice(at + 1, end)
          .split(' ')
          .map((code) => `${index + 1}:${at + 1} ${code}`),
      );
      rest = rest.slice(0, at) + rest.slice(end + 1);
    }
    return rest;
  });
  return { text: lines.join('\n'), marks };
}

/** One of each: shape, types, names, steps that never run, causes, fixes, texts, secrets, rows. */
const PLANTED = `oor: 1
id: planted
title: { en: Planted, zh-CN: 植入 }
description: «missing-translation»One mistake of each kind
symptoms: [timeouts]
«unknown-key»colour: red
inputs:
  token: { type: secret }
phases:
  confirm:
    steps:
      - id: probe
        uses: net.http
        with: { url: "\${{ profile.entry.url }}", samples: «invalid-value»many }
        scope: entry
      - id: which
        ask: { en: Which?, zh-CN: 哪个？ }
        type: select
        options:
          - { value: one, label: { en: One, zh-CN: 一 } }
          - { value: two, label: { en: Two, zh-CN: 二 } }
        next: { one: { goto: last }, two: { goto: last } }
      - id: «unreachable»between
        ask: { en: Is it?, zh-CN: 是吗？ }
        type: confirm
        next: { yes: { end: false-alarm } }
      - id: last
        ask: { en: And now?, zh-CN: 现在呢？ }
        type: confirm
        next: { yes: { goto: «early-write»restart-web } }
      - id: «question-unused»spoken
        ask: «secret-flow»{ en: What is the password of the operator?, zh-CN: 操作员口令是什么？ }
        type: text
  hardware:
    steps:
      - { id: disk, uses: disk.space, with: { mount: /var }, source: [F03, «unknown-row»F99] }
      - { id: «step-unused»idle, uses: disk.space, with: { mount: /srv } }
      - { id: «unreachable»never, if: checks.disk.ok && checks.disk.fail, uses: disk.space, with: { mount: /a } }
      - { id: «unreachable»after, needs: never, uses: disk.space, with: { mount: /b } }
      - { id: changes, uses: disk.space, with: { mount: /c }, «early-write»run: [systemctl, restart, nginx] }
  network:
    steps:
      - { id: typed, if: «expression-type»checks.disk.value + "x" == 3, uses: net.tcp, with: { host: a, port: 1 } }
      - { id: misnamed, if: checks.«expression-name»dsik.fail, uses: net.tcp, with: { host: a, port: 2 } }
      - { id: leaking, uses: net.http, with: { url: "http://a/?t=\${{ inputs.«expression-secret»token }}" } }
      - { id: unknown, uses: «unknown-check»net.htp }
      - { id: keyed, uses: net.http, with: { url: «secret-written»"http://deploy:tulip-rose@a/" } }
causes:
  «cause-vocabulary»nginx.douwn:
    class: software
    title: { en: Down, zh-CN: 停止 }
    prior: common
    evidence: [{ when: checks.typed.fail, supports: decisive }]
    verify: { ask: { en: Is it?, zh-CN: 是吗？ }, predict: answer }
    explains: [never, after, changes, misnamed, leaking, unknown, keyed]
    fix: restart-web
  «cause-verify»disk.full:
    title: { en: Full, zh-CN: 满 }
    prior: common
    evidence: [{ when: checks.disk.fail, supports: decisive }]
    fix: [clean, guided, looks]
  «cause-advice»db.down:
    title: { en: Database, zh-CN: 数据库 }
    prior: common
    evidence:
      - { when: checks.typed.fail, supports: decisive }
      - { «evidence-never»when: checks.disk.warn && checks.disk.ok, supports: weak }
    verify: { ask: { en: Is it?, zh-CN: 是吗？ }, predict: answer }
  «cause-odds»redis.down:
    title: { en: Cache, zh-CN: 缓存 }
    prior: rare
    evidence: [{ when: checks.disk.fail, supports: weak }]
    «verify-rereads»verify: { uses: disk.space, with: { mount: /var }, predict: out.used_pct > 1 }
    advice: { en: Look, zh-CN: 查看 }
  redis.hung:
    title: { en: Cache, zh-CN: 缓存 }
    prior: common
    evidence:
      - { when: checks.disk.fail, supports: decisive }
      - { «evidence-constant»when: profile.site == "x", supports: weak }
      - { «evidence-mixed»when: checks.disk.fail && answers.last, supports: weak }
      - { «evidence-symptom»when: answers.last, supports: strong }
      - { when: "«negated-status»!checks.disk.ok", supports: weak }
    verify: { ask: { en: Is it?, zh-CN: 是吗？ }, predict: answer }
    advice: { en: Look, zh-CN: 查看 }
    fix: «unknown-fix»restart-wbe
fixes:
  «fix-rollback»restart-web:
    title: { en: Restart, zh-CN: 重启 }
    effect: write
    run: { argv: [systemctl, restart, "\${{ target.unit }}"] }
    dry_run: { argv: «early-write»[systemctl, restart, "\${{ target.unit }}"] }
  «fix-confirm»clean:
    title: { en: Clean, zh-CN: 清理 }
    effect: destructive
    before: { argv: «early-write»[rm, -rf, /tmp/x], save: was }
    run: { argv: [find, /tmp, -delete, «secret-flow»"\${{ target.credentials.password }}"] }
    rollback: { none: { en: Gone, zh-CN: 不可恢复 } }
  «fix-empty»guided:
    title: { en: By hand, zh-CN: 人工 }
    effect: write
  looks:
    title: { en: Looks, zh-CN: 查看 }
    effect: «fix-effect»read
    run: { argv: [kill, "1"] }
  «fix-unused»spare:
    title: { en: Spare, zh-CN: 备用 }
    effect: read
    manual: «template-in-text»{ en: "Go to \${{ target.name }}", zh-CN: 前往 }
`;

describe('a playbook with one mistake of each kind', () => {
  const { text, marks } = readMarks(PLANTED);

  it('all are found, each at its place, and nothing else', () => {
    expect(examine(text).toSorted()).toEqual(marks.toSorted());
  });
});

describe('mistakes do not hide each other', () => {
  it('a good playbook has none', () => {
    expect(examine(GOOD)).toEqual([]);
  });

  it('what is wrong in shape is taken out, and what went with it is not called unknown', () => {
    const text = GOOD.replace('id: disk, uses', 'id: disk, on_fail: 5, uses').replace('again, needs', 'again, source: [F77], needs');
    expect(examine(text).map((line) => line.split(' ')[1])).toEqual(['invalid-value', 'unknown-row']);
  });

  it('a step without its id is taken out whole', () => {
    const text = GOOD.replace('      - { id: disk, uses', '      - { uses: disk.space }\n      - { id: disk, uses').replace(
      'title: { en: Demo, zh-CN: 演示 }',
      'title: Demo',
    );
    expect(examine(text).map((line) => line.split(' ')[1])).toEqual(['missing-translation', 'missing-key']);
  });

  it('a file that is no map at all gives its one problem', () => {
    expect(examine('- 1\n- 2\n')).toEqual(['1:1 invalid-value']);
  });
});

it('what the build has read is not read again, and a mistake in it still has its place', () => {
  const text = GOOD.replace('id: disk, uses', 'id: disk, source: F77, uses');
  const source = { file: 'main.oor.yaml', text };
  const parsed = parseYaml(source);
  const raw = parsed.ok ? v.parse(playbookShape, parsed.yaml.value) : undefined;
  const options = { ...source, registry, timeLimit, include: () => undefined, sha256 };
  const prepared = openPrepared([{ ...source, prepared: { raw: raw as NonNullable<typeof raw>, reads: {} } }]);
  expect(examinePlaybook(options, prepared).map(({ line, col, code }) => `${line}:${col} ${code}`)).toEqual([
    `${placeOf(text, 'F77')} unknown-row`,
  ]);
  expect(examinePlaybook({ ...options, text: GOOD }, prepared)).toEqual([]);
});

describe('what is salvaged', () => {
  it('keeps the places of what stands behind an item that was taken out', () => {
    const text =
      'oor: 1\nid: a\ntitle: A\nphases:\n  confirm:\n    steps:\n      - { id: one }\n      - { id: two, uses: disk.space, colour: red }\n';
    const parsed = parseYaml({ file: 'a.yaml', text });
    const saved = parsed.ok ? salvage(parsed.yaml) : undefined;
    const steps = saved?.raw.phases?.confirm?.steps ?? [];
    expect(steps.map(({ id }) => id)).toEqual(['two']);
    expect(saved?.yaml.at(['phases', 'confirm', 'steps', 0, 'uses'])).toMatchObject({ line: 8, col: 26 });
    expect(v.safeParse(playbookShape, saved?.raw).success).toBe(true);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeJudgement, describeReason } from '../../src/checks/check.ts';
import { createTranslator, translateLines } from '../../src/checks/pattern-words.ts';
import { REASON_WORDS_ZH } from '../../src/checks/reason-words-zh.ts';
import { tellDoctor } from '../../src/cli/doctor-words-zh.ts';
import { literalsFrom } from '../source-literals.ts';
import { checks } from './registry.ts';

const HAN = /\p{Script=Han}/u;

describe('a reason in Chinese', () => {
  it.each([
    ['run as root', '以 root 运行'],
    ['/var/log/a b.log: not allowed to read it', '/var/log/a b.log: 无权读取'],
    ['upsc: no answer within 2000 ms', 'upsc: 2000 毫秒内没有应答'],
    ['docker does not answer: Cannot connect to the daemon', 'docker 没有应答：Cannot connect to the daemon'],
    // Clauses, each for itself.
    ['run as root or as a member of the group adm; load the module nvme', '以 root 或 adm 组成员运行；加载模块 nvme'],
    // A reason that quotes another one.
    ['no address found: expected host:port, a URL or a libpq keyword string', '没有找到地址：应为 主机:端口、URL 或 libpq 关键字串'],
    ['condition a > 1: nothing is known as checks.b', '条件 a > 1：没有名为 checks.b 的内容'],
    // What somebody else said.
    ['/etc/app.env does not exist', '/etc/app.env 不存在'],
    ['psql: error: FATAL:  role "oor" does not exist', 'psql: error: FATAL:  role "oor" does not exist'],
    [
      'docker does not answer: dial unix docker.sock: connect: connection refused',
      'docker 没有应答：dial unix docker.sock: connect: connection refused',
    ],
    [
      'statements (wechat) that cover 2026-11-01 to 2026-11-02; or a window that the files cover, with --since and --until',
      '覆盖 2026-11-01 到 2026-11-02 的账单 (wechat)；或用 --since 和 --until 指定文件所覆盖的窗口',
    ],
    ['worker 3: connection reset by peer', 'worker 3: connection reset by peer'],
    ['{constructor}', '{constructor}'],
    ['constructor', 'constructor'],
    ['', ''],
  ])('%j', (en, zh) => {
    expect([describeReason(en, 'en'), describeReason(en, 'zh-CN')]).toEqual([en, zh]);
  });

  it('takes no time for a long line that nearly fits', () => {
    const line = `run as root; ${'a: '.repeat(20_000)}x`;
    expect(describeReason(line, 'zh-CN')).toContain('以 root 运行');
    const holes = `${' '.repeat(2_000)}${' to '.repeat(20_000)}; or a window that the files cover, with --since and --until`;
    expect(describeReason(holes, 'zh-CN')).toBe(holes);
  });

  it('names what the English names, once each', () => {
    for (const [en, zh] of Object.entries(REASON_WORDS_ZH)) {
      const holes = en.split(/\{w?\}/).length - 1;
      const used = [...zh.matchAll(/\{(\d)=?\}/g)].map(([, at]) => Number(at)).sort();
      expect([en, used]).toEqual([en, [...Array(holes).keys()]]);
      expect(HAN.test(zh), en).toBe(true);
    }
  });

  it('stands in a message only where oor gives a reason; what was seen stays as it was', () => {
    const check = { messages: { gone: { en: '{error} {line}', 'zh-CN': '{error}；{line}' } } };
    const judgement = { status: 'unknown', code: 'gone', data: { error: 'run as root', line: 'run as root' } } as const;
    expect(describeJudgement(check, judgement, 'zh-CN')).toBe('以 root 运行；run as root');
    const failure = { status: 'unknown', code: 'io', data: { message: 'x: no such file or folder' } } as const;
    expect(describeJudgement(check, failure, 'zh-CN')).toBe('x: 没有该文件或目录');
    expect(describeJudgement(check, failure, 'en')).toBe('x: no such file or folder');
  });

  it('shows no slot of which an older record tells nothing', () => {
    const check = { messages: { expired: { en: 'expired {age} ago, {n|row is|rows are} left' } } };
    expect(describeJudgement(check, { status: 'fail', code: 'expired', data: {} }, 'en')).toBe('expired ? ago, ? rows are left');
  });

  it('of what could not be probed, also where the check has a message of its own under that code', () => {
    const message = 'the run was stopped before the probe ended';
    for (const check of Object.values(checks).filter(({ messages }) => 'timed-out' in messages)) {
      const stopped = { status: 'unknown', code: 'timed-out', data: { message } } as const;
      expect([check.id, describeJudgement(check, stopped, 'en')]).toEqual([check.id, message]);
      expect(describeJudgement(check, stopped, 'zh-CN')).toMatch(HAN);
    }
  });
});

it("a line of somebody's file, into which carets point, is no text of ours", () => {
  const text = 'one\n    hint: run as root\n          ^^^^^^^^^^^\nhint: run as root';
  expect(translateLines(text, (line) => line.replace('hint', '提示'))).toBe(
    'one\n    hint: run as root\n          ^^^^^^^^^^^\n提示: run as root',
  );
});

it('the longer pattern wins, and a hole is told in its own words', () => {
  const translate = createTranslator({ 'a {}': 'A {0}', 'a {} b': 'B {0}', c: 'C' });
  expect([translate('a x'), translate('a x b'), translate('c'), translate('a c b', translate), translate('d')]).toEqual([
    'A x',
    'B x',
    'C',
    'B C',
    'd',
  ]);
});

/** Arguments of `new HostError(...)` and what stands behind `unlock:`, by file. */
function reasonsInSources(): readonly (readonly [file: string, text: string])[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('sandbox'),
  );
  return files.flatMap((file) => {
    const source = readFileSync(join('src', file), 'utf8');
    return [...source.matchAll(/new (?:HostError|DialError)\(|\b(?:unlock|UNLOCK)(?::| =) /g)].flatMap((match) =>
      literalsFrom(source, match.index + match[0].length, match[0].endsWith('(')).map((text) => [file, text] as const),
    );
  });
}

/** A command and what it printed; what stands in a test of a playbook. */
const NO_WORDS_OF_OURS = /^(?:nft|ip|systemctl|CONFIG SET) |^look there$/;

describe('what cannot be told, and what would let it', () => {
  const reasons = reasonsInSources();

  it('is found in the sources', () => {
    expect(reasons.length).toBeGreaterThan(200);
    expect(reasons.map(([, text]) => text)).toEqual(
      expect.arrayContaining(['run as root', '{}: not allowed to read it', 'a longer timeout', '{} holds more than 64 MiB']),
    );
  });

  it('is told in Chinese', () => {
    const missing = reasons.filter(([, text]) => {
      const words = text.replace(/\{\}/g, '').match(/[a-z]{2,}/g) ?? [];
      return words.length > 1 && !NO_WORDS_OF_OURS.test(text) && !HAN.test(tellDoctor(text.replaceAll('{}', 'X1')));
    });
    expect(missing.map(([file, text]) => `${file}: ${text}`)).toEqual([]);
  });

  it('so is where each threshold of a check comes from', () => {
    const sources = Object.values(checks).flatMap(({ thresholds }) => thresholds?.source ?? []);
    const english = sources.filter((text) => /\b(?:own|over|here|there|where|default)\b/.test(describeReason(text, 'zh-CN')));
    expect(english).toEqual([]);
  });
});

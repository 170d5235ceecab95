import { describe, expect, it } from 'vitest';
import type { Language } from '../../src/ports.ts';
import { type Moment, reasonLine, statusLines, whyLines } from '../../src/report/at-prompt.ts';
import { type Outcome, play, registry, type Scenario } from '../engine/harness.ts';

const TWO = `
oor: 1
id: test
title: Test
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry, impact: { failed: out.count, first_bad: out.count * 1000 } }
      - { id: deployed, if: checks.entry.fail, ask: { en: Was something deployed?, zh-CN: 今天有发布吗？ }, type: confirm }
  network:
    steps:
      - { id: cert, uses: tls.cert }
causes:
  app.down:
    title: { en: The application is down, zh-CN: 应用未运行 }
    class: software
    prior: common
    evidence: [{ when: checks.entry.fail, supports: strong }, { when: answers.deployed, supports: strong }, { when: checks.cert.ok, refutes: weak }]
    explains: [entry]
  net.down:
    title: { en: The network is down, zh-CN: 网络中断 }
    class: network
    prior: uncommon
    evidence: [{ when: checks.entry.fail, supports: moderate }]
    explains: [entry]
validate: { steps: [entry], soak: 0s }
`;
const FAILING = { entry: { status: 'fail', count: 120 } };

async function at(language: Language, change: Partial<Scenario> = {}): Promise<Moment> {
  const { plan, session }: Outcome = await play({ yaml: TWO, profile: { site: 'acme' }, facts: FAILING, ...change });
  return { plan, session: { ...session, unanswered: new Map() }, registry, language, ascii: false, now: 720_000 };
}

describe('i: a status to paste', () => {
  it('three lines: impact and its clock, the cause as it stands, what is done', async () => {
    const [impact, cause, work, ...more] = statusLines(await at('en'));
    expect(more).toEqual([]);
    expect(impact).toMatch(
      /^acme: payments down, since 1970-01-01 00:02:00Z \(10 min 00 s\) - 120 failed, 0 of unknown outcome; next limit: .*: .* 1970-01-01 \d\d:\d\d:\d\dZ \([a-z ]+\)$/,
    );
    expect(cause).toMatch(/^cause: \d\d% app\.down {2}The application is down \(gw\), suspected \(best rival net\.down \d+%\)$/);
    expect(work).toBe('1970-01-01 00:12:00Z; 2 of 2 checks done, 1 failed, 0 running; nothing was changed; session test-session');
  });

  it('in Chinese, ids as they are', async () => {
    const [impact, cause, work] = statusLines(await at('zh-CN'));
    expect(impact).toMatch(/^acme: 支付 中断, 自 1970-01-01 00:02:00Z 起/);
    expect(cause).toContain('app.down  应用未运行');
    expect(work).toContain('检查已完成 2/2');
  });

  it('payments that work again have a first failure, and nothing lasts', async () => {
    const { session, ...moment } = await at('en');
    const entry = { ...session.results.get('entry')!, status: 'ok' as const };
    const [impact] = statusLines({ ...moment, session: { ...session, results: new Map([...session.results, ['entry', entry]]) } });
    expect(impact).toMatch(/^acme: payments healthy, first failure 1970-01-01 00:02:00Z - 120 failed/);
  });

  it('before anything is known it says so', async () => {
    const moment = await at('en', { facts: { entry: { status: 'ok', count: 0 } } });
    expect(statusLines(moment)[1]).toBe('no cause named yet');
  });
});

describe('w: why', () => {
  it('ranking, for and against, best rival, what separates them, and the best next test', async () => {
    const text = whyLines(await at('en')).join('\n');
    expect(text).toMatch(/^Ranking\n {2}1\. \d\d% app\.down .*\n {2}2\. \d+% net\.down /);
    expect(text).toContain('For (+) and against (-) app.down\n    + entry ×10  broken\n    - cert ÷2  ');
    expect(text).toMatch(/Best rival: \d+% net\.down .*\n {4}\+ entry ×1 \(explained by app\.down\) {2}broken/);
    expect(text).toContain('Cheapest test that separates them: Was something deployed?');
    expect(text).toMatch(
      /Most information per second: Was something deployed\? \(0\.\d\d bit in about 20 s: 0\.\d{3} bit\/s; about app\.down\)$/,
    );
  });

  it('pure ASCII where that is wanted', async () => {
    expect(whyLines({ ...(await at('en')), ascii: true }).join('\n')).not.toMatch(/[^\x00-\x7f]/);
  });

  it('in Chinese', async () => {
    const text = whyLines(await at('zh-CN')).join('\n');
    expect(text).toMatch(/^原因排名\n/);
    expect(text).toContain('每秒信息量最大：今天有发布吗？');
  });
});

describe('the reason of a question', () => {
  it('tells what it brings', async () => {
    expect(reasonLine(await at('en'), 'deployed')).toMatch(/^asked now: 0\.\d\d bit in about 20 s, about app\.down$/);
  });

  it('is not made up where it brings nothing', async () => {
    expect(reasonLine(await at('en'), 'fix:restart')).toBe('');
  });
});

import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logPattern } from '../../src/checks/log-pattern.ts';
import { HostError } from '../../src/errors.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { realContext } from './real-context.ts';

const MINUTE = 60_000;
const iso = (minutesAgo: number) => new Date(FAKE_NOW - minutesAgo * MINUTE).toISOString();
const DATE = 'date +%z';

function logOf(text: string, more: { modifiedAt?: number; zone?: string; rotated?: string } = {}) {
  return fakeHost({
    files: { '/log': text, ...(more.rotated !== undefined && { '/log.1': more.rotated }) },
    stats: {
      '/log': { size: Buffer.byteLength(text), modifiedAt: more.modifiedAt ?? FAKE_NOW },
      '/log.1': more.rotated === undefined ? null : { size: Buffer.byteLength(more.rotated), modifiedAt: FAKE_NOW },
    },
    lists: { '/': more.rotated === undefined ? ['log'] : ['log', 'log.1'] },
    commands: { [DATE]: { stdout: more.zone ?? '+0000\n' } },
  });
}

const read = (text: string, params = {}, more = {}) => probeAndJudge(logPattern, logOf(text, more), { file: '/log', ...params });
const times = (count: number, minutesAgo: number, text = 'ERROR bank timeout') =>
  Array.from({ length: count }, (_, index) => `${iso(minutesAgo)} ${text} id=${index}\n`).join('');

describe('log.pattern', () => {
  it.each([
    ['nothing at all', '', {}, 'ok', 'quiet'],
    ['only good lines', `${iso(5)} INFO paid\n`, {}, 'ok', 'quiet'],
    ['old trouble', `${iso(100)} ERROR x\n${iso(5)} INFO paid\n`, {}, 'ok', 'quiet'],
    ['some trouble', times(3, 5), {}, 'warn', 'matches'],
    ['as much as always', times(150, 45) + times(150, 5), {}, 'warn', 'steady'],
    ['much more than before', times(10, 45) + times(150, 5), {}, 'fail', 'burst'],
    ['more than allowed', times(3, 5), { max: 2 }, 'fail', 'burst'],
    ['a pattern of its own', `${iso(5)} RC=91\n${iso(4)} RC=00\n`, { pattern: 'RC=(91|68)' }, 'warn', 'matches'],
    ['excluded lines', times(3, 5), { exclude: 'bank timeout' }, 'ok', 'quiet'],
    ['a shorter window', times(3, 20), { since: '10m' }, 'ok', 'quiet'],
  ] as const)('%s', async (_name, text, params, status, code) => {
    expect((await read(text, params)).judgement).toMatchObject({ status, code });
  });

  it.each([
    ['{"ts":1768478100.5,"level":"info","msg":"error page shown"}', 0],
    ['{"ts":1768478100.5,"level":"error","msg":"page shown"}', 1],
    ['{"level":30,"time":1768478100500,"msg":"failed over in time"}', 0],
    ['{"level":50,"time":1768478100500,"msg":"page shown"}', 1],
    ['{"@timestamp":"2026-01-15T11:55:00Z","log.level":"INFO","message":"0 errors, none failed"}', 0],
    ['{"log":"{\\"level\\":\\"info\\",\\"msg\\":\\"error page\\"}\\n","time":"2026-01-15T11:55:00Z"}', 0],
    ['level=info ts=2026-01-15T11:55:00Z msg="retry after timeout"', 0],
    ['ts=2026-01-15T11:55:00Z level=warn msg="retry after timeout"', 1],
    ['2026-01-15 11:55:00,123 INFO [main] c.a.Pay - error page shown', 0],
    ['2026-01-15 11:55:00,123 [http-nio-7] DEBUG c.a.Pay - error page shown', 0],
    ['2026-01-15 11:55:00,123 WARN [main] c.a.Pay - error page shown', 1],
    ['2026-01-15 11:55:00,123 ERROR [main] c.a.Pay - INFO page shown', 1],
    ['2026-01-15T11:55:00.123456789Z stdout F 2026-01-15 11:55:00,123 INFO [main] error page', 0],
    ['2026/01/15 11:55:00 [notice] 7#7: signal process failed over', 0],
    ['2026/01/15 11:55:00 [error] 7#7: page shown', 1],
    ['I0115 11:55:00.123456 7 pay.go:12] error page', 0],
    ['E0115 11:55:00.123456 7 pay.go:12] page', 1],
    ['2026-01-15 11:55:00 plain line: error', 1],
    ['Jan 15 11:55:00 gw paygw[7]: info: error page', 1],
  ])('trouble by the level of the line itself: %s', async (line, matches) => {
    expect((await read(`${line}\n`)).facts['matches']).toBe(matches);
  });

  it('an own pattern asks the text alone', async () => {
    const line = '{"ts":1768478100.5,"level":"info","msg":"error page shown"}\n';
    expect((await read(line, { pattern: 'error' })).facts['matches']).toBe(1);
  });

  it.each([
    ['12 where a living log had none', 12, 0, 20, 'fail', 'burst'],
    ['6 where it had none may be chance', 6, 0, 20, 'warn', 'new'],
    ['12 where nothing was logged at all', 12, 0, 0, 'warn', 'matches'],
    ['60 after 20', 60, 20, 20, 'fail', 'burst'],
    ['30 after 20 may be chance', 30, 20, 20, 'warn', 'matches'],
    ['80 after 40, below the threshold', 80, 40, 20, 'warn', 'grown'],
    ['120 after 40: three times, not four', 120, 40, 20, 'warn', 'steady'],
    ['180 after 40', 180, 40, 20, 'fail', 'burst'],
  ] as const)('%s', async (_name, now, before, alive, status, code) => {
    const text = `${iso(50)} INFO alive\n`.repeat(alive) + times(before, 45) + times(now, 5);
    expect((await read(text)).judgement).toMatchObject({ status, code });
  });

  it('names the kind of line that is new', async () => {
    const text = `${iso(50)} INFO alive\n${times(30, 45)}${times(30, 10)}${times(5, 5, 'ERROR certificate expired')}`;
    const { facts, judgement } = await read(text);
    expect((facts['templates'] as unknown[])[0]).toEqual({
      text: 'ERROR certificate expired id=#',
      count: 5,
      before: 0,
      isNew: true,
      ratio: null,
      firstAt: FAKE_NOW - 5 * MINUTE,
    });
    expect(judgement).toMatchObject({
      code: 'new',
      data: { times: 5, sample: 'ERROR certificate expired id=#', first: iso(5), count: 35, before: 30 },
    });
  });

  it('knows the format and what is in it', async () => {
    expect((await read(times(3, 5))).facts['format']).toMatchObject({ name: 'java', percent: 100 });
  });

  it('counts each of several patterns in one reading', async () => {
    const { facts } = await read(`${iso(5)} pool exhausted\n${iso(4)} bank refused\n${iso(3)} bank refused\n${iso(2)} fine\n`, {
      patterns: { pool: 'pool exhausted', bank: 'bank .*refused', disk: 'no space' },
    });
    expect(facts).toMatchObject({
      matches: 3,
      lines: 4,
      byPattern: { pool: 1, bank: 2, disk: 0 },
      firstMatchAt: FAKE_NOW - 5 * MINUTE,
      lastMatchAt: FAKE_NOW - 3 * MINUTE,
    });
  });

  it('keeps patterns apart that cannot be joined, and each with its own flags', async () => {
    const patterns = { one: 'code=(?P<code>91)', two: 'code=(?P<code>68)', three: '(?i)refused', four: 'Exact' };
    const { facts } = await read(`${iso(5)} code=91\n${iso(4)} code=68 REFUSED\n${iso(3)} exact\n`, { patterns });
    expect(facts).toMatchObject({ matches: 2, byPattern: { one: 1, two: 1, three: 1, four: 0 } });
  });

  it('groups lines that differ only in figures and ids, and keeps samples short', async () => {
    const text = `${iso(6)} FATAL disk full\n${times(3, 5)}${iso(3)} ERROR ${'x'.repeat(900)}\n`;
    const { facts } = await read(text);
    expect((facts['templates'] as unknown[])[0]).toMatchObject({ text: 'ERROR bank timeout id=#', count: 3, before: 0, isNew: false });
    for (const sample of facts['samples'] as string[]) expect(sample.length).toBeLessThanOrEqual(300);
  });

  it('ends a line before CRLF, and the last one without a newline', async () => {
    const { facts } = await read(`${iso(5)} code=91\r\n${iso(4)} code=91\r\n${iso(3)} code=91`, { pattern: '91$' });
    expect(facts).toMatchObject({ lines: 3, matches: 3 });
  });

  it('a line without a time belongs to the one above', async () => {
    const { facts } = await read(`${iso(100)} INFO a\nERROR old trace\n${iso(5)} INFO b\n  at ERROR new trace\n`);
    expect(facts).toMatchObject({ matches: 1, samples: ['  at ERROR new trace'] });
  });

  it.each([
    ['ISO with a zone', '2026-01-15T19:55:00+08:00 ERROR'],
    ['ISO with a zone and a blank', '2026-01-15 19:55:00.123 +0800 ERROR'],
    ['nginx error log', '2026/01/15 11:55:00 [error] 7#7: refused'],
    ['access log', '10.0.0.1 - - [15/Jan/2026:19:55:00 +0800] "GET / HTTP/1.1" 200 5 error'],
    ['syslog', 'Jan 15 11:55:00 gw paygw[7]: error'],
    ['syslog with priority', '<11>Jan 15 11:55:00 gw paygw: error'],
    ['Apache error log', '[Thu Jan 15 11:55:00.123456 2026] [core:error] refused'],
    ['Redis', '1234:M 15 Jan 2026 11:55:00.123 # error'],
    ['log4j', '2026-01-15 11:55:00,123 ERROR x'],
    ['PostgreSQL', '2026-01-15 11:55:00.123 UTC [7] FATAL:  sorry'],
    ['epoch seconds', '1768478100 error'],
    ['epoch with fraction', '1768478100.25 error'],
    ['epoch milliseconds', '1768478100123 error'],
    ['JSON text', '{"level":"error","time":"2026-01-15T11:55:00Z","msg":"x"}'],
    ['JSON seconds', '{"ts":1768478100.5,"level":"error"}'],
    ['JSON milliseconds', '{"level":"error","timestamp":1768478100123}'],
    ['clock only', '11:55:00.123 error'],
    ['key=value', 'level=error ts=2026-01-15T11:55:00Z msg=x'],
    ['Tomcat', '15-Jan-2026 11:55:00.123 SEVERE [main] refused'],
    ['klog', 'E0115 11:55:00.123456 7 pay.go:12] bank'],
    ['HAProxy without a syslog header', '10.0.1.2:33317 [15/Jan/2026:11:55:00.655] in app/s1 error'],
    ['docker', '{"log":"error","stream":"stdout","time":"2026-01-15T11:55:00.123456789Z"}'],
    ['CRI', '2026-01-15T11:55:00.123456789Z stderr F error'],
  ])('reads the time of: %s', async (_name, line) => {
    const { facts } = await read(`${line}\n`, { since: '10m' });
    expect(facts).toMatchObject({ timed: true, matches: 1 });
    expect(Math.abs((facts['lastMatchAt'] as number) - (FAKE_NOW - 5 * MINUTE))).toBeLessThan(1_000);
    expect((await read(`${line}\n`, { since: '4m' })).facts['matches']).toBe(0);
  });

  it('reads local time by the zone of the host', async () => {
    expect((await read('2026-01-15 19:55:00 ERROR x\n', {}, { zone: '+0800\n', modifiedAt: FAKE_NOW - 5 * MINUTE })).facts).toMatchObject({
      lastMatchAt: FAKE_NOW - 5 * MINUTE,
    });
  });

  it('sees by the change time that a log writes UTC on a host elsewhere', async () => {
    expect((await read('2026-01-15 11:55:00 ERROR x\n', {}, { zone: '+0800\n', modifiedAt: FAKE_NOW - 5 * MINUTE })).facts).toMatchObject({
      lastMatchAt: FAKE_NOW - 5 * MINUTE,
    });
  });

  it('puts lines of December into the year before', async () => {
    const context = fakeHost({
      wallMs: Date.UTC(2026, 0, 1, 0, 5),
      files: { '/log': 'Dec 31 23:58:00 gw x: error\n' },
      stats: { '/log': { size: 28, modifiedAt: Date.UTC(2026, 0, 1) } },
      lists: { '/': ['log'] },
      commands: { [DATE]: null },
    });
    expect((await probeAndJudge(logPattern, context, { file: '/log' })).facts).toMatchObject({
      matches: 1,
      lastMatchAt: Date.UTC(2025, 11, 31, 23, 58),
    });
  });

  it('goes on in the rotated file', async () => {
    const { facts } = await read(`${iso(2)} ERROR new\n`, {}, { rotated: `${iso(90)} ERROR ancient\n${iso(20)} ERROR older` });
    expect(facts).toMatchObject({ matches: 2, baselineMatches: 0 });
  });

  it('keeps to the zone of the host where the change time does not decide', async () => {
    const copied = { zone: '+0800\n', modifiedAt: FAKE_NOW };
    expect((await read('2026-01-15 19:35:00 ERROR x\n', {}, copied)).facts).toMatchObject({ lastMatchAt: FAKE_NOW - 25 * MINUTE });
  });

  it('counts the lines of the window, its first instant included', async () => {
    expect((await read(`${iso(31)} INFO a\n${iso(30)} INFO b\n${iso(1)} INFO c\n`)).facts).toMatchObject({ lines: 2 });
  });

  it('a command that fails without a word is no quiet log', async () => {
    const failing = fakeHost({ streams: { 'print-log': new HostError('io', 'print-log: exit 2: no such log') } });
    await expect(probeAndJudge(logPattern, failing, { argv: ['print-log'] })).rejects.toMatchObject({ reason: 'io' });
  });

  it('a log without times stands and falls with its change time', async () => {
    expect((await read('ERROR x\n', {}, { modifiedAt: FAKE_NOW - 90 * MINUTE })).facts).toMatchObject({ timed: false, matches: 0 });
    expect((await read('ERROR x\n')).facts).toMatchObject({ timed: false, matches: 1, baselineMatches: null });
  });

  it('a missing log is a warning, an unreadable one is thrown', async () => {
    const missing = fakeHost({ stats: { '/log': null, '/log.1': null }, commands: { [DATE]: null } });
    expect((await probeAndJudge(logPattern, missing, { file: '/log' })).judgement).toMatchObject({ status: 'warn', code: 'missing' });
    const closed = fakeHost({ stats: { '/log': new HostError('no-permission', 'EACCES') }, commands: { [DATE]: null } });
    await expect(probeAndJudge(logPattern, closed, { file: '/log' })).rejects.toMatchObject({ reason: 'no-permission' });
  });

  it('takes the output of a command, and does not take a closed journal for a quiet one', async () => {
    const argv = ['journalctl', '-o', 'short-iso'];
    const command = argv.join(' ');
    const good = fakeHost({ streams: { [command]: `${iso(5)} gw paygw[1]: error\n${iso(4)} gw paygw[1]: paid\n` } });
    expect((await probeAndJudge(logPattern, good, { argv })).judgement.code).toBe('matches');
    const closed = fakeHost({
      streams: { [command]: '-- No entries --\n' },
      commands: { [command]: { stdout: '-- No entries --\n', stderr: 'Hint: You are currently not seeing messages from other users' } },
    });
    await expect(probeAndJudge(logPattern, closed, { argv })).rejects.toMatchObject({ reason: 'no-permission' });
  });

  it('refuses a bad pattern and two sources', () => {
    expect(problemsOf(logPattern, { file: '/log', pattern: '(' })).toHaveLength(1);
    expect(problemsOf(logPattern, { file: '/log', argv: ['x'] })).toHaveLength(1);
    expect(problemsOf(logPattern, {})).toHaveLength(1);
  });
});

describe('log.pattern on a real file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'oor-log-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds the window at the end of a file of several chunks, cut in the middle of characters', async () => {
    const file = join(folder, 'app.log');
    const now = Date.now();
    const at = (ms: number) => new Date(now - ms).toISOString();
    writeFileSync(
      file,
      Array.from({ length: 20_000 }, (_, index) => `${at(3 * 3_600_000 - index)} INFO 支付成功 ${index} ${'é'.repeat(index % 37)}\n`).join(
        '',
      ),
    );
    appendFileSync(
      file,
      Array.from(
        { length: 9_000 },
        (_, index) => `${at(25 * MINUTE - index)} ${index % 100 === 0 ? 'ERROR 银行超时 timeout' : 'INFO 支付成功'} ${index}\n`,
      ).join(''),
    );
    const { facts } = await probeAndJudge(logPattern, realContext(), { file });
    expect(facts).toMatchObject({ lines: 9_000, matches: 90, baselineMatches: 0, truncated: false });
  });

  it('counts a window of any size', async () => {
    const file = join(folder, 'huge.log');
    const stamp = new Date().toISOString();
    writeFileSync(file, `${stamp} INFO ${'x'.repeat(1_000)}\n`.repeat(17_500));
    utimesSync(file, new Date(), new Date());
    const { facts } = await probeAndJudge(logPattern, realContext(), { file });
    expect(facts).toMatchObject({ truncated: false, lines: 17_500, matches: 0 });
  });
});

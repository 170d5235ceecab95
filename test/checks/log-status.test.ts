import { describe, expect, it } from 'vitest';
import { parseAccessLine } from '../../src/checks/access-line.ts';
import { logStatus } from '../../src/checks/log-status.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const MINUTE = 60_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function line(status: number, minutesAgo: number, rest = '"-" "curl/8"', path = '/pay'): string {
  const [date = '', time = ''] = new Date(FAKE_NOW - minutesAgo * MINUTE).toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `10.0.0.7 - - [${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000] "POST ${path} HTTP/1.1" ${status} 157 ${rest}\n`;
}

const many = (status: number, minutesAgo: number, count: number, rest?: string) => line(status, minutesAgo, rest).repeat(count);
const slow = (seconds: number) => `"-" "curl/8" rt=${seconds}`;

function read(text: string, params = {}) {
  const context = fakeHost({
    files: { '/log': text },
    stats: { '/log': { size: Buffer.byteLength(text) } },
    lists: { '/': ['log'] },
    commands: { 'date +%z': null },
  });
  return probeAndJudge(logStatus, context, { file: '/log', ...params });
}

describe('log.status', () => {
  it.each([
    ['all good', many(200, 5, 200), 'ok', 'ok'],
    ['2 % of many', many(200, 5, 196) + many(502, 4, 4), 'ok', 'ok'],
    ['3 % of many', many(200, 5, 194) + many(502, 4, 6), 'warn', 'server-errors'],
    ['6 % of many', many(200, 5, 188) + many(502, 4, 12), 'fail', 'server-errors'],
    ['one of one may be chance', many(502, 4, 1), 'warn', 'server-errors'],
    ['one of two may be chance', many(200, 5, 1) + many(502, 4, 1), 'warn', 'server-errors'],
    ['one of twenty is chance', many(200, 5, 19) + many(502, 4, 1), 'ok', 'ok'],
    ['three of three are not', many(502, 4, 3), 'fail', 'server-errors'],
    ['four of twenty are not', many(200, 5, 16) + many(502, 4, 4), 'fail', 'server-errors'],
    ['twelve of twelve', many(502, 4, 12), 'fail', 'server-errors'],
    ['1 % where there was none among as many', many(200, 45, 2_000) + many(200, 5, 1_980) + many(502, 4, 20), 'warn', 'risen'],
    ['1 % as always', many(200, 45, 1_980) + many(502, 44, 20) + many(200, 5, 1_980) + many(502, 4, 20), 'ok', 'ok'],
    ['two of 200 where there was none may be chance', many(200, 45, 200) + many(200, 5, 198) + many(502, 4, 2), 'ok', 'ok'],
    ['five times as slow as before', many(200, 45, 50, slow(0.3)) + many(200, 5, 50, slow(1.5)), 'warn', 'slower'],
    ['three times as slow as before', many(200, 45, 50, slow(0.5)) + many(200, 5, 50, slow(1.5)), 'ok', 'ok'],
    ['ten times as slow and still quick', many(200, 45, 50, slow(0.09)) + many(200, 5, 50, slow(0.9)), 'ok', 'ok'],
    ['one of twenty is slow', many(200, 45, 50, slow(0.1)) + many(200, 5, 95, slow(0.1)) + many(200, 4, 5, slow(9)), 'ok', 'ok'],
    ['slow, and nobody knows of before', many(200, 5, 50, slow(9)), 'ok', 'ok'],
    ['four 4xx of four', many(401, 4, 4), 'warn', 'client-errors'],
    ['one 4xx of two may be chance', many(200, 5, 1) + many(401, 4, 1), 'ok', 'ok'],
    ['mostly 4xx', many(200, 5, 10) + many(401, 4, 20), 'warn', 'client-errors'],
    ['silence after traffic', many(200, 45, 50), 'warn', 'no-requests'],
    ['silence as always', '', 'ok', 'idle'],
    ['lines of another kind', '2026-01-15T11:58:00Z proxy: 10.0.0.7 fe be 0/0/1/5/6\n'.repeat(9), 'unknown', 'not-understood'],
  ] as const)('%s', async (_name, text, status, code) => {
    expect((await read(text)).judgement).toMatchObject({ status, code });
  });

  it('tells whether it still goes on: what came in the last two minutes of the window', async () => {
    const over = many(502, 9, 90) + many(200, 1.5, 8) + many(502, 1, 2);
    expect((await read(over)).facts).toMatchObject({ serverErrors: 92, recent: { requests: 10, serverErrors: 2 } });
    expect((await read(many(502, 9, 90))).facts).toMatchObject({ recent: { requests: 0, serverErrors: 0 } });
  });

  it('counts the statuses that name a cause and finds when it turned bad', async () => {
    const text =
      many(200, 20, 50) +
      line(500, 18) +
      many(200, 18, 60) +
      many(200, 9, 5) +
      many(502, 8, 30) +
      line(504, 7) +
      line(499, 6) +
      line(200, 5);
    const { facts } = await read(text);
    expect(facts).toMatchObject({
      n502: 30,
      n504: 1,
      n500: 1,
      n499: 1,
      n503: 0,
      mainStatus: 502,
      firstBadAt: FAKE_NOW - 8 * MINUTE,
      lastGoodAt: FAKE_NOW - 5 * MINUTE,
      baselineRequests: 0,
    });
    expect(facts['byStatus']).toEqual({ 200: 116, 499: 1, 500: 1, 502: 30, 504: 1 });
  });

  it('tells how long it was silent', async () => {
    expect((await read(many(200, 45, 50))).judgement.data).toMatchObject({ minutes: 30, before: 50 });
  });

  it('measures durations where they are logged', async () => {
    const { facts } = await read(line(200, 5, '"-" "curl" rt=0.120 urt="0.118"') + line(200, 4, '"-" "curl" rt=2.500'));
    expect(facts).toMatchObject({ slowestMs: 2_500, p95Ms: 2_500 });
    expect((await read(line(200, 5))).facts).toMatchObject({ slowestMs: null });
  });

  it('tells the course over the window, in five seconds or as coarse as ninety points need', async () => {
    const slow = (status: number, minutesAgo: number, seconds: string) => line(status, minutesAgo, `"-" "curl" rt=${seconds}`);
    const fine = await read(slow(200, 5, '0.100') + slow(502, 5, '0.300') + line(200, 2));
    expect(fine.facts['course']).toEqual({
      everyMs: 5_000,
      points: [
        { at: FAKE_NOW - 5 * MINUTE, requests: 2, serverErrors: 1, meanMs: 200 },
        { at: FAKE_NOW - 2 * MINUTE, requests: 1, serverErrors: 0, meanMs: null },
      ],
    });
    const long = await read([...Array(29).keys()].map((minute) => line(200, 29 - minute)).join(''));
    const { everyMs, points } = long.facts['course'] as { everyMs: number; points: { requests: number }[] };
    expect({ everyMs, requests: points.reduce((sum, { requests }) => sum + requests, 0) }).toEqual({ everyMs: 20_000, requests: 29 });
    expect((await read('')).facts['course']).toBeNull();
  });

  it('can look at a part of the traffic', async () => {
    const text = line(200, 5, '"-"', '/health').repeat(30) + line(502, 5).repeat(10);
    expect((await read(text, { exclude: '/health' })).facts).toMatchObject({ requests: 10, serverErrorPercent: 100 });
    expect((await read(text, { only: '/health' })).facts).toMatchObject({ requests: 30, serverErrors: 0 });
  });
});

describe('parseAccessLine', () => {
  it.each([
    ['10.0.0.7 - - [x] "GET / HTTP/1.1" 404 153 "-" "Mozilla/5.0 (502)"', { status: 404, durationMs: null }],
    ['10.0.0.7 - - [x] "\\x16\\x03" 400 157 "-" "-"', { status: 400, durationMs: null }],
    ['10.0.0.7 - - [x] "-" 408 0 "-" "-"', { status: 408, durationMs: null }],
    ['10.0.0.7 - - [x] "GET /a HTTP/2.0" 200 5 "-" "curl" 0.250', { status: 200, durationMs: 250 }],
    ['{"time":"x","status":503,"request_time":"0.500","uri":"/pay"}', { status: 503, durationMs: 500 }],
    ['pay.test:443 10.0.0.7 - - [x] "GET / HTTP/1.1" 503 153 "-" "curl"', { status: 503, durationMs: null }],
    ['10.0.0.7 - - [x] "GET /\\"x\\" HTTP/1.1" 500 153 "-" "curl \\"502\\""', { status: 500, durationMs: null }],
    ['10.0.0.7 - - [x] "GET / HTTP/1.1" 200 153 "-" "curl" "0.250" "0.248"', { status: 200, durationMs: 250 }],
    ['10.0.0.7 - - [x] "GET / HTTP/1.1" 499 0 "-" "curl" 3.000 -', { status: 499, durationMs: 3_000 }],
    ['"203.0.113.9, 10.0.0.1" 10.0.0.7 [x] "GET / HTTP/1.1" 504 153', { status: 504, durationMs: null }],
    ['10.0.0.7 - - [x] "GET / HTTP/1.1" 200 153 "-" "curl" 7 "web@docker" "http://10.0.0.1" 12ms', { status: 200, durationMs: 12 }],
    ['10.0.0.7 - - [x] "GET /\\" 200 x HTTP/1.1" 502 5', { status: 502, durationMs: null }],
    ['10.0.0.7 - - [x] "GET / HTTP/1.1" 404', { status: 404, durationMs: null }],
    [
      '[2026-01-15T11:55:00.310Z] "POST /pay HTTP/2" 503 UF,URX 154 0 226 - "10.0.35.28" "nsq" "cc21" "pay" "-"',
      { status: 503, durationMs: 226 },
    ],
    [
      '[2026-01-15T11:55:00.310Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 5 17 16 "-" "curl" "cc21" "pay" "10.0.0.1:80"',
      { status: 200, durationMs: 17 },
    ],
    [
      'lb haproxy[143]: 10.0.1.2:33317 [x] in app/s1 10/0/30/69/109 502 2750 - - SH-- 1/1/1/1/0 0/0 {} "GET / HTTP/1.1"',
      { status: 502, durationMs: 109 },
    ],
    [
      'lb haproxy[143]: 10.0.1.2:33317 [x] in app/s1 10/0/30/-1/+900 -1 0 - - CH-- 1/1/1/1/0 0/0 "GET / HTTP/1.1"',
      { status: 499, durationMs: 900 },
    ],
    [
      'https 2026-01-15T11:55:00.186641Z app/lb/1 1.2.3.4:28 10.0.0.1:80 0.086 0.048 0.037 502 502 0 57 "GET https://x:443/ HTTP/1.1" "curl"',
      { status: 502, durationMs: 171 },
    ],
    ['{"DownstreamStatus":502,"Duration":226000000}', { status: 502, durationMs: 226 }],
    ['{"req":{"url":"/"},"res":{"statusCode":500},"responseTime":12}', { status: 500, durationMs: 12 }],
    ['{"response_code":200,"duration":226}', { status: 200, durationMs: 226 }],
    ['{"httpRequest":{"status":504,"latency":"0.5s"}}', { status: 504, durationMs: 500 }],
    [
      '{"log":"10.0.0.7 - - [x] \\"GET / HTTP/1.1\\" 502 5 \\"-\\" \\"curl\\"\\n","stream":"stdout","time":"x"}',
      { status: 502, durationMs: null },
    ],
    ['2026-01-15T11:55:00.123Z stdout F 10.0.0.7 - - [x] "GET / HTTP/1.1" 503 5 "-" "curl"', { status: 503, durationMs: null }],
    ['{"status_code":"200","duration_ms":12.4,"path":"/"}', { status: 200, durationMs: 12 }],
  ])('%s', (text, expected) => {
    expect(parseAccessLine(text)).toEqual(expected);
  });

  it.each([
    '',
    '"GET / HTTP/1.1" 2000 5',
    '"GET / HTTP/1.1" 700 5',
    'said "no" twice',
    'not a log line',
    '{"level":"info"}',
    '2026/01/15 11:55:00 [error] 7#7: upstream timed out',
  ])('%s is none', (text) => {
    expect(parseAccessLine(text)).toBeUndefined();
  });
});

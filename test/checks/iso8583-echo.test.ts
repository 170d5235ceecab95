import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createFilePacer } from '../../src/adapters/file-pacer.ts';
import { iso8583Echo } from '../../src/checks/iso8583-echo.ts';
import { closeServers, findClosedPort, startTcp } from '../adapters/servers.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { ANY_SPEED, realContext } from './real-context.ts';
import { type SwitchOptions, startSwitch } from './small-switch.ts';
import { temporaryFolder } from './temporary-folder.ts';

afterEach(closeServers);
const folder = temporaryFolder();
const echo = { second_session: true };
const ask = (port: number, params: object = {}, { timeoutMs = 60_000, limits = ANY_SPEED } = {}) =>
  probeAndJudge(iso8583Echo, { ...realContext(), timeoutMs }, { host: '127.0.0.1', port, echo, ...params }, limits);

describe('a switch that answers', () => {
  test.each([
    ['iso87-ascii', 'len2-binary', '0800', 70, '301'],
    ['iso87-ascii', 'len4-ascii', '0800', 70, '301'],
    ['iso87-ascii', 'len4-ascii-inclusive', '0800', 70, '301'],
    ['iso87-binary', 'len2-binary-tpdu', '0800', 70, '301'],
    ['iso93', 'len2-bcd', '1804', 24, '831'],
    ['iso93/padded left', 'len4-ascii-tpdu', '1804', 24, '831'],
    ['iso87-ebcdic', 'len4-binary', '0800', 70, '301'],
  ])('%s in %s is ok, and was asked for an echo and nothing else', async (dialect, framing, mti, field, code) => {
    const { port, asked } = await startSwitch({ dialect, framing });
    const { facts, judgement } = await ask(port, { dialect, framing });
    expect(judgement).toMatchObject({ status: 'ok', code: 'answered', unit: 'ms', threshold: ANY_SPEED.warn });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.mti).toBe(mti);
    expect([...(asked[0]?.fields.keys() ?? [])]).toEqual([7, 11, ...(mti === '1804' ? [12] : []), field]);
    expect(asked[0]?.fields.get(field)).toBe(code);
    expect(facts).toMatchObject({ asked: 'sent', stan: asked[0]?.fields.get(11), answer: { problem: null } });
  });

  test('byte by byte is still one answer', async () => {
    const { port } = await startSwitch({ dribble: true });
    expect((await ask(port)).judgement).toMatchObject({ status: 'ok', code: 'answered' });
  });

  test('another way to encode the same dialect is understood', async () => {
    const { port } = await startSwitch({ dialect: 'iso87-ascii' });
    expect((await ask(port, { dialect: 'iso87-ascii/hex bitmap' })).judgement.status).toBe('ok');
  });

  test.each<[string, SwitchOptions, string, string]>([
    ['a response code', { change: { 39: '91' } }, 'fail', 'declined'],
    ['no response code', { change: { 39: undefined } }, 'fail', 'declined'],
    ['another STAN', { change: { 11: '999999' } }, 'fail', 'not-echoed'],
    ['another message', { mti: '0210' }, 'fail', 'other-message'],
    ['a request of its own', { mti: '0800' }, 'unknown', 'peer-asks'],
    ['a late answer', { delayMs: 1_050 }, 'warn', 'slow'],
  ])('with %s', async (_name, options, status, code) => {
    const { port } = await startSwitch(options);
    const limits = { ...ANY_SPEED, warn: code === 'slow' ? 1_000 : ANY_SPEED.warn };
    expect((await ask(port, {}, { limits })).judgement).toMatchObject({ status, code });
  });
});

describe('a peer that does not answer an echo', () => {
  test.each<[string, () => Promise<number>, string]>([
    ['nobody listens', () => findClosedPort(), 'refused'],
    ['it accepts and stays silent', () => startTcp(() => {}), 'no-answer'],
    ['it says half a frame', () => startTcp((socket) => void socket.write(Buffer.of(0, 60, 1, 2))), 'no-answer'],
    ['it hangs up', () => startTcp((socket) => socket.on('data', () => socket.end())), 'closed'],
    ['it resets', () => startTcp((socket) => socket.on('data', () => socket.resetAndDestroy())), 'reset'],
    ['it says a frame of nonsense', () => startTcp((socket) => socket.on('data', () => socket.write(Buffer.of(0, 3, 1, 2, 3)))), 'garbage'],
  ])('%s', async (_name, start, code) => {
    const timeoutMs = code === 'no-answer' ? 1_500 : 60_000;
    const { judgement } = await ask(await start(), {}, { timeoutMs });
    expect(judgement).toMatchObject({ status: 'fail', code });
  });

  test('it speaks another protocol', async () => {
    const port = await startTcp((socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await ask(port, { framing: 'len4-ascii' })).judgement).toMatchObject({ status: 'fail', code: 'no-frame' });
  });
});

describe('when it may not ask', () => {
  test('a peer that allows one session is left alone, and not even connected to', async () => {
    for (const settings of [null, {}, { second_session: false }]) {
      const params = { host: '10.0.0.9', port: 8583, echo: settings };
      const { judgement } = await probeAndJudge(iso8583Echo, fakeHost(), params);
      expect(judgement).toMatchObject({ status: 'not-applicable', code: 'one-session', data: { peer: '10.0.0.9:8583' } });
    }
    expect((await probeAndJudge(iso8583Echo, fakeHost())).judgement).toMatchObject({ status: 'not-applicable', code: 'none' });
  });

  test('never more often than the interval, whoever asks', async () => {
    const { port, asked } = await startSwitch();
    const clock = { now: Date.UTC(2026, 0, 15) };
    const params = { host: '127.0.0.1', port, echo: { second_session: true, min_interval: '60s' } };
    const run = () => {
      // As another process would: nothing is shared but the folder.
      const pacer = createFilePacer({ stateDir: join(folder, 'interval'), now: () => clock.now });
      return probeAndJudge(iso8583Echo, { ...realContext({ pacer }), timeoutMs: 60_000 }, params, ANY_SPEED);
    };
    expect((await run()).judgement.code).toBe('answered');
    clock.now += 59_999;
    expect((await run()).judgement).toMatchObject({ status: 'unknown', code: 'too-soon', unlock: expect.any(String) });
    expect(asked).toHaveLength(1);
    clock.now += 1;
    expect((await run()).judgement.code).toBe('answered');
    expect(asked).toHaveLength(2);
  });

  test('eight processes at once: one echo', async () => {
    const { port, asked } = await startSwitch();
    const params = { host: '127.0.0.1', port, echo: { second_session: true, min_interval: '60s' } };
    const codes = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const pacer = createFilePacer({ stateDir: join(folder, 'at-once'), now: Date.now });
        const { judgement } = await probeAndJudge(iso8583Echo, { ...realContext({ pacer }), timeoutMs: 60_000 }, params, ANY_SPEED).catch(
          () => ({
            judgement: { code: 'busy' },
          }),
        );
        return judgement.code;
      }),
    );
    expect(asked).toHaveLength(1);
    expect(codes.filter((code) => code === 'answered')).toHaveLength(1);
  });

  test('without a place to keep the time of the last echo nothing is sent', async () => {
    const { port, asked } = await startSwitch();
    const pacer = createFilePacer({ stateDir: '/proc/oor', now: Date.now });
    const attempt = probeAndJudge(iso8583Echo, realContext({ pacer }), { host: '127.0.0.1', port, echo });
    await expect(attempt).rejects.toMatchObject({ reason: 'no-permission', unlock: expect.stringContaining('--state-dir') });
    expect(asked).toEqual([]);
  });
});

test('the wait says how long', () => {
  const facts = {
    observedAt: 100_000,
    peer: 'acq:1',
    asked: 'too-soon',
    lastAt: 60_000,
    minIntervalMs: 300_000,
    stan: null,
    exchange: null,
    answer: null,
  };
  expect(judge(iso8583Echo, facts)).toMatchObject({ data: { ago: 40, every: 300 }, unlock: 'ask again in 260 s' });
});

test.each([
  [{ dialect: 'unionpay-pos' }, 1],
  [{ dialect: 'iso87-ascii/of no kind' }, 1],
  [{ framing: 'none' }, 1],
  [{ framing: 'len2-binary-base24' }, 1],
  [{ framing: 'len2-binary-base24', header: '49534f303236303030303730' }, 0],
  [{ network_code: '001' }, 1],
])('%j: %i problems', (params, count) => {
  expect(problemsOf(iso8583Echo, params)).toHaveLength(count);
});

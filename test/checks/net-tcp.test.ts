import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { netTcp } from '../../src/checks/net-tcp.ts';
import type { ConnectOutcome, ConnectResult } from '../../src/ports.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { ANY_SPEED, realContext } from './real-context.ts';

const attempt = (outcome: ConnectOutcome, durationMs = 1, more = {}) => ({
  host: 'db',
  port: 5432,
  outcome,
  address: '10.0.0.5',
  durationMs,
  ...more,
});

function facts(attempts: readonly ReturnType<typeof attempt>[], dnsMs = 0) {
  const times = attempts
    .filter(({ outcome }) => outcome === 'connected')
    .map(({ durationMs }) => durationMs)
    .sort((a, b) => a - b);
  return {
    observedAt: 0,
    host: 'db',
    port: 5432,
    attempts,
    connected: times.length > 0,
    failed: attempts.length - times.length,
    medianMs: times[Math.floor(times.length / 2)] ?? null,
    dnsMs,
  };
}

describe('net.tcp judges', () => {
  it.each([
    ['connected', [attempt('connected', 3)], 'ok', 'connected'],
    ['a lost SYN', [attempt('connected', 1_040)], 'warn', 'slow'],
    ['two lost SYNs', [attempt('connected', 3_060)], 'fail', 'slow'],
    ['refused', [attempt('refused')], 'fail', 'refused'],
    ['timed out', [attempt('timed-out')], 'fail', 'timed-out'],
    ['unreachable', [attempt('unreachable')], 'fail', 'unreachable'],
    ['reset', [attempt('reset')], 'fail', 'reset'],
    ['no name', [attempt('name-not-resolved')], 'fail', 'name-not-resolved'],
    ['no local port', [attempt('unreachable', 1, { errorCode: 'EADDRNOTAVAIL' })], 'fail', 'no-local-port'],
    ['one of five fails', [...Array(4).fill(attempt('connected')), attempt('timed-out')], 'warn', 'partial'],
    ['half fail', [attempt('connected'), attempt('refused')], 'fail', 'partial'],
    ['most frequent failure counts', [attempt('refused'), attempt('timed-out'), attempt('timed-out')], 'fail', 'timed-out'],
  ] as const)('%s', (_name, attempts, status, code) => {
    expect(judge(netTcp, facts([...attempts]), { to: 'db:5432' })).toMatchObject({ status, code });
  });

  it('tells a slow name from a slow path', () => {
    expect(judge(netTcp, facts([attempt('connected', 2)], 1_500), { to: 'db:5432' })).toMatchObject({
      status: 'warn',
      code: 'slow-name',
      value: 1_500,
    });
  });

  it('obeys the thresholds of the profile', () => {
    const thresholds = { warn: 1, crit: 2, unit: 'ms', source: 'profile' };
    expect(judge(netTcp, facts([attempt('connected', 3)]), { to: 'db:5432' }, thresholds)).toMatchObject({
      status: 'fail',
      threshold: 2,
      thresholdSource: 'profile',
    });
  });
});

describe('net.tcp probes', () => {
  const answers = (outcomes: Readonly<Record<string, ConnectOutcome>>) => ({
    dns: async ({ type }: { type: string }) => ({
      outcome: 'answered' as const,
      addresses: type === 'A' ? ['10.0.0.5', '10.0.0.6'] : ['fd00::5'],
      durationMs: 2,
    }),
    connect: async ({ host }: { host: string }): Promise<ConnectResult> => ({
      outcome: outcomes[host] ?? 'connected',
      address: host,
      durationMs: 3,
    }),
  });

  it('connects to every address behind the name and leaves out IPv6 where this machine has none', async () => {
    const { facts: seen, judgement } = await probeAndJudge(
      netTcp,
      fakeHost({ net: answers({ '10.0.0.6': 'timed-out', 'fd00::5': 'unreachable' }) }),
      { to: 'db:5432' },
    );
    expect(seen['attempts']).toHaveLength(2);
    expect(judgement).toMatchObject({ status: 'fail', code: 'partial' });
  });

  it('keeps only host and port of a secret', async () => {
    const context = fakeHost({ secrets: { OOR_DB_URL: 'postgres://app:hunter2@10.0.0.5:5432/pay?sslpassword=hunter3' }, net: answers({}) });
    const { facts: seen } = await probeAndJudge(netTcp, context, { to: { env: 'OOR_DB_URL' } });
    expect(JSON.stringify(seen)).not.toMatch(/hunter|app/);
    expect(seen).toMatchObject({ host: '10.0.0.5', port: 5432, connected: true, failed: 0 });
  });

  it('stops when time is up, and says so', async () => {
    const controller = new AbortController();
    controller.abort();
    const { judgement } = await probeAndJudge(netTcp, fakeHost({ signal: controller.signal, net: answers({}) }), { to: '10.0.0.5:1' });
    expect(judgement.status).toBe('unknown');
  });

  it('refuses parameters that name no target, or two', () => {
    expect(problemsOf(netTcp, {})).toEqual(['expected `to`, or `host` and `port`']);
    expect(problemsOf(netTcp, { to: 'a:1', host: 'b', port: 2 })).toHaveLength(1);
    expect(problemsOf(netTcp, { host: '-oProxyCommand=x', port: 1 })).toHaveLength(1);
    expect(problemsOf(netTcp, { to: 'a:1', host: null, timeout: null })).toEqual([]);
  });
});

describe('net.tcp on real sockets', () => {
  let server: Server;
  let port = 0;
  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => server.close());

  it('an open and a closed port', async () => {
    const open = await probeAndJudge(netTcp, realContext(), { host: '127.0.0.1', port, attempts: 3 }, ANY_SPEED);
    expect(open.judgement).toMatchObject({
      status: 'ok',
      code: 'connected',
    });
    const closed = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = probe.address() as { port: number };
        probe.close(() => resolve(free));
      });
    });
    expect((await probeAndJudge(netTcp, realContext(), { to: `127.0.0.1:${closed}` })).judgement).toMatchObject({
      status: 'fail',
      code: 'refused',
    });
  });
});

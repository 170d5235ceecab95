import { describe, expect, it } from 'vitest';
import { portBacklog } from '../../src/checks/port-backlog.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { realContext } from './real-context.ts';

const netstat = (overflows: number) =>
  `TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 0 ${overflows} 9\nIpExt: InNoRoutes\nIpExt: 0\n`;
const ss = (waiting: number, limit: number) => `LISTEN ${waiting} ${limit} 0.0.0.0:7583 0.0.0.0:*   \nLISTEN 0 511 [::]:443 [::]:*\n`;
const TABLE = (queue: string) =>
  `  sl\n   0: 00000000:1D9F 00000000:0000 0A 00000000:${queue} 00:00000000 00000000     0        0 77 1 0 100 0 0 10 0\n`;

function look(stdout: string | null, { overflows = [9, 9], queue = '00000000' } = {}) {
  const files = {
    '/proc/net/netstat': overflows.length > 0 ? overflows.map(netstat) : null,
    '/proc/sys/net/core/somaxconn': '4096\n',
    '/proc/net/tcp': TABLE(queue),
    '/proc/net/tcp6': null,
  };
  return probeAndJudge(portBacklog, fakeHost({ files, commands: { 'ss -H -l -t -n': stdout === null ? null : { stdout } } }), {
    port: 7583,
  });
}

describe('port.backlog', () => {
  it.each([
    ['empty', ss(0, 64), {}, 'ok', 'ok'],
    ['filling', ss(50, 64), {}, 'warn', 'filling'],
    ['full', ss(64, 64), {}, 'fail', 'full'],
    ['one more than fits, as the kernel counts', ss(65, 64), {}, 'fail', 'full'],
    ['overflowing in between', ss(20, 64), { overflows: [9, 19] }, 'fail', 'overflowing'],
    ['counters that cannot be read', ss(20, 64), { overflows: [] }, 'ok', 'ok'],
    ['another port of the host overflows', ss(0, 64), { overflows: [9, 19] }, 'ok', 'ok'],
    ['nobody listens', 'LISTEN 0 511 [::]:443 [::]:*\n', {}, 'not-applicable', 'not-listening'],
    ['no ss, empty', null, {}, 'ok', 'ok'],
    ['no ss, some wait', null, { queue: '00000041' }, 'unknown', 'limit-unknown'],
    ['no ss, overflowing', null, { queue: '00000041', overflows: [9, 12] }, 'warn', 'overflowing'],
  ] as const)('%s', async (_name, stdout, more, status, code) => {
    expect((await look(stdout, more as object)).judgement).toMatchObject({ status, code });
  });

  it('takes one port or several, not none', () => {
    expect(problemsOf(portBacklog, {})).toHaveLength(1);
    expect(problemsOf(portBacklog, { ports: [1, 2] })).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('a port of this machine that nobody listens on', async () => {
    expect((await probeAndJudge(portBacklog, realContext(), { port: 1 })).judgement.code).toBe('not-listening');
  });
});

import { describe, expect, it } from 'vitest';
import { netGateway } from '../../src/checks/net-gateway.ts';
import type { ConnectResult } from '../../src/ports.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const ROUTE = 'ip -j route show default';
const ROUTE6 = 'ip -j -6 route show default';
const NEIGH = 'ip -j neigh show 10.0.0.1';
const route = (...rows: object[]) => ({ stdout: JSON.stringify(rows) });
const neigh = (...states: string[]) =>
  states.map((state) => ({ stdout: JSON.stringify([{ dst: '10.0.0.1', dev: 'eth0', state: [state] }]) }));
const VIA = { dst: 'default', gateway: '10.0.0.1', dev: 'eth0', flags: [] };

function look(
  commands: Readonly<Record<string, unknown>>,
  { outcome = 'timed-out' as ConnectResult['outcome'], carrier = '1\n' as string | null, more = {} } = {},
) {
  const files = {
    '/sys/class/net/eth0/carrier': carrier,
    '/sys/class/net/eth0/operstate': carrier === null ? 'down\n' : 'up\n',
    '/sys/class/net/eth1/carrier': '1\n',
    ...more,
  };
  const connect = async ({ host }: { host: string }): Promise<ConnectResult> => ({ outcome, address: host, durationMs: 1 });
  return probeAndJudge(netGateway, fakeHost({ files, commands: commands as never, net: { connect } }), {});
}

describe('net.gateway', () => {
  it.each([
    ['reachable', { [ROUTE]: route(VIA), [NEIGH]: neigh('REACHABLE') }, {}, 'ok', 'ok'],
    ['silent but known on the network', { [ROUTE]: route(VIA), [NEIGH]: neigh('STALE', 'REACHABLE') }, {}, 'ok', 'ok'],
    ['refuses, so it lives', { [ROUTE]: route(VIA), [NEIGH]: neigh('FAILED', 'FAILED') }, { outcome: 'refused' as const }, 'ok', 'ok'],
    ['dead', { [ROUTE]: route(VIA), [NEIGH]: neigh('FAILED', 'INCOMPLETE') }, {}, 'fail', 'gateway-unreachable'],
    [
      'a stale entry that fails when knocked at',
      { [ROUTE]: route(VIA), [NEIGH]: neigh('STALE', 'FAILED') },
      { outcome: 'unreachable' as const },
      'fail',
      'gateway-unreachable',
    ],
    ['no link', { [ROUTE]: route(VIA), [NEIGH]: neigh('FAILED') }, { carrier: '0\n' }, 'fail', 'link-down'],
    ['interface off', { [ROUTE]: route(VIA), [NEIGH]: neigh('FAILED') }, { carrier: null }, 'fail', 'link-down'],
    ['no default route', { [ROUTE]: route(), [ROUTE6]: route() }, {}, 'fail', 'no-default-route'],
    [
      'only IPv6',
      { [ROUTE]: route(), [ROUTE6]: route({ ...VIA, gateway: 'fe80::1' }), 'ip -j neigh show fe80::1': neigh('REACHABLE') },
      {},
      'ok',
      'ok',
    ],
    ['point to point', { [ROUTE]: route({ dst: 'default', dev: 'eth1', flags: [] }) }, {}, 'ok', 'ok'],
    [
      'a second way is well',
      { [ROUTE]: route(VIA, { dst: 'default', dev: 'eth1', metric: 200 }), [NEIGH]: neigh('FAILED', 'FAILED') },
      {},
      'ok',
      'ok',
    ],
    [
      'several next hops',
      {
        [ROUTE]: route({ dst: 'default', nexthops: [{ gateway: '10.0.0.1', dev: 'eth0' }, { dev: 'eth1' }] }),
        [NEIGH]: neigh('REACHABLE'),
      },
      {},
      'ok',
      'ok',
    ],
  ] as const)('%s', async (_name, commands, more, status, code) => {
    expect((await look(commands, more as object)).judgement).toMatchObject({ status, code });
  });

  const PROC_ROUTE = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n';
  const DEFAULT = 'eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n';
  const LAN = 'eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n';
  it('knocks at one whose address is pinned: the kernel does not ask whether anybody is there', async () => {
    const pinned = { [ROUTE]: route(VIA), [NEIGH]: neigh('PERMANENT', 'PERMANENT') };
    const { facts, judgement } = await look(pinned, { outcome: 'timed-out' });
    expect(facts['routes']).toMatchObject([{ neighbour: 'PERMANENT', answered: false }]);
    // Some answer no knock.
    expect(judgement).toMatchObject({ status: 'ok' });
  });

  const arp = (flags: string) =>
    `IP address       HW type     Flags       HW address            Mask     Device\n10.0.0.1         0x1         ${flags}         02:fc:00:00:00:05     *        eth0\n`;
  it.each([
    ['reachable', DEFAULT + LAN, '0x2', 'ok'],
    ['dead', DEFAULT + LAN, '0x0', 'gateway-unreachable'],
    ['none', LAN, '0x2', 'no-default-route'],
  ])('without ip: %s', async (_name, table, flags, code) => {
    const more = { '/proc/net/route': PROC_ROUTE + table, '/proc/net/arp': arp(flags) };
    expect((await look({ [ROUTE]: null, [ROUTE6]: null, [NEIGH]: null }, { more })).judgement.code).toBe(code);
  });

  it.skipIf(process.platform !== 'linux')('looks at this machine', async () => {
    const { facts } = await probeAndJudge(netGateway, realContext(), {});
    expect(Array.isArray(facts['routes'])).toBe(true);
  });
});

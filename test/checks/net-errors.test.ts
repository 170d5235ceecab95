import { describe, expect, it } from 'vitest';
import { netErrors } from '../../src/checks/net-errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

interface Nic {
  readonly flags?: string;
  readonly carrier?: string | null;
  readonly duplex?: string;
  readonly changes?: readonly [number, number];
  /** Counters of /sys/class/net/X/statistics at the two looks. */
  readonly counters?: Readonly<Record<string, readonly [number, number]>>;
}

const KEYS = [
  'rx_packets',
  'tx_packets',
  'rx_errors',
  'tx_errors',
  'rx_crc_errors',
  'rx_dropped',
  'tx_dropped',
  'rx_fifo_errors',
  'tx_fifo_errors',
];

function look(nics: Readonly<Record<string, Nic>>, params: { interfaces?: string[] } = {}, wayOut = 'eth0') {
  const files: Record<string, string | null | readonly string[]> = {};
  for (const name of new Set([...Object.keys(nics), ...(params.interfaces ?? [])])) {
    const { flags = '0x1003', carrier = '1', duplex = 'full', changes = [2, 2], counters = {} } = nics[name] ?? {};
    const there = name in nics;
    const path = `/sys/class/net/${name}`;
    files[`${path}/flags`] = there ? flags : null;
    files[`${path}/carrier`] = there ? carrier : null;
    files[`${path}/speed`] = there ? '-1' : null;
    files[`${path}/duplex`] = there ? duplex : null;
    files[`${path}/carrier_changes`] = there ? changes.map(String) : null;
    files[`${path}/carrier_down_count`] = there ? '1' : null;
    for (const key of KEYS) files[`${path}/statistics/${key}`] = there ? (counters[key] ?? [0, 0]).map(String) : null;
  }
  const commands = {
    'ip -j route show default': { stdout: JSON.stringify(wayOut === '' ? [] : [{ dst: 'default', gateway: '10.0.0.1', dev: wayOut }]) },
    'ip -j -6 route show default': { stdout: '[]' },
  };
  return probeAndJudge(
    netErrors,
    fakeHost({ files, commands, lists: { '/sys/class/net': ['lo', 'veth1a2b', ...Object.keys(nics)] } }),
    params,
  );
}

const packets = (before: number, after: number) => ({ rx_packets: [before, after] as const });

describe('net.errors', () => {
  it.each([
    ['clean', { eth0: { counters: packets(0, 1_000) } }, 'ok', 'clean'],
    ['a few damaged packets', { eth0: { counters: { ...packets(0, 1_000), rx_errors: [0, 20] } } }, 'warn', 'errors'],
    ['many damaged packets', { eth0: { counters: { ...packets(0, 100), rx_errors: [7, 21], rx_crc_errors: [7, 21] } } }, 'fail', 'errors'],
    ['two damaged of two hundred are chance', { eth0: { counters: { ...packets(0, 200), rx_errors: [0, 2] } } }, 'ok', 'clean'],
    ['twelve damaged of twelve are decisive', { eth0: { counters: { ...packets(0, 0), rx_errors: [0, 12] } } }, 'fail', 'errors'],
    ['old damage', { eth0: { counters: { ...packets(20_000, 20_100), rx_errors: [900, 900] } } }, 'warn', 'errors'],
    ['little old damage', { eth0: { counters: { ...packets(20_000, 20_100), rx_errors: [90, 90] } } }, 'ok', 'clean'],
    ['drops', { eth0: { counters: { ...packets(0, 1_000), rx_dropped: [0, 50] } } }, 'warn', 'drops'],
    ['many drops', { eth0: { counters: { ...packets(0, 1_000), tx_dropped: [0, 200] } } }, 'fail', 'drops'],
    ['one drop of few packets', { eth0: { counters: { ...packets(0, 20), rx_dropped: [0, 1] } } }, 'ok', 'clean'],
    ['drops of few packets', { eth0: { counters: { ...packets(0, 20), rx_dropped: [0, 5] } } }, 'warn', 'drops'],
    ['old drops of few packets', { eth0: { counters: { ...packets(400, 400), rx_dropped: [30, 30] } } }, 'warn', 'drops'],
    ['overruns', { eth0: { counters: { ...packets(0, 1_000), rx_fifo_errors: [0, 1] } } }, 'warn', 'overruns'],
    ['a link that comes and goes', { eth0: { changes: [40, 41] } }, 'fail', 'carrier-flaps'],
    ['a link that came and went', { eth0: { changes: [12, 12] } }, 'warn', 'carrier-flaps'],
    ['no link on the way out', { eth0: { carrier: '0' }, eth1: {} }, 'fail', 'link-down'],
    ['no link on a spare', { eth0: {}, eth1: { carrier: '0' } }, 'warn', 'link-down'],
    ['switched off and not declared', { eth0: {}, eth1: { flags: '0x1002', carrier: null } }, 'ok', 'clean'],
    ['half duplex', { eth0: { duplex: 'half' } }, 'warn', 'half-duplex'],
    ['nothing there', {}, 'not-applicable', 'none'],
    ['a counter that was reset', { eth0: { counters: { ...packets(500, 20), rx_errors: [400, 0] } } }, 'ok', 'clean'],
  ] as const)('%s', async (_name, nics, status, code) => {
    expect((await look(nics as unknown as Readonly<Record<string, Nic>>)).judgement).toMatchObject({ status, code });
  });

  it.each([
    ['no link', { eth1: { carrier: '0' } }, 'link-down'],
    ['switched off', { eth1: { flags: '0x1002', carrier: null } }, 'switched-off'],
    ['gone', {}, 'missing'],
  ])('a declared interface: %s', async (_name, nics, code) => {
    expect((await look({ eth0: {}, ...nics }, { interfaces: ['eth1'] })).judgement).toMatchObject({ status: 'fail', code });
  });

  it('the only link fails even without a default route', async () => {
    expect((await look({ eth0: { carrier: '0' } }, {}, '')).judgement).toMatchObject({ status: 'fail', code: 'link-down' });
  });

  it('counts what was damaged beside what was received', async () => {
    const { facts } = await look({
      eth0: { counters: { ...packets(10_000, 10_090), rx_errors: [100, 110], rx_crc_errors: [90, 98], tx_fifo_errors: [1, 1] } },
    });
    expect(facts['interfaces']).toMatchObject([
      { packets: 90, errors: 10, crcErrors: 8, errorPercent: 10, overruns: 0, totalErrors: 110, totalErrorPercent: 1.08 },
    ]);
  });

  it('leaves out what containers made', async () => {
    expect((await look({ eth0: {} })).facts['interfaces']).toMatchObject([{ name: 'eth0', speedMbps: null }]);
  });

  it.skipIf(process.platform !== 'linux')('looks at this machine', async () => {
    expect((await probeAndJudge(netErrors, realContext(), {})).judgement.status).not.toBe('unknown');
  });
});

import { describe, expect, it } from 'vitest';
import type { Earlier } from '../../src/checks/check.ts';
import { judge } from './judge.ts';
import { checks } from './registry.ts';

const NEVER = Number.POSITIVE_INFINITY;
const GIB = 1024 ** 3;
const HOUR = 3_600_000;

/** Netdata's stock alarms: warn, clears at, crit, clears at. */
const NETDATA: Readonly<Record<string, readonly [warn: number, clear: number, crit: number, clear: number | undefined]>> = {
  'backup.age': [36, 24, 72, 48],
  'cpu.iowait': [40, 20, NEVER, undefined],
  'cpu.load': [2, 1.75, 20, undefined],
  'cpu.steal': [10, 5, NEVER, undefined],
  'cpu.util': [85, 75, 95, 85],
  'db.connections': [80, 70, 90, 80],
  'db.replication': [10, 5, 30, 10],
  'disk.fill_eta': [8, 48, 2, 24],
  'disk.inodes': [90, 80, 98, 90],
  'disk.space': [90, 80, 98, 90],
  'fd.process': [95, 85, 99, undefined],
  'log.status': [2, 1, 5, 2],
  'mem.available': [90, 80, 98, 90],
  'mem.swap': [90, 80, 98, 90],
  'net.bandwidth': [90, 85, 98, undefined],
  'net.softnet': [10, 0, NEVER, undefined],
  'power.ups': [80, 70, 95, 85],
  'proc.pids': [90, 85, 95, 90],
  'tcp.conntrack': [90, 85, 95, 90],
  'tcp.orphans': [25, 20, 50, 25],
};

it('the bounds that clear are those of Netdata, and nobody else has any', () => {
  const found = Object.values(checks).flatMap(({ id, thresholds }) => {
    const { warn, crit, clear } = thresholds ?? {};
    return clear ? [[id, [warn, clear.warn, crit, clear.crit]]] : [];
  });
  expect(Object.fromEntries(found)).toEqual(NETDATA);
});

const at = 1_000 * HOUR;
const mount = (name: string, usedPercent: number) => ({
  mount: name,
  paths: [],
  type: 'ext4',
  source: '/dev/sda',
  answer: 'answered',
  totalBytes: 100 * GIB,
  availableBytes: 1 * GIB,
  usedPercent,
});
const inodes = (name: string, usedPercent: number) => ({ ...mount(name, usedPercent), counted: true, totalInodes: 100, freeInodes: 1 });
const filling = (name: string, hours: number) => ({ mount: name, answered: true, availableBytes: hours * GIB, takenBytes: GIB });
const cpu = (busyPercent: number, stealPercent: number, iowaitPercent: number) => ({
  observedAt: at,
  sampleMs: 1_000,
  cores: 2,
  busyPercent,
  userPercent: 0,
  systemPercent: 0,
  stealPercent,
  iowaitPercent,
  group: null,
  top: [],
});
const load = (load1: number, load5: number, load15: number) => ({
  observedAt: at,
  load1,
  load5,
  load15,
  cores: 2,
  quotaCores: null,
  inContainer: false,
  runnable: 1,
});
const swap = (usedPercent: number, pacePercent: number) => ({
  observedAt: at,
  memoryBytes: 8e9,
  swapBytes: 1e9,
  usedBytes: 1,
  usedPercent,
  outBytesPerSecond: 0,
  inBytesPerSecond: 0,
  pacePercent,
});
const softnet = (dropped: number, squeezed: number) => ({
  observedAt: at,
  seconds: 60,
  processed: 9,
  dropped,
  squeezed,
  totalDropped: 0,
  totalSqueezed: 0,
});
const line = (name: string, percent: number) => ({ name, capacityMbps: 100, receivedMbps: percent, sentMbps: 0, percent });
const process = (pid: number, percent: number) => ({ pid, name: 'app', open: percent, most: 100, percent });
const ups = (loadPercent: number) => ({
  observedAt: at,
  ups: 'rack@localhost',
  connected: true,
  states: ['OL'],
  chargePercent: 100,
  runtimeSeconds: 1,
  loadPercent,
  inputVolts: 230,
});
const table = (percent: number) => ({ observedAt: at, tracked: percent, most: 100, percent, dropped: 0, totalDropped: 0 });

/** Facts on the edge: what each says by itself, and what it says after it was warn or fail. */
describe('on the edge', () => {
  it.each<[id: string, facts: unknown, earlier: Earlier, alone: string, after: string]>([
    ['disk.space', { observedAt: at, filesystems: [mount('/a', 88), mount('/b', 85)] }, { status: 'warn', item: '/b' }, 'ok', 'warn /b'],
    ['disk.space', { observedAt: at, filesystems: [mount('/a', 88)] }, { status: 'warn', item: '/gone' }, 'ok', 'ok'],
    ['disk.space', { observedAt: at, filesystems: [mount('/a', 95)] }, { status: 'fail', item: '/a' }, 'warn', 'fail /a'],
    ['disk.inodes', { observedAt: at, filesystems: [inodes('/a', 88), inodes('/b', 85)] }, { status: 'warn', item: '/b' }, 'ok', 'warn /b'],
    [
      'disk.fill_eta',
      { observedAt: at, from: at - HOUR, fromBaseline: true, filesystems: [filling('/a', 10), filling('/b', 20)] },
      { status: 'fail', item: '/b' },
      'ok',
      'fail /b',
    ],
    ['cpu.util', cpu(80, 0, 0), { status: 'warn', item: 'busy' }, 'ok', 'warn busy'],
    ['cpu.util', cpu(80, 7, 0), { status: 'warn', item: 'steal' }, 'ok', 'warn steal'],
    ['cpu.util', cpu(50, 0, 30), { status: 'warn', item: 'iowait' }, 'ok', 'warn iowait'],
    ['cpu.load', load(1, 7.5, 1), { status: 'warn', item: 'load5' }, 'ok', 'warn load5'],
    ['cpu.load', load(1, 7.5, 1), { status: 'warn', item: 'load15' }, 'ok', 'ok'],
    ['mem.swap', swap(10, 25), { status: 'warn', item: 'pace' }, 'ok', 'warn pace'],
    ['mem.swap', swap(85, 25), { status: 'warn', item: 'use' }, 'ok', 'warn use'],
    ['net.softnet', softnet(0, 5), { status: 'warn', item: 'squeezed' }, 'ok', 'warn squeezed'],
    ['net.softnet', softnet(0, 5), { status: 'warn', item: 'dropped' }, 'ok', 'ok'],
    [
      'net.bandwidth',
      { observedAt: at, interfaces: [line('a', 89), line('b', 87)], untold: [] },
      { status: 'warn', item: 'b' },
      'ok',
      'warn b',
    ],
    [
      'fd.process',
      { observedAt: at, found: 2, hidden: 0, sawAll: true, processes: [process(1, 94), process(2, 90)] },
      { status: 'warn', item: '2' },
      'ok',
      'warn 2',
    ],
    ['power.ups', ups(75), { status: 'warn', item: 'load' }, 'ok', 'warn load'],
    ['power.ups', ups(75), { status: 'warn' }, 'ok', 'ok'],
    ['tcp.conntrack', table(92), { status: 'fail' }, 'warn', 'fail'],
    ['tcp.conntrack', table(92), { status: 'fail', item: 'dropping' }, 'warn', 'warn'],
  ])('%s %#', (id, facts, earlier, alone, after) => {
    const check = checks[id] as NonNullable<(typeof checks)[string]>;
    const limits = check.thresholds as NonNullable<typeof check.thresholds>;
    const params = id === 'power.ups' ? { ups: 'rack@localhost' } : {};
    expect(judge(check, facts, params).status).toBe(alone);
    const { status, item } = judge(check, facts, params, { ...limits, earlier });
    expect([status, ...(status === 'ok' || item === undefined ? [] : [item])].join(' ')).toBe(after);
  });
});

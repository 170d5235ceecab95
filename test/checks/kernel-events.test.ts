import { describe, expect, test } from 'vitest';
import { kernelEvents } from '../../src/checks/kernel-events.ts';
import { classifyKernelLine, KERNEL_EVENT_CLASSES, parseIsoLines } from '../../src/checks/parse-kernel-log.ts';
import { HostError } from '../../src/errors.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

const DMESG = 'dmesg --time-format iso';
const JOURNAL = 'journalctl --dmesg --boot --lines=20000 --no-pager --output=short-unix';
const MINUTE = 60_000;

/** A line as dmesg prints it, so many minutes before now. */
function line(minutesAgo: number, text: string): string {
  return `${new Date(FAKE_NOW - minutesAgo * MINUTE).toISOString().replace('.000Z', ',123456+00:00')} ${text}`;
}

describe('classifyKernelLine', () => {
  test.each([
    ['oom-kill', 'Out of memory: Killed process 1234 (paygw) total-vm:4096kB, anon-rss:2048kB, UID:0 pgtables:1kB oom_score_adj:0'],
    ['oom-kill', 'Memory cgroup out of memory: Killed process 77 (node (worker)) total-vm:4096kB, anon-rss:1kB'],
    ['oom-kill', 'Killed process 1234 (java), UID 1000, total-vm:4096kB, anon-rss:0kB'],
    ['hung-task', 'INFO: task jbd2/sda1-8:230 blocked for more than 120 seconds.'],
    ['crash', 'BUG: unable to handle page fault for address: ffff8881'],
    ['crash', 'watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [nginx:12]'],
    ['crash', 'Oops: 0002 [#1] PREEMPT SMP NOPTI'],
    ['crash', 'rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:'],
    ['readonly-remount', 'EXT4-fs (sda1): Remounting filesystem read-only'],
    ['readonly-remount', 'BTRFS info (device sda1): forced readonly'],
    ['readonly-remount', 'XFS (dm-0): Log I/O Error (0x2) detected. Shutting down filesystem.'],
    ['filesystem-error', 'EXT4-fs error (device sda1): ext4_lookup:1855: inode #2: comm nginx: deleted inode referenced: 12'],
    ['filesystem-error', 'Aborting journal on device sda1-8.'],
    ['filesystem-error', 'XFS (sda2): Metadata corruption detected at xfs_agi_verify+0x9c'],
    ['filesystem-error', 'BTRFS error (device sdb): bdev /dev/sdb errs: wr 1, rd 0'],
    ['io-error', 'blk_update_request: I/O error, dev sda, sector 2048 op 0x0:(READ) flags 0x0'],
    ['io-error', 'I/O error, dev vdb, sector 128 op 0x1:(WRITE) flags 0x800'],
    ['io-error', 'Buffer I/O error on dev dm-0, logical block 0, lost async page write'],
    ['io-error', 'critical medium error, dev sdc, sector 5'],
    ['io-error', 'ata1.00: exception Emask 0x0 SAct 0x0 SErr 0x0 action 0x0'],
    ['io-error', 'nvme nvme0: I/O 12 QID 3 timeout, aborting'],
    ['raid-failure', 'md/raid1:md0: Disk failure on sdb1, disabling device.'],
    ['machine-check-fatal', '[Hardware Error]: event severity: fatal'],
    ['machine-check', 'mce: [Hardware Error]: Machine check events logged'],
    ['machine-check', 'EDAC MC0: 1 CE memory read error on CPU_SrcID#0'],
    ['conntrack-full', 'nf_conntrack: nf_conntrack: table full, dropping packet'],
    ['neighbour-full', 'neighbour: arp_cache: neighbor table overflow!'],
    ['file-limit', 'VFS: file-max limit 1024 reached'],
    ['process-limit', 'cgroup: fork rejected by pids controller in /system.slice/paygw.service'],
    ['tcp-memory', 'TCP: out of memory -- consider tuning tcp_mem'],
    ['syn-flood', 'TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.'],
    ['mount-timeout', 'nfs: server nas not responding, still trying'],
    ['link-down', 'e1000e 0000:00:1f.6 eno1: NIC Link is Down'],
    ['link-down', 'mlx5_core 0000:01:00.0 eth2: Link down'],
    ['link-up', 'igb 0000:01:00.0 eth0: igb: eth0 NIC Link is Up 1000 Mbps Full Duplex'],
    ['thermal', 'CPU3: Core temperature is above threshold, cpu clock is throttled (total events = 12)'],
    ['segfault', 'nginx[4711]: segfault at 0 ip 00007f sp 00007ff error 4 in libc.so'],
    ['segfault', 'traps: paygw[12] trap invalid opcode ip:55 sp:7f error:0 in paygw'],
  ])('%s: %s', (name, text) => {
    expect(classifyKernelLine({ at: 1, text })).toMatchObject({ class: name, at: 1 });
    expect(KERNEL_EVENT_CLASSES).toContain(name);
  });

  test.each([
    'EXT4-fs (sda1): mounted filesystem with ordered data mode. Opts: errors=remount-ro',
    'EXT4-fs (sda1): re-mounted 0-0 ro. Quota mode: none.',
    'blk_update_request: I/O error, dev fd0, sector 0',
    'Buffer I/O error on dev sr0, logical block 0',
    'MCE: CPU0: Thermal monitoring enabled (TM1)',
    'EDAC MC: Ver: 3.0.0',
    'IPv6: ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready',
    'nginx (4711): drop_caches: 3',
    'oom_reaper: reaped process 1234 (paygw), now anon-rss:0kB',
  ])('nothing: %s', (text) => {
    expect(classifyKernelLine({ at: 1, text })).toBeUndefined();
  });

  test('tells who it was about, and keeps 200 characters', () => {
    expect(classifyKernelLine({ at: 1, text: 'Out of memory: Killed process 12 (a b) total-vm:1kB' })).toMatchObject({
      process: 'a b',
      pid: 12,
    });
    expect(classifyKernelLine({ at: 1, text: 'INFO: task kworker/u4:1:99 blocked for more than 120 seconds.' })).toMatchObject({
      process: 'kworker/u4:1',
      pid: 99,
    });
    expect(classifyKernelLine({ at: 1, text: `Killed process 12 (a) ${'x'.repeat(999)}` })?.text).toHaveLength(200);
  });
});

test('parseIsoLines: zones, callers, continuation lines', () => {
  const output = '2026-01-15T12:00:00,500000+02:00 [  T123] first\nsecond\n2026-01-15T10:00:01,000000+00:00 third\n';
  expect(parseIsoLines(output)).toEqual([
    { at: Date.UTC(2026, 0, 15, 10, 0, 0, 500), text: 'first' },
    { at: Date.UTC(2026, 0, 15, 10, 0, 0, 500), text: 'second' },
    { at: Date.UTC(2026, 0, 15, 10, 0, 1), text: 'third' },
  ]);
  expect(parseIsoLines('no time at all')).toEqual([]);
});

describe('judge', () => {
  const event = (name: string, extra: Record<string, unknown> = {}) => ({ class: name, at: FAKE_NOW, text: 'text', ...extra });
  const factsOf = (events: readonly ReturnType<typeof event>[], extra: Record<string, unknown> = {}) => {
    const counts: Record<string, number> = {};
    for (const each of events) counts[each.class] = (counts[each.class] ?? 0) + 1;
    return { observedAt: 0, since: 0, source: 'dmesg', lineCount: 9, startsAt: null, counts, events, ...extra };
  };

  test.each([
    ['silence', factsOf([]), {}, 'ok', 'quiet'],
    ['silence since the log starts', factsOf([], { startsAt: FAKE_NOW }), {}, 'ok', 'quiet-partly'],
    ['no line at all', factsOf([], { lineCount: 0 }), {}, 'unknown', 'empty'],
    ['an OOM kill', factsOf([event('oom-kill', { process: 'java' })]), {}, 'warn', 'oom-kill'],
    ['the worst names it', factsOf([event('segfault'), event('readonly-remount'), event('oom-kill')]), {}, 'fail', 'readonly-remount'],
    ['a fatal hardware error', factsOf([event('machine-check-fatal')]), {}, 'fail', 'machine-check-fatal'],
    ['a link that came up is no trouble', factsOf([event('link-up')]), {}, 'ok', 'quiet'],
    ['a link that came up, asked for', factsOf([event('link-up')]), { class: 'link-up' }, 'ok', 'link-up'],
    ['another class was asked for', factsOf([event('oom-kill')]), { class: ['io-error'] }, 'ok', 'quiet'],
    [
      'the process asked for was killed',
      factsOf([event('oom-kill', { process: 'payment-gateway' })]),
      { process: 'payment-gateway-server' },
      'fail',
      'oom-kill',
    ],
    [
      'another process was killed',
      factsOf([event('oom-kill', { process: 'java' })]),
      { class: 'oom-kill', process: 'paygw' },
      'ok',
      'quiet',
    ],
  ])('%s', (_name, facts, params, status, code) => {
    expect(judge(kernelEvents, facts, params)).toMatchObject({ status, code });
  });

  test('has a sentence in both languages for every class', () => {
    for (const name of KERNEL_EVENT_CLASSES) judge(kernelEvents, factsOf([event(name, { process: 'p', pid: 1 })]), { class: name });
  });

  test('refuses a class that does not exist', () => {
    expect(() => judge(kernelEvents, factsOf([]), { class: 'oom' })).toThrow(/oom-kill/);
  });
});

describe('probe', () => {
  test('keeps the events of the window, with counts of all and the latest of each class', async () => {
    const lines = [
      line(90, 'Linux version 6.1'),
      line(60, 'Out of memory: Killed process 1 (old) total-vm:1'),
      line(10, 'EXT4-fs error (device sda1): x'),
    ];
    for (let index = 0; index < 50; index++) lines.push(line(5, `Out of memory: Killed process ${index} (paygw) total-vm:1`));
    const { facts, judgement } = await probeAndJudge(
      kernelEvents,
      fakeHost({ commands: { [DMESG]: { stdout: `${lines.join('\n')}\n` } } }),
    );
    expect(facts).toMatchObject({ source: 'dmesg', startsAt: null, lineCount: 53, counts: { 'oom-kill': 50, 'filesystem-error': 1 } });
    expect(facts.events).toHaveLength(21);
    expect((facts.events as { pid?: number }[]).at(-1)).toMatchObject({ pid: 49 });
    expect(judgement).toMatchObject({ status: 'warn', code: 'filesystem-error', value: 1 });
  });

  test('says so when the log starts inside the window', async () => {
    const { judgement } = await probeAndJudge(kernelEvents, fakeHost({ commands: { [DMESG]: { stdout: line(3, 'hello') } } }));
    expect(judgement).toMatchObject({ status: 'ok', code: 'quiet-partly', data: { start: '2026-01-15T11:57:00.123Z' } });
  });

  test('asks the journal where dmesg is refused', async () => {
    const stdout = `${FAKE_NOW / 1_000 - 60}.500000 gw kernel: Out of memory: Killed process 5 (paygw) total-vm:1kB\n-- Boot x --\n`;
    const context = fakeHost({
      commands: { [DMESG]: { exitCode: 1, stderr: 'dmesg: read kernel buffer failed: Operation not permitted' }, [JOURNAL]: { stdout } },
    });
    const { facts, judgement } = await probeAndJudge(kernelEvents, context, { process: 'paygw' });
    expect(facts).toMatchObject({ source: 'journalctl', events: [{ at: FAKE_NOW - 59_500, process: 'paygw' }] });
    expect(judgement).toMatchObject({ status: 'fail', code: 'oom-kill' });
  });

  test.each([
    ['a journal that prints nothing and ends well', { exitCode: 0, stdout: '-- No entries --\n' }],
    ['no journalctl', null],
  ])('cannot tell with %s: unknown, never ok', async (_name, journal) => {
    const context = fakeHost({ commands: { [DMESG]: { exitCode: 1 }, [JOURNAL]: journal } });
    await expect(probeAndJudge(kernelEvents, context)).rejects.toMatchObject({
      reason: 'no-permission',
      unlock: expect.stringContaining('CAP_SYSLOG'),
    });
  });

  test('a command that hangs is not taken for a refusal', async () => {
    const context = fakeHost({ commands: { [DMESG]: new HostError('timed-out', 'dmesg') } });
    await expect(probeAndJudge(kernelEvents, context)).rejects.toMatchObject({ reason: 'timed-out' });
  });
});

test.each([
  ['kern.log', `Jan 15 11:55:00 gw kernel: [12345.678901] Out of memory: Killed process 2210 (paygw) total-vm:1kB, anon-rss:1kB\n`],
  ['a journal', `2026-01-15T11:55:00+0000 gw kernel: Out of memory: Killed process 2210 (paygw) total-vm:1kB, anon-rss:1kB\n`],
  ['dmesg with times', `2026-01-15T11:55:00,123456+00:00 Out of memory: Killed process 2210 (paygw) total-vm:1kB, anon-rss:1kB\n`],
  ['dmesg -T', `[Thu Jan 15 11:55:00 2026] Out of memory: Killed process 2210 (paygw) total-vm:1kB, anon-rss:1kB\n`],
  ['dmesg', `[12345.678901] Out of memory: Killed process 2210 (paygw) total-vm:1kB, anon-rss:1kB\n`],
])('an export: %s from a pipe or a file', async (_name, text) => {
  const zone = { 'date +%z': { stdout: '+0000\n' } };
  const piped = await probeAndJudge(kernelEvents, fakeHost({ streams: { '-': text }, commands: zone, platform: 'darwin' }), { file: '-' });
  expect(piped.judgement).toMatchObject({ status: 'warn', code: 'oom-kill', data: { process: 'paygw' } });
  const filed = fakeHost({ files: { '/k': text }, stats: { '/k': { size: text.length } }, lists: { '/': ['k'] }, commands: zone });
  expect((await probeAndJudge(kernelEvents, filed, { file: '/k' })).judgement.code).toBe('oom-kill');
});

test('an export that is quiet is ok, one that is not there or empty is unknown', async () => {
  const text = '2026-01-15T09:55:00+0000 gw kernel: Out of memory: Killed process 2210 (paygw) total-vm:1kB, anon-rss:1kB\n';
  const quiet = fakeHost({ files: { '/k': text }, stats: { '/k': { size: text.length } } });
  expect((await probeAndJudge(kernelEvents, quiet, { file: '/k' })).judgement).toMatchObject({ status: 'ok', code: 'quiet' });
  await expect(probeAndJudge(kernelEvents, fakeHost({ streams: { '-': '' } }), { stdin: true })).rejects.toMatchObject({ reason: 'io' });
  await expect(probeAndJudge(kernelEvents, fakeHost({ stats: { '/k': null } }), { file: '/k' })).rejects.toMatchObject({ reason: 'io' });
});

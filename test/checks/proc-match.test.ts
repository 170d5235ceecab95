import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { findProcesses as findNamed } from '../../src/checks/proc-find.ts';
import { procMatch } from '../../src/checks/proc-match.ts';
import { matchesProcess, namesOf, parseCmdline } from '../../src/checks/proc-name.ts';
import { HostError } from '../../src/errors.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';
import { statLine } from './stat-line.ts';

const identity = (comm: string, ...argv: string[]) => ({ comm, argv });

describe('matchesProcess', () => {
  it.each([
    ['nginx', identity('nginx', 'nginx: master process /usr/sbin/nginx -g daemon off;')],
    ['postgres', identity('postgres', 'postgres: checkpointer ')],
    ['payment-gateway-service', identity('payment-gateway', '/opt/pay/payment-gateway-service', '--port', '8080')],
    ['payment-gateway-service', identity('payment-gateway')],
    ['paygw', identity('node', '/usr/bin/node', '--max-old-space-size=512', '/opt/paygw/server.js')],
    ['server.js', identity('MainThread', 'node', '-r', './tracing.js', '/opt/paygw/server.js')],
    ['paygw', identity('python3', '/usr/bin/python3', '-u', '/opt/pay/paygw.py')],
    ['paygw', identity('python3', 'python3', '-m', 'paygw', '--port', '1')],
    ['paygw', identity('java', '/usr/bin/java', '-Xmx1g', '-cp', 'a.jar:b.jar', '-jar', '/opt/paygw-2.4.1.jar')],
    ['PayGateway', identity('java', 'java', '-cp', 'lib/*', 'com.acme.PayGateway')],
    ['paygw', identity('env', '/usr/bin/env', 'TZ=UTC', 'python3', '/opt/pay/paygw.py')],
    ['recon-agent', identity('python3', 'recon-agent', '/tmp/x.py')],
    ['/^paygw-\\d+$/', identity('paygw-17', 'paygw-17')],
    ['node /opt/paygw/server.js', identity('node', '/usr/bin/node', '/opt/paygw/server.js', '--port', '1')],
    ['/usr/sbin/nginx', identity('nginx', '/usr/sbin/nginx', '-g', 'x')],
    ['a b) (c', identity('a b) (c', 'a b) (c')],
    ['bash', identity('bash', '-bash')],
  ])('%s is %j', (wanted, process) => {
    expect(matchesProcess(wanted, process)).toBe(true);
  });

  it.each([
    ['paygw', identity('vi', 'vi', '/var/log/paygw/paygw.log')],
    ['paygw', identity('node', 'node', '/usr/lib/oor/bin/oor.js', 'run', '--symptom', 'paygw')],
    ['paygw', identity('sh', 'sh', '-c', 'tail -f paygw')],
    ['paygw', identity('grep', 'grep', 'paygw')],
    ['paygw', identity('paygw-helper', 'paygw-helper')],
    ['payment-gateway-service', identity('payment-gateway', '/opt/pay/payment-gateway')],
    ['nginx', identity('python3', 'python3', '-c', 'nginx')],
    ['node /opt/paygw/server.js', identity('node', 'node', '/opt/other/server.js')],
  ])('%s is not %j', (wanted, process) => {
    expect(matchesProcess(wanted, process)).toBe(false);
  });

  it('reads a command line and the names in it', () => {
    expect(parseCmdline('node\0/opt/pay/app.js\0\0')).toEqual(['node', '/opt/pay/app.js']);
    expect(namesOf(identity('node', ...parseCmdline('node\0/opt/pay/app.js\0')))).toEqual(['node', 'app.js', 'app', 'pay']);
  });
});

interface FakeProcess {
  readonly pid: number;
  readonly comm?: string;
  readonly state?: string | readonly string[];
  readonly ageSeconds?: number;
  readonly uid?: number;
  readonly fds?: number | HostError;
  readonly threads?: number;
  readonly ticks?: readonly [number, number];
  readonly nproc?: string;
}

const UPTIME = 100_000;

function machine(processes: readonly FakeProcess[], more: Readonly<Record<string, string>> = {}) {
  const files: Record<string, string | string[]> = {
    '/proc/uptime': `${UPTIME}.00 1.00\n`,
    '/proc/stat': 'cpu 1 2 3\n',
    '/etc/passwd': 'root:x:0:0::/:/bin/sh\npaygw:x:990:990::/:/bin/false\n',
  };
  const lists: Record<string, readonly string[] | Error> = {
    '/proc': ['1', 'self', 'meminfo', ...processes.map(({ pid }) => String(pid))],
  };
  const add = ({
    pid,
    comm = 'paygw',
    state = 'S',
    ageSeconds = 9_000,
    uid = 990,
    fds = 20,
    threads = 4,
    ticks = [100, 105],
    nproc = '4096',
  }: FakeProcess) => {
    const states = typeof state === 'string' ? [state, state] : state;
    const stat = (at: number) =>
      `${pid} (${comm}) ${states[at]} 1 1 1 0 -1 4194304 1 0 0 0 ${ticks[at]} 0 0 0 20 0 ${threads} 0 ${(UPTIME - ageSeconds) * 100} 1 1\n`;
    files[`/proc/${pid}/stat`] = [stat(0), stat(1)];
    files[`/proc/${pid}/cmdline`] = states[0] === 'Z' ? '' : `/opt/pay/${comm}\0--port\0`;
    files[`/proc/${pid}/status`] = `Name:\t${comm}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nVmRSS:\t  2048 kB\nThreads:\t${threads}\n`;
    files[`/proc/${pid}/limits`] =
      `Limit                     Soft Limit           Hard Limit           Units     \nMax processes             ${nproc}                 ${nproc}                 processes \nMax open files            100                  4096                 files     \n`;
    files[`/proc/${pid}/cgroup`] = '0::/system.slice/paygw.service\n';
    lists[`/proc/${pid}/fd`] = fds instanceof HostError ? fds : Array.from({ length: fds }, (_, index) => String(index));
  };
  add({ pid: 1, comm: 'init', uid: 0, ageSeconds: UPTIME });
  for (const process of processes) add(process);
  files['/sys/fs/cgroup/system.slice/paygw.service/pids.current'] = '4\n';
  files['/sys/fs/cgroup/system.slice/paygw.service/pids.max'] = 'max\n';
  return fakeHost({ files: { ...files, ...more }, lists });
}

const look = (processes: readonly FakeProcess[], params = {}) =>
  probeAndJudge(procMatch, machine(processes), { process: 'paygw', ...params });

describe('proc.match', () => {
  it.each([
    ['running', [{ pid: 7 }], {}, 'ok'],
    ['not-running', [], {}, 'fail'],
    ['not-running', [{ pid: 7 }], { min: 2 }, 'fail'],
    ['absent', [], { min: 0 }, 'ok'],
    ['too-many', [{ pid: 7 }, { pid: 8 }], { max: 1 }, 'fail'],
    ['stopped', [{ pid: 7, state: 'T' }], {}, 'fail'],
    ['stopped', [{ pid: 7, state: 't' }, { pid: 8 }], {}, 'fail'],
    ['uninterruptible', [{ pid: 7, state: 'D' }], {}, 'fail'],
    ['uninterruptible', [{ pid: 7, state: 'D' }, { pid: 8 }], {}, 'warn'],
    ['running', [{ pid: 7, state: ['R', 'D'] }], {}, 'ok'],
    ['zombie', [{ pid: 7, state: 'Z' }], {}, 'fail'],
    ['running', [{ pid: 7, state: 'Z' }, { pid: 8 }], {}, 'ok'],
    ['wrong-user', [{ pid: 7, uid: 0 }], { user: 'paygw' }, 'fail'],
    ['running', [{ pid: 7 }], { user: 'paygw' }, 'ok'],
    ['running', [{ pid: 7 }], { user: '990' }, 'ok'],
    ['fd-exhausted', [{ pid: 7, fds: 96 }], {}, 'fail'],
    ['fd-high', [{ pid: 7, fds: 90 }], {}, 'warn'],
    ['running', [{ pid: 7, fds: new HostError('no-permission', 'fd: EACCES') }], {}, 'ok'],
    ['threads-exhausted', [{ pid: 7, threads: 98, nproc: '100' }], {}, 'fail'],
    ['restarted-recently', [{ pid: 7, ageSeconds: 42 }], {}, 'warn'],
    ['running', [{ pid: 7 }, { pid: 8, ageSeconds: 42 }], {}, 'ok'],
  ] as const)('%s: %j %j', async (code, processes, params, status) => {
    expect((await look(processes, params)).judgement).toMatchObject({ code, status });
  });

  it('tells what each process is and uses', async () => {
    const { facts } = await look([
      { pid: 7, ticks: [100, 140] },
      { pid: 8, fds: 85, ageSeconds: 10 },
    ]);
    expect(facts).toMatchObject({
      count: 2,
      running: true,
      pids: [7, 8],
      threads: 8,
      rssBytes: 2 * 2048 * 1024,
      fdPercent: 85,
      youngestMs: 10_000,
    });
    expect((facts['processes'] as { cpuPercent: number; user: string }[])[0]).toMatchObject({
      pid: 7,
      user: 'paygw',
      cpuPercent: 80,
      fdLimit: 100,
    });
  });

  it('adds up and takes the fullest, also where some may not be looked into', async () => {
    const closed = new HostError('no-permission', 'fd: EACCES');
    const { facts } = await look([
      { pid: 7, fds: closed, ticks: [100, 140] },
      { pid: 8, fds: 60 },
      { pid: 9, fds: closed, ticks: [100, 120] },
      { pid: 10, state: 'Z' },
    ]);
    expect(facts).toMatchObject({ count: 4, zombies: 1, fdPercent: 60, cpuPercent: 130, threads: 12 });
  });

  it.each([
    ['v2', '0::/system.slice/paygw.service\n', '/sys/fs/cgroup/system.slice/paygw.service'],
    ['v1', '8:cpu,cpuacct:/x\n5:pids:/lab/gw\n0::/\n', '/sys/fs/cgroup/pids/lab/gw'],
  ])('sees the task limit of a control group %s', async (_name, cgroup, folder) => {
    const files = { '/proc/7/cgroup': cgroup, [`${folder}/pids.current`]: '39\n', [`${folder}/pids.max`]: '40\n' };
    const { judgement } = await probeAndJudge(procMatch, machine([{ pid: 7, uid: 0 }], files), { process: 'paygw' });
    expect(judgement).toMatchObject({ code: 'threads-exhausted', value: 97.5 });
  });

  it('is not-applicable elsewhere than on Linux', async () => {
    await expect(procMatch.probe({ process: 'x', min: 1 }, fakeHost({ platform: 'darwin' }))).rejects.toMatchObject({
      reason: 'unsupported',
    });
  });
});

it('where /proc hides the processes of others, none found is unknown', async () => {
  const context = fakeHost({
    lists: { '/proc': ['7'] },
    files: { '/proc/7/stat': statLine(7, 'sh', 'S', 1), '/proc/7/cmdline': 'sh\0' },
  });
  await expect(probeAndJudge(procMatch, context, { process: 'paygw' })).rejects.toMatchObject({
    reason: 'no-permission',
    unlock: 'run as root',
  });
});

it('asks a thread of the kernel and a zombie for no command line', async () => {
  const context = fakeHost({
    lists: { '/proc': ['1', '2', '7', '8'] },
    files: {
      '/proc/1/stat': statLine(1, 'init', 'S', 0),
      '/proc/1/cmdline': '/sbin/init\0',
      // The flags of a task are the ninth field; 0x200000 is a thread of the kernel (proc_pid_stat(5), PF_KTHREAD).
      '/proc/2/stat': '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 20 0 1 0 14 0 0\n',
      '/proc/7/stat': statLine(7, 'paygw', 'Z', 1),
      '/proc/8/stat': statLine(8, 'paygw', 'S', 1),
      '/proc/8/cmdline': 'paygw\0',
    },
  });
  const found = await findNamed(context.host, 'paygw');
  expect(found.map(({ stat, argv }) => [stat.pid, argv])).toEqual([
    [7, []],
    [8, ['paygw']],
  ]);
  expect(context.calls.filter((call) => call.includes('cmdline'))).toEqual(['read /proc/1/cmdline', 'read /proc/8/cmdline']);
});

describe('proc.match on real processes', () => {
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  it.skipIf(process.platform !== 'linux')('finds a child by its title, sees it stopped and gone', async () => {
    const name = `oorprobe${process.pid}`;
    const child = spawn('sleep', ['600'], { argv0: name, stdio: 'ignore' });
    children.push(child);
    const code = async () => (await probeAndJudge(procMatch, realContext(), { process: name })).judgement.code;
    expect(await code()).toBe('restarted-recently');
    child.kill('SIGSTOP');
    await expect.poll(code, { timeout: 120_000 }).toBe('stopped');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(await code()).toBe('not-running');
  });
});

it('in a container whose uptime is its own, start times count from the boot of the kernel', async () => {
  const bootedSecondsAgo = 200_000;
  const stat = `cpu 1\nbtime ${FAKE_NOW / 1000 - bootedSecondsAgo}\n`;
  const context = machine([{ pid: 7, ageSeconds: 42 - (bootedSecondsAgo - UPTIME) }], { '/proc/stat': stat });
  const { facts } = await probeAndJudge(procMatch, context, { process: 'paygw' });
  expect(facts.youngestMs).toBe(42_500);
});

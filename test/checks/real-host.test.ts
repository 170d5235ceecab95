/** Checks of files, file systems, processes and limits on parts of this machine made for them, in namespaces of their own. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, openLab } from './cases.ts';
import { has } from './programs.ts';
import { openProof } from './proof.ts';

/** In a mount namespace of its own, in $LAB/work; what the script started ends with it. */
const apart = (script: string, unshare = '--mount'): string =>
  `export LAB; mkdir -p "$LAB/work"; cd "$LAB/work"; exec unshare ${unshare} --propagation private sh -ec '${script}' sh "$@"`;

type Expected = readonly [check: string, params: Readonly<Record<string, unknown>>, status: string, code: string];
interface Scene {
  readonly name: string;
  readonly script: string;
  readonly cases: readonly Expected[];
}

const may = (line: string): boolean => spawnSync('sh', ['-c', line]).status === 0;
const mounts = may('unshare --mount mount -t tmpfs oor-test /mnt');
const loops = mounts && has('mkfs.ext4') && existsSync('/dev/loop-control');
/** Version 1 as on an older host; a limit is looked at as from inside of a container, whose root is its group. */
const groups =
  mounts &&
  may('d=/sys/fs/cgroup/memory/oor-may-$$; mkdir $d && rmdir $d && test -e /sys/fs/cgroup/pids/pids.max -o -d /sys/fs/cgroup/pids');
for (const [possible, what] of [
  [mounts, 'mounts'],
  [loops, 'ext4 on a loop device'],
  [groups, 'control groups of version 1'],
] as const)
  if (!possible) process.stderr.write(`skipped: no ${what} can be made here\n`);

const NOW = `now() { LC_ALL=C date -u "+$1"; }; stamp="$(now %d/%b/%Y:%H:%M:%S) +0000"`;
const access = (status: number, count: number, to: string): string =>
  `i=0; while [ $i -lt ${count} ]; do echo "10.0.0.1 - - [$stamp] \\"POST /pay HTTP/1.1\\" ${status} 12 \\"-\\" \\"-\\""; i=$((i + 1)); done > ${to}`;

const FILES: Scene = {
  name: 'files and logs',
  script: `${NOW}
printf "BANK_API_KEY=x\\nEMPTY=\\n" > env; echo 2.4.1 > VERSION
${access(200, 200, 'good.log')}; ${access(502, 200, 'bad.log')}
iso=$(date -u +%Y-%m-%dT%H:%M:%SZ); i=0; while [ $i -lt 200 ]; do echo "$iso ERROR pool exhausted"; i=$((i + 1)); done > app.log
log=$(now "%b %e %H:%M:%S"); echo "$log gw sshd[7]: Accepted publickey for root from 10.0.0.9 port 1 ssh2" > calm.log
i=0; while [ $i -lt 5000 ]; do echo "$log gw sshd[7]: Failed password for root from 10.0.0.9 port $i ssh2"; i=$((i + 1)); done > attack.log
exec "$@"`,
  cases: [
    ['config.keys', { file: 'env', required: ['BANK_API_KEY'] }, 'ok', 'complete'],
    ['config.keys', { file: 'env', required: ['EMPTY'] }, 'fail', 'empty-values'],
    ['file.value', { file: 'VERSION', want: '2.4.1' }, 'ok', 'match'],
    ['file.value', { file: 'VERSION', want: '2.4.2' }, 'fail', 'differs'],
    ['log.pattern', { file: 'app.log', patterns: { bank: 'bank timeout' } }, 'ok', 'quiet'],
    ['log.pattern', { file: 'app.log', patterns: { pool: 'pool exhausted' } }, 'fail', 'burst'],
    ['log.status', { file: 'good.log' }, 'ok', 'ok'],
    ['log.status', { file: 'bad.log' }, 'fail', 'server-errors'],
    ['security.logins', { file: 'calm.log' }, 'ok', 'ok'],
    ['security.logins', { file: 'attack.log' }, 'fail', 'attack'],
  ],
};

const SYSTEM: Scene = {
  name: 'what the system keeps',
  script: `mkdir var; mount --bind /var var; mount -t tmpfs oor-test /var; mkdir /var/crash /var/lib /var/log
mount --bind var/lib /var/lib; mount --bind var/log /var/log
mount -t tmpfs oor-test /usr/share; mkdir /usr/share/update-notifier; : > /usr/share/update-notifier/notify-reboot-required
sed -i "s/FIRST/$(cat /proc/1/comm)/" "$3"
exec "$@"`,
  cases: [
    ['core.dumps', {}, 'ok', 'ok'],
    ['host.reboot_required', {}, 'ok', 'ok'],
    ['host.identity', {}, 'ok', 'identified'],
    ['host.inventory', {}, 'ok', 'listed'],
    ['mem.available', {}, 'ok', 'ok'],
    ['kernel.events', { class: ['raid-failure'] }, 'ok', 'quiet'],
    ['change.packages', { within: '1s' }, 'ok', 'unchanged'],
    ['pkg.version', { name: 'dpkg', want: '1' }, 'ok', 'ok'],
    ['proc.match', { process: 'FIRST' }, 'ok', 'running'],
    ['proc.pids', {}, 'ok', 'ok'],
  ],
};

const OTHER_SYSTEM: Scene = {
  name: 'a system that crashed and wants a restart',
  script: `mount -t tmpfs oor-test /var/crash 2>/dev/null || { mount -t tmpfs oor-test /var; mkdir /var/crash; }
: > /var/crash/core.paygw.1; mount -t tmpfs oor-test /run; echo linux-image > /run/reboot-required.pkgs; : > /run/reboot-required
exec "$@"`,
  cases: [
    ['core.dumps', {}, 'warn', 'crashed'],
    ['host.reboot_required', {}, 'warn', 'pending'],
  ],
};

const EXT4: Scene = {
  name: 'ext4 on a loop device',
  script: `make() { truncate -s "$2" "$1.img"; mkfs.ext4 -q -N "$3" -O ^has_journal "$1.img"; mkdir "$1"; mount -o "$4" "$1.img" "$1"; }
make roomy 64M 200 loop,noexec; make full 8M 64 loop; make inodes 8M 64 loop; make locked 8M 64 loop
head -c 20M /dev/zero > full/x 2>/dev/null || true
i=0; while touch inodes/$i; do i=$((i + 1)); done 2>/dev/null || true
mount -o remount,ro locked
exec "$@"`,
  cases: [
    ['disk.space', { path: 'roomy' }, 'ok', 'ok'],
    ['disk.space', { path: 'full' }, 'fail', 'full'],
    ['disk.inodes', { path: 'roomy' }, 'ok', 'ok'],
    ['disk.inodes', { path: 'inodes' }, 'fail', 'full'],
    ['fs.readonly', { path: 'roomy' }, 'ok', 'ok'],
    ['fs.readonly', { path: 'locked' }, 'fail', 'mounted-readonly'],
    ['fs.hung', { path: 'roomy' }, 'ok', 'ok'],
    ['mount.opts', { mount: 'roomy', type: 'ext4', options: ['noexec'] }, 'ok', 'ok'],
    ['mount.opts', { mount: 'full', type: 'ext4', options: ['noexec'] }, 'fail', 'lacks-option'],
  ],
};

const AGED: Scene = {
  name: 'a host that started long ago',
  script: `exec "$@"`,
  cases: [
    ['host.uptime', {}, 'ok', 'ok'],
    ['proc.dstate', {}, 'ok', 'ok'],
    ['proc.zombies', {}, 'ok', 'ok'],
  ],
};

const YOUNG: Scene = {
  name: 'a host that started a moment ago',
  script: `exec "$@"`,
  cases: [['host.uptime', {}, 'warn', 'rebooted']],
};

const ZOMBIES: Scene = {
  name: 'children that nobody buries',
  // A shell buries its children when it starts another, so they all die after it became something else.
  script: `mkfifo go; sh -c "i=0; while [ \\$i -lt 1100 ]; do (read x < go) & i=\\$((i + 1)); done; exec sleep 600" &
until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.1; done
# Those that come to the pipe when its other end has gone again wait for the next one.
until [ "$(cat /proc/[0-9]*/stat | grep -c ") Z ")" -ge 1100 ]; do : <> go; sleep 0.1; done
"$@"; kill $!`,
  cases: [['proc.zombies', {}, 'fail', 'zombies']],
};

const GROUPS: Scene = {
  name: 'limits of a control group',
  script: `g=/sys/fs/cgroup; me=oor-test-$$; tasks=
trap "kill -KILL \\$tasks; wait; rmdir $LAB/work/memory/$me $LAB/work/pids/$me" EXIT
mkdir memory pids shm; mount --bind $g/memory memory; mount --bind $g/pids pids; mkdir memory/$me pids/$me
echo 64M > memory/$me/memory.limit_in_bytes; echo 8 > pids/$me/pids.max
mount -t tmpfs -o size=128m oor-test shm
sh -c "echo \\$\\$ > memory/$me/cgroup.procs; exec head -c 63M /dev/zero" > shm/x
for each in 1 2 3 4 5 6 7 8; do sh -c "echo \\$\\$ > pids/$me/cgroup.procs; exec sleep 600" & tasks="$tasks $!"; done
until [ "$(grep -c . pids/$me/cgroup.procs)" = 8 ]; do sleep 0.1; done
mount --bind memory/$me $g/memory; mount --bind pids/$me $g/pids
"$@"; umount shm`,
  cases: [
    ['mem.available', {}, 'fail', 'exhausted'],
    ['proc.pids', {}, 'fail', 'many'],
    ['mem.oom', {}, 'ok', 'ok'],
  ],
};

describe('on parts of this machine', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });
  afterAll(() => lab.close());

  async function expectScene({ cases, script }: Scene, unshare?: string): Promise<void> {
    const proofs = cases.map(([check]) => openProof(check, 'real'));
    const here = (value: unknown): unknown =>
      typeof value === 'string' && /^(env|VERSION|\w+\.log|roomy|full|inodes|locked)$/.test(value) ? `${lab.folder}/work/${value}` : value;
    const asked = cases.map(([check, params]) => ({
      check,
      params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, here(value)])),
    }));
    const { said } = await lab.ask(apart(script, unshare), asked, { atOnce: 16 });
    expect(said.map(({ check, status, code, message }) => ({ check, status, code, message }))).toEqual(
      cases.map(([check, , status, code]) => ({ check, status, code, message: '' })),
    );
    for (const [index, prove] of proofs.entries()) prove(said[index]?.status ?? 'unknown');
  }

  it.skipIf(!mounts).each([FILES, SYSTEM, OTHER_SYSTEM])('$name', (scene) => expectScene(scene));
  it.skipIf(!loops)(EXT4.name, () => expectScene(EXT4));
  it.skipIf(!mounts)(AGED.name, () => expectScene(AGED, '--mount --pid --mount-proc --time --boottime 1000000 --fork'));
  it.skipIf(!mounts)(YOUNG.name, () => expectScene(YOUNG, '--mount --time --boottime $((100 - $(cut -d. -f1 /proc/uptime))) --fork'));
  it.skipIf(!mounts)(ZOMBIES.name, () => expectScene(ZOMBIES, '--mount --pid --fork --mount-proc'));
  it.skipIf(!groups)(GROUPS.name, () => expectScene(GROUPS));
});

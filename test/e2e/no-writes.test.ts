/**
 * No check needs root to start, and none changes anything: every check of the registry runs with the parameters of its example as
 * nobody, in a mount namespace where every file system is read-only and a network namespace of its own, and strace keeps what is tried.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docsOf } from '../../src/checks/docs.ts';
import { checks } from '../checks/registry.ts';

const NOBODY = 65_534;
const LAUNCHER = join(process.cwd(), 'bin', 'oor.js');
/** What changes a file or a name; opening to read does not. */
const CALLS =
  'open,openat,creat,mkdir,mkdirat,unlink,unlinkat,rmdir,rename,renameat,renameat2,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,chown,fchown,fchownat,truncate,ftruncate,mknod,mknodat,utimensat,mount,umount2,execve';

/** Not by a check: each with whose it is. */
const OTHERS: readonly (readonly [who: string, what: RegExp])[] = [
  ['every program may throw output away', /"\/dev\/(?:null|tty)"/],
  ['oor check remembers what was not ok, outside of the checks', /"\/nonexistent/],
  ['nginx opens its pid file even when it only tests its configuration', /"\/(?:var\/)?run\/nginx\.pid"/],
  ['reconcile works in a folder of its own, which it removes', /mkdir\("[^"]*\/oor-reconcile-\w{6}"/],
  ['chronyc binds a socket of its own to be answered on', /"\/(?:var\/)?run\/chrony\/chronyc\.\d+\.sock"/],
];

function whyNot(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'namespaces need root on Linux';
  for (const tool of ['strace', 'unshare', 'setpriv', 'ip']) {
    if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) return `${tool} is not installed`;
  }
  const reads = spawnSync('setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', process.execPath, LAUNCHER, '--version']);
  if (reads.status !== 0) return 'nobody may not read this folder or node';
  const traced = spawnSync('strace', ['-f', '-o', '/dev/null', 'unshare', '--mount', '--net', 'true']);
  return traced.status === 0 ? undefined : 'no namespaces or no tracing here';
}
const reason = whyNot();
if (reason !== undefined) process.stderr.write(`skipped: every check as nobody on a read-only machine: ${reason}\n`);

describe.skipIf(reason !== undefined)('every check as nobody on a read-only machine', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'oor-nobody-'));
    spawnSync('chmod', ['755', folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** `writable`: a folder that nobody may write to all the same. */
  function runAll(name: string, ids: readonly string[], params: Readonly<Record<string, unknown>> = {}, writable = '') {
    const steps = ids.map((id) => ({ id: id.replaceAll('.', '_'), uses: id, with: params[id] ?? checks[id]?.example ?? {} }));
    const playbook = join(folder, `${name}.yaml`);
    writeFileSync(playbook, JSON.stringify({ oor: 1, id: 'all', title: 'All', phases: { confirm: { steps } } }));
    const script = [
      'ip link set lo up',
      `for m in $(awk '{print $5}' /proc/self/mountinfo | sort -u); do mount -o remount,bind,ro "$m" 2>/dev/null; done`,
      ...(writable === '' ? [] : [`mount -t tmpfs -o mode=1777,size=64m none ${writable}`]),
      `if (: > ${folder}/probe) 2>/dev/null; then echo "the machine is not read-only" >&2; exit 99; fi`,
      `exec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups -- env HOME=/nonexistent MARK=begin "$0" "$@"`,
    ].join('\n');
    const trace = join(folder, `${name}.trace`);
    const oor = [process.execPath, LAUNCHER, 'check', '--playbook', playbook, '--json', '--state-dir', '/nonexistent/oor'];
    const tracing = ['-f', '-qq', '-e', `trace=${CALLS}`, '-o', trace, 'unshare', '--mount', '--net', '--propagation', 'private'];
    const ran = spawnSync('strace', [...tracing, 'sh', '-c', script, ...oor], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 ** 2,
      timeout: 120_000,
    });
    expect(ran.stdout, ran.stderr).toMatch(/^\{/);
    const report = JSON.parse(ran.stdout) as { checks: { id: string; status: string; code: string | null; summary: string }[] };
    return { report, written: writesIn(readFileSync(trace, 'utf8')) };
  }

  it('none crashes, none writes', () => {
    const quiet = Object.values(checks).flatMap(({ id, active }) => (active ? [] : [id]));
    const { report, written } = runAll('quiet', quiet);
    expect(report.checks.map(({ id }) => id).sort()).toEqual([...quiet].sort());
    expect(report.checks.filter(({ code }) => code === 'check-crashed')).toEqual([]);
    expect(written.filter((line) => !OTHERS.some(([, what]) => what.test(line)))).toEqual([]);
  });

  it('the active ones are few, say so, and start as nobody too', () => {
    const active = Object.values(checks).filter((check) => check.active);
    expect(active.map(({ id }) => id)).toEqual(['disk.latency', 'iso8583.echo', 'net.arp_dup', 'pay.hsm', 'provider.query']);
    for (const { id } of active) expect(docsOf(id).en).toMatch(/opt-in|writes|sends|asks/i);
    const { report } = runAll(
      'active',
      active.map(({ id }) => id),
    );
    expect(report.checks.filter(({ code }) => code === 'check-crashed')).toEqual([]);
  });

  it('a check that writes is seen by this test', () => {
    const place = join(folder, 'scratch');
    mkdirSync(place);
    const { written } = runAll('writes', ['disk.latency'], { 'disk.latency': { path: place } }, place);
    expect(written.some((line) => line.includes(place))).toBe(true);
  });
});

/** Calls made after the rights were dropped that would change something, whether they succeeded or not. */
function writesIn(trace: string): string[] {
  const lines = trace.split('\n');
  const begin = lines.findIndex((line) => /execve\("[^"]*\/env"/.test(line) && line.endsWith('= 0'));
  expect(begin).toBeGreaterThan(0);
  return lines.slice(begin).filter((line) => {
    const call = /^\d+ +([a-z0-9]+)\(/.exec(line)?.[1];
    if (call === undefined || call === 'execve') return false;
    return call === 'open' || call === 'openat' ? /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(line) : true;
  });
}

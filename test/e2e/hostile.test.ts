/** The built command beside a mount that never answers and among tools that never end. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findProcesses, uniqueSeconds, waitFor } from '../adapters/processes.ts';
import { openDesk } from './oor.ts';

const MOUNT = `mkdir hung; exec 7<>/dev/fuse
mount -i -t fuse -o fd=7,rootmode=40000,user_id=0,group_id=0 oor-hung hung
exec "$@"`;
const possible = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs oor-test /mnt && exec 7<>/dev/fuse']).status === 0;
if (!possible) process.stderr.write('skipped: no mount can be made here that never answers\n');

describe.skipIf(!possible)('oor check where nothing answers', () => {
  const desk = openDesk();
  afterAll(() => desk.leave());

  it('is back, tells what it could not see, and leaves nothing behind', async () => {
    const bin = join(desk.folder, 'bin');
    const mark = uniqueSeconds();
    mkdirSync(bin);
    for (const tool of ['smartctl', 'ipmitool', 'chronyc', 'dmesg', 'docker', 'ip', 'systemctl', 'journalctl', 'nginx'])
      writeFileSync(join(bin, tool), `#!/bin/sh\ntrap '' TERM INT HUP\n/usr/bin/setsid /bin/sleep ${mark} &\n/bin/sleep ${mark}\n`, {
        mode: 0o755,
      });
    const hung = join(desk.folder, 'hung');
    const profile = join(desk.folder, 'oor.yaml');
    writeFileSync(
      profile,
      `oor: 1\nsite: hostile\nservices:\n  - { name: paygw, kind: app, process: paygw, log: ${hung}/app.log, env_file: ${hung}/env, required_env: [KEY], manifest: ${hung}/m, data: [${hung}/data] }\n` +
        `  - { name: web, kind: web, process: nginx, config_test: [nginx, -t], access_log: ${hung}/access.log, error_log: ${hung}/error.log }\n`,
    );
    const { status, signal, stdout } = spawnSync(
      'unshare',
      ['--mount', '--propagation', 'private', 'sh', '-ec', MOUNT, 'sh', ...desk.argv(['check', '--profile', profile, '--json'])],
      {
        cwd: desk.folder,
        env: { ...desk.env, PATH: `${bin}:${desk.env['PATH']}` },
        encoding: 'utf8',
        timeout: 200_000,
        killSignal: 'SIGKILL',
      },
    );
    expect({ status, signal }).toEqual({ status: 1, signal: null });
    const rows = (JSON.parse(stdout) as { checks: { id: string; status: string; unlock?: string; duration_ms: number }[] }).checks;
    const overHung = rows.filter(({ id }) => /^(?:log\.|config\.keys|file\.)/.test(id));
    expect(overHung.length).toBeGreaterThan(3);
    expect(overHung.filter(({ status: said }) => said === 'ok' || said === 'fail')).toEqual([]);
    expect(rows.filter(({ status: said, unlock }) => said === 'unknown' && !unlock)).toEqual([]);
    expect(await waitFor(() => [`sleep ${mark}`, hung].every((each) => findProcesses(each).length === 0))).toBe(true);
  });
});

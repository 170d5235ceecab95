/** `oor check` as monitoring and pipelines start it. */
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './oor.ts';

const PAN = '4111111111111111';

describe('oor check', () => {
  let desk: Desk;
  let server: Server;
  /** Answers 503 this often before it recovers. */
  let sick = 0;

  beforeAll(async () => {
    desk = openDesk();
    server = createServer((_, response) => {
      response.statusCode = sick-- > 0 ? 503 : 200;
      response.end('ok\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    mkdirSync(join(desk.folder, 'conf'));
    writeFileSync(join(desk.folder, 'conf', 'a.conf'), 'listen 80\n');
    writeFileSync(join(desk.folder, 'VERSION'), `2.4.1 ${PAN}\n`);
    writeFileSync(
      join(desk.folder, 'oor.yaml'),
      `oor: 1
site: test
entry: { url: http://127.0.0.1:${port}/health }
services: [{ name: app, kind: app, process: no-such-process, config: ${desk.folder}/conf, version: { want: "2", file: ${desk.folder}/VERSION } }]
databases: [{ name: main, kind: postgres, url: "postgres://oor@127.0.0.1:1/x" }]
`,
    );
  });

  afterAll(async () => {
    desk.leave();
    await new Promise((resolve) => server.close(resolve));
  });

  it('--output: the file in one step, nothing on stdout', async () => {
    const { status, stdout } = await desk.run(['check', 'entry', '--format', 'junit', '--output', 'report.xml']);
    expect([status, stdout]).toEqual([0, '']);
    expect(readFileSync(join(desk.folder, 'report.xml'), 'utf8')).toContain('<testcase classname="net.http" name="entry"');
    expect(readdirSync(desk.folder).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('nagios: state, numbers and 0, 2, 3; what was typed wrong is UNKNOWN, not CRITICAL', async () => {
    const good = await desk.run(['check', 'entry', '--format', 'nagios']);
    expect([good.status, good.stdout]).toEqual([0, expect.stringMatching(/^OOR OK - 1 ok/)]);
    const bad = await desk.run(['check', 'entry', 'app_process', '--format', 'nagios']);
    expect([bad.status, bad.stdout]).toEqual([2, expect.stringMatching(/^OOR CRITICAL - 1 fail, 1 ok: app_process@app: /)]);
    for (const wrong of [['nosuch'], ['--nosuch']]) {
      const { status, stdout } = await desk.run(['check', '--format', 'nagios', ...wrong]);
      expect([status, stdout]).toEqual([3, expect.stringMatching(/^OOR UNKNOWN - .*nosuch/)]);
    }
  });

  it('--retry-for: again what failed until it is good; stdout holds the result alone', async () => {
    sick = 2;
    const args = ['check', 'entry', 'host.uptime', '--retry-for', '50s', '--every', '100ms', '--json'];
    const { status, stdout, stderr } = await desk.run(args);
    const { verdict, checks } = JSON.parse(stdout) as {
      verdict: string;
      checks: { step: string; status: string; attempts: { status: string }[] }[];
    };
    const statuses = Object.fromEntries(checks.map(({ step, attempts }) => [step, attempts.map((attempt) => attempt.status)]));
    expect([status, verdict]).toEqual([0, 'healthy']);
    expect(statuses['entry']?.at(-1)).toBe('ok');
    expect(statuses['entry']).toContain('fail');
    expect(Object.values(statuses).filter((attempts) => attempts.length === 1)).toHaveLength(1);
    expect(stderr).toContain('again in 0.1 s: entry');
  });

  it('a value between its bounds stays what it was in the run before, and says so', async () => {
    const profile = join(desk.folder, 'edges.yaml');
    const run = async (bounds: string) => {
      writeFileSync(profile, `oor: 1\nthresholds: { mem.available: ${bounds} }\n`);
      const { stdout } = await desk.run(['check', 'mem.available', '--json', '--profile', profile]);
      return (JSON.parse(stdout) as { checks: { status: string; clear: number | null; held_by_hysteresis: boolean }[] }).checks[0];
    };
    expect(await run('{ warn: 100, warn_clear: 0 }')).toMatchObject({ status: 'ok', held_by_hysteresis: false });
    expect(await run('{ warn: 0, warn_clear: 0 }')).toMatchObject({ status: 'warn', held_by_hysteresis: false, clear: 0 });
    expect(desk.kept().filter((name) => name.includes('last-status'))).toHaveLength(1);
    expect(await run('{ warn: 100, warn_clear: 0 }')).toMatchObject({ status: 'warn', held_by_hysteresis: true, clear: 0 });
    expect(await run('{ warn: 100 }')).toMatchObject({ status: 'ok', held_by_hysteresis: false, clear: null });
    expect(desk.kept().filter((name) => name.includes('last-status'))).toEqual([]);
  });

  it('--confirm: how many of how many probes must fail; every one of them is kept', async () => {
    writeFileSync(join(desk.folder, 'dead.yaml'), 'oor: 1\nentry: { url: http://127.0.0.1:1/health }\n');
    const { status, stdout } = await desk.run(['check', 'entry', '--json', '--confirm', '2/3@100ms', '--profile', 'dead.yaml']);
    const { checks } = JSON.parse(stdout) as { checks: { id: string; attempts: { status: string; at: string }[] }[] };
    expect(status).toBe(1);
    expect(checks.find(({ id }) => id === 'net.http')?.attempts).toMatchObject([{ status: 'fail' }, { status: 'fail' }]);
    expect((await desk.run(['check', '--confirm', '3/2'])).status).toBe(2);
  });

  describe('what other tools get wrong about a failure', () => {
    const FORMATS = ['text', 'json', 'jsonl', 'junit', 'tap', 'nagios', 'prometheus', 'markdown', 'github'];

    it.each(FORMATS)('%s: a failure is never exit 0, and retries leave nothing in the result', async (format) => {
      const args = ['check', 'app_process', 'host.uptime', '--format', format, '--retry-for', '100ms', '--every', '50ms'];
      const { status, stdout, stderr } = await desk.run(args);
      expect(status).toBe(format === 'nagios' ? 2 : 1);
      expect(stderr).toContain('again in 0.05 s');
      expect(stdout).not.toMatch(/again in|retry|attempt #/i);
      expect(stdout).toContain('app_process');
      if (format === 'json') JSON.parse(stdout);
      if (format === 'jsonl') for (const line of stdout.trim().split('\n')) JSON.parse(line);
      if (format === 'junit') expect(stdout).toMatch(/^<\?xml.*<property name="title" value="[^"]+"\/>.*<\/testsuites>\n$/s);
      if (format === 'prometheus') expect(stdout.split('\n').every((line) => /^(# (HELP|TYPE) )?oor_check_|^$/.test(line))).toBe(true);
    });

    it('what the machine could not tell is no failure and no success: exit 7, nagios UNKNOWN', async () => {
      const args = ['check', 'disk.smart', '--profile', 'blind.yaml'];
      writeFileSync(join(desk.folder, 'blind.yaml'), 'oor: 1\ndisks: [ /dev/no-such-disk ]\n');
      const { status, stdout } = await desk.run([...args, '--json']);
      const { checks, verdict } = JSON.parse(stdout) as { verdict: string; checks: { status: string; unlock: string | null }[] };
      expect(checks.every((check) => check.status === 'unknown' || check.status === 'not-applicable')).toBe(true);
      expect([status, verdict]).toEqual([7, 'unknown']);
      expect((await desk.run([...args, '--format', 'nagios'])).status).toBe(3);
    });

    it('a process whose name holds spaces and brackets is found by it', async () => {
      const copy = join(desk.folder, 'npm i (x) y');
      copyFileSync('/bin/sleep', copy);
      chmodSync(copy, 0o755);
      const child = spawn(copy, ['60'], { stdio: 'ignore' });
      try {
        writeFileSync(join(desk.folder, 'spaces.yaml'), 'oor: 1\nservices: [{ name: app, kind: app, process: /^npm i .x. y$/ }]\n');
        const { stdout } = await desk.run(['check', 'app_process', '--json', '--profile', 'spaces.yaml']);
        expect((JSON.parse(stdout) as { checks: { status: string }[] }).checks).toMatchObject([
          { status: expect.stringMatching(/^(ok|warn)$/) },
        ]);
      } finally {
        child.kill('SIGKILL');
      }
    });
  });

  it('--tag and --phase', async () => {
    const { stdout } = await desk.run(['check', '--tag', 'app', '--phase', 'software', '--format', 'jsonl']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.slice(0, -1)).toEqual(
      rows.slice(0, -1).map(() => expect.objectContaining({ type: 'check', target: 'app', phase: 'software' })),
    );
    expect(rows.at(-1)).toMatchObject({ type: 'result', exit_code: 1 });
  });

  it('--snapshot, and --compare tells what changed since', async () => {
    expect((await desk.run(['check', '--snapshot', 'healthy.json'])).status).toBe(0);
    const file = join(desk.folder, 'healthy.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(PAN);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      kind: 'oor-snapshot',
      site: 'test',
      sections: { services: { items: { app: { running: false } } } },
    });
    writeFileSync(join(desk.folder, 'conf', 'a.conf'), 'listen 81\n');
    writeFileSync(join(desk.folder, 'conf', 'b.conf'), '');
    const shown = await desk.run(['check', '--compare', 'healthy.json']);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain(`  ~ ${desk.folder}/conf/a.conf`);
    expect(shown.stdout).toContain(`  + ${desk.folder}/conf/b.conf`);
    const { status, stdout } = await desk.run(['check', '--compare', 'healthy.json', '--json', '--fail-on', 'warn']);
    const { changes } = JSON.parse(stdout) as { changes: { section: string; item: string }[] };
    expect(changes.filter(({ section }) => section === 'files').map(({ item }) => item.split('/').at(-1))).toEqual(['a.conf', 'b.conf']);
    expect(status).toBe(1);
  });

  it('--compare with something else, or with nothing', async () => {
    expect((await desk.run(['check', '--compare', 'oor.yaml'])).status).toBe(65);
    expect((await desk.run(['check', '--compare', 'nosuch.json'])).status).toBe(2);
    expect((await desk.run(['check', '--compare', 'healthy.json', '--format', 'tap'])).status).toBe(2);
  });

  it('doctor asks about a connection kept for it before it is needed', async () => {
    const { status, stdout } = await desk.run(['doctor', '--json']);
    const { beforehand } = JSON.parse(stdout) as { beforehand: unknown[] };
    expect(status).toBe(0);
    expect(beforehand).toEqual([
      { database: 'main', why: expect.stringContaining('cannot be told'), unlock: expect.stringContaining('reserved_connections') },
    ]);
  });

  it('runs the checks of a playbook of your own, and tells what is wrong with it', async () => {
    const file = join(desk.folder, 'own.yaml');
    const step = (id: string, uses: string, more = '') => `      - { id: ${id}, uses: ${uses}${more} }\n`;
    const write = (steps: string) => writeFileSync(file, `oor: 1\nid: own\ntitle: Ours\nphases:\n  hardware:\n    steps:\n${steps}`);
    write(step('disk', 'disk.space', ', with: { path: / }') + step('threads', 'proc.pids', ', expect: out.host.used > 0'));
    const check = (...words: string[]) => desk.run(['check', '--playbook', ...words]);
    const found = JSON.parse((await check(file, '--json')).stdout) as { checks: { step: string; status: string }[] };
    expect(found.checks.map(({ step: id }) => id)).toEqual(['disk', 'threads']);
    expect(found.checks[1]?.status).toBe('ok');
    expect((JSON.parse((await check(file, 'threads', '--json')).stdout) as { checks: unknown[] }).checks).toHaveLength(1);
    write(step('disk', 'disk.spaec'));
    expect(await check(file)).toMatchObject({ status: 65, stderr: expect.stringContaining('disk.space') });
    expect(await check('no-such-playbook')).toMatchObject({ status: 2 });
  });
});

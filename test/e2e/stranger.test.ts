/** A site with a web server, a service and a provider that nobody here wrote a playbook for; six faults made by hand. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeServers } from '../adapters/servers.ts';
import { causesOfSite, type Desk, openDesk, parseRun, type RunResult } from './oor.ts';
import { compileProgram } from './pty.ts';
import { openSite, type Site, type SiteOptions } from './stranger-site.ts';

const hasNginx = spawnSync('nginx', ['-v'], { env: { PATH: `${process.env['PATH']}:/usr/sbin` } }).status === 0;
const mayMount = process.getuid?.() === 0 && canMount();
if (!hasNginx) process.stderr.write('stranger.test.ts: skipped, nginx is not installed (apt-get install nginx-light)\n');
else if (!mayMount) process.stderr.write('stranger.test.ts: the full disk is skipped, this user may not mount a tmpfs\n');

describe.skipIf(!hasNginx)('nginx with TLS before a service of somebody else', () => {
  let desk: Desk;
  let program: string;
  let site: Site | undefined;
  const folders: string[] = [];

  beforeAll(async () => {
    process.env['PATH'] = `${process.env['PATH']}:/usr/sbin:/sbin`;
    desk = openDesk();
    program = await compileProgram('test/fixtures/e2e/shop-program.ts');
  });

  afterEach(async () => {
    await site?.close();
    site = undefined;
    closeServers();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  afterAll(() => desk.leave());

  async function open(options: Pick<SiteOptions, 'ownDisk'> = {}): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), 'oor-stranger-'));
    folders.push(folder);
    site = await openSite({ folder, program, ...options });
    expect(await site.pay(6)).toEqual([200, 200, 200, 200, 200, 200]);
    return site;
  }

  async function diagnose({ profile }: Site): Promise<{ readonly status: number | null; readonly result: RunResult }> {
    const ran = await desk.run(['run', '--no-input', '--json', '--profile', profile]);
    return { status: ran.status, result: parseRun(ran) };
  }

  async function expectFirst(broken: Site, cause: string, component: string): Promise<RunResult> {
    expect(await broken.pay(4)).not.toContain(200);
    const { status, result } = await diagnose(broken);
    const [first] = causesOfSite(result);
    expect(first).toMatchObject({ id: cause, component });
    expect(first?.score).toBeGreaterThanOrEqual(0.5);
    expect(named(result)).toEqual([cause]);
    expect(result).toMatchObject({ verdict: 'fault', outcome: 'fault-found', exit_code: 1 });
    expect(status).toBe(1);
    return result;
  }

  it('healthy: nothing is named', async () => {
    const { status, result } = await diagnose(await open());
    expect(named(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'healthy', outcome: 'healthy', exit_code: 0, scope: { state: 'healthy' } });
    expect(status).toBe(0);
  });

  it('the web server is stopped', async () => {
    const broken = await open();
    await broken.nginx.stop();
    expect(await expectFirst(broken, 'nginx.down', 'front')).toMatchObject({ scope: { state: 'down' } });
  });

  it('its configuration is broken, and it did not come up again', async () => {
    const broken = await open();
    await broken.nginx.stop();
    broken.nginx.breakConfig();
    await expectFirst(broken, 'nginx.bad_config', 'front');
  });

  it('its certificate has expired', async () => {
    const broken = await open();
    await broken.installExpiredCertificate();
    await expectFirst(broken, 'tls.expired', 'front');
  });

  it('the service behind it is dead', async () => {
    const broken = await open();
    await broken.service.stop();
    expect(await expectFirst(broken, 'app.down', 'shop')).toMatchObject({ scope: { state: 'down' } });
  });

  it.skipIf(!mayMount)('the disk of the service is full', async () => {
    const broken = await open({ ownDisk: true });
    broken.fillDisk();
    expect(await expectFirst(broken, 'disk.full', 'shop')).toMatchObject({ scope: { state: 'down' } });
  });

  it('a name resolves to a wrong address', async () => {
    const broken = await open();
    broken.pointAcquirerTo('127.0.0.66');
    await expectFirst(broken, 'dns.wrong_record', 'dns');
  });
});

function named(result: RunResult): string[] {
  return causesOfSite(result)
    .filter(({ score }) => score >= 0.5)
    .map(({ id }) => id);
}

/** Root in a container often may not. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'oor-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (mounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return mounted;
}

/** The emergency plan against the embedded stack: the share of the backup rises in stages, and goes back when the backup is no better. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { causesOfSite, type Desk, openDesk, parseRun, type Ran, type Stack, startStack } from './oor.ts';

let desk: Desk;
let stack: Stack | undefined;

beforeAll(() => {
  desk = openDesk();
});
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});
afterAll(() => desk.leave());

async function begin(fault: string, complication?: string): Promise<Stack> {
  stack = await startStack(desk, fault);
  if (complication !== undefined) await control('inject', complication);
  return stack;
}

async function control(...words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await desk.run(['sandbox', 'control', '--dir', dirname(stack?.profile ?? ''), ...words]);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** Few payments come here, so few are enough. */
const SMALL = ['--set', 'first_share=30', '--set', 'second_share=60', '--set', 'min_sample=3', '--set', 'window=10s'];

function emergency(allowed: readonly string[], ...more: readonly string[]): Promise<Ran> {
  const allow = allowed.flatMap((id) => ['--allow-fix', id]);
  return desk.run(['run', 'gateway-emergency', '--profile', stack?.profile ?? '', '--no-input', '--json', ...SMALL, ...allow, ...more]);
}

interface Told {
  readonly commands: readonly { readonly argv: readonly string[] }[];
}

function journalOf(session: string): string {
  return readFileSync(join(desk.stateDir, 'sessions', session, 'journal.jsonl'), 'utf8');
}

/** The order of the control words that a run gave, from its journal. */
function ordered(session: string): string[] {
  return journalOf(session)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly type: string; readonly data: Told })
    .filter(({ type }) => type === 'fix.finished' || type === 'fix.rolled-back')
    .flatMap(({ data }) => data.commands.map(({ argv }) => argv.slice(argv.indexOf('--dir') + 2).join(' ')));
}

describe('the primary channel is out', () => {
  it('payments go to the backup in three stages, each one watched, and customers are told', async () => {
    await begin('bank-5xx');
    const result = parseRun(await emergency(['switch-share', 'put-banner']));
    expect(causesOfSite(result)[0]).toMatchObject({ id: 'provider.down', component: 'bank', state: 'mitigated' });
    expect(result).toMatchObject({ outcome: 'mitigated', exit_code: 1 });
    expect(ordered(result.session)).toEqual([
      'switch-channel backup 30',
      'switch-channel backup 60',
      'switch-channel backup 100',
      expect.stringContaining('put-banner {"method":"bank"'),
    ]);
    expect(await control('show-channel')).toBe('backup');
    const banner = JSON.parse(await control('show-banner'));
    expect(banner).toMatchObject({ method: 'bank', state: 'unavailable' });
    expect(banner.text.en).toMatch(/^card payment is unavailable/);
    expect(banner.text['zh-CN']).toContain('暂时不可用，请使用');
  });

  it('all of it goes back by itself when what the backup takes fails', async () => {
    await begin('bank-5xx', 'backup-refuses');
    const result = parseRun(await emergency(['switch-share']));
    expect(ordered(result.session)).toEqual(['switch-channel backup 30', 'restore-channel primary']);
    expect(await control('show-channel')).toBe('primary');
    expect(result).toMatchObject({ outcome: 'fix-failed', exit_code: 5 });
  });

  it('nothing is switched to a backup that does not pass its pre-flight; orders wait and functions close instead', async () => {
    await begin('bank-5xx', 'backup-down');
    const result = parseRun(await emergency(['switch-share', 'hold-orders', 'close-functions']));
    expect(ordered(result.session)).toEqual(['hold-orders 24h', 'close-functions auto-renew top-up']);
    expect(await control('show-measures')).toBe('functions auto-renew,top-up; hold');
  });

  it('a dry run says what would happen and changes nothing', async () => {
    await begin('bank-5xx');
    const result = parseRun(await emergency(['switch-share'], '--dry-run'));
    expect(await control('show-channel')).toBe('primary');
    expect(journalOf(result.session)).toContain('new payments would go to backup; now they go to primary');
  });
});

describe('one bank, one node', () => {
  it('only the cards of the bank that is away are rerouted', async () => {
    const { profile } = await begin('none', 'issuer-down');
    const log = join(dirname(profile), 'log', 'payments.log');
    await vi.waitFor(() => expect(readFileSync(log, 'utf8').match(/ bin=622848 .*code=91/g)?.length).toBeGreaterThan(3), {
      timeout: 40_000,
      interval: 500,
    });
    const result = parseRun(await emergency(['reroute-bin', 'switch-share'], '--set', 'window=12s', '--set', 'min_sample=2'));
    expect(causesOfSite(result)[0]).toMatchObject({ id: 'issuer.inoperative', state: 'mitigated' });
    expect(await control('show-routes')).toBe('{"622848":"backup"}');
    expect(await control('show-channel')).toBe('primary');
  });
});

describe('one node of two', () => {
  it('that hangs is taken out of the turn; then it is restarted when nothing is in flight', async () => {
    const { profile } = await begin('none', 'node-hung');
    const log = readFileSync(join(dirname(profile), 'log', 'app.log'), 'utf8');
    const port = [...log.matchAll(/listening on 127\.0\.0\.1:(\d+)/g)].at(-1)?.[1];
    const spare = { name: 'app-2', kind: 'app', listen: [Number(port)], health: `http://127.0.0.1:${port}/health` };
    const both = join(desk.folder, 'two-nodes.yaml');
    writeFileSync(both, readFileSync(profile, 'utf8').replace('services:\n', `services:\n  - ${JSON.stringify(spare)}\n`));
    const allow = ['--allow-fix', 'drain-node', '--allow-fix', 'restart-drained'];
    const result = parseRun(await desk.run(['run', 'gateway-emergency', '--profile', both, '--no-input', '--json', ...SMALL, ...allow]));
    expect(causesOfSite(result)[0]).toMatchObject({ id: 'app.hung', component: 'app-2' });
    expect(ordered(result.session)).toEqual(['drain-node app-2', 'restart-drained app-2']);
    expect(journalOf(result.session)).toMatch(/app-2 restarted: \d+ in flight when drained, 0 after/);
  });
});

describe('after it', () => {
  it('every measure comes off, the share in two steps, and only what was on is switched on again', async () => {
    await begin('none');
    await control('switch-channel', 'backup');
    await control('close-functions', 'auto-renew');
    await control('hold-orders', '24h');
    await control('put-banner', '{"method":"bank"}');
    const off = ['return-share', 'restore-functions', 'end-hold', 'take-banner-down'];
    const result = parseRun(await emergency(off, '--answer', 'moment=recovery'));
    expect(await control('show-measures')).toBe('none');
    expect(result).toMatchObject({ outcome: 'fixed', exit_code: 0 });
    expect(causesOfSite(result)[0]).toMatchObject({ id: 'config.emergency_left_on', state: 'fixed' });
    expect(ordered(result.session).slice(0, 2)).toEqual(['switch-channel backup 50', 'switch-channel primary']);
  });
});

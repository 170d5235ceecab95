import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createFilePacer } from '../../src/adapters/file-pacer.ts';

const root = mkdtempSync(join(tmpdir(), 'oor-pacer-'));
afterAll(() => rmSync(root, { recursive: true }));
let stateDir = '';
let count = 0;
beforeEach(() => {
  stateDir = join(root, String(count++));
});
const clock = { now: 1_000_000 };
const take = (what = 'echo a:1', everyMs = 100) => createFilePacer({ stateDir, now: () => clock.now }).take(what, everyMs);
const records = () => readdirSync(join(stateDir, 'pace'));

describe('a turn', () => {
  it('is free the first time, and again when its time has passed', async () => {
    clock.now = 1_000_000;
    expect(await take()).toEqual({ taken: true, lastAt: null });
    clock.now += 99;
    expect(await take()).toEqual({ taken: false, lastAt: 1_000_000 });
    clock.now += 1;
    expect(await take()).toEqual({ taken: true, lastAt: 1_000_000 });
    expect(await take('echo b:1')).toEqual({ taken: true, lastAt: null });
  });

  it('is kept in a file that only its owner reads', async () => {
    await take();
    const [name = ''] = records();
    const path = join(stateDir, 'pace', name);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ what: 'echo a:1', lastAt: clock.now });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(stateDir, 'pace')).mode & 0o777).toBe(0o700);
    expect(records()).toHaveLength(1);
  });

  it('is taken by one of many who want it at once', async () => {
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => take()));
    expect(all.filter((each) => each.status === 'fulfilled' && each.value.taken)).toHaveLength(1);
    // The others were told so, or that somebody is at it this very moment.
    for (const each of all) if (each.status === 'rejected') expect(each.reason).toMatchObject({ reason: 'io' });
  });

  it('waits its whole time again, and no longer, after the clock was set back', async () => {
    clock.now = 5_000_000;
    await take();
    clock.now = 2_000_000;
    expect(await take()).toEqual({ taken: false, lastAt: 2_000_000 });
    clock.now += 100;
    expect((await take()).taken).toBe(true);
  });

  it('is refused when its record is damaged or cannot be kept', async () => {
    await take();
    const [name = ''] = records();
    writeFileSync(join(stateDir, 'pace', name), '{"what');
    await expect(take()).rejects.toMatchObject({ reason: 'io', unlock: expect.stringContaining(name) });
    expect(existsSync(join(stateDir, 'pace', `${name}.lock`))).toBe(false);
    stateDir = '/proc/oor';
    await expect(take()).rejects.toMatchObject({ reason: 'no-permission', unlock: expect.stringContaining('--state-dir') });
  });
});

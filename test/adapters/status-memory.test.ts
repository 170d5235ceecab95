import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStatusMemory } from '../../src/adapters/file-status-memory.ts';

const KEY = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const HOUR = 3_600_000;
let stateDir = '';

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'oor-memory-'));
});
afterEach(async () => {
  await chmod(stateDir, 0o700);
  await rm(stateDir, { recursive: true, force: true });
});

const memory = (now = Date.now()) => createStatusMemory({ stateDir, now: () => now });
const dir = (): string => join(stateDir, 'last-status');

describe('the last word of checks', () => {
  it('is there for the next run, for nobody else to read, and gone once it is ok', async () => {
    await memory().keep(
      new Map([
        [KEY, { status: 'warn', item: '/var' }],
        [OTHER, { status: 'fail' }],
      ]),
    );
    expect(await memory().recall()).toEqual(
      new Map([
        [KEY, { status: 'warn', item: '/var' }],
        [OTHER, { status: 'fail' }],
      ]),
    );
    expect((await stat(dir())).mode & 0o777).toBe(0o700);
    for (const name of await readdir(dir())) expect((await stat(join(dir(), name))).mode & 0o777).toBe(0o600);
    await memory().keep(new Map([[KEY, null]]));
    expect(await memory().recall()).toEqual(new Map([[OTHER, { status: 'fail' }]]));
  });

  it('nothing that was ok leaves a trace', async () => {
    await memory().keep(new Map([[KEY, null]]));
    expect(await readdir(stateDir)).toEqual([]);
  });

  it('is too old after an hour, and void when it comes from the future', async () => {
    const now = Date.now();
    await memory(now).keep(new Map([[KEY, { status: 'warn' }]]));
    expect((await memory(now + HOUR).recall()).size).toBe(1);
    expect((await memory(now + HOUR + 1).recall()).size).toBe(0);
    expect((await memory(now - 1).recall()).size).toBe(0);
  });

  it('two runs at once: each keeps what it saw, and no reader ever sees half of it', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => index.toString(16).padStart(64, '0'));
    let torn = 0;
    const reading = (async () => {
      for (let turn = 0; turn < 40; turn++) {
        for (const { status } of (await memory().recall()).values()) if (status !== 'warn') torn++;
      }
    })();
    await Promise.all(keys.map((key) => memory().keep(new Map([[key, { status: 'warn' as const }]]))));
    await reading;
    expect(torn).toBe(0);
    expect([...(await memory().recall()).keys()].sort()).toEqual(keys);
  });

  it.each([
    ['not JSON', 'oops'],
    ['another status', '{"status":"ok","at":1}'],
    ['no time', '{"status":"warn"}'],
    ['a giant', `{"status":"warn","at":${Date.now()},"item":"${'x'.repeat(5_000)}"}`],
  ])('%s is as if it had never been', async (_name, text) => {
    await mkdir(dir(), { mode: 0o700 });
    await writeFile(join(dir(), `${KEY}.json`), text);
    expect((await memory().recall()).size).toBe(0);
  });

  it('a folder that others may write to is not believed, and none that cannot be made stops anybody', async () => {
    await memory().keep(new Map([[KEY, { status: 'warn' }]]));
    await chmod(dir(), 0o777);
    expect((await memory().recall()).size).toBe(0);
    await memory().keep(new Map([[OTHER, { status: 'warn' }]]));
    expect(await readdir(dir())).toEqual([`${KEY}.json`]);
    await writeFile(join(stateDir, 'file'), '');
    const nowhere = createStatusMemory({ stateDir: join(stateDir, 'file') });
    await nowhere.keep(new Map([[KEY, { status: 'warn' }]]));
    expect((await nowhere.recall()).size).toBe(0);
  });

  it('does not grow: old files and drafts of runs that died go', async () => {
    await memory().keep(new Map([[KEY, { status: 'warn' }]]));
    await writeFile(join(dir(), 'dead.tmp'), '{');
    const old = new Date(Date.now() - 2 * HOUR);
    for (const name of await readdir(dir())) await utimes(join(dir(), name), old, old);
    await memory().keep(new Map([[OTHER, { status: 'fail' }]]));
    expect(await readdir(dir())).toEqual([`${OTHER}.json`]);
    expect(JSON.parse(await readFile(join(dir(), `${OTHER}.json`), 'utf8'))).toMatchObject({ status: 'fail' });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { createSecrets } from '../../src/adapters/secrets.ts';
import { createTimeLimit } from '../../src/adapters/time-limit.ts';

const folder = mkdtempSync(join(tmpdir(), 'oor-small-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('secrets', () => {
  const plain = join(folder, 'plain');
  const dotenv = join(folder, 'app.env');
  writeFileSync(plain, 's3cret\n');
  writeFileSync(dotenv, '# comment\nexport A=one # trailing\nB="two words"\nC=\'it is\'\nEMPTY=\nURL=postgres://u:p=q@h/d\n');
  const secrets = createSecrets({ env: { TOKEN: 'tok', BLANK: '' }, readFile: createLocalHost().readFile });

  it.each([
    [{ env: 'TOKEN' }, 'tok'],
    [{ file: plain }, 's3cret'],
    [{ file: dotenv, key: 'A' }, 'one'],
    [{ file: dotenv, key: 'B' }, 'two words'],
    [{ file: dotenv, key: 'C' }, 'it is'],
    [{ file: dotenv, key: 'URL' }, 'postgres://u:p=q@h/d'],
  ])('%j', async (ref, value) => {
    expect(await secrets.reveal(ref)).toBe(value);
  });

  it.each([
    [{ env: 'NONE' }],
    [{ env: 'BLANK' }],
    [{ env: 'constructor' }],
    [{ file: dotenv, key: 'EMPTY' }],
    [{ file: dotenv, key: 'D' }],
    [{ file: join(folder, 'no') }],
  ])('misses %j and says so by name', async (ref) => {
    const error = await secrets.reveal(ref).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'HostError', reason: 'not-found' });
    expect(String(error)).toContain('env' in ref ? ref.env : ref.file);
    expect(String(error)).not.toMatch(/one|two words|s3cret/);
  });
});

describe('the clock', () => {
  it('sleeps', async () => {
    const clock = createClock();
    const before = clock.now().monoMs;
    await clock.sleep(30);
    expect(clock.now().monoMs - before).toBeGreaterThanOrEqual(28);
  });

  it('wakes when told to', async () => {
    const clock = createClock();
    const abort = new AbortController();
    const sleeping = clock.sleep(60_000, abort.signal);
    abort.abort();
    await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' });
    await expect(clock.sleep(60_000, abort.signal)).rejects.toBe(abort.signal.reason);
  });
});

describe('the time limit', () => {
  const limit = createTimeLimit(50);

  it('passes values and errors through', () => {
    const value = { a: 1 };
    expect(limit(() => value)).toBe(value);
    const error = new TypeError('mine');
    expect(() =>
      limit(() => {
        throw error;
      }),
    ).toThrow(error);
    expect(() =>
      limit(() => {
        throw undefined;
      }),
    ).toThrow();
  });

  it('stops a catastrophic pattern and an endless loop, again and again', () => {
    for (let round = 0; round < 3; round += 1) {
      expect(() => limit(() => /^(a+)+$/.test(`${'a'.repeat(40)}!`))).toThrow(
        expect.objectContaining({ name: 'HostError', reason: 'timed-out' }),
      );
      expect(() =>
        limit(() => {
          for (;;);
        }),
      ).toThrow('50 ms');
      expect(limit(() => 'well')).toBe('well');
    }
  });

  it('can hold another limit', () => {
    const inner = createTimeLimit(20);
    expect(limit(() => limit(() => 1) + inner(() => 2))).toBe(3);
  });
});

describe('random', () => {
  const random = createRandom();

  it('gives hex of the asked length, never the same', () => {
    const seen = new Set(Array.from({ length: 100 }, () => random.hex(8)));
    expect(seen.size).toBe(100);
    for (const hex of seen) expect(hex).toMatch(/^[0-9a-f]{16}$/);
  });

  it('reaches every integer below', () => {
    expect(new Set(Array.from({ length: 200 }, () => random.integer(3)))).toEqual(new Set([0, 1, 2]));
  });
});

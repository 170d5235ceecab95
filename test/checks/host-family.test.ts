import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import type { Check } from '../../src/checks/check.ts';
import { v } from '../../src/checks/schema.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { checks } from './registry.ts';

const FAMILY = /^(?:host|cpu|mem|disk|fs|kernel|power|temp|psi)\.|^proc\.(?:zombies|dstate)$/;
const family = Object.entries(checks).filter(([id]) => FAMILY.test(id));

test('the family is whole', () => {
  expect(family.map(([id]) => id)).toEqual(
    expect.arrayContaining([
      'cpu.load',
      'cpu.util',
      'disk.inodes',
      'disk.space',
      'fs.hung',
      'fs.readonly',
      'host.identity',
      'host.uptime',
      'kernel.events',
    ]),
  );
  expect(family.length).toBeGreaterThanOrEqual(16);
});

describe.each(family)('%s', (id, check: Check) => {
  test('is what its name says, in both languages, with an example that works', () => {
    expect(check.id).toBe(id);
    for (const text of [check.title, ...Object.values(check.messages)]) {
      expect(text['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
      expect(placeholders(text['zh-CN'])).toEqual(placeholders(text.en));
    }
    expect(v.safeParse(check.params, check.example).success).toBe(true);
    expect(v.safeParse(check.params, {}).success).toBe(true);
    expect(v.safeParse(check.params, { nonsense: 1 }).success).toBe(false);
  });

  // The inventory goes through a library that knows other platforms; whether a host is reached is the same everywhere.
  test.skipIf(id === 'host.inventory' || id === 'host.reachable')('is unsupported off Linux, without a look at anything', async () => {
    const context = fakeHost({ platform: 'darwin' });
    await expect(check.probe({}, context)).rejects.toMatchObject({ reason: 'unsupported' });
    expect(context.calls).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('answers on this machine, or says what would let it', async () => {
    const context = { ...fakeHost(), host: createLocalHost(), since: Date.now() - 1_800_000, sleep: (ms: number) => wait(ms) };
    try {
      // Whatever it says of this machine; what it must say is tested where the machine is known.
      expect(await probeAndJudge(check, context)).toHaveProperty('judgement');
    } catch (error) {
      expect(error).toBeInstanceOf(HostError);
      expect(error).toMatchObject({ reason: 'no-permission', unlock: expect.any(String) });
    }
  });
});

function placeholders(text: string | undefined): string[] {
  return [...new Set(text?.match(/(?<=\{)\w+(?=[|}])/g))].toSorted();
}

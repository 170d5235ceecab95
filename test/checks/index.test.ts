import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STEP_PHASES } from '../../src/checks/check.ts';
import { loadChecksNamedIn } from '../../src/checks/index.ts';
import { v } from '../../src/checks/schema.ts';
import { checks } from './registry.ts';

const FOLDER = new URL('../../src/checks/', import.meta.url);
const defining = readdirSync(FOLDER).filter((name) => readFileSync(new URL(name, FOLDER), 'utf8').includes('= defineCheck'));

describe('the registry', () => {
  it('holds every check of the folder, by its id, sorted', () => {
    expect(Object.keys(checks)).toEqual(Object.keys(checks).toSorted());
    expect(
      Object.keys(checks)
        .map((id) => `${id.replace(/[._]/g, '-')}.ts`)
        .toSorted(),
    ).toEqual(defining.toSorted());
  });

  it('knows of each check that looks twice how long it waits in between', () => {
    const twice = defining.filter((name) => /\bsampleTwice[<(]|\bsleep\((?!0\))/.test(readFileSync(new URL(name, FOLDER), 'utf8')));
    // Waits only where a process cannot be woken.
    const seldom = ['proc-dstate.ts'];
    const told = Object.values(checks).flatMap(({ id, watchMs }) => (watchMs === undefined ? [] : [`${id.replace(/[._]/g, '-')}.ts`]));
    expect(told.toSorted()).toEqual(twice.filter((name) => !seldom.includes(name)).toSorted());
  });

  it('loads what a text names, however it names it', async () => {
    const ids = Object.keys(checks);
    expect(Object.keys(await loadChecksNamedIn(ids.map((id) => `- { uses: ${id} }`).join('\n'), 'nothing'))).toEqual(ids);
    expect(Object.keys(await loadChecksNamedIn('{"uses":"disk.space"}, cpu.load.', "'tls.cert'"))).toEqual([
      'cpu.load',
      'disk.space',
      'tls.cert',
    ]);
    expect(await loadChecksNamedIn('disk.spaces')).toEqual({});
  });

  it.each(Object.entries(checks))('%s keeps the contract', (id, check) => {
    expect(check.id).toBe(id);
    expect(STEP_PHASES).toContain(check.phase);
    expect(check.title['zh-CN']).toMatch(/\p{Script=Han}/u);
    expect(check.thresholds === undefined || check.thresholds.source !== '').toBe(true);
    expect(v.safeParse(check.params, check.example).issues).toBeUndefined();
  });

  it.each(Object.entries(checks))('%s says the same in both languages', (_id, check) => {
    const slots = (text: string): string[] => [...new Set(text.match(/(?<=\{)\w+(?=[|}])/g) ?? [])].sort();
    for (const [code, text] of Object.entries(check.messages)) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(text['zh-CN'], code).toMatch(/\p{Script=Han}/u);
      expect(slots(text['zh-CN'] ?? ''), code).toEqual(slots(text.en));
    }
  });

  it.each(Object.entries(checks))('%s has the marks of Chinese between what is Chinese', (_id, check) => {
    const latin = /[\p{Script=Han}）”] ?[,;:]|[,;:] ?\p{Script=Han}|[\p{Script=Han}}] ?\([^)]*\)|% ?,/u;
    expect(Object.values(check.messages).filter((text) => latin.test(text['zh-CN'] ?? ''))).toEqual([]);
  });

  it.each(Object.keys(checks))('%s has a test file of its own', (id) => {
    expect(readdirSync(new URL('.', import.meta.url))).toContain(`${id.replace(/[._]/g, '-')}.test.ts`);
  });
});

import { describe, expect, it } from 'vitest';
import { type CheckRegistry, defineCheck } from '../../src/checks/check.ts';
import { strictObject, v } from '../../src/checks/schema.ts';
import { matchesGlob, type Selection, selectChecks } from '../../src/cli/check-select.ts';
import { OorError } from '../../src/errors.ts';
import { registry as used } from '../engine/harness.ts';
import { sitePlan } from './check-plan.ts';

function extra(id: string, change: { readonly active?: boolean; readonly needsRoot?: boolean; readonly path?: boolean } = {}) {
  const { path, ...flags } = change;
  return defineCheck<unknown, unknown>({
    id,
    phase: 'hardware',
    title: { en: id },
    ...flags,
    params: path ? strictObject({ path: v.string() }) : strictObject({}),
    facts: v.unknown(),
    messages: {},
    example: {},
    probe: async () => ({}),
    judge: () => ({ status: 'ok', code: 'ok' }),
  });
}

const registry: CheckRegistry = {
  ...used,
  'disk.io': extra('disk.io', { needsRoot: true }),
  'disk.latency': extra('disk.latency', { active: true }),
  'disk.smart': extra('disk.smart', { path: true }),
};
const plan = sitePlan(registry);

function select(change: Partial<Selection>): string[] {
  return selectChecks(plan, { names: [], tags: [], phases: [], ...change }, registry).steps.map(({ key }) => key);
}

const ALL = [
  'entry',
  'disk',
  'data@app',
  'provider@bank',
  'provider@wallet',
  'provider_http@bank',
  'provider_http@wallet',
  'provider_tls@bank',
  'provider_tls@wallet',
  'cache',
];

describe('which steps run', () => {
  it.each<[string, Partial<Selection>, string[]]>([
    ['all automatic ones', {}, ALL],
    ['by check', { names: ['disk.space'] }, ['disk', 'data@app']],
    ['by step', { names: ['provider'] }, ['provider@bank', 'provider@wallet']],
    ['by instance', { names: ['provider@bank'] }, ['provider@bank']],
    [
      'by glob of checks, unused ones too, never active ones or such that need parameters',
      { names: ['disk.*'] },
      ['disk', 'data@app', 'disk.io'],
    ],
    ['by glob of instances', { names: ['*@wallet'] }, ['provider@wallet', 'provider_http@wallet', 'provider_tls@wallet']],
    ['an active one by its name', { names: ['disk.latency'] }, ['disk.latency']],
    ['several names, each once', { names: ['disk', 'disk.space', 'disk.io', 'disk.io'] }, ['disk', 'data@app', 'disk.io']],
    ['by phase', { phases: ['hardware', 'confirm'] }, ['entry', 'disk']],
    ['by area', { tags: ['tls'] }, ['provider_tls@bank', 'provider_tls@wallet']],
    ['by list, an empty one too', { tags: ['caches'] }, ['cache']],
    ['by role of the target', { tags: ['backup'] }, ['provider@wallet', 'provider_http@wallet', 'provider_tls@wallet']],
    ['by kind of the target', { tags: ['app'] }, ['data@app']],
    ['by host of the target', { tags: ['app1'] }, ['data@app']],
    ['the entry', { tags: ['entry'] }, ['entry']],
    ['by rights', { names: ['*'], tags: ['root'] }, ['disk.io']],
    [
      'any tag, and the phase',
      { tags: ['bank', 'disk'], phases: ['network'] },
      ['provider@bank', 'provider_http@bank', 'provider_tls@bank'],
    ],
    ['name and tag', { names: ['net.*'], tags: ['bank'] }, ['provider@bank', 'provider_http@bank']],
  ])('%s', (_, selection, keys) => {
    expect(select(selection)).toEqual(keys);
  });

  it('conditions and needs stay as long as what they lean on is there', () => {
    const { steps } = selectChecks(plan, { names: ['*@bank', 'data'], tags: [], phases: [] }, registry);
    const found = Object.fromEntries(steps.map(({ key, step }) => [key, [step.needs, step.if?.text]]));
    expect(found).toMatchObject({
      'provider_http@bank': [['provider'], undefined],
      'provider_tls@bank': [[], 'checks.provider_http.fail'],
      // Nobody is asked.
      'data@app': [[], undefined],
    });
  });

  it('and go with it', () => {
    const { steps } = selectChecks(
      plan,
      { names: ['provider_http@bank', 'provider_tls', 'provider@wallet'], tags: [], phases: [] },
      registry,
    );
    const found = Object.fromEntries(steps.map(({ key, step }) => [key, [step.needs, step.if?.text]]));
    expect(found).toEqual({
      'provider@wallet': [[], undefined],
      'provider_http@bank': [[], undefined],
      'provider_tls@bank': [[], 'checks.provider_http.fail'],
      'provider_tls@wallet': [[], undefined],
    });
  });
});

describe('what cannot be meant', () => {
  it.each<[Partial<Selection>, RegExp, RegExp]>([
    [{ names: ['disk.spce'] }, /no check disk\.spce/, /did you mean disk\.space/],
    [{ names: ['disk.smart'] }, /told where to look \(path/, /--explain disk\.smart/],
    [{ names: ['nosuch.*'] }, /no check fits nosuch\.\*/, /--list/],
    [{ tags: ['nosuch'] }, /no check fits --tag nosuch/, /tags: .*bank/],
    [{ phases: ['verify'] }, /no such phase/, /confirm, evidence/],
  ])('%j', (selection, message, hint) => {
    const error = catching(() => select(selection));
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(error.exitCode).toBe(2);
  });
});

it.each([
  ['disk.*', 'disk.space', true],
  ['disk.*', 'diskXspace', false],
  ['d?sk', 'disk', true],
  ['d?sk', 'dsk', false],
  ['*(a|b)[c]+$', 'x(a|b)[c]+$', true],
  ['space', 'disk.space', false],
])('glob %s: %s is %s', (glob, text, fits) => {
  expect(matchesGlob(glob, text)).toBe(fits);
});

function catching(work: () => unknown): OorError {
  try {
    work();
  } catch (error) {
    if (error instanceof OorError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

it('tells a check that looks at the whole site of it, where no step does', () => {
  const site = defineCheck<unknown, unknown>({
    ...(extra('site.whole') as unknown as Parameters<typeof defineCheck<unknown, unknown>>[0]),
    params: strictObject({ profile: v.nullish(v.record(v.string(), v.unknown())) }),
  });
  const [instance] = selectChecks(plan, { names: ['site.whole'], tags: [], phases: [] }, { ...registry, 'site.whole': site }).steps;
  expect(instance?.step).toMatchObject({ uses: 'site.whole', with: { source: { profile: plan.profile } } });
});

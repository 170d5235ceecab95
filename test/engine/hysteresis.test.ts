import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/engine/diagnose.ts';
import { fold } from '../../src/engine/fold.ts';
import { look } from '../../src/engine/look.ts';
import { judgeFacts, siteThresholds } from '../../src/engine/probe.ts';
import type { Json } from '../../src/ports.ts';
import { play, registry } from './harness.ts';

const check = registry['mem.available'] as NonNullable<(typeof registry)[string]>;
const step = (keys: string) =>
  `oor: 1\nid: t\ntitle: T\nphases: { confirm: { steps: [ { id: memory, uses: mem.available, scope: entry${keys} } ] } }\n`;
const percents =
  (...values: readonly number[]) =>
  (_: unknown, call: number): Json => ({ percent: values[Math.min(call, values.length - 1)] ?? 0 });

describe('what was bad stays bad until it clears', () => {
  it.each([
    [undefined, 85, 'ok', undefined],
    ['ok', 85, 'ok', undefined],
    ['warn', 85, 'warn', true],
    ['warn', 80, 'ok', undefined],
    ['warn', 95, 'warn', undefined],
    ['warn', 98, 'warn', undefined],
    ['warn', 99, 'fail', undefined],
    ['fail', 95, 'fail', true],
    ['fail', 90, 'warn', true],
    ['fail', 85, 'warn', true],
    ['fail', 79, 'ok', undefined],
    ['fail', 99, 'fail', undefined],
  ] as const)('after %s, %i is %s', (before, percent, status, held) => {
    const earlier = before && { status: before };
    const judgement = judgeFacts({ check, params: {}, facts: { percent }, profile: {}, inputs: {}, earlier });
    expect([judgement.status, judgement.held]).toEqual([status, held]);
    if (held) expect(judgement.clear).toBe(status === 'fail' ? 90 : 80);
    // The bound that is shown is the one that was passed, not the one that clears.
    if (status !== 'ok') expect(judgement.threshold).toBe(status === 'fail' ? 98 : 90);
  });

  it('holds only what it was about', () => {
    const facts = { percent: 85, mount: '/data' };
    const of = (item: string) =>
      judgeFacts({ check, params: {}, facts, profile: {}, inputs: {}, earlier: { status: 'warn', item } }).status;
    expect([of('/data'), of('/')]).toEqual(['warn', 'ok']);
  });

  it('the site has its own bounds that clear; one that it replaced takes the stock one with it', () => {
    const clearOf = (bounds: Json) => siteThresholds(check, { thresholds: { 'mem.available': bounds } })?.clear;
    expect(clearOf({ warn: 70 })).toEqual({ crit: 90 });
    expect(clearOf({ warn: 70, warn_clear: 60, crit_clear: 85 })).toEqual({ warn: 60, crit: 85 });
    const profile = { thresholds: { 'mem.available': { warn: 70, warn_clear: 60 } } };
    const judgement = judgeFacts({ check, params: {}, facts: { percent: 65 }, profile, inputs: {}, earlier: { status: 'warn' } });
    expect(judgement).toMatchObject({ status: 'warn', held: true, clear: 60, threshold: 70, thresholdSource: 'site profile' });
  });
});

describe('where before comes from', () => {
  it('earlier probes of the same step', async () => {
    const { session } = await play({ yaml: step(', retry: { max: 2, delay: 1s }'), facts: { memory: percents(99, 95, 85) } });
    expect(session.results.get('memory')).toMatchObject({ status: 'warn', judgement: { held: true } });
    expect(session.results.get('memory')?.attempts.map(({ status, value }) => [status, value])).toEqual([
      ['fail', 99],
      ['fail', 95],
      ['warn', 85],
    ]);
  });

  it('what a look after a fix sees is held too: the fix has to bring the value back to where it clears', async () => {
    const { plan, session } = await play({ yaml: step(''), facts: { memory: percents(99) } });
    const lookAt = async (percent: number) => {
      const prober = async () => ({ facts: { percent }, redactions: 0 });
      const recorder = { session: () => session, record: async () => undefined };
      const [instance] = plan.steps;
      return instance && (await look({ registry, prober, plan, signal: new AbortController().signal, recorder }, instance, 0)).status;
    };
    expect([await lookAt(95), await lookAt(85), await lookAt(79)]).toEqual(['fail', 'warn', 'ok']);
  });

  it('is told in the findings', async () => {
    const { plan, session } = await play({ yaml: step(''), facts: { memory: percents(85) }, recall: () => ({ status: 'warn' }) });
    expect(diagnose(plan, session, registry).findings).toMatchObject([{ key: 'memory', status: 'warn', held: true, clear: 80 }]);
  });

  it('the run before, as the one who runs it remembers', async () => {
    const asked: unknown[] = [];
    const recall: Parameters<typeof play>[0]['recall'] = ({ instance, host, params }) => {
      asked.push([instance.key, host, params]);
      return { status: 'warn' };
    };
    const { session } = await play({ yaml: step(''), facts: { memory: percents(85) }, recall });
    expect(asked).toEqual([['memory', 'gw', {}]]);
    expect(session.results.get('memory')).toMatchObject({ status: 'warn', judgement: { held: true, clear: 80 } });
  });

  it('is recorded, so that the facts of the journal judged anew give the same judgement', async () => {
    const { events, session } = await play({ yaml: step(''), facts: { memory: percents(85) }, recall: () => ({ status: 'warn' }) });
    const finished = events.find((event) => event.type === 'step.finished');
    if (finished?.type !== 'step.finished') throw new Error('no result');
    const { facts, earlier, judgement } = finished.data;
    expect(earlier).toEqual({ status: 'warn' });
    expect(judgeFacts({ check, params: {}, facts, profile: {}, inputs: {}, earlier })).toEqual(judgement);
    expect(judgeFacts({ check, params: {}, facts, profile: {}, inputs: {} }).status).toBe('ok');
    expect(fold(events).results).toEqual(session.results);
  });

  it('an expectation of the playbook is no bound: nothing holds it', async () => {
    const { session } = await play({
      yaml: step(', expect: out.percent < 90.0'),
      facts: { memory: percents(85) },
      recall: () => ({ status: 'fail' }),
    });
    expect(session.results.get('memory')).toMatchObject({ status: 'ok' });
  });
});

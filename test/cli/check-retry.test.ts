import { describe, expect, it } from 'vitest';
import { type Retry, runAgain } from '../../src/cli/check-run.ts';
import { selectChecks } from '../../src/cli/check-select.ts';
import type { Observation, Prober } from '../../src/engine/probe.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { run } from '../../src/engine/run.ts';
import { pauseCode } from '../../src/engine/verdict.ts';
import type { Clock } from '../../src/ports.ts';
import { checkReport } from '../../src/report/check-report.ts';
import { registry } from '../engine/harness.ts';
import { sitePlan } from './check-plan.ts';

const EVERY_MS = 5_000;

type Turn = 'ok' | 'warn' | 'fail' | 'timed-out' | 'missing-tool';

/** By step instance: what each look finds; the last one stays. */
async function playRetry(
  script: Readonly<Record<string, readonly Turn[]>>,
  change: Partial<Retry> = {},
  stopAtMs = Number.POSITIVE_INFINITY,
  deadline: number | null = null,
) {
  const plan = selectChecks(sitePlan(registry), { names: ['*'], tags: [], phases: [] }, registry);
  const probed: string[] = [];
  const told: string[] = [];
  const slept: number[] = [];
  const stop = new AbortController();
  let now = 0;
  const clock: Clock = {
    now: () => ({ wallMs: now, monoMs: now }),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      // The deadline of a run, which ends with the run.
      if (ms !== EVERY_MS)
        return await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
      slept.push(ms);
      now += ms;
      if (now >= stopAtMs) stop.abort('SIGTERM');
      signal?.throwIfAborted();
    },
    turn: async () => undefined,
  };
  const prober: Prober = async ({ key, signal }): Promise<Observation> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return { facts: null, redactions: 0, failure: { status: 'unknown', code: 'timed-out' } };
    const turns = script[key] ?? ['ok'];
    const turn = turns[Math.min(probed.filter((past) => past === key).length, turns.length - 1)] as Turn;
    probed.push(key);
    if (turn === 'timed-out' || turn === 'missing-tool') return { facts: null, redactions: 0, failure: { status: 'unknown', code: turn } };
    return { facts: { status: turn }, redactions: 0 };
  };
  const recording = {
    journal: { sessionId: 't', append: async () => undefined, close: async () => undefined },
    clock,
    redact: <T>(value: T) => ({ value, count: 0 }),
  };
  const recorder = createRecorder(recording, undefined);
  const flags = { interactive: false, allow_fix: [], dry_run: false, concurrency: 8, since: 0, deadline_ms: deadline, ephemeral: false };
  const playbook = { id: 'site', file: '', sha256: '', text: '', included: [] };
  const started = {
    schema_version: 1,
    session: 't',
    tool: { name: 'oor', version: '0' },
    playbook,
    profile: { file: '', sha256: '', data: {} },
    inputs: {},
    local_host: 'gw',
    language: 'en',
    flags,
    symptom: '',
  } as const;
  await recorder.record('session.started', started);
  const deps = {
    plan,
    registry,
    prober,
    operator: { interactive: false, ask: async () => ({ kind: 'nobody' }) as const },
    clock,
    actors: () => undefined,
    signal: stop.signal,
  };
  const first = await run({ ...deps, recorder });
  const firstProbes = probed.length;
  const retry: Retry = { forMs: 60_000, everyMs: EVERY_MS, statuses: ['fail'], ...change };
  const { session, paused } = await runAgain({ deps, recording, first, retry, say: async (text) => void told.push(`${text}\n`) });
  const rows = checkReport({ plan, session, registry }).rows;
  const rowOf = (step: string) => rows.find((row) => row.step === step);
  return { session, again: probed.slice(firstProbes), told, slept, paused, rows, rowOf };
}

describe('--retry-for', () => {
  it('nothing failed: nothing is run again', async () => {
    const { again, slept } = await playRetry({ disk: ['warn'] });
    expect([again, slept]).toEqual([[], []]);
  });

  it('only what failed runs again, until it is good; every attempt is kept', async () => {
    const { again, slept, told, rowOf } = await playRetry({ entry: ['fail', 'fail', 'ok'] });
    expect(again).toEqual(['entry', 'entry']);
    expect(slept).toEqual([5_000, 5_000]);
    expect(told).toEqual(['again in 5 s: entry\n', 'again in 5 s: entry\n']);
    expect(rowOf('entry')).toMatchObject({ status: 'ok', attempts: [{ status: 'fail' }, { status: 'fail' }, { status: 'ok' }] });
    expect(rowOf('disk')?.attempts).toHaveLength(1);
  });

  it('what was skipped for it comes after it', async () => {
    const { again, rowOf } = await playRetry({ 'provider@bank': ['fail', 'ok'] });
    expect(again).toEqual(expect.arrayContaining(['provider@bank', 'provider_http@bank']));
    expect(rowOf('provider_http@bank')).toMatchObject({ status: 'ok' });
    expect(again).not.toContain('provider_http@wallet');
  });

  it('ends when the time is up', async () => {
    const { again, slept, rowOf } = await playRetry({ entry: ['fail'] }, { forMs: 12_000 });
    expect(again).toHaveLength(2);
    expect(slept).toEqual([5_000, 5_000]);
    expect(rowOf('entry')).toMatchObject({ status: 'fail' });
    expect(rowOf('entry')?.attempts).toHaveLength(3);
  });

  it('what could not be told is asked again beside it, unless waiting cannot help', async () => {
    const { again } = await playRetry({ entry: ['fail', 'ok'], disk: ['timed-out', 'ok'], 'provider@bank': ['missing-tool'] });
    expect(again.sort()).toEqual(['disk', 'entry']);
  });

  it('what does not count starts no retry', async () => {
    expect((await playRetry({ disk: ['timed-out'] })).again).toEqual([]);
    expect((await playRetry({ disk: ['timed-out', 'ok'] }, { statuses: ['fail', 'unknown'] })).again).toEqual(['disk']);
    expect((await playRetry({ disk: ['missing-tool'] }, { statuses: ['fail', 'unknown'] })).again).toEqual([]);
    expect((await playRetry({ disk: ['warn', 'ok'] }, { statuses: ['fail', 'warn'] })).again).toEqual(['disk']);
  });

  it('a deadline that comes in between does not turn a failure into something skipped', async () => {
    const { rowOf } = await playRetry({ entry: ['fail'] }, {}, Number.POSITIVE_INFINITY, 12_000);
    expect(rowOf('entry')).toMatchObject({ status: 'fail' });
  });

  it('a signal ends the waiting', async () => {
    const { again, paused, session } = await playRetry({ entry: ['fail'] }, {}, 4_000);
    expect([again, paused, pauseCode(session)]).toEqual([[], true, 143]);
  });
});

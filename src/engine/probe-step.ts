/** One step of the plan: as many probes as its confirmation asks for, one result. */
import { type Check, type Confirmation, type Earlier, type Judgement, parseParams } from '../checks/check.ts';
import type { CheckStep } from '../playbook/playbook.ts';
import type { Json } from '../ports.ts';
import { anotherProbe, chooseAttempt } from './confirm.ts';
import { asEarlier, earlierOf } from './earlier.ts';
import type { Artifact, Attempt } from './events.ts';
import type { NextStep } from './next-step.ts';
import { judgeFacts, lookupCheck, PROBE_TIMEOUT_MS } from './probe.ts';
import type { TaskDeps } from './task.ts';

type ProbeStep = Extract<NextStep, { kind: 'probe' }>;

interface Probed extends Attempt {
  readonly judgement: Judgement;
  readonly facts: Json;
  readonly redactions: number;
  readonly earlier: Earlier | undefined;
  readonly told: Earlier | undefined;
  readonly artifacts: readonly Artifact[];
}

export async function probeStep(deps: TaskDeps, { instance, step, params, host }: ProbeStep): Promise<void> {
  const { recorder, registry, clock, over } = deps;
  const { loop } = recorder.session();
  const check = lookupCheck(registry, step.uses);
  const started = recorder.record('step.started', { key: instance.key, loop, params, host });
  const begun = clock.now().monoMs;
  const probed = await probeUntilSure(deps, { kind: 'probe', instance, step, params, host }, check);
  const chosen = chooseAttempt(probed, confirmationOf(step, check, params));
  await started;
  if (!chosen || over.aborted) return;
  const { judgement, facts, redactions, earlier } = chosen;
  const artifacts = probed.flatMap((each) => each.artifacts);
  return await recorder.record('step.finished', {
    key: instance.key,
    loop,
    judgement,
    facts,
    duration_ms: Math.round(clock.now().monoMs - begun),
    attempts: probed.map(asAttempt),
    redactions,
    ...(earlier && { earlier }),
    ...(artifacts.length > 0 && { artifacts }),
  });
}

/** All probes together stay within the time of the step. */
async function probeUntilSure(deps: TaskDeps, probe: ProbeStep, check: Check): Promise<readonly Probed[]> {
  const { clock, signal, over } = deps;
  const { step, params } = probe;
  const wanted = confirmationOf(step, check, params);
  const budgetMs = step.timeoutMs ?? check.timeoutMs ?? PROBE_TIMEOUT_MS;
  const until = clock.now().monoMs + Math.min(budgetMs, wanted.withinMs);
  const probed: Probed[] = [];
  for (;;) {
    const leftMs = probed.length === 0 ? step.timeoutMs : Math.max(1, Math.round(until - clock.now().monoMs));
    probed.push(await probeOnce(deps, probe, { check, timeoutMs: leftMs, last: probed.findLast(({ told }) => told)?.told }));
    if (over.aborted || signal.aborted || !anotherProbe(probed, wanted)) return probed;
    if (clock.now().monoMs + wanted.everyMs >= until) return probed;
    await clock.sleep(wanted.everyMs, signal).catch(() => undefined);
    if (signal.aborted) return probed;
  }
}

interface Turn {
  readonly check: Check;
  readonly timeoutMs: number | undefined;
  /** What the probes of this step have said so far. */
  readonly last: Earlier | undefined;
}

async function probeOnce(deps: TaskDeps, { instance, step, params, host }: ProbeStep, { check, timeoutMs, last }: Turn): Promise<Probed> {
  const { recorder, prober, clock, plan, signal, recall, onWait } = deps;
  const { wallMs: at, monoMs: begun } = clock.now();
  const timeout = timeoutMs === undefined ? {} : { timeoutMs };
  const { since } = recorder.session();
  const {
    facts,
    redactions,
    failure,
    artifacts = [],
  } = await prober({ key: instance.key, check, params, host, since, signal, onWait, ...timeout });
  // What an expectation of the playbook says is no longer the check's own word about its bounds.
  const earlier = step.expect ? undefined : (last ?? earlierOf(recorder.session(), instance.key) ?? recall?.({ instance, params, host }));
  const judgement = failure ?? judgeFacts({ check, params, facts, profile: plan.profile, inputs: plan.inputs, instance, earlier });
  const { status, code, value, unit } = judgement;
  const duration_ms = Math.round(clock.now().monoMs - begun);
  const shown = { ...(value !== undefined && { value }), ...(unit !== undefined && { unit }) };
  const told = asEarlier(judgement);
  const seen = { judgement, facts, redactions, artifacts };
  return { status, code, ...shown, at, duration_ms, ...seen, earlier: check.thresholds && earlier, told };
}

function asAttempt({ status, code, value, unit, at, duration_ms }: Probed): Attempt {
  return { status, code, ...(value !== undefined && { value }), ...(unit !== undefined && { unit }), at, duration_ms };
}

/** A confirmation that nobody asked for must be cheap: a probe that waited longer than this was no flicker and is not repeated. */
const UNASKED_WITHIN_MS = 1_500;

function confirmationOf(step: CheckStep, check: Check, params: Json): Confirmation & { readonly withinMs: number } {
  if (step.confirm) return { ...step.confirm, withinMs: Number.POSITIVE_INFINITY };
  const parsed = check.confirm && parseParams(check, params);
  const own = parsed?.ok ? check.confirm?.(parsed.params) : undefined;
  return own ? { ...own, withinMs: UNASKED_WITHIN_MS } : { of: 1, need: 1, everyMs: 0, withinMs: 0 };
}

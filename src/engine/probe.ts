/** One step -> facts -> judgement. The only place where a check meets a host; every failure to tell becomes `unknown`. */
import {
  type Check,
  type CheckRegistry,
  type Earlier,
  type Judgement,
  type ProbeContext,
  parseParams,
  type Thresholds,
} from '../checks/check.ts';
import { HostError } from '../errors.ts';
import type { CheckStep, Expression, Scope } from '../playbook/playbook.ts';
import type { Clock, Host, Json, JsonObject, Pacer, Protocols, Reconcile, Secrets } from '../ports.ts';
import type { Capture } from './capture.ts';
import type { Artifact } from './events.ts';
import type { StepInstance } from './plan.ts';
import { isObject } from './targets.ts';

/** Default budget of a probe. */
export const PROBE_TIMEOUT_MS = 10_000;
/** A probe that ignores its abort signal is left behind this long after its budget. */
const GRACE_MS = 330;
/** Why its limits are given up: made once, as every error takes a look at the stack. */
const OVER = new Error('the probe has ended');

/** What a probe on one machine is given. */
export interface HostAccess {
  readonly host: Host;
  readonly net: Protocols;
  readonly secrets: Secrets;
  readonly pacer: Pacer;
  /** Only on the machine of the operator. */
  readonly reconcile?: Reconcile;
  /** Of a machine that may be out of reach: throws `HostError` unreachable, at once where that is known already. */
  readonly ready?: () => Promise<void>;
}

export interface ProbeRequest {
  /** Step instance (or verification) it belongs to. */
  readonly key: string;
  readonly check: Check;
  readonly params: Json;
  readonly host: string;
  readonly timeoutMs?: number;
  readonly since: number;
  readonly signal: AbortSignal;
  /** Told each time it waits between two looks. */
  readonly onWait?: (() => void) | undefined;
}

export interface Observation {
  /** Redacted. */
  readonly facts: Json;
  readonly redactions: number;
  /** Set when there are no facts to judge. */
  readonly failure?: Judgement;
  /** What it read, where that is kept. */
  readonly artifacts?: readonly Artifact[];
}

/** Facts of a live host, of a recording, of a test: the engine does not care. */
export type Prober = (request: ProbeRequest) => Promise<Observation>;

export type Redact = (value: Json) => {
  readonly value: Json;
  readonly count: number;
  /** By kind. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Of the card numbers among them, by the first six digits. */
  readonly issuers?: Readonly<Record<string, number>>;
};

export interface ProberDeps {
  readonly hosts: (name: string) => HostAccess | undefined;
  readonly clock: Clock;
  readonly redact: Redact;
  /** Keeps what the probes read. */
  readonly capture?: Capture | undefined;
  /** End of the window of interest, where it is not now; a look after a fix begins later and has none. */
  readonly until?: number | undefined;
}

export function createProber({ hosts, clock, redact, until, capture }: ProberDeps): Prober {
  return async (request) => {
    const parsed = parseParams(request.check, request.params);
    if (!parsed.ok) return failed('unknown', 'bad-params', parsed.message, 'correct the profile or the playbook');
    const access = hosts(request.host);
    if (!access)
      return failed(
        'unknown',
        'host-out-of-reach',
        `${request.host} is not this machine`,
        `name it under hosts in the profile, or run oor on ${request.host}`,
      );
    const watched = capture?.watch(access.host);
    const seen = { ...access, elsewhere: hosts, ...(watched && { host: watched.host }) };
    const observation = await observe({ ...request, ...(until !== undefined && { until }) }, seen, parsed.params, { clock, redact });
    const artifacts = (await watched?.artifacts()) ?? [];
    return artifacts.length === 0 ? observation : { ...observation, artifacts };
  };
}

async function observe(
  request: ProbeRequest & Pick<ProberDeps, 'until'>,
  access: HostAccess,
  params: unknown,
  { clock, redact }: Pick<ProberDeps, 'clock' | 'redact'>,
): Promise<Observation> {
  try {
    const { value, count } = redact(withoutNoise((await withinBudget(request, access, params, clock)) as Json));
    return { facts: value, redactions: count };
  } catch (error) {
    return observeError(error, redact);
  }
}

/** Numbers whole above a million, else with six decimals: more are noise of the arithmetic, and a row of digits may be taken for a card's. */
function withoutNoise(value: Json): Json {
  if (typeof value === 'number') {
    if (Number.isInteger(value)) return value;
    return Math.abs(value) > 1_000_000 ? Math.round(value) : Math.round(value * 1_000_000) / 1_000_000;
  }
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutNoise(each)]));
}

/** A check's judgement under the site's thresholds, with `expect` in its place where the playbook has one. */
export interface JudgeInput {
  readonly check: Check;
  readonly params: Json;
  readonly facts: Json;
  readonly profile: JsonObject;
  /** Absent for a verification, which has no `expect`. */
  readonly instance?: StepInstance;
  readonly inputs: JsonObject;
  /** What the same step, or the same check on the same target, said before. */
  readonly earlier?: Earlier | undefined;
}

export function judgeFacts({ check, params, facts, profile, instance, inputs, earlier }: JudgeInput): Judgement {
  const step = instance?.step.kind === 'check' ? instance.step : undefined;
  const parsed = parseParams(check, params);
  if (!parsed.ok) return { status: 'unknown', code: 'bad-params', data: { message: parsed.message } };
  try {
    const judgement = judgeOverTime(check, facts, parsed.params, siteThresholds(check, profile), earlier);
    return soften(
      step?.expect ? expected(judgement, step.expect, { out: facts, profile, inputs, target: instance?.target?.data ?? {} }) : judgement,
      step,
    );
  } catch (error) {
    return { status: 'unknown', code: 'check-crashed', data: { message: `${check.id} could not judge its facts: ${String(error)}` } };
  }
}

/** Held: by the bounds alone it would be better than what it was before makes it. */
function judgeOverTime(
  check: Check,
  facts: Json,
  params: unknown,
  limits: Thresholds | undefined,
  earlier: Earlier | undefined,
): Judgement {
  if (!limits || !earlier || earlier.status === 'ok') return check.judge(facts, params, limits);
  const judgement = check.judge(facts, params, { ...limits, earlier });
  if (judgement.status !== 'warn' && judgement.status !== 'fail') return judgement;
  return check.judge(facts, params, limits).status === judgement.status ? judgement : { ...judgement, held: true };
}

async function withinBudget(
  { check, timeoutMs, host, since, until, signal, onWait }: ProbeRequest & Pick<ProberDeps, 'until'>,
  access: HostAccess,
  params: unknown,
  clock: Clock,
): Promise<unknown> {
  const budget = timeoutMs ?? check.timeoutMs ?? PROBE_TIMEOUT_MS;
  const spent = new AbortController();
  const timer = clock.sleep(budget, spent.signal).then(
    () => spent.abort(),
    () => undefined,
  );
  const either = AbortSignal.any([signal, spent.signal]);
  const done = new AbortController();
  const late = (): HostError =>
    new HostError(
      'timed-out',
      `${check.id} on ${host} did not end within ${budget} ms`,
      `a longer timeout for this step (now ${budget} ms)`,
    );
  const bound = clock.sleep(budget + GRACE_MS, done.signal).then(() => {
    throw late();
  });
  bound.catch(() => undefined);
  try {
    const window = { since, ...(until !== undefined && until > since && { until }) };
    const sleep = (ms: number): Promise<void> => {
      onWait?.();
      return clock.sleep(ms, either);
    };
    const context = { ...access, timeoutMs: budget, signal: either, ...window, sleep };
    return await Promise.race([probeReached(check, params, context), bound, stopped(signal, done.signal)]);
  } catch (error) {
    // What a probe throws because its signal fired is no defect of the check.
    throw spent.signal.aborted && !(error instanceof HostError) ? late() : error;
  } finally {
    done.abort(OVER);
    spent.abort(OVER);
    await timer;
  }
}

/** What is seen of a machine that cannot be reached, or that went away meanwhile, is seen of nothing. */
async function probeReached(check: Check, params: unknown, context: ProbeContext & Pick<HostAccess, 'ready'>): Promise<unknown> {
  const { ready } = check.needsNoHost ? {} : context;
  await ready?.();
  try {
    return await check.probe(params, context);
  } finally {
    await ready?.();
  }
}

/** Rejects when the run is stopped, so that nobody waits for a probe whose answer no longer counts; listens no longer than the probe lasts. */
function stopped(signal: AbortSignal, done: AbortSignal): Promise<never> {
  const rejection = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new HostError('timed-out', 'the run was stopped before the probe ended', 'a later deadline'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true, signal: done });
  });
  rejection.catch(() => undefined);
  return rejection;
}

function observeError(error: unknown, redact: ProberDeps['redact']): Observation {
  const text = error instanceof Error ? error.message : String(error);
  const message = String(redact(text).value);
  if (!(error instanceof HostError)) return failed('unknown', 'check-crashed', message, 'report this as a defect of the check');
  return failed(error.reason === 'unsupported' ? 'not-applicable' : 'unknown', error.reason, message, error.unlock);
}

function failed(status: 'unknown' | 'not-applicable', code: string, message: string, unlock?: string): Observation {
  return { facts: null, redactions: 0, failure: { status, code, data: { message }, ...(unlock !== undefined && { unlock }) } };
}

export function siteThresholds(check: Check, profile: JsonObject): Thresholds | undefined {
  if (!check.thresholds) return undefined;
  const site = isObject(profile.thresholds) ? profile.thresholds[check.id] : undefined;
  if (!isObject(site)) return check.thresholds;
  const { clear: stock, ...rest } = check.thresholds;
  const number = (key: string): number | undefined => (typeof site[key] === 'number' ? site[key] : undefined);
  const [warn, crit] = [number('warn'), number('crit')];
  // The stock bound that clears belongs to the stock bound that was replaced.
  const clearWarn = number('warn_clear') ?? (warn === undefined ? stock?.warn : undefined);
  const clearCrit = number('crit_clear') ?? (crit === undefined ? stock?.crit : undefined);
  return {
    ...rest,
    ...(warn !== undefined && { warn }),
    ...(crit !== undefined && { crit }),
    clear: { ...(clearWarn !== undefined && { warn: clearWarn }), ...(clearCrit !== undefined && { crit: clearCrit }) },
    source: 'site profile',
  };
}

function expected(judgement: Judgement, expect: Expression, scope: Partial<Scope>): Judgement {
  if (judgement.status === 'unknown' || judgement.status === 'not-applicable') return judgement;
  const shown = { threshold: expect.text, thresholdSource: 'playbook' };
  try {
    const met = expect.evaluate(scope);
    if (met === null) return { ...judgement, ...shown, status: 'unknown', unlock: 'more to measure: it cannot tell yet' };
    return { ...judgement, ...shown, status: met === true ? 'ok' : 'fail' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...judgement, ...shown, status: 'unknown', data: { ...judgement.data, message } };
  }
}

function soften(judgement: Judgement, step: CheckStep | undefined): Judgement {
  if (judgement.status !== 'fail' || !step || step.onFail === 'fail') return judgement;
  return { ...judgement, status: step.onFail === 'warn' ? 'warn' : 'ok' };
}

export function lookupCheck(registry: CheckRegistry, id: string): Check {
  const check = registry[id];
  if (!check) throw new Error(`check ${id} passed validation but is not registered`);
  return check;
}

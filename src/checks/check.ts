import type { Host, Language, Pacer, Protocols, Reconcile, Secrets, Text } from '../ports.ts';
import { fillSlots, tellSpan } from './fill.ts';
import { describeReason } from './reasons.ts';
import { v } from './schema.ts';

export { fillSlots, showSlots, withUnit } from './fill.ts';
export { isRotated } from './log-name.ts';
export { describeReason } from './reasons.ts';

/**
 * ok: seen and good. warn: seen, worth knowing, never a fault alone. fail: seen and bad.
 * unknown: could not tell, evidence for nothing. skipped: a condition or prerequisite was not met.
 * not-applicable: the thing does not exist here.
 */
export type Status = 'ok' | 'warn' | 'fail' | 'unknown' | 'skipped' | 'not-applicable';

/** The phases that hold steps of a playbook; `verify` and `fix` are made from causes and fixes, `validate` follows a fix. */
export const STEP_PHASES = ['confirm', 'evidence', 'hardware', 'software', 'network'] as const;
export const PHASES = [...STEP_PHASES, 'verify', 'fix', 'validate'] as const;
export type StepPhase = (typeof STEP_PHASES)[number];
export type Phase = (typeof PHASES)[number];

/** Bounds of `judge`; the profile's `thresholds` replace them and become the source. */
export interface Thresholds {
  readonly warn: number;
  /** Infinity: it never fails. */
  readonly crit: number;
  readonly unit: string;
  /** Where the numbers come from, shown beside every result: a standard, a project, or `own`. */
  readonly source: string;
  /** What was warn or fail before stays so until the value is back at this bound: on the edge it would flap. */
  readonly clear?: { readonly warn?: number; readonly crit?: number };
  /** What the same question was answered before. The engine gives and records it; a check never declares it. */
  readonly earlier?: Earlier;
}

export interface Earlier {
  readonly status: 'ok' | 'warn' | 'fail';
  /** As `Judgement.item`. */
  readonly item?: string;
}

/** What `judge` says: a status, which of the check's messages tells it, and the numbers that message needs. */
export interface Judgement {
  readonly status: Exclude<Status, 'skipped'>;
  /** A key of the check's `messages`. */
  readonly code: string;
  /** Arguments of the message. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
  readonly value?: number | string | boolean;
  readonly unit?: string;
  readonly threshold?: number | string;
  readonly thresholdSource?: string;
  /** Which of several things the judgement is about (a mount, a process); only that one is held by what it was before. */
  readonly item?: string;
  /** For warn and fail: the value has to be back at this bound before the status gets better. */
  readonly clear?: number;
  /** Set by the engine: by the bounds alone the status would be better; what it was before holds it. */
  readonly held?: true;
  /** For unknown: what would make it known. */
  readonly unlock?: string;
}

export interface Elsewhere extends Pick<ProbeContext, 'host' | 'net'> {
  /** Throws `HostError` where it is out of reach. */
  readonly ready?: () => Promise<void>;
}

/** What a probe may use. It can observe and nothing else. */
export interface ProbeContext {
  readonly host: Host;
  readonly net: Protocols;
  readonly secrets: Secrets;
  readonly pacer: Pacer;
  /** Only on the machine of the operator. */
  readonly reconcile?: Reconcile;
  /** Another machine of the profile, for what two of them have to be compared for; '' is the operator's. */
  readonly elsewhere?: (name: string) => Elsewhere | undefined;
  /** The budget of this probe; what may hang is bounded below it, so that "it did not answer" is a fact and not a lost probe. */
  readonly timeoutMs: number;
  /** Aborted when the budget is spent; long loops must look at it. */
  readonly signal: AbortSignal;
  /** The start of the window of interest (`--since`), epoch ms. */
  readonly since: number;
  /** Its end (`--until`), epoch ms; absent: now. */
  readonly until?: number;
  /** Waits between two samples of a rate. */
  sleep(ms: number): Promise<void>;
}

/** A failure counts when `need` of at most `of` probes have seen it; a first probe that is good ends it. */
export interface Confirmation {
  readonly of: number;
  readonly need: number;
  /** Pause before the next probe. */
  readonly everyMs: number;
}

export interface CheckDefinition<P, F> {
  /** `area.thing`; the file is `area-thing.ts`. */
  readonly id: string;
  readonly phase: StepPhase;
  readonly title: Text;
  /** True when it sees nothing without root (it still starts and says `unknown`). */
  readonly needsRoot?: boolean;
  /** True when it asks whether the machine can be reached at all, and so runs where nothing else can. */
  readonly needsNoHost?: boolean;
  /** True when it touches more than it reads (a write probe, an echo): opt-in. */
  readonly active?: boolean;
  /** How long it waits between its looks at what grows. A run starts such checks first: it lasts as long as the last of them. */
  readonly watchMs?: number;
  /** Input as written in a playbook's `with`. */
  readonly params: v.GenericSchema<unknown, P>;
  /** Plain JSON that holds all `judge` needs, the time of observation (`observedAt`) included. */
  readonly facts: v.GenericSchema<unknown, F>;
  /** One sentence per code, `{name}` filled from `Judgement.data`. */
  readonly messages: Readonly<Record<string, Text>>;
  readonly thresholds?: Thresholds;
  /** Default deadline of the probe. */
  readonly timeoutMs?: number;
  /** For a single packet or request that may be lost by itself: how often a failure must be seen before it counts. */
  readonly confirm?: (params: P) => Confirmation | undefined;
  /** A `with` that works, for the reference page. */
  readonly example: Readonly<Record<string, unknown>>;
  /** The only part that touches the world. Throws `HostError` where it cannot tell. */
  probe(params: P, context: ProbeContext): Promise<F>;
  /** Pure and total: the same facts give the same judgement next week. `thresholds` is set iff the check declares them. */
  judge(facts: F, params: P, thresholds: Thresholds | undefined): Judgement;
}

/** A check whose types were proved where it was defined; params and facts are validated by its own schemas at the border. */
export interface Check extends Omit<CheckDefinition<unknown, unknown>, 'probe' | 'judge' | 'confirm'> {
  readonly confirm?: (params: unknown) => Confirmation | undefined;
  probe(params: unknown, context: ProbeContext): Promise<unknown>;
  judge(facts: unknown, params: unknown, thresholds: Thresholds | undefined): Judgement;
}

export type CheckRegistry = Readonly<Record<string, Check>>;

/** Proves that probe, judge and the two schemas agree, then forgets the types. */
export function defineCheck<P, F>(definition: CheckDefinition<P, F>): Check {
  return definition as unknown as Check;
}

/** Two-sided bound where more is worse. */
export function gradeAbove(value: number, limits: Thresholds, item?: string): 'ok' | 'warn' | 'fail' {
  const { warn, crit } = boundsNow(limits, item);
  if (value > crit) return 'fail';
  return value > warn ? 'warn' : 'ok';
}

/** The bounds to judge `item` by: those that clear what it was before, in place of those that it passed then. */
export function boundsNow({ warn, crit, clear, earlier }: Thresholds, item?: string): Pick<Thresholds, 'warn' | 'crit'> {
  if (earlier === undefined || earlier.status === 'ok' || earlier.item !== item) return { warn, crit };
  return { warn: clear?.warn ?? warn, crit: earlier.status === 'fail' ? (clear?.crit ?? crit) : crit };
}

/** Parses the `with` of a step; the message of the first problem when it does not fit. */
export function parseParams(
  check: Pick<Check, 'params'>,
  raw: unknown,
): { readonly ok: true; readonly params: unknown } | { readonly ok: false; readonly message: string } {
  const parsed = v.safeParse(check.params, raw);
  if (parsed.success) return { ok: true, params: parsed.output };
  const [issue] = parsed.issues;
  return { ok: false, message: `${v.getDotPath(issue) ?? 'with'}: ${issue.message}` };
}

/** Slots of messages for what oor says itself; in others stands what was seen, as it was. */
const REASONS: ReadonlySet<string> = new Set(['error', 'problem', 'why', 'reason', 'detail', 'note', 'hint', 'outcome', 'by']);

/** The sentence of a judgement in a language, `{name}` filled from its data; of what an older record does not tell, `?`. */
export function describeJudgement(check: Pick<Check, 'messages'>, judgement: Judgement, language: Language): string {
  const message = check.messages[judgement.code];
  const template = message?.[language] ?? message?.en;
  const said = judgement.data?.message;
  // What could not be probed says why; a check may have a message of its own under that code, made of facts that are not there.
  if (template === undefined || (said !== undefined && !template.includes('{message}')))
    return describeReason(String(said ?? judgement.code), language);
  return fillSlots(template, (name) => {
    const value = judgement.data?.[name];
    if (value === undefined || value === null) return '?';
    return REASONS.has(name) ? describeReason(String(value), language) : tellSpan(value, language);
  });
}

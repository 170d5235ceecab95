/**
 * A playbook after parsing: shapes only. Everything the engine needs is here as data and compiled functions,
 * so that the engine knows neither YAML nor the expression language.
 */
import type { Confirmation, StepPhase } from '../checks/check.ts';
import type { Json, JsonObject, QuestionType, Text } from '../ports.ts';

/** A place in the text a person wrote: 1-based. */
export interface Position {
  readonly line: number;
  readonly col: number;
}

export interface Problem extends Position {
  readonly file: string;
  /** Stable kebab-case id of the rule. */
  readonly code: string;
  /** What, why and what was expected. */
  readonly message: string;
  /** The next step, often a suggestion of the nearest known word. */
  readonly hint?: string;
  readonly severity: 'error' | 'warning';
  /** Length in columns of what the caret underlines. */
  readonly length?: number;
}

/** What an expression may read. Frozen plain JSON; secrets are not in it. */
export interface Scope {
  /** Results by step id, as `CheckScope`. */
  readonly checks: JsonObject;
  /** By step id, over all its instances: `{ok, warn, fail, unknown, ...}` (true when at least one instance is), `codes`, and `outs` (the facts of each). */
  readonly any: JsonObject;
  readonly answers: JsonObject;
  readonly inputs: JsonObject;
  readonly target: JsonObject;
  readonly profile: JsonObject;
  /** State saved by a fix's `before`. */
  readonly saved: JsonObject;
  /** The facts of the step at hand; only in `expect`, `predict` and `impact`. */
  readonly out: Json;
}

/** What `checks.ID` holds in an expression: exactly one of the booleans is true. */
export interface CheckScope {
  readonly ok: boolean;
  readonly warn: boolean;
  readonly fail: boolean;
  readonly unknown: boolean;
  readonly skipped: boolean;
  readonly not_applicable: boolean;
  /** The judgement's code, '' when there is none. */
  readonly code: string;
  /** The judgement's value, null when there is none. */
  readonly value: Json;
  /** The facts, {} when there are none. */
  readonly out: Json;
}

/** A compiled, type-checked expression. `evaluate` throws `HostError` when a key is missing or the time limit passes. */
export interface Expression {
  readonly text: string;
  /** Step ids read through `checks.` or `any.`. */
  readonly steps: readonly string[];
  /** Answer ids read through `answers.`. */
  readonly answers: readonly string[];
  evaluate(scope: Partial<Scope>): Json;
}

/** A value with `${{ }}` inside strings anywhere in it. A string that is one whole `${{ }}` keeps the type of its value. */
export interface Template {
  readonly source: Json;
  readonly answers: readonly string[];
  readonly steps: readonly string[];
  /** Throws `HostError('not-found')` naming the key, when the profile or an input does not have it. */
  fill(scope: Partial<Scope>): Json;
}

/** `for: services.web` or `for: {list: services, kind: web}`: one instance per matching entry of a list of the profile. */
export interface ForEach {
  /** A list of the profile: services, databases, caches, providers, switches, hosts, ... (dotted for nested lists). */
  readonly list: string;
  readonly kind?: string;
  readonly role?: string;
}

/** `for: partners`: whom this site asks over the network, from these lists of the profile; one instance for each way. Card lines have checks of their own. */
export const PARTNERS = 'partners';
/** `for: partners.port`: one instance for each that is asked, several at one address too. */
export const EACH_PORT = 'port';
export const PARTNER_LISTS = ['providers', 'databases', 'caches', 'network.paths'] as const;

export function isPartnerList(list: string): boolean {
  return list === PARTNERS || (PARTNER_LISTS as readonly string[]).includes(list);
}

/** What people outside are told of an incident. `left-open`: the session is over and the fault stands; the tests are of no incident. */
export const NOTICE_KINDS = ['opened', 'confirmed', 'mitigated', 'fixed', 'paused', 'left-open', 'closed', 'test', 'test-over'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What a request template may name, beside words of its own and credentials. */
export const NOTICE_FIELDS = [
  'title',
  'text',
  'event',
  'severity',
  'session',
  'site',
  'state',
  'cause',
  'component',
  'host',
  'time',
  'since',
] as const;
export type NoticeMessage = Readonly<Record<(typeof NOTICE_FIELDS)[number], string>>;

interface StepBase {
  readonly id: string;
  readonly phase: StepPhase;
  readonly title?: Text;
  readonly if?: Expression;
  /** Ids of steps that must have ended well enough (ok or warn), or this one is skipped and names them. */
  readonly needs: readonly string[];
  readonly forEach?: ForEach;
  readonly source: readonly string[];
  readonly position: Position;
}

export interface CheckStep extends StepBase {
  readonly kind: 'check';
  readonly uses: string;
  readonly with: Template;
  /** Replaces the status of `judge`: true is ok, false is `onFail`. */
  readonly expect?: Expression;
  readonly onFail: 'fail' | 'warn' | 'ignore';
  /** Overrides the host of the target. */
  readonly on?: Template;
  readonly timeoutMs?: number;
  /** How long it watches counters: as it says itself (`sample`), else as its check has it. */
  readonly watchMs?: number;
  /** Absent: as the check itself has it. */
  readonly confirm?: Confirmation;
  /** `entry`: this is how customers reach us; its status is the scope of the incident. */
  readonly scope?: 'entry';
  /** Numbers for the impact line, from the facts. */
  readonly impact?: {
    readonly failed?: Expression;
    readonly firstBad?: Expression;
    readonly lastGood?: Expression;
    readonly unknownOutcome?: Expression;
    readonly value?: Expression;
  };
}

export interface AskStep extends StepBase {
  readonly kind: 'ask';
  readonly ask: Text;
  readonly type: QuestionType;
  readonly help?: Text;
  readonly options: readonly { readonly value: string; readonly label: Text }[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** Where to go for an answer; any other answer falls through. `end`: the run ends with this outcome. */
  readonly next: Readonly<Record<string, { readonly goto: string } | { readonly end: 'false-alarm' | 'waiting-third-party' }>>;
  /** True: without a person and without this answer the run cannot decide and exits 3. */
  readonly required: boolean;
  /** A measure of an audit: how often at the latest it is done anew. Its proof is the answer of `ID_proof`. */
  readonly renewMs?: number;
  /** Absent: it waits as long as it takes. */
  readonly limit?: AnswerLimit;
}

/** What happens to a question that nobody answers in time: nothing by itself, so the playbook says it. */
export interface AnswerLimit {
  readonly afterMs: number;
  /** abort: the run is saved and left. escalate: it stays without an answer, and the record says who is to be called. */
  readonly then: 'abort' | 'escalate' | { readonly default: string | number | boolean };
}

export interface InstructStep extends StepBase {
  readonly kind: 'instruct';
  readonly instruct: Text;
}

export type Step = CheckStep | AskStep | InstructStep;

export type Strength = 'weak' | 'moderate' | 'strong' | 'decisive';
export type CauseClass = 'hardware' | 'software' | 'network' | 'environment' | 'third-party' | 'security' | 'human' | 'data';

export interface Evidence {
  readonly when: Expression;
  readonly effect: 'supports' | 'refutes' | 'excludes';
  /** Absent for `excludes`. */
  readonly strength?: Strength;
  readonly position: Position;
}

/** An experiment whose outcome was not used as evidence. */
export type Verify =
  | {
      readonly kind: 'check';
      readonly uses: string;
      readonly with: Template;
      readonly on?: Template;
      readonly predict: Expression;
      readonly timeoutMs?: number;
      readonly title?: Text;
    }
  | { readonly kind: 'ask'; readonly ask: Text; readonly help?: Text; readonly predict: boolean };

export interface Cause {
  /** `area.state` of the vocabulary. */
  readonly id: string;
  /** A cause may be written several times, for different kinds of target: which of them. */
  readonly variant: number;
  readonly class: CauseClass;
  readonly title: Text;
  readonly forEach?: ForEach;
  readonly if?: Expression;
  readonly prior: 'rare' | 'uncommon' | 'common';
  readonly evidence: readonly Evidence[];
  /** Step ids whose findings follow from this cause. */
  readonly explains: readonly string[];
  readonly verify: readonly Verify[];
  /** Fix ids, best first. */
  readonly fixes: readonly string[];
  /** What a person does where no fix applies. */
  readonly advice?: Text;
  /** Overrides the place of the root; see `CauseInstance.host`. */
  readonly host?: Template;
  readonly component?: Template;
  readonly source: readonly string[];
  readonly position: Position;
}

/** A command as an argv array, never a shell string. */
export interface Command {
  readonly argv: Template;
  readonly timeoutMs?: number;
  /** Of a stage: what must be ok after it, and how long to wait for that, before the next one. */
  readonly until?: { readonly steps: readonly string[]; readonly withinMs: number; readonly stopOnFail: boolean };
}

export interface Fix {
  readonly id: string;
  readonly title: Text;
  readonly effect: 'read' | 'write' | 'destructive';
  readonly if?: Expression;
  /** `yes-no`, or the exact text that must be typed. */
  readonly confirm: 'yes-no' | { readonly type: Template };
  readonly why?: Text;
  /** Commands whose output is saved before anything changes, by name: `saved.NAME` in rollback. */
  readonly before: readonly (Command & { readonly save: string })[];
  /** Absent: guided only. A command whose template cannot be filled makes the fix guided, with `manual`. */
  readonly run: readonly Command[];
  readonly dryRun?: Command;
  readonly rollback: { readonly commands: readonly Command[] } | { readonly none: Text };
  /** Step ids that must be ok after the fix (own target's instance where there is one), and how long to wait for it. */
  readonly signal: { readonly steps: readonly string[]; readonly withinMs: number };
  readonly manual?: Text;
  readonly mitigates: boolean;
  readonly source: readonly string[];
  readonly position: Position;
}

export interface Input {
  readonly name: string;
  readonly type: 'string' | 'int' | 'number' | 'boolean' | 'duration' | 'host' | 'secret';
  readonly required: boolean;
  readonly default?: Json;
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly enum?: readonly string[];
  readonly env?: string;
}

export interface Playbook {
  readonly id: string;
  readonly title: Text;
  readonly description?: Text;
  /** Words of the symptom that choose this playbook. */
  readonly symptoms: readonly string[];
  readonly inputs: readonly Input[];
  /** In file order within each phase; phases in their fixed order. */
  readonly steps: readonly Step[];
  readonly causes: readonly Cause[];
  readonly fixes: readonly Fix[];
  readonly validate: {
    /** Step ids run again after the last fix; default: the entry steps. */
    readonly steps: readonly string[];
    /** How long the entry must stay good after a fix. */
    readonly soakMs: number;
    readonly everyMs: number;
    /** How often a failed validation goes back to evidence before it escalates. */
    readonly maxLoops: number;
  };
  readonly escalate?: { readonly to: string; readonly text?: Text };
  /** Files brought in by `use:`, in order; a replay needs them beside `text`. */
  readonly included?: readonly { readonly name: string; readonly file: string; readonly text: string }[];
  readonly file: string;
  readonly text: string;
  /** Digest of the text and, when there are any, of the included files. */
  readonly sha256: string;
}

import type { Confirmation, StepPhase } from '../checks/check.ts';
import type { QuestionType } from '../ports.ts';
import {
  type Around,
  BEFORE_ROOTS,
  type Build,
  below,
  buildExpression,
  buildForEach,
  buildTemplate,
  complain,
  complainAtKey,
  defined,
  positionOf,
  type Spot,
  toText,
} from './build.ts';
import { buildUse } from './build-params.ts';
import type { AnswerLimit, AskStep, CheckStep, ForEach, InstructStep, Step } from './playbook.ts';
import type { RawPlaybook, RawStep } from './shape.ts';
import { listOf, milliseconds } from './shape-kit.ts';
import { suggestion } from './suggest.ts';

type Raw<K extends string> = Extract<RawStep, Record<K, unknown>>;
export type Defaults = RawPlaybook['defaults'];

/** One step; undefined when it cannot be built, with the reasons noted. */
export function buildStep(build: Build, spot: Spot, raw: RawStep, phase: StepPhase, defaults: Defaults): Step | undefined {
  const forEach = 'for' in raw ? buildForEach(build, below(spot, 'for'), raw.for) : undefined;
  const around = { forEach };
  const condition = raw.if === undefined ? undefined : buildExpression(build, below(spot, 'if'), raw.if, 'bool', around);
  const base = {
    id: raw.id,
    phase,
    needs: listOf(raw.needs),
    source: listOf(raw.source),
    position: positionOf(spot),
    ...defined({ title: toText(raw.title), if: condition, forEach }),
  };
  if ('ask' in raw) return { ...base, ...buildAsk(build, spot, raw) };
  if ('instruct' in raw) return { ...base, kind: 'instruct', instruct: toText(raw.instruct) } satisfies InstructStep;
  const check = buildCheck(build, spot, raw, forEach, defaults);
  return check && { ...base, ...check };
}

type Own<S> = Omit<S, 'id' | 'phase' | 'needs' | 'source' | 'position' | 'title' | 'if' | 'forEach'>;

function buildCheck(
  build: Build,
  spot: Spot,
  raw: Raw<'uses'>,
  forEach: ForEach | undefined,
  defaults: Defaults,
): Own<CheckStep> | undefined {
  const around: Around = { forEach };
  const use = buildUse(build, spot, raw, around);
  // A status is a function of facts and configuration: what other steps saw has no say in it.
  const facts: Around = { forEach, only: [...BEFORE_ROOTS, 'out'], facts: use.check?.facts };
  const on = raw.on === undefined ? undefined : buildTemplate(build, below(spot, 'on'), raw.on, around, 'text');
  const expect = raw.expect === undefined ? undefined : buildExpression(build, below(spot, 'expect'), raw.expect, 'bool', facts);
  const impact = raw.impact === undefined ? undefined : buildImpact(build, below(spot, 'impact'), raw.impact, facts);
  if (raw.on_fail !== undefined && raw.expect === undefined) {
    complainAtKey(build, below(spot, 'on_fail'), {
      code: 'on-fail',
      message: 'on_fail has a meaning only with expect',
      hint: "without expect the status is the check's own",
    });
  }
  if (!use.with) return undefined;
  return {
    kind: 'check',
    uses: raw.uses,
    with: use.with,
    onFail: raw.on_fail ?? 'fail',
    ...defined({
      expect,
      on,
      impact,
      scope: raw.scope,
      confirm: buildConfirmation(build, spot, raw, defaults),
      timeoutMs: milliseconds(raw.timeout ?? defaults?.timeout),
      watchMs: watchMs(raw.with?.['sample']) ?? use.check?.watchMs,
    }),
  };
}

/** A duration that an expression gives is not known before the run. */
function watchMs(sample: unknown): number | undefined {
  return typeof sample === 'string' ? milliseconds(sample) : undefined;
}

/** Pause before the next probe where the playbook names none. */
const EVERY_MS = 1_000;

/** `retry: {max: 2}` is `confirm: {of: 3, need: 3}`: every probe has to fail. */
function buildConfirmation(build: Build, spot: Spot, raw: Raw<'uses'>, defaults: Defaults): Confirmation | undefined {
  if (raw.retry && raw.confirm)
    complainAtKey(build, below(spot, 'retry'), {
      code: 'confirm',
      message: 'a step has either retry or confirm',
      hint: `retry: {max: ${raw.retry.max}} is confirm: {of: ${raw.retry.max + 1}, need: ${raw.retry.max + 1}}`,
    });
  const own = raw.confirm ?? raw.retry;
  const chosen = own ?? defaults?.confirm ?? defaults?.retry;
  if (!chosen) return undefined;
  if ('max' in chosen) return { of: chosen.max + 1, need: chosen.max + 1, everyMs: milliseconds(chosen.delay) ?? EVERY_MS };
  return { of: chosen.of, need: chosen.need, everyMs: milliseconds(chosen.every) ?? EVERY_MS };
}

function buildImpact(build: Build, spot: Spot, raw: NonNullable<Raw<'uses'>['impact']>, around: Around): CheckStep['impact'] {
  const read = (key: keyof typeof raw) =>
    raw[key] === undefined ? undefined : buildExpression(build, below(spot, key), raw[key], 'any', around);
  return defined({
    failed: read('failed'),
    firstBad: read('first_bad'),
    lastGood: read('last_good'),
    unknownOutcome: read('unknown_outcome'),
    value: read('value'),
  });
}

function buildAsk(build: Build, spot: Spot, raw: Raw<'ask'>): Own<AskStep> {
  if (raw.type === 'select' && !raw.options) complain(build, below(spot, 'type'), { code: 'question', message: 'a select needs options' });
  if (raw.type !== 'select' && raw.options)
    complainAtKey(build, below(spot, 'options'), { code: 'question', message: 'only a select has options' });
  if (raw.type !== 'number' && (raw.min ?? raw.max) !== undefined)
    complainAtKey(build, below(spot, raw.min === undefined ? 'max' : 'min'), {
      code: 'question',
      message: 'only a number has min and max',
    });
  if (raw.pattern !== undefined) checkPattern(build, below(spot, 'pattern'), raw);
  const options = (raw.options ?? []).map(({ value, label }) => ({ value, label: toText(label) }));
  const twice = options.findIndex(({ value }, index) => options.some((other, earlier) => earlier < index && other.value === value));
  if (twice >= 0)
    complain(build, below(spot, 'options', twice, 'value'), {
      code: 'duplicate-id',
      message: `the option ${options[twice]?.value} stands twice`,
    });
  return {
    kind: 'ask',
    ask: toText(raw.ask),
    type: raw.type,
    options,
    next: buildNext(
      build,
      below(spot, 'next'),
      raw.next ?? {},
      raw.type,
      options.map(({ value }) => value),
    ),
    required: raw.required ?? false,
    ...defined({
      ...{ help: toText(raw.help), min: raw.min, max: raw.max, pattern: raw.pattern },
      renewMs: milliseconds(raw.renew),
      limit: buildLimit(build, spot, raw),
    }),
  };
}

function buildLimit(build: Build, spot: Spot, raw: Raw<'ask'>): AnswerLimit | undefined {
  const { timeout, on_timeout: then } = raw;
  if (timeout === undefined && then === undefined) return undefined;
  if (timeout === undefined || then === undefined) {
    complainAtKey(build, below(spot, timeout === undefined ? 'on_timeout' : 'timeout'), {
      code: 'question',
      message: 'a question that may not wait needs both timeout and on_timeout',
      hint: 'timeout: 2m, on_timeout: abort | escalate | { default: VALUE }',
    });
    return undefined;
  }
  if (typeof then === 'object' && !isAnswer(raw, then.default))
    complain(build, below(spot, 'on_timeout', 'default'), {
      code: 'question',
      message: `${then.default} is not an answer to this question`,
    });
  return { afterMs: milliseconds(timeout), then };
}

function isAnswer({ type, options = [], min, max }: Raw<'ask'>, value: string | number | boolean): boolean {
  if (type === 'select') return options.some((option) => option.value === value);
  if (type === 'confirm') return typeof value === 'boolean';
  if (type === 'text') return typeof value === 'string' && value !== '';
  return typeof value === 'number' && value >= (min ?? value) && value <= (max ?? value);
}

function checkPattern(build: Build, spot: Spot, raw: Raw<'ask'>): void {
  if (raw.type !== 'text') return complainAtKey(build, spot, { code: 'question', message: 'only a text has a pattern' });
  try {
    new RegExp(raw.pattern ?? '', 'u');
  } catch {
    complain(build, spot, { code: 'question', message: 'not a valid regular expression' });
  }
}

/** People write yes and no; the answer of a confirm is true or false. */
const CONFIRM_KEYS: Readonly<Record<string, string>> = { yes: 'true', no: 'false', true: 'true', false: 'false' };

function buildNext(
  build: Build,
  spot: Spot,
  raw: NonNullable<Raw<'ask'>['next']>,
  type: QuestionType,
  options: readonly string[],
): AskStep['next'] {
  const next: Record<string, AskStep['next'][string]> = {};
  const known = type === 'select' ? options : ['yes', 'no'];
  for (const [answer, where] of Object.entries(raw)) {
    if (type === 'text' || type === 'number')
      complainAtKey(build, below(spot, answer), {
        code: 'question',
        message: `a ${type} cannot branch by answer`,
        hint: 'read the answer in the if: of later steps',
      });
    const key = type === 'confirm' ? CONFIRM_KEYS[answer] : answer;
    if (key === undefined || (type === 'select' && !options.includes(key)))
      complainAtKey(build, below(spot, answer), {
        code: 'unknown-answer',
        message: `${answer} is not an answer to this question`,
        hint: suggestion(answer, known),
      });
    else next[key] = where;
  }
  return next;
}

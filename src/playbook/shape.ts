/** The playbook file as people write it. Types, validation and the JSON Schema for editors all come from here. */
import { STEP_PHASES } from '../checks/check.ts';
import { choose, durationText, isMap, oneOrMany, optional, str, strictObject, v, version } from './shape-kit.ts';

/** Read in expressions as `checks.ID`, so no dashes. */
const NAME = /^[a-z][a-z0-9_]*$/;
/** Words of the expression language. */
const RESERVED = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(' '),
);
const name = v.pipe(
  v.string(),
  v.regex(NAME, (issue) => `expected lower-case letters, digits and _, got ${issue.received}`),
  v.check(
    (word) => !RESERVED.has(word),
    (issue) => `${issue.received} is a word of the expression language; choose another name`,
  ),
);
/** Never read in an expression as a bare word. */
const label = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9_.-]*$/, (issue) => `expected lower-case letters, digits, - _ and ., got ${issue.received}`),
);
const causeId = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9]*\.[a-z0-9][a-z0-9_]*$/, (issue) => `expected area.state such as tls.expired, got ${issue.received}`),
);

const text = choose((input) => (isMap(input) ? 1 : 0), str, strictObject({ en: str, 'zh-CN': optional(str) }));
const expression = v.pipe(str, v.description('An expression (CEL): checks.ID.ok, answers.ID, inputs.ID, target.*, profile.*, out.*'));
const json = v.unknown();
const params = v.record(v.string(), json);
const sources = oneOrMany(str);

const forEach = v.pipe(
  choose((input) => (isMap(input) ? 1 : 0), str, strictObject({ list: str, kind: optional(str), role: optional(str) })),
  v.description('One instance per entry of a list of the profile: services.web, providers.primary'),
);
const argvText = v.union([v.string(), v.number()], 'expected text or a number');
const argv = v.pipe(
  choose(
    (input) => (Array.isArray(input) ? 1 : 0),
    v.pipe(str, v.regex(/^\$\{\{.*\}\}$/s, 'expected a list of arguments, or one whole ${{ }} that gives a list; there is no shell')),
    v.pipe(v.array(argvText), v.minLength(1, 'expected at least the program')),
  ),
  v.description('The program and its arguments; there is no shell'),
);
const command = strictObject({ argv, timeout: optional(durationText) });
/** A stage of a fix: the next one begins when these steps are ok; when they are not in time the fix is rolled back. */
const stage = strictObject({
  argv,
  timeout: optional(durationText),
  /** `stop_on: fail`: a step that fails ends the waiting at once; one that cannot tell yet is waited for. */
  until: optional(strictObject({ steps: oneOrMany(name), within: durationText, stop_on: optional(v.literal('fail')) })),
});
const confirm = v.pipe(
  strictObject({
    of: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)),
    need: v.pipe(v.number(), v.integer(), v.minValue(1)),
    every: optional(durationText),
  }),
  v.check(
    ({ of, need }) => need <= of,
    (issue) => `need is more than of: such a failure is never seen, got ${issue.received}`,
  ),
  v.description('A failure counts when `need` of at most `of` probes see it; a good first probe ends it'),
);
const retry = strictObject({ max: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20)), delay: optional(durationText) });

const stepBase = {
  id: name,
  title: optional(text),
  if: optional(expression),
  needs: optional(oneOrMany(name)),
  for: optional(forEach),
  source: optional(sources),
};
const checkStep = strictObject({
  ...stepBase,
  uses: str,
  with: optional(params),
  expect: optional(expression),
  on_fail: optional(v.picklist(['fail', 'warn', 'ignore'])),
  on: optional(str),
  timeout: optional(durationText),
  retry: optional(retry),
  confirm: optional(confirm),
  scope: optional(v.literal('entry')),
  impact: optional(
    strictObject({
      failed: optional(expression),
      first_bad: optional(expression),
      last_good: optional(expression),
      unknown_outcome: optional(expression),
      value: optional(expression),
    }),
  ),
});
const target = choose(
  (input) => (isMap(input) && 'end' in input ? 1 : 0),
  strictObject({ goto: label }),
  strictObject({ end: v.picklist(['false-alarm', 'waiting-third-party']) }),
);
const askStep = strictObject({
  ...stepBase,
  ask: text,
  type: v.picklist(['select', 'confirm', 'text', 'number']),
  options: optional(v.pipe(v.array(strictObject({ value: label, label: text })), v.minLength(2, 'expected at least two options'))),
  help: optional(text),
  next: optional(v.record(v.string(), target)),
  required: optional(v.boolean()),
  min: optional(v.number()),
  max: optional(v.number()),
  pattern: optional(str),
  renew: optional(v.pipe(durationText, v.description('A measure of an audit: how often at the latest it is done anew'))),
  timeout: optional(durationText),
  on_timeout: optional(
    choose(
      (input) => (isMap(input) ? 1 : 0),
      v.picklist(['abort', 'escalate']),
      strictObject({ default: v.union([v.string(), v.number(), v.boolean()]) }),
    ),
  ),
});
const instructStep = strictObject({ ...stepBase, instruct: text });
const step = choose(
  (input) => (isMap(input) && 'ask' in input ? 1 : isMap(input) && 'instruct' in input ? 2 : 0),
  checkStep,
  askStep,
  instructStep,
);
const phase = strictObject({ steps: v.array(step) });

const strength = v.picklist(['weak', 'moderate', 'strong', 'decisive']);
const evidence = strictObject({
  when: expression,
  supports: optional(strength),
  refutes: optional(strength),
  excludes: optional(v.literal(true)),
});
const verify = choose(
  (input) => (isMap(input) && 'ask' in input ? 1 : 0),
  strictObject({
    uses: str,
    with: optional(params),
    on: optional(str),
    predict: expression,
    timeout: optional(durationText),
    title: optional(text),
  }),
  strictObject({ ask: text, type: optional(v.literal('confirm')), help: optional(text), predict: v.picklist(['answer', 'not answer']) }),
);
const cause = strictObject({
  title: text,
  class: optional(v.picklist(['hardware', 'software', 'network', 'environment', 'third-party', 'security', 'human', 'data'])),
  for: optional(forEach),
  if: optional(expression),
  prior: optional(v.picklist(['rare', 'uncommon', 'common'])),
  evidence: v.array(evidence),
  explains: optional(oneOrMany(name)),
  verify: optional(oneOrMany(verify)),
  fix: optional(oneOrMany(label)),
  advice: optional(text),
  /** Empty: the root is on none of the machines that are known here. */
  host: optional(v.string()),
  component: optional(str),
  source: optional(sources),
});

const none = strictObject({ none: text });
const fix = strictObject({
  title: text,
  effect: v.picklist(['read', 'write', 'destructive']),
  if: optional(expression),
  confirm: optional(choose((input) => (isMap(input) ? 1 : 0), v.literal('yes-no'), strictObject({ type: str, why: optional(text) }))),
  why: optional(text),
  before: optional(oneOrMany(strictObject({ argv, timeout: optional(durationText), save: name }))),
  run: optional(oneOrMany(stage)),
  dry_run: optional(command),
  rollback: optional(choose((input) => (isMap(input) && 'none' in input ? 1 : 0), oneOrMany(command), none)),
  signal: optional(strictObject({ steps: optional(oneOrMany(name)), step: optional(name), within: optional(durationText) })),
  manual: optional(text),
  mitigates: optional(v.boolean()),
  source: optional(sources),
});

const input = strictObject({
  type: v.picklist(['string', 'int', 'number', 'boolean', 'duration', 'host', 'secret']),
  required: optional(v.boolean()),
  default: optional(json),
  pattern: optional(str),
  min: optional(v.number()),
  max: optional(v.number()),
  enum: optional(v.array(v.string())),
  env: optional(str),
});

export const playbookShape = strictObject({
  oor: version,
  id: label,
  title: text,
  description: optional(text),
  symptoms: optional(oneOrMany(str)),
  inputs: optional(v.record(name, input)),
  vars: optional(v.record(name, json)),
  defaults: optional(strictObject({ timeout: optional(durationText), retry: optional(retry), confirm: optional(confirm) })),
  use: optional(oneOrMany(label)),
  phases: optional(
    strictObject(
      Object.fromEntries(STEP_PHASES.map((id) => [id, optional(phase)])) as Record<
        (typeof STEP_PHASES)[number],
        ReturnType<typeof optional<typeof phase, undefined>>
      >,
    ),
  ),
  /** A list where one cause shows itself in different ways at different kinds of target. */
  causes: optional(v.record(causeId, oneOrMany(cause))),
  fixes: optional(v.record(label, fix)),
  validate: optional(
    strictObject({
      steps: optional(oneOrMany(name)),
      soak: optional(durationText),
      every: optional(durationText),
      max: optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20))),
    }),
  ),
  escalate: optional(strictObject({ to: str, text: optional(text) })),
});

/** Shapes that stand in many places, by the name the JSON Schema gives them. */
export const playbookDefinitions = { text, expression, for_each: forEach, argv, step, verify, command };

export type RawPlaybook = v.InferOutput<typeof playbookShape>;
export type RawStep = v.InferOutput<typeof step>;
export type RawCause = v.InferOutput<typeof cause>;
export type RawFix = v.InferOutput<typeof fix>;
export type RawVerify = v.InferOutput<typeof verify>;
export type RawCommand = v.InferOutput<typeof command>;
export type RawStage = v.InferOutput<typeof stage>;
export type RawForEach = v.InferOutput<typeof forEach>;
export type RawText = v.InferOutput<typeof text>;

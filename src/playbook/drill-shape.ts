/** The drill file as people write it. */
import { PHASES, type Status } from '../checks/check.ts';
import { choose, isMap, optional, str, strictObject, v, version } from './shape-kit.ts';

const STATUSES = ['ok', 'warn', 'fail', 'unknown', 'skipped', 'not-applicable'] as const satisfies readonly Status[];
const text = strictObject({ en: str, 'zh-CN': str });
const name = v.pipe(
  v.string(),
  v.regex(/^[a-z][a-z0-9_]*$/, (issue) => `expected lower-case letters, digits and _, got ${issue.received}`),
);
/** What a real check would say of recorded facts, or plain words. */
const seen = choose(
  (input) => (isMap(input) && 'check' in input ? 0 : 1),
  strictObject({
    check: str,
    /** A shape of `fixtures/_shapes.yaml`; absent: the healthy one. */
    is: optional(str),
    facts: optional(v.record(v.string(), v.unknown())),
    params: optional(v.record(v.string(), v.unknown())),
  }),
  strictObject({ status: optional(v.picklist(STATUSES)), says: text }),
);
const minutes = v.pipe(v.number(), v.minValue(0), v.maxValue(240));
const move = strictObject({
  kind: v.picklist(['look', 'act', 'tell']),
  title: text,
  phase: v.picklist(PHASES),
  minutes,
  shows: seen,
  why: optional(text),
  needs: optional(v.array(name)),
  risk: optional(v.picklist(['low', 'high'])),
  forbidden: optional(text),
  within: optional(minutes),
  /** What looks show from then on. */
  changes: optional(v.record(name, seen)),
});

export const drillShape = strictObject({
  oor: version,
  id: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9][a-z0-9-]*$/, (issue) => `expected kebab-case, got ${issue.received}`),
  ),
  kind: v.picklist(['recorded', 'simulated']),
  title: text,
  from: str,
  at: v.pipe(
    v.string(),
    v.check(
      (value) => Number.isFinite(Date.parse(value)),
      (issue) => `expected an instant, got ${issue.received}`,
    ),
  ),
  story: text,
  entry: name,
  moves: v.record(name, move),
  causes: v.record(v.string(), text),
  right: v.pipe(v.array(v.string()), v.minLength(1)),
  expert: v.pipe(v.array(v.string()), v.minLength(3)),
  /** What somebody in a hurry does; it must not be worth much. */
  careless: v.pipe(v.array(v.string()), v.minLength(1)),
  trap: text,
  lesson: text,
});

export type RawDrill = v.InferOutput<typeof drillShape>;
export type RawSeen = v.InferOutput<typeof seen>;

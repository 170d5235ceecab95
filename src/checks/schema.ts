/**
 * The one door through which valibot enters the core. A schema is the single source of a shape: its TypeScript type,
 * its validation and its JSON Schema all come from here.
 */
import * as v from 'valibot';

export { v };

/** The output type of a schema. */
export type Infer<S extends v.GenericSchema> = v.InferOutput<S>;

/** Object whose unknown keys are errors; the message lists the known keys so that a suggestion can be made. `x-*` stays free. */
export function strictObject<const E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries);
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never' ? `unknown key ${issue.received}; known: ${known.join(', ')}` : `expected ${issue.expected}, got ${issue.received}`,
  );
}

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1500ms`, `10s`, `5m`, `2h`, `1d` to milliseconds; undefined when it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  return Math.round(Number(match[1]) * (UNIT_MS[match[2] as string] as number));
}

/** A duration as text in the file, as milliseconds in the code. */
export const duration = v.pipe(
  v.string(),
  v.regex(DURATION, (issue) => `expected a duration such as 500ms, 10s, 5m, 2h or 1d, got ${issue.received}`),
  v.transform((text) => parseDuration(text) as number),
);

export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

/** A secret named, never written: `{env: NAME}` or `{file: PATH, key: NAME}`. */
export const secretRef = v.union(
  [v.strictObject({ env: v.string() }), v.strictObject({ file: v.string(), key: v.optional(v.string()) })],
  'expected {env: NAME} or {file: PATH, key: NAME}; secrets are never written into the file',
);

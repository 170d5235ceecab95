/**
 * The one door through which valibot enters the core. A schema is the single source of a shape: its TypeScript type,
 * its validation and its JSON Schema all come from here.
 */
import * as v from 'valibot';
import { parseDuration } from './duration.ts';

export { parseDuration, v };

/** The output type of a schema. */
export type Infer<S extends v.GenericSchema> = v.InferOutput<S>;

/** Object whose unknown keys are errors, every one of them; the message lists the known keys. Keys that start with `x-` are free and dropped. */
export function strictObject<const E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries).join(', ');
  const strict = v.strictObject(entries);
  const loose = v.object(entries, (issue) => `expected ${issue.expected}, got ${issue.received}`);
  const run: (typeof strict)['~run'] = (dataset, config) => {
    const input = dataset.value;
    if (Array.isArray(input)) {
      v._addIssue(strict as v.GenericSchema, 'type', dataset, config);
      return dataset as unknown as ReturnType<(typeof strict)['~run']>;
    }
    const result = loose['~run'](dataset, config) as ReturnType<(typeof strict)['~run']>;
    if (typeof input !== 'object' || input === null) return result;
    for (const [key, value] of Object.entries(input)) {
      if (Object.hasOwn(entries, key) || key.startsWith('x-')) continue;
      const path: [v.UnknownPathItem] = [{ type: 'unknown', origin: 'key', input, key, value }];
      v._addIssue(strict as v.GenericSchema, 'key', result, config, {
        input: key,
        expected: 'never',
        message: `unknown key "${key}"; known: ${known}`,
        path,
      });
    }
    return result;
  };
  return { ...strict, '~run': run };
}

/** A duration as text in the file, as milliseconds in the code. */
export const duration = v.pipe(
  v.string(),
  v.check(
    (text) => parseDuration(text) !== undefined,
    (issue) => `expected a duration such as 500ms, 10s, 5m, 2h or 1d, got ${issue.received}`,
  ),
  v.transform((text) => parseDuration(text) as number),
);

export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

/** A secret named, never written: `{env: NAME}` or `{file: PATH, key: NAME}`. */
export const secretRef = v.union(
  [v.strictObject({ env: v.string() }), v.strictObject({ file: v.string(), key: v.exactOptional(v.string()) })],
  'expected {env: NAME} or {file: PATH, key: NAME}; secrets are never written into the file',
);

import { parseDuration } from '../checks/schema.ts';
import { type Build, below, complain, complainAtKey, defined, type Spot } from './build.ts';
import type { Input } from './playbook.ts';
import type { RawPlaybook } from './shape.ts';

export type RawInput = NonNullable<RawPlaybook['inputs']>[string];

/** One declared input, its bounds and default held against its type. */
export function buildInput(build: Build, spot: Spot, name: string, raw: RawInput): Input {
  const { type, required = false, pattern, min, max, enum: values, env } = raw;
  const textual = type === 'string' || type === 'host';
  if (!textual && pattern !== undefined)
    complainAtKey(build, below(spot, 'pattern'), { code: 'input', message: `${type} takes no pattern` });
  if (!textual && values !== undefined) complainAtKey(build, below(spot, 'enum'), { code: 'input', message: `${type} takes no enum` });
  if (type !== 'int' && type !== 'number' && (min ?? max) !== undefined)
    complainAtKey(build, below(spot, min === undefined ? 'max' : 'min'), { code: 'input', message: `${type} takes no min and max` });
  if (pattern !== undefined && !compiles(pattern))
    complain(build, below(spot, 'pattern'), { code: 'input', message: 'not a valid regular expression' });
  if (type === 'secret' && raw.default !== undefined)
    complainAtKey(build, below(spot, 'default'), {
      code: 'input',
      message: 'a secret has no default: secrets are never written into the file',
    });
  const fault = raw.default === undefined ? undefined : faultOf(raw.default, raw);
  if (fault !== undefined)
    complain(build, below(spot, 'default'), { code: 'input', message: `default: expected ${fault}, got ${JSON.stringify(raw.default)}` });
  return { name, type, required, ...defined({ default: raw.default as Input['default'], pattern, min, max, enum: values, env }) };
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** What was expected of a value of this input; undefined when it fits. */
function faultOf(value: unknown, { type, min, max, enum: values }: RawInput): string | undefined {
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'true or false';
  if (type === 'int' || type === 'number') {
    if (typeof value !== 'number' || (type === 'int' && !Number.isInteger(value))) return type === 'int' ? 'a whole number' : 'a number';
    if (min !== undefined && value < min) return `at least ${min}`;
    return max !== undefined && value > max ? `at most ${max}` : undefined;
  }
  if (typeof value !== 'string') return 'text';
  if (type === 'duration') return parseDuration(value) === undefined ? 'a duration such as 30m' : undefined;
  return values && !values.includes(value) ? `one of ${values.join(', ')}` : undefined;
}

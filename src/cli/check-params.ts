/** The parameters of a check in words, read off its schema. */
import { duration, port, secretRef } from '../checks/schema.ts';

export interface ParamDescription {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** As it is written in a playbook; absent where there is none. */
  readonly fallback?: string;
}

/** What a valibot schema looks like from outside. */
interface Shape {
  readonly type?: string;
  readonly kind?: string;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly wrapped?: unknown;
  readonly item?: unknown;
  readonly items?: readonly unknown[];
  readonly key?: unknown;
  readonly value?: unknown;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly default?: unknown;
  readonly pipe?: readonly Shape[];
  readonly requirement?: unknown;
}

export function describeParams(schema: unknown): readonly ParamDescription[] {
  const { entries = {} } = coreOf(schema as Shape);
  return Object.entries(entries).map(([name, raw]) => {
    const shape = raw as Shape;
    const fallback = defaultOf(shape);
    return { name, type: typeOf(shape), required: !isOptional(shape), ...(fallback !== undefined && { fallback }) };
  });
}

/** A pipe begins with the schema that its actions refine. */
function coreOf(shape: Shape): Shape {
  return shape.entries === undefined && shape.pipe?.[0] && shape.pipe[0] !== shape ? coreOf(shape.pipe[0]) : shape;
}

function isOptional({ type }: Shape): boolean {
  return type === 'optional' || type === 'nullish' || type === 'exact_optional' || type === 'undefinedable';
}

function defaultOf(shape: Shape): string | undefined {
  if (!isOptional(shape) || shape.default === undefined || shape.default === null) return undefined;
  return typeof shape.default === 'function' ? undefined : JSON.stringify(shape.default);
}

const NAMED: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [duration, 'duration'],
  [port, 'port'],
  [secretRef, 'secret ({env: NAME} or {file: PATH})'],
]);

function typeOf(raw: unknown): string {
  const named = NAMED.get(raw);
  if (named !== undefined) return named;
  const shape = raw as Shape;
  switch (shape.type) {
    case 'optional':
    case 'nullish':
    case 'nullable':
    case 'exact_optional':
    case 'undefinedable':
      return typeOf(shape.wrapped);
    case 'array':
      return `list of ${typeOf(shape.item)}`;
    case 'tuple':
      return `[${(shape.items ?? []).map(typeOf).join(', ')}]`;
    case 'union':
    case 'variant':
      return [...new Set((shape.options ?? []).map(typeOf))].join(' or ');
    case 'picklist':
      return (shape.options ?? []).map(String).join(' | ');
    case 'literal':
      return JSON.stringify(shape.literal);
    case 'record':
      return `map of ${typeOf(shape.value)}`;
    case 'object':
    case 'strict_object':
    case 'loose_object':
      return `{${Object.entries(shape.entries ?? {})
        .map(([name, entry]) => `${name}${isOptional(entry as Shape) ? '?' : ''}: ${typeOf(entry)}`)
        .join(', ')}}`;
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'number':
      return describeNumber(shape);
    default:
      return shape.type ?? 'any';
  }
}

function describeNumber({ pipe = [] }: Shape): string {
  const bound = (type: string): unknown => pipe.find((action) => action.type === type)?.requirement;
  const [min, max] = [bound('min_value'), bound('max_value')];
  const name = pipe.some(({ type }) => type === 'integer') ? 'whole number' : 'number';
  if (min === undefined && max === undefined) return name;
  return `${name} ${min === undefined ? `up to ${max}` : max === undefined ? `from ${min}` : `${min} to ${max}`}`;
}

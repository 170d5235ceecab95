/** The parameters of a check in words, read off its schema. */
import { duration, port, secretRef } from '../checks/schema.ts';
import type { Language } from '../ports.ts';

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

export function describeParams(schema: unknown, language: Language = 'en'): readonly ParamDescription[] {
  const { entries = {} } = coreOf(schema as Shape);
  return Object.entries(entries).map(([name, raw]) => {
    const shape = raw as Shape;
    const fallback = defaultOf(shape);
    return { name, type: typeOf(shape, WORDS[language]), required: !isOptional(shape), ...(fallback !== undefined && { fallback }) };
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

const ENGLISH = {
  duration: 'duration',
  port: 'port',
  secret: 'secret ({env: NAME} or {file: PATH})',
  list: 'list of ',
  map: 'map of ',
  or: ' or ',
  text: 'text',
  boolean: 'true or false',
  whole: 'whole number',
  number: 'number',
  upTo: (max: unknown) => ` up to ${max}`,
  from: (min: unknown) => ` from ${min}`,
  between: (min: unknown, max: unknown) => ` ${min} to ${max}`,
} as const;
type Words = { readonly [K in keyof typeof ENGLISH]: (typeof ENGLISH)[K] extends string ? string : (typeof ENGLISH)[K] };

const WORDS: Readonly<Record<Language, Words>> = {
  en: ENGLISH,
  'zh-CN': {
    duration: '时长',
    port: '端口',
    secret: '密钥引用（{env: NAME} 或 {file: PATH}）',
    list: '列表，每项为 ',
    map: '映射，值为 ',
    or: ' 或 ',
    text: '文本',
    boolean: 'true 或 false',
    whole: '整数',
    number: '数值',
    upTo: (max) => `，不大于 ${max}`,
    from: (min) => `，不小于 ${min}`,
    between: (min, max) => `，${min} 到 ${max}`,
  },
};

const NAMED: ReadonlyMap<unknown, 'duration' | 'port' | 'secret'> = new Map<unknown, 'duration' | 'port' | 'secret'>([
  [duration, 'duration'],
  [port, 'port'],
  [secretRef, 'secret'],
]);

function typeOf(raw: unknown, words: Words): string {
  const named = NAMED.get(raw);
  if (named !== undefined) return words[named];
  const shape = raw as Shape;
  switch (shape.type) {
    case 'optional':
    case 'nullish':
    case 'nullable':
    case 'exact_optional':
    case 'undefinedable':
      return typeOf(shape.wrapped, words);
    case 'array':
      return `${words.list}${typeOf(shape.item, words)}`;
    case 'tuple':
      return `[${(shape.items ?? []).map((item) => typeOf(item, words)).join(', ')}]`;
    case 'union':
    case 'variant':
      return [...new Set((shape.options ?? []).map((option) => typeOf(option, words)))].join(words.or);
    case 'picklist':
      return (shape.options ?? []).map(String).join(' | ');
    case 'literal':
      return JSON.stringify(shape.literal);
    case 'record':
      return `${words.map}${typeOf(shape.value, words)}`;
    case 'object':
    case 'strict_object':
    case 'loose_object':
      return `{${Object.entries(shape.entries ?? {})
        .map(([name, entry]) => `${name}${isOptional(entry as Shape) ? '?' : ''}: ${typeOf(entry, words)}`)
        .join(', ')}}`;
    case 'string':
      return words.text;
    case 'boolean':
      return words.boolean;
    case 'number':
      return describeNumber(shape, words);
    default:
      return shape.type ?? 'any';
  }
}

function describeNumber({ pipe = [] }: Shape, words: Words): string {
  const bound = (type: string): unknown => pipe.find((action) => action.type === type)?.requirement;
  const [min, max] = [bound('min_value'), bound('max_value')];
  const name = pipe.some(({ type }) => type === 'integer') ? words.whole : words.number;
  if (min === undefined && max === undefined) return name;
  return name + (min === undefined ? words.upTo(max) : max === undefined ? words.from(min) : words.between(min, max));
}

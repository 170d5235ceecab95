import type { Dialect, Encoding, FieldDefinition, LengthCoding } from './dialect.ts';
import { DIALECT_IDS, DIALECTS } from './dialects.ts';
import { parseFieldFormat } from './field-format.ts';

export interface DialectProblem {
  /** Keys from the top, joined by dots. */
  readonly path: string;
  readonly message: string;
}

export type ParsedDialect =
  | { readonly ok: true; readonly dialect: Dialect }
  | { readonly ok: false; readonly problems: readonly DialectProblem[] };

type Report = (path: string, message: string) => void;

/** What a field may change of its dialect. */
const ENCODINGS: Readonly<Record<string, readonly string[]>> = {
  digits: ['ascii', 'ebcdic', 'bcd'],
  pad: ['left', 'right'],
  padDigit: ['0', 'F'],
  text: ['ascii', 'ebcdic'],
  lengths: ['ascii', 'ebcdic', 'bcd', 'binary'],
  binary: ['raw', 'hex'],
};
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  ...ENCODINGS,
  mti: ['ascii', 'ebcdic', 'bcd'],
  bitmap: ['raw', 'hex', 'hex-ebcdic'],
};
const KEYS = ['id', 'extends', 'versions', ...Object.keys(CHOICES), 'fields', 'required', 'echoes'];
const MAX_FIELD = 192;

/** A dialect of the user's own: `{id, extends, ...what differs, fields: {48: 'ans...255', 62: null}}`. All problems at once. */
export function parseDialect(input: unknown): ParsedDialect {
  const problems: DialectProblem[] = [];
  const report: Report = (path, message) => void problems.push({ path, message });
  if (!isObject(input)) return { ok: false, problems: [{ path: '', message: 'a dialect is a map of keys' }] };
  for (const key of Object.keys(input)) if (!KEYS.includes(key)) report(key, `unknown key; known: ${KEYS.join(', ')}`);
  const id = input['id'];
  if (typeof id !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) report('id', 'an id is words of a-z and 0-9 joined by -');
  else if (DIALECT_IDS.includes(id)) report('id', `${id} is a dialect of oor; give yours another id`);
  const base = readBase(input, report);
  if (input['versions'] !== undefined && !/^[0-289]+$/.test(String(input['versions'])))
    report('versions', 'first digits of its message types, such as "0" or "01"');
  const choices = readChoices(input, '', CHOICES, report);
  const lengths = choices.lengths ?? base?.lengths;
  const fields = readFields(input['fields'], base, lengths, report);
  const required = readNumbers(input['required'], 'required', fields, report) ?? base?.required ?? [];
  const echoes = readNumbers(input['echoes'], 'echoes', undefined, report) ?? base?.echoes ?? [];
  if (problems.length > 0 || base === undefined) return { ok: false, problems };
  const versions = input['versions'] === undefined ? base.versions : String(input['versions']);
  return { ok: true, dialect: { ...base, ...choices, id: String(id), variant: '', versions, fields, required, echoes } };
}

function readBase(input: Readonly<Record<string, unknown>>, report: Report): Dialect | undefined {
  const base = DIALECTS.find(({ id }) => id === input['extends']);
  if (base === undefined) report('extends', `the dialect it starts from; one of ${DIALECT_IDS.join(', ')}`);
  return base;
}

function readChoices(
  input: Readonly<Record<string, unknown>>,
  path: string,
  choices: Readonly<Record<string, readonly string[]>>,
  report: Report,
): Partial<Encoding> {
  const chosen = Object.entries(choices).filter(([key]) => input[key] !== undefined);
  for (const [key, allowed] of chosen) if (!allowed.includes(String(input[key]))) report(`${path}${key}`, `one of ${allowed.join(', ')}`);
  return Object.fromEntries(chosen.map(([key]) => [key, String(input[key])]));
}

/** null takes a field of the base away. */
function readFields(input: unknown, base: Dialect | undefined, lengths: LengthCoding | undefined, report: Report): Dialect['fields'] {
  const fields: Record<string, string | FieldDefinition> = { ...base?.fields };
  if (input === undefined) return fields;
  if (!isObject(input)) {
    report('fields', 'a map of field number to format');
    return fields;
  }
  for (const [number, definition] of Object.entries(input)) {
    const path = `fields.${number}`;
    const isNumber = /^[1-9]\d{0,2}$/.test(number) && Number(number) >= 2 && Number(number) <= MAX_FIELD;
    if (!isNumber) report(path, `a field is a number from 2 to ${MAX_FIELD}`);
    else if (definition === null) delete fields[number];
    else fields[number] = readField(definition, path, lengths, report) ?? 'n1';
  }
  return fields;
}

function readField(input: unknown, path: string, lengths: LengthCoding | undefined, report: Report): string | FieldDefinition | undefined {
  const format = isObject(input) ? input['format'] : input;
  const changes = isObject(input) ? readChoices(input, `${path}.`, ENCODINGS, report) : {};
  const parsed =
    typeof format === 'string' ? parseFieldFormat(format, changes.lengths ?? lengths) : 'a format such as n6, n..19, ans...999 or b8';
  if (typeof parsed === 'string') {
    report(path, parsed);
    return undefined;
  }
  if (!isObject(input)) return format as string;
  for (const key of Object.keys(input))
    if (key !== 'format' && ENCODINGS[key] === undefined)
      report(`${path}.${key}`, `unknown key; known: format, ${Object.keys(ENCODINGS).join(', ')}`);
  return { format: format as string, ...changes };
}

function readNumbers(input: unknown, path: string, fields: Dialect['fields'] | undefined, report: Report): readonly number[] | undefined {
  if (input === undefined) return undefined;
  if (!Array.isArray(input) || !input.every((one) => Number.isInteger(one) && one >= 2 && one <= MAX_FIELD)) {
    report(path, 'a list of field numbers');
    return undefined;
  }
  const numbers = input as readonly number[];
  for (const number of numbers) if (fields !== undefined && fields[number] === undefined) report(path, `field ${number} is not defined`);
  return numbers;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { ExitCode, OorError } from '../errors.ts';
import type { Operator, Question, Reply } from '../ports.ts';

export interface ScriptedOperatorOptions {
  /** Answers of a file, already parsed: question id to value. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Name of that file, for messages. */
  readonly answersFile?: string;
  /** `--answer id=value`; wins over the file. */
  readonly flags: Readonly<Record<string, string>>;
  /** `--allow-fix`: `ID` for every target, or `ID@target`. The only way to a yes for a fix: there is no blanket one. */
  readonly allowFixes: readonly string[];
  /** A person, for what no file and no flag answers. */
  readonly fallback?: Operator;
  /** Does a text match a pattern of the playbook? Must be linear in time. */
  readonly matches: (pattern: string, text: string) => boolean;
}

export interface ScriptedOperator extends Operator {
  /** Ids that were given and never asked: usually a misspelt one. */
  unused(): readonly string[];
}

/** Answers from flags and a file and never invents one. A value that does not fit its question is an `OorError` (exit 2). */
export function createScriptedOperator(options: ScriptedOperatorOptions): ScriptedOperator {
  const { answers, flags, fallback } = options;
  const asked = new Set<string>();
  return {
    interactive: fallback?.interactive ?? false,
    async ask(question, signal) {
      signal.throwIfAborted();
      const again = asked.has(question.id);
      asked.add(question.id);
      if (allowsFix(question, options.allowFixes)) return { kind: 'answer', value: question.mustEqual ?? true, source: 'flag' };
      // A person who went back to a question wants to answer it; the script had its turn.
      if (again && fallback) return fallback.ask(question, signal);
      const given = findGiven(question.id, options);
      if (given) return answer(question, given, options.matches);
      return fallback ? fallback.ask(question, signal) : { kind: 'nobody' };
    },
    unused: () => [...new Set([...Object.keys(answers), ...Object.keys(flags)])].filter((id) => !asked.has(id)),
  };
}

interface Given {
  readonly value: unknown;
  readonly source: 'file' | 'flag';
  /** Where the person wrote it. */
  readonly place: string;
}

function findGiven(id: string, { answers, answersFile = 'answers file', flags }: ScriptedOperatorOptions): Given | undefined {
  if (Object.hasOwn(flags, id)) return { value: flags[id], source: 'flag', place: `--answer ${id}=${String(flags[id])}` };
  if (!Object.hasOwn(answers, id)) return undefined;
  return { value: answers[id], source: 'file', place: `${answersFile}: ${id}: ${JSON.stringify(answers[id]) ?? 'undefined'}` };
}

function answer(question: Question, given: Given, matches: ScriptedOperatorOptions['matches']): Reply {
  const value = isConsent(question) ? refuseOnly(question, given) : parseValue(question, given.value, matches);
  if (value === undefined) throw wrongValue(question, given);
  return { kind: 'answer', value, source: given.source };
}

function isConsent({ id }: Question): boolean {
  return id.startsWith('fix:');
}

/** `fix:ID` or `fix:ID@target`. */
function allowsFix(question: Question, allowFixes: readonly string[]): boolean {
  if (!isConsent(question)) return false;
  const fix = question.id.slice('fix:'.length);
  const [id = ''] = fix.split('@', 1);
  return allowFixes.includes(fix) || allowFixes.includes(id);
}

function refuseOnly(question: Question, given: Given): boolean | string {
  if (parseBoolean(given.value) === false) return question.mustEqual === undefined ? false : '';
  const fix = question.id.slice('fix:'.length);
  throw new OorError({
    code: 'consent-by-answer',
    message: `${given.place}: a fix is not allowed by an answer; an answer can only refuse it`,
    hint: `allow it by name: --allow-fix ${fix}`,
    exitCode: ExitCode.usage,
  });
}

/** `undefined`: the value does not fit the question. */
function parseValue(
  question: Question,
  value: unknown,
  matches: ScriptedOperatorOptions['matches'],
): string | number | boolean | undefined {
  if (question.type === 'confirm') return parseBoolean(value);
  if (question.type === 'number') return parseNumber(question, value);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value);
  if (question.type === 'select') return question.options?.some((option) => option.value === text) ? text : undefined;
  if (question.mustEqual !== undefined) return text === question.mustEqual ? text : undefined;
  const fits = text.trim() !== '' && (question.pattern === undefined || matches(question.pattern, text));
  return fits ? text : undefined;
}

function parseBoolean(value: unknown): boolean | undefined {
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === 'yes') return true;
  return text === 'false' || text === 'no' ? false : undefined;
}

function parseNumber({ min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Question, value: unknown): number | undefined {
  const text = typeof value === 'string' ? value.trim() : value;
  const number = typeof text === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text;
  return typeof number === 'number' && Number.isFinite(number) && number >= min && number <= max ? number : undefined;
}

function wrongValue(question: Question, given: Given): OorError {
  const [allowed, example] = describeAllowed(question);
  return new OorError({
    code: 'wrong-answer',
    message: `${given.place}: the question '${question.id}' takes ${allowed}`,
    hint: `for example: --answer ${question.id}=${example}`,
    exitCode: ExitCode.usage,
  });
}

/** What a question takes, and one value of it. */
function describeAllowed(question: Question): readonly [allowed: string, example: string] {
  const { type, options = [], min, max, pattern, mustEqual } = question;
  if (type === 'confirm') return ['yes or no (true, false)', 'yes'];
  if (type === 'select') return [`one of: ${options.map(({ value }) => value).join(', ')}`, options[0]?.value ?? 'VALUE'];
  if (mustEqual !== undefined) return [`exactly: ${mustEqual}`, JSON.stringify(mustEqual)];
  if (type === 'text') return [pattern === undefined ? 'a text that is not empty' : `a text that matches ${pattern}`, 'TEXT'];
  const bounds = [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])];
  return [['a number', ...bounds].join(', '), String(min ?? max ?? 1)];
}

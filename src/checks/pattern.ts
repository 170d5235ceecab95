/**
 * The one door through which re2js enters the core. Patterns that people write (log rules, process names, expected
 * bodies) run here in time linear in the text; what cannot be linear (look-around, back-references) is refused.
 */
import { RE2JS } from 're2js';
import { ExitCode, OorError } from '../errors.ts';
import { v } from './schema.ts';

/** i: ignore case, m: ^ and $ match at lines, s: dot matches newline. */
export type PatternFlags = '' | 'i' | 'm' | 's' | 'im' | 'is' | 'ms' | 'ims';

export interface PatternMatch {
  /** Offset of the match, in UTF-16 units. */
  readonly index: number;
  readonly text: string;
  /** Groups 1..n; null for a group that took no part. */
  readonly groups: readonly (string | null)[];
  readonly named: Readonly<Record<string, string | null>>;
}

export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
  exec(text: string): PatternMatch | null;
  /** The first group of the first match, or the whole match when there is no group; null when nothing matches. */
  find(text: string): string | null;
}

/** Words with nothing special in them, one of which has to occur: most patterns that people write. */
const WORDS = /^[\w ,:;=@#%&~<>"'!/-]+(?:\|[\w ,:;=@#%&~<>"'!/-]+)*$/;

/** Throws `OorError` bad-pattern (exit 65) with the reason and a way out. */
export function compilePattern(text: string, flags: PatternFlags = ''): Pattern {
  if (flags === '' && WORDS.test(text)) return findWords(text);
  const pattern = compile(text, flags);
  const exec = (input: string): PatternMatch | null => {
    const matcher = pattern.matcher(input);
    if (!matcher.find()) return null;
    const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1));
    return { index: matcher.start(), text: matcher.group(0) ?? '', groups, named: { ...matcher.getNamedGroups() } };
  };
  return {
    source: text,
    test: (input) => pattern.test(input),
    exec,
    find: (input) => {
      const match = exec(input);
      return match && (match.groups.length > 0 ? (match.groups[0] ?? null) : match.text);
    },
  };
}

/** The leftmost occurrence, at one place the word that is named first: as the alternatives of a pattern. */
function findWords(text: string): Pattern {
  const words = text.split('|');
  const exec = (input: string): PatternMatch | null => {
    const found = words.map((word) => ({ index: input.indexOf(word), text: word })).filter(({ index }) => index >= 0);
    const [first, ...others] = found;
    return first ? { ...others.reduce((best, one) => (one.index < best.index ? one : best), first), groups: [], named: {} } : null;
  };
  return {
    source: text,
    test: (input) => words.some((word) => input.includes(word)),
    exec,
    find: (input) => exec(input)?.text ?? null,
  };
}

/** Does the pattern occur anywhere in the text? Anchor it to ask for the whole. */
export function matchesPattern(pattern: string, text: string): boolean {
  return compilePattern(pattern).test(text);
}

/** Why the text is no pattern, or undefined when it is one. */
export function explainPattern(text: string): string | undefined {
  if (WORDS.test(text)) return undefined;
  try {
    compile(text, '');
    return undefined;
  } catch (error) {
    if (error instanceof OorError) return `${error.message}; ${error.hint ?? ''}`;
    throw error;
  }
}

/** A pattern as a parameter of a check: refused while the playbook is linted, not at 3 a.m. */
export const patternText = v.pipe(
  v.string(),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? explainPattern(dataset.value) : undefined;
    if (problem) addIssue({ message: problem });
  }),
);

const FLAG_BITS: Readonly<Record<string, number>> = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL };
const NOT_LINEAR: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'look-around'],
  [/\\[1-9]|\\k</, 'a back-reference'],
  [/\(\?>|[*+?}]\+/, 'an atomic group or possessive repeat'],
];

/** One pattern is proved as a parameter, and again before it is used, and compiling costs a millisecond. */
const compiled = new Map<string, RE2JS>();
const MAX_COMPILED = 200;

function compile(text: string, flags: PatternFlags): RE2JS {
  const key = `${flags}/${text}`;
  const known = compiled.get(key);
  if (known) return known;
  try {
    const made = RE2JS.compile(
      text,
      [...flags].reduce((bits, flag) => bits | (FLAG_BITS[flag] ?? 0), 0),
    );
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(key, made);
    return made;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, '') : String(cause);
    const refused = NOT_LINEAR.find(([sign]) => sign.test(text))?.[1];
    throw new OorError({
      code: 'bad-pattern',
      message: refused ? `pattern ${text}: ${refused} is not supported (${reason})` : `pattern ${text}: ${reason}`,
      hint: refused
        ? 'patterns run in linear time (RE2 syntax): capture the wanted part in a group instead'
        : 'see the RE2 syntax; escape literal brackets and dots with a backslash',
      exitCode: ExitCode.invalidInput,
      cause,
    });
  }
}

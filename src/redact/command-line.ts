import { COMMAND_PLACES } from './command-places.ts';
import { type Span, secretSpan } from './span.ts';
import { MASKED } from './stand-in.ts';

/** The words of the places, for whoever looks for where they begin. */
export const COMMAND_WORDS: readonly string[] = COMMAND_PLACES.flatMap(([words]) => wordsOf(words));

/** A variable, a file's name, a hole of a template or one of our marks is no password. */
const STAND_IN = /^(?:[$%<`]|\[[^\]]*(?:\]|$)|\{\{|\{[A-Za-z_ .-]*\}?$|x{3,}|\*+|-)/i;

const PATTERNS = indexPatterns();

/** Credentials that only the place gives away, in a command or in a line of a configuration file. */
export function findInCommands(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  let hasLoginModule = false;
  for (const place of places) {
    hasLoginModule ||= text.startsWith('LoginModule', place);
    for (const pattern of PATTERNS.get(beginningAt(text, place)) ?? []) {
      pattern.lastIndex = place;
      const match = pattern.exec(text);
      const value = match?.slice(1).findLast((group) => group !== undefined && group.length > 1) ?? '';
      if (match === null || value === '' || STAND_IN.test(value) || MASKED.test(value)) continue;
      const start = place + match[0].lastIndexOf(value);
      spans.push(secretSpan('password', start, start + value.length));
    }
  }
  return hasLoginModule ? [...spans, ...usersOfModules(text)] : spans;
}

/** `user_producer="x"` of Kafka's login module: the names of users, with their passwords, up to a semicolon. */
const IN_LOGIN_MODULE = /(LoginModule)\b|;|\buser_[\w.-]{1,64}=\\{0,3}"([^"\\\n]{1,256})/g;

function usersOfModules(text: string): Span[] {
  const spans: Span[] = [];
  let isOpen = false;
  for (const { 0: whole, 1: module, 2: password, index } of text.matchAll(IN_LOGIN_MODULE)) {
    const end = index + whole.length;
    if (password === undefined) isOpen = module !== undefined;
    else if (isOpen && !STAND_IN.test(password)) spans.push(secretSpan('password', end - password.length, end));
  }
  return spans;
}

/** `␣` stands for a blank in one. */
function wordsOf(words: string): readonly string[] {
  return words.split(' ').map((word) => word.replaceAll('␣', ' '));
}

/** Of four letters in either case, or of three. */
function beginningAt(text: string, place: number): number {
  let key = 0;
  for (let index = place; index < place + 4; index++) key = (key << 5) | (text.charCodeAt(index) & 31);
  return key;
}

function indexPatterns(): ReadonlyMap<number, readonly RegExp[]> {
  const index = new Map<number, RegExp[]>();
  for (const [words, pattern] of COMMAND_PLACES) {
    for (const word of wordsOf(words)) {
      const fourth = word.length < 4 ? Array.from({ length: 32 }, (_, code) => code) : [word.charCodeAt(3) & 31];
      for (const last of fourth) {
        const key = (beginningAt(word.slice(0, 3), 0) & ~31) | last;
        index.set(key, [...(index.get(key) ?? []), pattern]);
      }
    }
  }
  return index;
}

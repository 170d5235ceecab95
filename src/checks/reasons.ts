/** What a host, a probe or a rule says in English is recorded so; whoever reads Chinese is told in Chinese. */
import type { Language } from '../ports.ts';
import { createTranslator } from './pattern-words.ts';
import { REASON_WORDS_ZH } from './reason-words-zh.ts';

type Tell = (text: string) => string;

let tellReason: Tell | undefined;

/** What was named, printed or said by somebody else stays as it is. */
export function describeReason(text: string, language: Language): string {
  if (language === 'en') return text;
  tellReason ??= createTeller({});
  return tellReason(text);
}

/** `file: why`, and reasons that quote another one. */
const MAX_DEPTH = 4;

const SEPARATORS = [
  ['; ', '；'],
  [' - ', ' - '],
] as const;

/** In Chinese by these words and those of every reason; each part of a text for itself. */
export function createTeller(words: Readonly<Record<string, string>>): Tell {
  const all = { ...REASON_WORDS_ZH, ...words };
  const translate = createTranslator(all);
  // What stands for anything in a clause ends with the clause.
  const translateClauses = createTranslator(Object.fromEntries(Object.entries(all).filter(([text]) => text.includes('; '))));
  const tell = (text: string, depth: number): string => {
    if (depth > MAX_DEPTH || !/[a-z]/.test(text)) return text;
    const deeper = (part: string): string => tell(part, depth + 1);
    const whole = (text.includes('; ') ? translateClauses : translate)(text, deeper);
    if (whole !== text) return whole;
    for (const [between, told] of SEPARATORS) {
      const clauses = text.split(between);
      if (clauses.length === 1) continue;
      const each = clauses.map(deeper);
      return each.some((clause, at) => clause !== clauses[at]) ? each.join(told) : text;
    }
    const at = text.indexOf(': ');
    return at < 0 ? text : `${text.slice(0, at)}: ${deeper(text.slice(at + 2))}`;
  };
  return (text) => tell(text, 0);
}

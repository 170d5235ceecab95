/** What is wrong with a playbook or a profile, told without the card data and secrets that somebody wrote into it. */
import type { Problem } from '../playbook/playbook.ts';
import { formatProblem } from '../playbook/problem.ts';

export interface ProblemTeller {
  /** For pipelines. */
  problem(problem: Problem, text: string): Problem;
  /** For a person, with the line at fault. */
  format(problem: Problem, text: string): string;
}

interface Masked {
  readonly text: string;
  /** What stood in the file and no longer does: a message may quote it without the key that gave it away. */
  readonly gone: ReadonlySet<string>;
}

/** Loaded when there is a problem. */
export async function createProblemTeller(): Promise<ProblemTeller> {
  const { createRedactor } = await import('../redact/index.ts');
  const redactor = createRedactor();
  const known = new Map<string, Masked>();
  const maskedOf = (text: string): Masked => {
    const before = known.get(text);
    if (before) return before;
    const masked = mask(text, redactor.text(text).text);
    known.set(text, masked);
    return masked;
  };
  const clean = (text: string, { gone }: Masked): string =>
    redactor.text(text.replace(WORD, (word) => (gone.has(word) ? MARK : word))).text;
  const cleaned = (problem: Problem, masked: Masked): Problem => ({
    ...problem,
    message: clean(problem.message, masked),
    ...(problem.hint !== undefined && { hint: clean(problem.hint, masked) }),
  });
  return {
    problem: (problem, text) => cleaned(problem, maskedOf(text)),
    format(problem, text) {
      const masked = maskedOf(text);
      return formatProblem(moveCaret(cleaned(problem, masked), text, masked.text), masked.text);
    },
  };
}

const MARK = '[removed]';
const WORD = /[^\s"'`,;:=(){}[\]<>]{3,}/g;

/** A private key goes with its lines: then no line stands where it stood, and none is shown. */
function mask(text: string, cleaned: string): Masked {
  if (cleaned === text) return { text, gone: new Set() };
  const left = new Set(cleaned.match(WORD));
  const gone = new Set((text.match(WORD) ?? []).filter((word) => !left.has(word)));
  return { text: cleaned.split('\n').length === text.split('\n').length ? cleaned : '', gone };
}

/** To where the line first differs, if that is before. */
function moveCaret(problem: Problem, text: string, shown: string): Problem {
  const [was = '', is = ''] = [text, shown].map((each) => each.split('\n')[problem.line - 1]);
  if (shown === '' || was === is) return problem;
  let same = 0;
  while (same < is.length && was[same] === is[same]) same++;
  return problem.col <= same ? problem : { ...problem, col: Math.max(1, same), length: 1 };
}

/** A person at the questions: the screen is theirs while one stands, and what goes on behind it can be read. */
import type { Background, Json, Operator, Question, Text } from '../ports.ts';
import type { Moment } from '../report/at-prompt.ts';
import type { Progress } from './services.ts';

export interface Attendance {
  readonly progress: Progress | undefined;
  /** A command that is shown may hold what nobody else should see. */
  readonly redact: (value: Json) => { readonly value: Json };
  /** How things stand, whenever it is asked. */
  moment(): Moment;
}

export function attend(operator: Operator, { progress, redact, moment }: Attendance): Operator {
  if (!operator.interactive) return operator;
  return {
    interactive: true,
    async ask(question, signal) {
      progress?.pause();
      try {
        const background = await openBackground(question, progress, moment);
        return await operator.ask({ ...question, text: redact({ ...question.text }).value as unknown as Text, background }, signal);
      } finally {
        progress?.resume();
      }
    },
  };
}

async function openBackground({ id }: Question, progress: Progress | undefined, moment: () => Moment): Promise<Background> {
  const { reasonLine, statusLines, whyLines } = await import('../report/at-prompt.ts');
  // While a question stands it is asked for the reason that it was put.
  const reason = reasonLine(moment(), id);
  return {
    progress: (columns) => progress?.line(columns) ?? '',
    table: (columns, rows) => progress?.table(columns, rows) ?? [],
    reason: () => reason,
    status: () => statusLines(moment()),
    why: () => whyLines(moment()),
  };
}

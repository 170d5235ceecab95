/** A journal is clean when it is written; whoever changes one by hand makes no command print a card number. */
import { findMessages } from '../payments/iso8583/find-messages.ts';
import type { JournalEntry } from '../ports.ts';
import { createRedactor } from '../redact/index.ts';

/** What was clean stays as it is, to the letter. */
export function cleanEntries(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const redactor = createRedactor({ messages: findMessages });
  return entries.map((entry) => {
    const { actor, type, data } = entry;
    return { ...entry, ...redactor.json({ actor, type, data }).value };
  });
}

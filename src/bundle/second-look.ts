/**
 * What the export gate would refuse is left out where it is captured, line by line: one counter that looks like a card must not cost the
 * bundle hours later. The gate itself lets nothing pass. Pure.
 */
import { findSensitiveInTurns, type ScanOptions } from '../scan/index.ts';

/** What was left out may have hidden something else. */
const MAX_PASSES = 4;
/** Of more places the whole is withheld. */
const MAX_LINES = 200;

export interface Looked {
  readonly text: string;
  /** Lines that were left out. */
  readonly withheld: number;
}

/** undefined: it cannot be vouched for in parts. */
export async function withholdLines(text: string, options: ScanOptions, turn: () => Promise<void>): Promise<Looked | undefined> {
  const lines = text.split('\n');
  const withheld = new Map<number, string>();
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const shown = lines.map((line, index) => (withheld.has(index) ? `[left out: it may hold ${withheld.get(index)}]` : line)).join('\n');
    const found = await findSensitiveInTurns('text', new TextEncoder().encode(shown), options, turn);
    if (found.length === 0) return { text: shown, withheld: withheld.size };
    for (const { place, kind } of found) {
      const line = /:(\d+)(?: |$)/.exec(place)?.[1];
      if (line === undefined) return undefined;
      // A number may go on in the line after, and a finding is where it begins.
      for (const index of [Number(line) - 1, Number(line)]) if (index < lines.length && lines[index] !== '') withheld.set(index, kind);
    }
    if (withheld.size > MAX_LINES) return undefined;
  }
  return undefined;
}

/** One result in half a line: its value, the bound it is held against, and a small picture where there is something to draw. */

import { type Judgement, withUnit } from '../checks/check.ts';
import type { Json, JsonObject, Language } from '../ports.ts';
import { listAt, numberAt, numbersAt, objectAt, textAt } from './facts-reader.ts';

export interface Glance {
  readonly value?: string;
  readonly limit?: string;
  readonly picture?: Picture;
}

/** course: how long each try took, null for one that was lost. share: of 1. */
export type Picture =
  | { readonly kind: 'course'; readonly values: readonly (number | null)[] }
  | { readonly kind: 'share'; readonly share: number };

/** More would be no glance. */
const MOST_TRIES = 12;
const MOST_CHARACTERS = 20;

export function glanceOf({ value, unit, threshold }: Partial<Judgement>, facts: Json, language: Language): Glance {
  const picture = pictureOf(value, unit, facts);
  return {
    ...(value !== undefined && { value: shorten(value, unit, language) }),
    ...(threshold !== undefined && { limit: shorten(threshold, unit, language) }),
    ...(picture && { picture }),
  };
}

function shorten(value: string | number | boolean, unit: string | undefined, language: Language): string {
  const rounded = typeof value === 'number' ? Math.round(value * 100) / 100 : value;
  const text = withUnit(rounded, unit ?? null, language);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 3)}...`;
}

function pictureOf(value: Judgement['value'], unit: string | undefined, facts: Json): Picture | undefined {
  const tries = triesIn(facts).slice(-MOST_TRIES);
  if (tries.length > 1) return { kind: 'course', values: tries };
  const isShare = unit === '%' && typeof value === 'number' && value >= 0 && value <= 100;
  return isShare ? { kind: 'share', share: value / 100 } : undefined;
}

/** Connections, requests or packets, in the words that the checks have for them. */
function triesIn(facts: Json): readonly (number | null)[] {
  const attempts = listAt(facts, 'attempts');
  if (attempts.length > 0)
    return attempts.map((each) => (textAt(each, 'outcome') === 'connected' ? (numberAt(each, 'durationMs') ?? null) : null));
  const samples = listAt(facts, 'samples');
  if (samples.length > 0)
    return samples.map((each) => numberAt(objectAt(each, 'timing'), 'totalMs') ?? numberAt(each, 'durationMs') ?? null);
  const packets = packetsIn(objectAt(facts, 'icmp'), 'received', 'averageMs') ?? packetsIn(objectAt(facts, 'tcp'), 'answered', 'medianMs');
  return packets ?? numbersAt(facts, 'batchMs');
}

/** Only counted, so that those which were lost come last. */
function packetsIn(counts: JsonObject | undefined, answered: string, typical: string): readonly (number | null)[] | undefined {
  const sent = numberAt(counts, 'sent') ?? 0;
  if (sent < 1 || sent > 1_000) return undefined;
  const lost = Math.min(sent, Math.max(0, sent - (numberAt(counts, answered) ?? 0)));
  // Of many, as many as there is room for, in the same proportion; one that was lost is never rounded away.
  const shown = Math.min(sent, MOST_TRIES);
  const shownLost = Math.min(shown, Math.ceil((lost * shown) / sent));
  return [...Array<number>(shown - shownLost).fill(numberAt(counts, typical) ?? 0), ...Array<null>(shownLost).fill(null)];
}

import { type Detector, mergeSpans, replaceSpans, type Span } from './span.ts';

/** What is removed may lay bare what it touched. Marks are never matched, so a second pass nearly always finds nothing. */
const MAX_PASSES = 8;
/** As far as a replacement can change what is found beside it. */
const REACH = 1024;

/** Replaces what `find` reports, again and again until it reports nothing; each span that went is told to `onRemoved`. */
export function cleanText(text: string, first: readonly Span[], find: Detector, onRemoved: (span: Span) => void): string {
  let spans = mergeSpans(first);
  let cleaned = text;
  for (let pass = 1; spans.length > 0; pass++) {
    for (const span of spans) onRemoved(span);
    const { text: next, places } = replaceSpans(cleaned, spans);
    cleaned = next;
    if (pass === MAX_PASSES) break;
    const again = cleaned;
    spans = mergeSpans(
      windowsAround(cleaned, places).flatMap(([from, to]) => find(again.slice(from, to)).map((span) => moved(span, from))),
    );
  }
  return cleaned;
}

function moved(span: Span, by: number): Span {
  return { ...span, start: span.start + by, end: span.end + by };
}

/** What stands around each place, from the end of a word to the end of a word, merged. */
function windowsAround(text: string, places: readonly number[]): readonly (readonly [number, number])[] {
  const windows: [number, number][] = [];
  for (const place of places) {
    const last = windows.at(-1);
    if (last !== undefined && place + REACH <= last[1]) continue;
    const to = borderFrom(text, place + REACH, 1);
    if (last !== undefined && place - REACH <= last[1]) last[1] = to;
    else windows.push([borderFrom(text, place - REACH, -1), to]);
  }
  return windows;
}

/** The next place that is inside of no word, if there is one near. */
function borderFrom(text: string, start: number, step: number): number {
  const from = Math.max(0, Math.min(text.length, start));
  for (let index = from; index > 0 && index < text.length && Math.abs(index - from) < REACH; index += step)
    if (' \n\t"\'<>'.includes(text[index - 1] ?? '')) return index;
  return Math.max(0, Math.min(text.length, from + step * REACH));
}

/** Bounds a text by leaving out lines of its middle. Pure. */

interface Cleaned {
  readonly text: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Of what is left out, so much is cleaned with what is kept: a private key that the cut goes through is still known for one. */
const MARGIN = 16 * 1024;

/**
 * Cleans it, then keeps head and tail, cut between lines: nothing that was to be removed can straddle a cut. Of a line that is
 * longer than a half nothing is kept.
 */
export function cutText(text: string, maxBytes: number, clean: (text: string) => Cleaned): Cleaned & { readonly truncated: boolean } {
  // A character is at most three bytes here (UTF-16 units), so a short text needs no counting.
  if (text.length * 3 <= maxBytes || bytesOf(text) <= maxBytes) return { ...clean(text), truncated: false };
  const half = Math.floor(maxBytes / 2);
  const reach = half + MARGIN;
  // Where the margins meet the whole is cleaned at once.
  const meets = text.length <= 2 * reach;
  const first = clean(meets ? text : wholeLines(text.slice(0, reach)));
  const last = meets ? { text: first.text, counts: {} } : clean(withoutFirst(text.slice(-reach)));
  const kept = `${headLines(first.text, half)}[... left out here ...]\n${tailLines(last.text, half)}`;
  return { text: kept, counts: add(first.counts, last.counts), truncated: true };
}

function withoutFirst(text: string): string {
  return text.slice(text.indexOf('\n') + 1);
}

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

function headLines(text: string, maxBytes: number): string {
  if (bytesOf(text) <= maxBytes) return text;
  let cut = text.slice(0, maxBytes);
  while (bytesOf(cut) > maxBytes) cut = cut.slice(0, cut.length - Math.ceil((bytesOf(cut) - maxBytes) / 3));
  return wholeLines(cut);
}

function tailLines(text: string, maxBytes: number): string {
  if (bytesOf(text) <= maxBytes) return text;
  let cut = text.slice(-maxBytes);
  while (bytesOf(cut) > maxBytes) cut = cut.slice(Math.ceil((bytesOf(cut) - maxBytes) / 3));
  const newline = cut.indexOf('\n');
  return newline === -1 ? '' : cut.slice(newline + 1);
}

function add(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...one };
  for (const [kind, count] of Object.entries(other)) sum[kind] = (sum[kind] ?? 0) + count;
  return sum;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

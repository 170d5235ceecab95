/** The known word nearest to a mistyped one, when it is near enough to be meant. */
function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance < Math.max(word.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? [...known].find((candidate) => word.length > 2 && candidate.startsWith(word));
}

/** A hostile file can hold thousands of names and as many mistakes. */
const MAX_WORDS = 500;

/** `did you mean X?`, or the list when it is short, or nothing. */
export function suggestion(word: string, known: Iterable<string>): string | undefined {
  const words = [...known].slice(0, MAX_WORDS);
  const match = nearest(word, words);
  if (match !== undefined) return `did you mean ${match}?`;
  if (words.length === 0 || words.length > 12) return undefined;
  return `known: ${words.join(', ')}`;
}

/** Optimal string alignment: a swap of two neighbours counts as one edit. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(at(rows, i - 1, j) + 1, (row[j - 1] as number) + 1, at(rows, i - 1, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) value = Math.min(value, at(rows, i - 2, j - 2) + 1);
      row.push(value);
    }
    rows.push(row);
  }
  return at(rows, a.length, b.length);
}

function at(rows: readonly number[][], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}

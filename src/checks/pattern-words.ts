/** Nothing that is said here is longer; what is longer is somebody else's, and patterns of several holes take the square of it. */
const MOST_CHARACTERS = 2_000;
const HOLE = /\{w?\}/;

/**
 * Texts in another language by their pattern: `{}` stands for anything and `{w}` for one word; `{0}` for the first of these in the
 * words of `tellHole`, `{0=}` for it as it is.
 */
export function createTranslator(words: Readonly<Record<string, string>>): (line: string, tellHole?: (hole: string) => string) => string {
  const patterns = Object.entries(words)
    .filter(([text]) => HOLE.test(text))
    // The longest first: what is more exact wins.
    .toSorted(([one], [other]) => other.length - one.length)
    .map(([text, other]) => ({ sign: longestPart(text), pattern: toPattern(text), other }));
  return (line, tellHole = (hole) => hole) => {
    const whole = Object.hasOwn(words, line) ? words[line] : undefined;
    if (whole !== undefined) return whole;
    if (line.length > MOST_CHARACTERS) return line;
    for (const { sign, pattern, other } of patterns) {
      const found = line.includes(sign) ? pattern.exec(line) : null;
      if (!found) continue;
      return other.replace(/\{(\d)(=?)\}/g, (_whole, at: string, asItIs: string) => {
        const hole = found[Number(at) + 1] ?? '';
        return asItIs ? hole : tellHole(hole);
      });
    }
    return line;
  };
}

/** Each line for itself; one of somebody's file, into which carets point from below, stays as it is. */
export function translateLines(text: string, translate: (line: string) => string): string {
  const lines = text.split('\n');
  return lines.map((line, at) => (/^ *\^+$/.test(lines[at + 1] ?? '') ? line : translate(line))).join('\n');
}

/** Most lines lack it, which is seen sooner than that they do not fit. */
function longestPart(text: string): string {
  return text.split(HOLE).reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

function toPattern(text: string): RegExp {
  const pattern = text.replace(/\{w?\}|[.*+?^${}()|[\]\\]/g, (found) =>
    found === '{}' ? '(.*?)' : found === '{w}' ? '(\\S+)' : `\\${found}`,
  );
  return new RegExp(`^${pattern}$`, 'su');
}

/** Texts in another language by their pattern: `{}` stands for anything, and `{0}` for the first of these, in the words of `tellHole`. */
export function createTranslator(words: Readonly<Record<string, string>>): (line: string, tellHole?: (hole: string) => string) => string {
  const patterns = Object.entries(words)
    .filter(([text]) => text.includes('{}'))
    // The longest first: what is more exact wins.
    .toSorted(([one], [other]) => other.length - one.length)
    .map(([text, other]) => ({ sign: longestPart(text), pattern: toPattern(text), other }));
  return (line, tellHole = (hole) => hole) => {
    const whole = Object.hasOwn(words, line) ? words[line] : undefined;
    if (whole !== undefined) return whole;
    for (const { sign, pattern, other } of patterns) {
      const found = line.includes(sign) ? pattern.exec(line) : null;
      if (found) return other.replace(/\{(\d)\}/g, (_whole, at: string) => tellHole(found[Number(at) + 1] ?? ''));
    }
    return line;
  };
}

/** Most lines lack it, which is seen sooner than that they do not fit. */
function longestPart(text: string): string {
  return text.split('{}').reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

function toPattern(text: string): RegExp {
  const parts = text.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.*?)')}$`, 'su');
}

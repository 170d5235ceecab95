/** Texts in another language by their pattern: `{}` stands for anything, and `{0}` for the first of these. */
export function createTranslator(words: Readonly<Record<string, string>>): (line: string) => string {
  const patterns = Object.entries(words)
    // The longest first: what is more exact wins.
    .toSorted(([one], [other]) => other.length - one.length)
    .map(([text, other]) => ({ pattern: toPattern(text), other }));
  return (line) => {
    for (const { pattern, other } of patterns) {
      const found = pattern.exec(line);
      if (found) return other.replace(/\{(\d)\}/g, (_whole, at: string) => found[Number(at) + 1] ?? '');
    }
    return line;
  };
}

function toPattern(text: string): RegExp {
  const parts = text.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.*?)')}$`, 'su');
}

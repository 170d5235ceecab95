/** Thrown where a pattern is left to the pattern engine. */
export class NotTold extends Error {}

/** Takes a pattern from left to right. */
export type Reader = ReturnType<typeof createReader>;

export function createReader(source: string) {
  const names = new Set<string>();
  let at = 0;
  return {
    isAtEnd: () => at >= source.length,
    peek: (ahead = 0): string => source[at + ahead] ?? '',
    next(): string {
      const character = String.fromCodePoint(source.codePointAt(at) ?? 0xd800);
      if (/^[\ud800-\udfff]$/.test(character)) throw new NotTold();
      at += character.length;
      return character;
    },
    take(text: string): boolean {
      const found = source.startsWith(text, at);
      if (found) at += text.length;
      return found;
    },
    /** What the sticky expression matches here, taken. */
    match(expression: RegExp): RegExpExecArray | null {
      expression.lastIndex = at;
      const found = expression.exec(source);
      at += found?.[0].length ?? 0;
      return found;
    },
    claim(name: string): void {
      if (names.has(name)) throw new NotTold();
      names.add(name);
    },
  };
}

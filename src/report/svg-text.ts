/** SVG does not wrap or measure: text is cut by its columns, of which a Chinese character takes two. */
export function cutTo(text: string, columns: number): string {
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += WIDE.test(character) ? 2 : 1;
    if (used > columns) return `${kept.trimEnd()}…`;
    kept += character;
  }
  return kept;
}

/** Broken between words, or anywhere within Chinese; the last line is cut. */
export function wrapTo(text: string, columns: number, lines: number): readonly string[] {
  if (lines <= 1) return [cutTo(text, columns)];
  const head = cutTo(text, columns);
  if (head === text) return [text];
  const fitting = head.slice(0, -1);
  const whole = WIDE.test(fitting.at(-1) ?? '') || text[fitting.length] === ' ';
  const space = whole ? -1 : fitting.lastIndexOf(' ');
  const first = space > columns / 2 ? fitting.slice(0, space) : fitting;
  return [first, ...wrapTo(text.slice(first.length).trimStart(), columns, lines - 1)];
}

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;

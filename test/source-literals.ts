/** The texts that stand in an expression of the sources, `{}` for what they fill in. */
/** Texts of an expression up to its comma, or of all arguments up to the bracket that closes them; short words in it are conditions. */
export function literalsFrom(source: string, start: number, all = false): readonly string[] {
  const texts: string[] = [];
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const character = source[at] ?? '';
    if (character === "'" || character === '"' || character === '`') {
      const [text, end] = character === '`' ? readTemplate(source, at + 1) : readQuoted(source, at + 1, character);
      if (depth === 0) texts.push(text);
      at = end;
    } else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) {
      if (depth === 0) break;
      depth -= 1;
    } else if (depth === 0 && ((character === ',' && !all) || character === ';')) break;
  }
  return texts.filter((text) => text.includes(' ') && /[a-z]{2}/.test(text));
}

function readQuoted(source: string, start: number, quote: string): readonly [string, number] {
  let end = start;
  while (end < source.length && source[end] !== quote) end += source[end] === '\\' ? 2 : 1;
  return [source.slice(start, end).replace(/\\(.)/g, '$1'), end];
}

function readTemplate(source: string, start: number): readonly [string, number] {
  let text = '';
  let at = start;
  for (; at < source.length && source[at] !== '`'; at++) {
    if (source[at] === '$' && source[at + 1] === '{') {
      at = endOfHole(source, at + 2);
      text += '{}';
    } else if (source[at] === '\\') text += source[++at];
    else text += source[at];
  }
  return [text, at];
}

function endOfHole(source: string, start: number): number {
  let depth = 1;
  for (let at = start; at < source.length; at++) {
    const character = source[at];
    if (character === '`') at = readTemplate(source, at + 1)[1];
    else if (character === "'" || character === '"') at = readQuoted(source, at + 1, character)[1];
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return at;
  }
  return source.length;
}

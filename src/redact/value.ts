/** Where a value stands in a text, without its quotes. */
export interface Value {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  /** The rest of the line was taken. */
  readonly line: boolean;
}

export interface ValueOptions {
  /** Unquoted values reach to the end of the line (or of the string around them). */
  readonly wholeLine: boolean;
  /** The content of an XML element. */
  readonly element: boolean;
}

const MAX_VALUE = 8192;
const MAX_BACKSLASHES = 64;
const CDATA = '<![CDATA[';
const OPENING_QUOTE = /\\{0,7}["'`]/y;
/** After one of `,;&|)]}>` the value ends here; elsewhere the sign belongs to it. */
const AFTER_TERMINATOR = /$|[\s"'`\\,;&|)\]}>]|[\w.-]{1,40}["']?[=:]/y;

/** The value that begins at `start`; undefined when there is none, or it is an object, a list, a variable or one of our marks. */
export function readValue(text: string, start: number, { wholeLine, element }: ValueOptions): Value | undefined {
  if (element) return elementContent(text, start);
  OPENING_QUOTE.lastIndex = start;
  const quote = OPENING_QUOTE.exec(text)?.[0];
  if (quote !== undefined) {
    const from = start + quote.length;
    const end = closingQuote(text, from, quote);
    if (end !== undefined) return nonEmpty({ start: from, end, quoted: true, line: false });
    // A line that was cut off, with the quote that closes it.
    if (text[from] !== '[' && text.length - from < MAX_VALUE && text.indexOf('\n', from) === -1)
      return nonEmpty({ start: from, end: endOfWord(text, from), quoted: false, line: false });
  }
  if ('{[<'.includes(text[start] ?? '{') || text.startsWith('${', start) || text.startsWith('$(', start)) return undefined;
  const end = wholeLine ? endOfLine(text, start) : endOfWord(text, start);
  return nonEmpty({ start, end, quoted: false, line: wholeLine });
}

/** No closing tag, no element: `usage: <user> <password> <size>`. One that is cut off reaches to the end of the line. */
function elementContent(text: string, start: number): Value | undefined {
  const verbatim = text.startsWith(CDATA, start);
  const from = verbatim ? start + CDATA.length : start;
  const within = text.slice(from, from + MAX_VALUE);
  const next = within.indexOf(verbatim ? ']]>' : '<');
  if (!verbatim && (next === -1 ? /^[ \t]/.test(within) : within[next + 1] !== '/')) return undefined;
  return nonEmpty({ start: from, end: next === -1 ? endOfLine(text, from) : from + next, quoted: true, line: false });
}

/**
 * Each level of "JSON in a string" doubles backslashes: with an opening quote of L backslashes (0, 1, 3, 7), one of n
 * is an escaped quote of the value itself when n / (L + 1) is odd. With fewer than L the string around it ends.
 */
function closingQuote(text: string, from: number, opening: string): number | undefined {
  const within = text.slice(from, from + MAX_VALUE);
  const quote = opening.at(-1) ?? '"';
  const level = opening.length - 1;
  for (let end = within.indexOf(quote); end !== -1; end = within.indexOf(quote, end + 1)) {
    const backslashes = backslashesBefore(within, end);
    if (Math.floor(backslashes / (level + 1)) % 2 === 1) continue;
    // A doubled quote is SQL's and YAML's way to write one.
    if (level === 0 && within[end + 1] === quote && end > 0) {
      end++;
      continue;
    }
    return from + end - Math.min(backslashes, level);
  }
  return undefined;
}

function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (count < MAX_BACKSLASHES && text[at - 1 - count] === '\\') count++;
  return count;
}

/** A quote or an escaped line end also ends it: the line may be part of a string. */
function endOfLine(text: string, start: number): number {
  let end = start;
  const limit = Math.min(text.length, start + MAX_VALUE);
  while (end < limit && !'\r\n"\''.includes(text[end] ?? '') && !isEscapedLineEnd(text, end)) end++;
  const comment = text.slice(start, end).search(/[ \t]#/);
  if (comment > 0) end = start + comment;
  while (end > start && ' \t'.includes(text[end - 1] ?? '')) end--;
  return end;
}

function endOfWord(text: string, start: number): number {
  const within = text.slice(start, start + MAX_VALUE);
  for (const { 0: sign, index } of within.matchAll(MAY_END_WORD)) {
    const end = start + index;
    const isEscape = sign === '\\';
    if (isEscape ? /["'\\nr]/.test(text[end + 1] ?? '') : !',;&|)]}>'.includes(sign)) return end;
    if (isEscape) continue;
    AFTER_TERMINATOR.lastIndex = end + 1;
    if (AFTER_TERMINATOR.test(text)) return end;
  }
  return start + within.length;
}

const MAY_END_WORD = /[ \t\r\n\f\v"'`<\u00a0\u3000\\,;&|)\]}>]/g;

function isEscapedLineEnd(text: string, at: number): boolean {
  return text[at] === '\\' && (text[at + 1] === 'n' || text[at + 1] === 'r');
}

function nonEmpty(value: Value): Value | undefined {
  return value.end > value.start ? value : undefined;
}

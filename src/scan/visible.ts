const ESCAPED = /%[0-9A-Fa-f]{2}|&#?\w{2,8};|\\[ux0-7e]|[^\x00-\x7e]|\x1b|\x00/;
const COLOUR = /(?:\x1b|\\{1,16}(?:u001[bB]|x1[bB]|033|e))(?:\[[0-9;?]{0,24}[A-Za-z]|\][^\x07\x1b\r\n]{0,200}(?:\x07|\x1b\\))/g;
/** No character begins with `%B5`: `%B5105...` is the format of a track and its card number. */
const BYTES = /(?:%[0-7C-Fc-f][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f])*|%[Aa][0Dd])+/g;
const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([a-zA-Z]{2,8}));/g;
/** `\u0034`, `\x34`, `\064`, `\u{34}`, behind as many backslashes as strings in strings need; without a bound a row of them takes its square in time. */
const CHARACTER = /\\{1,16}(?:u(?:([0-9A-Fa-f]{4})|\{([0-9A-Fa-f]{1,6})\})|x([0-9A-Fa-f]{2})|([0-7]{3}))/g;
const UNSEEN = /[\x00\p{Me}\p{Default_Ignorable_Code_Point}]/gu;
const OUTSIDE_ASCII = /[^\x00-\x7f]/gu;
const NAMED: Readonly<Record<string, string>> = {
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  Tab: ' ',
  ndash: '-',
  mdash: '-',
  hyphen: '-',
  period: '.',
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  equals: '=',
  shy: '',
  zwj: '',
  zwnj: '',
};
/** An escape may itself be escaped: `%2520`, `&amp;#52;`. */
const ROUNDS = 3;

/**
 * What a reader sees of a text: escapes resolved, colours and invisible characters gone, every script's digits as ASCII.
 * No line ends are added or removed. undefined: it is the text itself.
 */
export function visibleForm(text: string): string | undefined {
  if (!ESCAPED.test(text)) return undefined;
  let form = text;
  for (let round = 0; round < ROUNDS; round++) {
    const before = form;
    form = form
      .replace(COLOUR, '')
      .replace(BYTES, decodeBytes)
      .replace(ENTITY, (entity, decimal?: string, hex?: string, name?: string) =>
        name === undefined
          ? characterOf(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal))
          : (NAMED[name] ?? entity),
      )
      .replace(CHARACTER, (_, unicode?: string, braced?: string, hex?: string, octal?: string) =>
        characterOf(octal === undefined ? Number.parseInt(unicode ?? braced ?? hex ?? '', 16) : Number.parseInt(octal, 8)),
      );
    if (form === before) break;
  }
  const seen = form.replace(UNSEEN, '').replace(OUTSIDE_ASCII, plainCharacter);
  return seen === text ? undefined : seen;
}

function decodeBytes(run: string): string {
  const bytes = Uint8Array.from(run.slice(1).split('%'), (pair) => Number.parseInt(pair, 16));
  return new TextDecoder().decode(bytes).replace(/[\r\n]/g, ' ');
}

function characterOf(code: number): string {
  if (code === 10 || code === 13 || code > 0x10ffff) return ' ';
  return String.fromCodePoint(code);
}

/** Of the characters beyond ASCII a text repeats some. */
const plainCharacters = new Map<string, string>();
const MOST_CHARACTERS = 4_096;

function plainCharacter(character: string): string {
  const known = plainCharacters.get(character);
  if (known !== undefined) return known;
  const plain = findPlain(character);
  if (plainCharacters.size < MOST_CHARACTERS) plainCharacters.set(character, plain);
  return plain;
}

/** Digits of all scripts are ten in a row, the zero first; so zero is where a run of digits begins. */
function findPlain(character: string): string {
  if (/\p{Nd}/u.test(character)) return String(digitValue(character.codePointAt(0) ?? 0));
  if (/\p{Zs}/u.test(character)) return ' ';
  if (/\p{Pd}|\u2212/u.test(character)) return '-';
  const folded = character.normalize('NFKC');
  return /^[\x20-\x7e]$/.test(folded) ? folded : character;
}

function digitValue(code: number): number {
  // Five sets of mathematical digits stand side by side.
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}

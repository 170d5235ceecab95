import { isCard, isLayout, LONGEST_CARD, SHORTEST_CARD } from './card.ts';

export interface Hit {
  readonly kind: string;
  readonly at: number;
}

/** Digits with at most three signs or one line end between them. */
const RUN = /\d(?:[ \t.,_/+:'~-]{0,3}\d|[ \t]?[=\\]?\r?\n[ \t]{0,24}(?:[>|#*] ?)?\d){12,}/g;
const PIECE = /(\D*)(\d+)/gy;
/** Halves, and groups of one to three digits throughout. */
const OTHER_LAYOUT = /^(?:8,(?:5|8|11)|6,(?:9|10|12|13)|4,(?:9|1[0125])|(?:1,)+1|(?:2,)+[12]|(?:3,){4,5}[1-4])$/;
/** Numbers of other things: blocks, sizes, instants; and what is counted or drawn, of which one in forty with sixteen digits looks like a card's. */
const OTHER_BEFORE =
  /(?:blk_-?|0x|(?:bytes|octets|size|len(?:gth)?|total|used|free|avail|capacity|offset|lsn|time(?:stamp)?|[_-][num]s|ts|epoch)["'\])]{0,3}\s?[:=]?\s?["']?|(?:(?<![a-z])(?:(?:order|trade|trace|span|parent|request|correlation|invoice|tracking|session|event|job|batch|snowflake|idempotency)(?:[_. -]?(?:id|no|num(?:ber)?|nr|ref(?:erence)?|sn|key))?|rrn|stan|seq(?:uence)?(?:[_. -]?(?:id|no|num(?:ber)?))?|[ug]uid|inode|zxid|cursor)|nonce|(?:trace|span|query|member|cluster|node|peer|leader|lease|replica|shard)[_ -]?id|(?:hash|control)[_ -]?total|checksum)["'\\\])]{0,4}[ \t]{0,2}[=:：][ \t]{0,2}["'\\[(]{0,4})$/i;
const OTHER_AFTER = /^\s?(?:[kKMGT]i?B\b|bytes\b|B\b|[nuµm]s\b)/;
const MASK_BEFORE = /\d{2,6}[*xX•#.]{2,}$/;

interface Piece {
  readonly gap: string;
  readonly digits: string;
  readonly at: number;
}

/** Card numbers in plain digits, whole or in groups or over a line end. */
export function* cardNumbers(text: string): Generator<Hit> {
  for (const run of text.matchAll(RUN)) {
    const pieces = [...run[0].matchAll(PIECE)].map(
      ({ 1: gap = '', 2: digits = '', index }): Piece => ({ gap, digits, at: run.index + index + gap.length }),
    );
    for (let index = 0; index < pieces.length; index++) {
      const count = piecesOfCard(text, pieces, index);
      if (count === 0) continue;
      yield { kind: 'pan', at: pieces[index]?.at ?? run.index };
      index += count - 1;
    }
  }
}

function piecesOfCard(text: string, pieces: readonly Piece[], index: number): number {
  let digits = '';
  const sizes: number[] = [];
  for (let count = 1; index + count <= pieces.length; count++) {
    const piece = pieces[index + count - 1] as Piece;
    digits += piece.digits;
    sizes.push(piece.digits.length);
    if (digits.length > LONGEST_CARD) break;
    if (digits.length < SHORTEST_CARD || !isCard(digits)) continue;
    if (count === 1 ? standsAlone(text, pieces, index) : belongTogether(text, pieces, { index, count, sizes })) return count;
  }
  return 0;
}

function standsAlone(text: string, pieces: readonly Piece[], index: number): boolean {
  const { gap, digits, at } = pieces[index] as Piece;
  if (index > 0 && gap === '.') return false;
  return edgesAreClean(text, at, at + digits.length);
}

interface Window {
  readonly index: number;
  readonly count: number;
  readonly sizes: readonly number[];
}

function belongTogether(text: string, pieces: readonly Piece[], { index, count, sizes }: Window): boolean {
  const first = pieces[index] as Piece;
  const last = pieces[index + count - 1] as Piece;
  const gaps = pieces.slice(index + 1, index + count).map(({ gap }) => gap);
  if (!edgesAreClean(text, first.at, last.at + last.digits.length)) return false;
  const breaks = gaps.filter((gap) => gap.includes('\n'));
  if (breaks.length === 1)
    return (count === 2 || isNumber(sizes)) && !startsRecord(text, pieces, index + gaps.indexOf(breaks[0] ?? '') + 1);
  if (breaks.length > 1 || !isNumber(sizes)) return false;
  const [gap = ''] = gaps;
  // A number and its fraction: halves of a card's have another sign between them.
  if (count === 2 && gap === '.') return false;
  if (OTHER_LAYOUT.test(sizes.join()) && sizes[0] === 2 && (!isWholeRow(pieces, index, count) || isTextInDump(text, first, last)))
    return false;
  const isList = /[.,/:'+\t~]|\s\s/.test(gap) || new Set(gaps).size > 1;
  return !isList || ((index === 0 || pieces[index]?.gap !== gap) && pieces[index + count]?.gap !== gap);
}

/** Pairs of digits are bytes of a dump as often: a few of a longer row of them are no number. */
function isWholeRow(pieces: readonly Piece[], index: number, count: number): boolean {
  const isBeside = (piece: Piece | undefined, gap = '') => piece?.digits.length === 2 && /^\s+$/.test(gap);
  const behind = pieces[index + count];
  return !isBeside(pieces[index - 1], pieces[index]?.gap) && !isBeside(behind, behind?.gap);
}

/** Characters, and so are three bytes or more beside them: what they say is read where dumps are. */
function isTextInDump(text: string, first: Piece, last: Piece): boolean {
  const end = last.at + last.digits.length;
  const before = /(?:(?<![0-9A-Za-z])[0-9A-Fa-f]{2}\s{1,3})+$/.exec(text.slice(Math.max(0, first.at - 26), first.at))?.[0] ?? '';
  const after = /^(?:\s{1,3}[0-9A-Fa-f]{2}(?![0-9A-Za-z]))+/.exec(text.slice(end, end + 26))?.[0] ?? '';
  const bytes = (before + text.slice(first.at, end) + after).trim().split(/\s+/);
  return before.length + after.length >= 9 && bytes.every((byte) => /^(?:[2-6].|7[^Ff]|0[9ADad])$/.test(byte));
}

function isNumber(sizes: readonly number[]): boolean {
  return isLayout(sizes) || OTHER_LAYOUT.test(sizes.join());
}

/** Is the line that begins with this piece a record of its own? Then lines around it begin alike. */
function startsRecord(text: string, pieces: readonly Piece[], index: number): boolean {
  const { at } = pieces[index] as Piece;
  const own = text.lastIndexOf('\n', at) + 1;
  const before = text.lastIndexOf('\n', own - 2) + 1;
  const beforeThat = text.lastIndexOf('\n', before - 2) + 1;
  const next = text.indexOf('\n', at) + 1;
  const isLike = (from: number) => from !== own && shapeAt(text, from) === shapeAt(text, own);
  if (/^\d\d(?:\d\d)?[-/.]\d\d[-/.]\d\d/.test(text.slice(own, own + 12))) return true;
  const isBareHalf = text.slice(before, own - 1).trim() === pieces[index - 1]?.digits;
  return isBareHalf
    ? (before > 0 && isLike(beforeThat)) || (next > 0 && isLike(next))
    : isLike(before) || (before > 0 && isLike(beforeThat)) || (next > 0 && isLike(next));
}

function shapeAt(text: string, from: number): string {
  return text
    .slice(from, from + 8)
    .replace(/\d/g, '0')
    .replace(/[A-Za-z]+/g, 'a');
}

/** Letters that make hex or a token of it, a mask, another kind of number. */
function edgesAreClean(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - 48), start);
  const after = text.slice(end, end + 32);
  if (OTHER_BEFORE.test(before) || (end - start < 15 && OTHER_AFTER.test(after)) || MASK_BEFORE.test(before) || /^[*•]/.test(after))
    return false;
  const left = /(?:\\[nrtbf]|%[0-9A-Fa-f]{2})$/.test(before) ? '' : (/[A-Za-z0-9]*$/.exec(before)?.[0] ?? '');
  const right = /^[A-Za-z0-9]*/.exec(after)?.[0] ?? '';
  return [left, right].every((word) => word === '' || (/^[A-Za-z]+$/.test(word) && !/^[A-Fa-f]+$/.test(word)));
}

/** Message type, and the bitmap that announces field 2 and perhaps a second bitmap. */
const MESSAGE = /(?=[0-2][1-8][0-9][0-5]([4-7C-Fc-f])[0-9A-Fa-f]{15})/g;
const AFTER_BITMAP = 20;
/** A tag that holds a number or a track in packed digits, with its length in bytes. */
const TAGGED = /(?:5[Aa]|57)(0[7-9A-Da-d]|1[0-3])(\d{13,19})/g;
/** Packed track 2: number, `D`, expiry (not of 2000: a TLS hello has such bytes), service code. */
const PACKED_TRACK = /(\d{13,19})[Dd](?!00)\d\d(?:0[1-9]|1[0-2])\d{3,}/g;
/** A whole string of packed digits that is filled up, at its end or, half a byte on, at its beginning; nineteen places for any number. */
const PACKED =
  /(?<![0-9A-Za-z])(?:[0Ff]?(\d{13,19})[Ff]|F(\d{13,19})|0(\d{13}|\d{15}|\d{17}|\d{19})|000(?=\d{16}(?!\d))0?([1-9]\d{14,15}))(?![0-9A-Za-z])/g;

/** Card numbers in packed digits, in a string of hexadecimal digits: bit fields, chip data, a fill of F. */
export function* packedNumbers(hex: string): Generator<Hit> {
  for (const { 1: first = '', index } of hex.matchAll(MESSAGE)) {
    const at = index + AFTER_BITMAP + (/[C-F]/i.test(first) ? 16 : 0);
    const length = Number(hex.slice(at, at + 2));
    if (length < SHORTEST_CARD || length > LONGEST_CARD) continue;
    // Packed, an odd number begins with half a byte of nothing.
    const field = hex.slice(at + 2, at + 3 + length);
    if (!/^\d{13}/.test(field) || /\D/.test(field.slice(0, length))) continue;
    if (isCard(field.slice(0, length)) || (field[0] === '0' && isCard(field.slice(1)))) yield { kind: 'pan', at: index };
  }
  for (const { 0: whole, 2: digits = '', index } of hex.matchAll(TAGGED)) {
    const bytes = Number.parseInt(whole.slice(2, 4), 16);
    for (let size = Math.min(bytes * 2, digits.length); size >= SHORTEST_CARD; size--)
      if (isCard(digits.slice(0, size)) && (size >= bytes * 2 - 1 || /[Ff]/.test(hex[index + 4 + size] ?? '')))
        yield { kind: 'pan', at: index };
  }
  for (const { 1: digits = '', index } of hex.matchAll(PACKED_TRACK)) if (endsInCard(digits)) yield { kind: 'track', at: index };
  for (const { 1: filled, 2: shifted, 3: odd, 4: whole = '', index } of hex.matchAll(PACKED))
    if (isCard(filled ?? shifted ?? odd ?? whole)) yield { kind: 'pan', at: index };
}

/** A length or a tag may stand before the number without a gap. */
export function endsInCard(digits: string): boolean {
  for (let size = Math.min(LONGEST_CARD, digits.length); size >= SHORTEST_CARD; size--) if (isCard(digits.slice(-size))) return true;
  return false;
}

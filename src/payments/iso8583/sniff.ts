import { doubtBitmap, type Place } from './bitmap-doubt.ts';
import { nibble } from './characters.ts';
import type { Codec } from './codec.ts';
import { decodeMessage, inFrame } from './decode.ts';
import { codecsOf, DIALECT_IDS } from './dialects.ts';
import { ETX, FRAMINGS, type Framing, mayFit, openFrame } from './framing.ts';
import type { Decoded, FieldValue, Message, ProblemCode } from './message.ts';

export interface Explanation {
  readonly codec: Codec;
  readonly framing: Framing;
  readonly decoded: Decoded;
}

export interface Sniffed {
  /** undefined: not even a message type was found. */
  readonly best: Explanation | undefined;
  /** 0 to 1; below 1 always, at most 0.7 when another explanation holds too. */
  readonly confidence: number;
  /** The other explanation, or where there is none the next best attempt. */
  readonly runnerUp: Explanation | undefined;
}

export interface SniffOptions {
  /** Only these; default all dialects. */
  readonly codecs?: readonly Codec[];
  /** Only these; default all framings but those whose length counts itself. */
  readonly framings?: readonly Framing[];
}

const SURE = 0.99;
const BARE = 0.8;
const SAME_VALUES = 0.7;
const OTHER_VALUES = 0.5;
const IMPOSSIBLE_VALUE = 0.8;

/** Which dialect in which framing explains these bytes, and how sure that is. */
export function sniff(bytes: Uint8Array, { codecs, framings = FRAMINGS }: SniffOptions = {}): Sniffed {
  const candidates = codecs ?? DIALECT_IDS.flatMap(codecsOf);
  const reader = readOnce(bytes, candidates);
  const asked = framings.length < FRAMINGS.length;
  const whole = explain(bytes, asked ? framings : EXCLUSIVE, reader);
  if (whole.length > 0) return withDoubt(bytes, chooseWhole(whole), candidates);
  // A wrong length is looked past only in the plain framings: any bytes are some wrong frame.
  const plain =
    framings.length === 1 ? framings : framings.filter((framing) => mayFit(bytes, framing) || !(framing.inclusive || framing.etx));
  const partial = plain.filter(({ inclusive }) => asked || !inclusive).flatMap(reader);
  const result = choosePartial(partial, bytes, candidates, framings);
  const [inclusive] = asked ? [] : explain(bytes, INCLUSIVE, reader);
  return inclusive === undefined ? result : { ...result, confidence: OTHER_VALUES, runnerUp: inclusive };
}

/** A length that counts itself looks like one that is wrong by its own bytes: nobody can tell, so only who asks for it gets it. */
const EXCLUSIVE = FRAMINGS.filter(({ inclusive }) => !inclusive);
const INCLUSIVE = FRAMINGS.filter(({ inclusive }) => inclusive);

type Reader = (framing: Framing) => readonly Explanation[];

/** What leaves no byte over. */
function explain(bytes: Uint8Array, framings: readonly Framing[], reader: Reader): readonly Explanation[] {
  return framings
    .filter((framing) => mayFit(bytes, framing))
    .flatMap(reader)
    .filter(({ decoded }) => decoded.problems.length === 0);
}

/** Many framings put the message in the same place: it is taken apart there once. */
function readOnce(bytes: Uint8Array, codecs: readonly Codec[]): Reader {
  const known = new Map<number, readonly (readonly [Codec, Decoded])[]>();
  return (framing) => {
    const frame = openFrame(bytes, framing);
    const place = frame.from * (bytes.length + 1) + frame.to;
    const bodies =
      known.get(place) ??
      codecs
        .filter((codec) => startsMessage(bytes, frame.from, codec))
        .map((codec) => [codec, codec.decode(bytes, frame.from, frame.to)] as const);
    known.set(place, bodies);
    return bodies.map(([codec, body]) => ({ codec, framing, decoded: inFrame(frame, body) }));
  };
}

/** A cheap look at the first bytes, so that few of the combinations are read. */
function startsMessage(bytes: Uint8Array, at: number, { dialect }: Codec): boolean {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  const version = dialect.mti === 'bcd' ? first >> 4 : dialect.mti === 'ascii' ? first - 0x30 : first - 0xf0;
  const kind = dialect.mti === 'bcd' ? first & 15 : dialect.mti === 'ascii' ? second - 0x30 : second - 0xf0;
  return version >= 0 && version <= 9 && kind >= 1 && kind <= 9;
}

function chooseWhole(whole: readonly Explanation[]): Sniffed {
  const ranked = rank(whole, preference);
  const best = ranked[0] as Explanation;
  const rivals = ranked.slice(1).filter((other) => isRival(best, other));
  const different = rivals.find((other) => !sameMessage(best, other));
  const runnerUp = different ?? rivals[0];
  const { decoded } = best;
  const alone = decoded.message?.fields.size === 0 ? BARE : SURE;
  const confidence = different !== undefined ? OTHER_VALUES : rivals.length > 0 ? SAME_VALUES : alone;
  return { best, confidence: Math.min(confidence, alone), runnerUp };
}

function withDoubt(bytes: Uint8Array, sniffed: Sniffed, candidates: readonly Codec[]): Sniffed {
  const { best } = sniffed;
  const message = best?.decoded.message;
  if (best === undefined || message === undefined) return sniffed;
  for (const place of placesOf(bytes, best, candidates)) {
    const doubt = doubtBitmap(bytes, place, message);
    if (doubt === undefined) continue;
    const doubted = { ...best, decoded: { ...best.decoded, problems: [doubt] } };
    return { ...sniffed, best: doubted, confidence: Math.min(sniffed.confidence, OTHER_VALUES) };
  }
  return sniffed;
}

/** A last byte 03 may be the end of the frame, and no part of the last field. */
function placesOf(bytes: Uint8Array, { codec, framing }: Explanation, candidates: readonly Codec[]): readonly Place[] {
  const { from, to } = openFrame(bytes, framing);
  const trailer = !framing.etx && framing.length !== 'none' && bytes[bytes.length - 1] === ETX;
  return [{ codec, from, to }, ...(trailer ? candidates : []).map((other) => ({ codec: other, from, to: to - 1 }))];
}

/** Variants of one dialect that read the same values are one explanation. */
function isRival(best: Explanation, other: Explanation): boolean {
  const sameWords = best.codec.dialect.id === other.codec.dialect.id && best.framing.id === other.framing.id;
  return !(sameWords && sameMessage(best, other));
}

function sameMessage(one: Explanation, other: Explanation): boolean {
  const [left, right] = [one.decoded.message, other.decoded.message];
  if (left === undefined || right === undefined || left.mti !== right.mti || left.fields.size !== right.fields.size) return false;
  for (const [number, value] of left.fields) if (!sameValue(value, right.fields.get(number))) return false;
  return true;
}

function sameValue(one: FieldValue, other: FieldValue | undefined): boolean {
  if (typeof one === 'string' || typeof other === 'string' || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** A frame that fits says more than none; terminals of UnionPay have a header of their own. */
function preference({ codec, framing, decoded }: Explanation): number {
  const frame = (framing.length === 'none' ? 0 : 2) + (framing.tpdu ? 1 : 0) + (framing.header === undefined ? 0 : 1);
  const terminal = framing.header === 'header6' && codec.dialect.id === 'unionpay-pos' ? 2 : 0;
  return frame + terminal + (decoded.message === undefined ? 0 : entryModeScore(decoded.message));
}

/** How the card was read, by the first two digits of field 22 (1987): of two ways to unpack it, the one that exists. */
const ENTRY_MODES = new Set([
  '00',
  '01',
  '02',
  '03',
  '04',
  '05',
  '06',
  '07',
  '09',
  '10',
  '79',
  '80',
  '81',
  '82',
  '90',
  '91',
  '95',
  '97',
  '98',
]);

function entryModeScore({ fields }: Message): number {
  const value = fields.get(22);
  return typeof value === 'string' && value.length === 3 && ENTRY_MODES.has(value.slice(0, 2)) ? 0.5 : 0;
}

/** The attempt that came farthest says best what is wrong. */
function choosePartial(
  partial: readonly Explanation[],
  bytes: Uint8Array,
  codecs: readonly Codec[],
  framings: readonly Framing[],
): Sniffed {
  const ranked = rank(partial, (one) => progress(one, bytes)).filter(foundType);
  const [best, runnerUp] = ranked;
  if (best !== undefined) {
    const reached = progress(best, bytes);
    const impossible = best.decoded.message !== undefined && openFrame(bytes, best.framing).problems.length === 0;
    return { best, confidence: impossible ? IMPOSSIBLE_VALUE : Math.max(0, Math.min(0.5, reached / 2)), runnerUp };
  }
  const [codec, framing] = [codecs[0], framings[0]];
  // With one of each to choose from, the answer is what it has to say.
  if (codecs.length > 0 && framings.length === 1 && codec !== undefined && framing !== undefined)
    return { best: { codec, framing, decoded: decodeMessage(bytes, codec, framing) }, confidence: 0, runnerUp: undefined };
  return { best: undefined, confidence: 0, runnerUp: undefined };
}

/** Without a message type there is no attempt to speak of; one of another version is worth saying. */
function foundType({ decoded }: Explanation): boolean {
  return decoded.mti !== undefined || (decoded.problems.length === 1 && decoded.problems[0]?.code === 'wrong-version');
}

/** A length that is another number may be the fault that is looked for; one that is no number belongs to another framing. */
const BLAME: Readonly<Partial<Record<ProblemCode, number>>> = {
  'bad-length': 1,
  'bad-header': 1,
  'bad-tpdu': 1,
  'bad-date': 0.05,
  'bad-track': 0.05,
  'bad-tlv': 0.05,
  'bad-character': 0.05,
  'missing-field': 0.05,
};

function progress({ codec, framing, decoded }: Explanation, bytes: Uint8Array): number {
  const whole = decoded.message === undefined ? 0 : 1;
  const terminal = framing.header === 'header6' && codec.dialect.id === 'unionpay-pos' ? 1 : 0;
  const parts = (framing.tpdu ? 1 : 0) + (framing.header === undefined ? 0 : 1) + terminal;
  const blame = decoded.problems.reduce(
    (sum, { code, offset }) => sum + (code === 'bad-length' && offset > 0 ? 0.3 : (BLAME[code] ?? 0.3)),
    0,
  );
  const unlikely =
    codec.dialect.bitmap === 'raw' && isWritten(bytes, openFrame(bytes, framing).from + (codec.dialect.mti === 'bcd' ? 2 : 4));
  return whole + decoded.explained / Math.max(bytes.length, 1) - blame + 0.001 * parts - (unlikely ? 1 : 0);
}

/** Eight bytes that are all letters and digits are half a bitmap in hexadecimal, however damaged. */
function isWritten(bytes: Uint8Array, from: number): boolean {
  return from + 8 <= bytes.length && bytes.subarray(from, from + 8).every((byte) => nibble(byte) >= 0 || (byte >= 0x47 && byte <= 0x5a));
}

/** Stable: of equals the first. */
function rank(explanations: readonly Explanation[], score: (one: Explanation) => number): readonly Explanation[] {
  return explanations
    .map((one) => ({ one, points: score(one) }))
    .sort((left, right) => right.points - left.points)
    .map(({ one }) => one);
}

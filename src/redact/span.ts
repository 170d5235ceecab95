/** A stretch of the input that must not survive, and what stands in its place. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** What it is counted as. */
  readonly kind: string;
  readonly replacement: string;
  /** Of a card number: the digits, for whoever makes the replacement. */
  readonly digits?: string;
  /** Of what holds a card number without being one: its issuer's group. */
  readonly issuer?: string;
  /** Where the head of the table stands whose column gave it away. */
  readonly head?: { readonly start: number; readonly end: number };
}

/** Of a card number: the most that may be told of it beside its last four. */
const ISSUER_DIGITS = 6;

/** The group of the issuer that a card number belongs to, told before the number goes. */
export function issuerOf({ digits, issuer }: Span): string | undefined {
  return issuer ?? digits?.slice(0, ISSUER_DIGITS);
}

/** Looks at the whole input and reports. Detectors never see each other's replacements, so nothing is redacted twice. */
export type Detector = (text: string) => readonly Span[];

/** Sensitive authentication data: PCI DSS 3.3.1 forbids even a masked copy. */
export type SadKind = 'track1' | 'track2' | 'track3' | 'cvv' | 'pin' | 'pin-block';

const SAD_KINDS: readonly string[] = ['track1', 'track2', 'track3', 'cvv', 'pin', 'pin-block'] satisfies readonly SadKind[];

export function isSadKind(kind: string): kind is SadKind {
  return SAD_KINDS.includes(kind);
}

export function sadSpan(kind: SadKind, start: number, end: number, pan?: string): Span {
  const span = { start, end, kind, replacement: `[${kind.toUpperCase()}]` };
  return pan === undefined ? span : { ...span, issuer: pan.slice(0, ISSUER_DIGITS) };
}

export function secretSpan(kind: string, start: number, end: number): Span {
  return { start, end, kind, replacement: `[SECRET:${kind}]` };
}

/**
 * Where spans overlap all of their union goes, under the name of the one that starts first (of two, the longer).
 * A masked card number still shows ten digits: it gives way to anything else.
 */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else merged[merged.length - 1] = { ...(last.kind === 'pan' ? span : last), start: last.start, end: Math.max(last.end, span.end) };
  }
  return merged;
}

/** `places`: where each replacement begins in the new text. */
export function replaceSpans(text: string, spans: readonly Span[]): { readonly text: string; readonly places: readonly number[] } {
  let output = '';
  let from = 0;
  const places: number[] = [];
  for (const { start, end, replacement } of spans) {
    const quote = quoteOfJsonNumber(text, start, end);
    output += text.slice(from, start);
    places.push(output.length);
    output += quote + replacement + quote;
    from = end;
  }
  return { text: output + text.slice(from), places };
}

/** What replaces a number in JSON must become a string, in JSON inside of a string too. */
function quoteOfJsonNumber(text: string, start: number, end: number): string {
  const before = /(\\{0,6}")[ \t]{0,8}:[ \t]{0,8}$/.exec(text.slice(Math.max(0, start - 24), start));
  return before !== null && /^(?:\s|\\{1,7}[nrt]){0,16}[,}\]]/.test(text.slice(end, end + 64)) ? (before[1] ?? '') : '';
}

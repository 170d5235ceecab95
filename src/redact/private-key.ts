import { type Span, secretSpan } from './span.ts';

const BOUNDARY = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** An RSA key of 16 384 bits takes 13 KiB. */
const MAX_KEY = 32_768;
/** The body of a key whose end was cut off: lines of base64, newlines written out or not. */
const BODY = /(?:(?:\s|\\[nr]){0,8}[A-Za-z0-9+/=]{16,}){0,600}/y;
const BODY_CHARACTER = /[A-Za-z0-9+/=\s\\]/;
/** PKCS#8 and PKCS#1 in base64 without their PEM lines, as payment providers hand them out. */
const BARE_KEY = /MII[A-Za-z0-9+/]{1,4}IBA(?:DANBgkqhkiG9w0BAQEFAASC|AKC|AKB)[A-Za-z0-9+/=]{64,16384}/g;

/** PuTTY's own form: so many lines of base64. */
const PUTTY_KEY = /Private-Lines: \d{1,4}(?:\r?\n|\\r?\\?n)((?:[A-Za-z0-9+/=]{4,128}(?:\r?\n|\\n|$)){1,600})/g;

/** Private keys in PEM, whole or cut at either end, and bare. */
export function findPrivateKeys(text: string): readonly Span[] {
  const spans = text.includes('PRIVATE KEY') ? findPem(text) : [];
  if (text.includes('MII')) {
    for (const { 0: key, index } of text.matchAll(BARE_KEY)) spans.push(secretSpan('private-key', index, index + key.length));
  }
  if (text.includes('Private-Lines')) {
    for (const { 0: whole, 1: lines = '', index } of text.matchAll(PUTTY_KEY))
      spans.push(
        secretSpan('private-key', index + whole.length - lines.length, index + lines.trimEnd().length + whole.length - lines.length),
      );
  }
  return spans;
}

function findPem(text: string): Span[] {
  const spans: Span[] = [];
  const boundaries = [...text.matchAll(BOUNDARY)];
  let done = 0;
  for (const [place, { 0: line, 1: side, index }] of boundaries.entries()) {
    if (index < done) continue;
    const next = boundaries[place + 1];
    const afterLine = index + line.length;
    const isWhole = side === 'BEGIN' && next?.[1] === 'END' && next.index - index <= MAX_KEY;
    const end = isWhole ? next.index + next[0].length : side === 'BEGIN' ? endOfBody(text, afterLine) : afterLine;
    spans.push(secretSpan('private-key', side === 'END' ? startOfBody(text, Math.max(done, index - MAX_KEY), index) : index, end));
    done = end;
  }
  return spans;
}

function endOfBody(text: string, from: number): number {
  BODY.lastIndex = from;
  return BODY.test(text) ? BODY.lastIndex : from;
}

function startOfBody(text: string, limit: number, end: number): number {
  let start = end;
  while (start > limit && BODY_CHARACTER.test(text[start - 1] ?? '')) start--;
  return start;
}

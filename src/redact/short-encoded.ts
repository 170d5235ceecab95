import { fromEbcdic } from './ebcdic.ts';
import type { Detector, Span } from './span.ts';
import { findInView, type View } from './view.ts';

/**
 * A code or a PIN and its name in so few characters that no other sign tells it from a word or an identifier: what gives it away is how
 * `CVV`, `CVC` and `PIN` begin in base64 and in hexadecimal digits, of ASCII and of EBCDIC.
 */
const BASE64 = /(?<![A-Za-z0-9+/_-])(?:Y3Z[23jkuv]|Q1Z[DWNE]|cGlu|UElO|UGlu)[A-Za-z0-9+/_-]{4,60}={0,2}(?![A-Za-z0-9+/_=-])/y;
const HEX = /(?<![0-9A-Za-z])(?=\d{6,24}[A-Fa-f]|[A-F]\d)(?:[0-9A-Fa-f]{2}){6,64}(?![0-9A-Za-z])/y;
/** A name, and a number of three digits or more behind it. */
const TELLS = /(?:cv[vc]|pin)[^\r\n]{0,24}\d{3}/i;

export function findShortEncoded(text: string, places: readonly number[], find: Detector): readonly Span[] {
  const spans: Span[] = [];
  let done = 0;
  for (const place of places) {
    const first = text.charCodeAt(place);
    if (place < done || !BEGINS.has(first)) continue;
    const found = inBase64(text, place, find) ?? inHexadecimal(text, place, find);
    if (found === undefined || found.length === 0) continue;
    spans.push(...found);
    done = Math.max(...found.map(({ end }) => end));
  }
  return spans;
}

/** Y Q c U of base64; 6 4 7 5 C D of digits. */
const BEGINS = new Set([...'YQcU6475CDd'].map((sign) => sign.charCodeAt(0)));

/** The whole word goes, as of any that is base64. */
function inBase64(text: string, place: number, find: Detector): readonly Span[] | undefined {
  BASE64.lastIndex = place;
  const word = BASE64.exec(text)?.[0];
  if (word === undefined) return undefined;
  const letters = word.replace(/=/g, '').replace(/-/g, '+').replace(/_/g, '/');
  const decoded = atob(letters.length % 4 === 1 ? letters.slice(0, -1) : letters);
  const [span] = TELLS.test(decoded) ? find(decoded) : [];
  return span === undefined ? [] : [{ ...span, start: place, end: place + word.length }];
}

function inHexadecimal(text: string, place: number, find: Detector): readonly Span[] | undefined {
  HEX.lastIndex = place;
  const pairs = HEX.exec(text)?.[0].match(/../g);
  if (pairs == null) return undefined;
  const at = pairs.map((_, index) => place + 2 * index);
  for (const decode of [String.fromCharCode, fromEbcdic]) {
    const view: View = { text: pairs.map((pair) => decode(Number.parseInt(pair, 16))).join(''), at, ends: at.map((start) => start + 2) };
    if (TELLS.test(view.text)) return findInView(view, find);
  }
  return undefined;
}

import { prefixFinder } from './beginnings.ts';
import type { Codes } from './codes.ts';
import { type Span, secretSpan } from './span.ts';
import { TOKEN_FORMATS, type TokenFormat } from './token-format.ts';

interface Format {
  readonly kind: string;
  readonly prefix: string;
  /** Made when its prefix is met: there are some hundred, and a run meets few. */
  pattern(): RegExp;
  readonly check: TokenFormat['check'];
}

/** What manuals write in place of the rest. */
const PLACEHOLDER = /^(?:x{2,}|X{2,}|[*.#0_-])(?:[xX*.#0_-])*$/;
/** By their first two characters. */
const FORMATS = indexFormats();
const places = prefixFinder([...TOKEN_FORMATS.flatMap(({ prefixes }) => prefixes.map((prefix) => prefix.slice(0, 3))), 'eyJ']);

/** Two or more parts of JSON in base64url: signed (JWS) or encrypted (JWE). */
const JWT = /eyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{4,16384}(?:\.[A-Za-z0-9_-]{0,16384})*/y;
/** Telegram's bot tokens begin with a number. */
const TELEGRAM = /(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))(?:bot)?\d{8,10}:AA[A-Za-z0-9_-]{32,35}(?![A-Za-z0-9_-])/g;
/** The key of a signature in the older payment interfaces: `...&key=` and 32 characters. */
const SIGNING_KEY = /&key=([A-Za-z0-9]{32})(?![A-Za-z0-9])/g;

/** Credentials that tell by their own form what they are. */
export function findTokens(text: string, codes: Codes): readonly Span[] {
  const spans: Span[] = [];
  for (const start of places(codes)) {
    const span = tokenAt(text, start);
    if (span === undefined) continue;
    spans.push(span);
    if (span.kind === 'aws-access-key') spans.push(...secretBehind(text, span.end));
  }
  if (text.includes(':AA')) {
    for (const { 0: token, index } of text.matchAll(TELEGRAM)) spans.push(secretSpan('telegram-token', index, index + token.length));
  }
  if (text.includes('&key=')) {
    for (const { 0: pair, index } of text.matchAll(SIGNING_KEY))
      spans.push(secretSpan('signing-key', index + '&key='.length, index + pair.length));
  }
  return spans;
}

/** A key id of Amazon, and behind it in the same breath the secret: 40 signs of base64 without a name. */
const SECRET_BEHIND =
  /[^A-Za-z0-9+/]{1,12}(?:[\w .:=-]{1,40}[^A-Za-z0-9+/]{1,6})?(?<![A-Za-z0-9+/=])((?=[^\n]{0,39}[0-9])(?=[^\n]{0,39}[A-Z])(?=[^\n]{0,39}[a-z])[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/y;

function secretBehind(text: string, end: number): Span[] {
  const secret = matchesAt(SECRET_BEHIND, text, end) ? SECRET_BEHIND.lastIndex : undefined;
  return secret === undefined ? [] : [secretSpan('aws-secret-key', secret - 40, secret)];
}

function tokenAt(text: string, start: number): Span | undefined {
  const format = FORMATS.get(text.slice(start, start + 2))?.find(
    ({ prefix, pattern }) => text.startsWith(prefix, start) && matchesAt(pattern(), text, start),
  );
  if (format !== undefined) {
    const end = format.pattern().lastIndex;
    if (isLineOfPem(text, start, end)) return undefined;
    if (PLACEHOLDER.test(text.slice(start + format.prefix.length, end))) return undefined;
    const isProven = format.check?.(text.slice(start, end)) !== false;
    return secretSpan(isProven ? format.kind : `possible-${format.kind}`, start, end);
  }
  return text.startsWith('eyJ', start) && matchesAt(JWT, text, start) ? secretSpan('jwt', start, JWT.lastIndex) : undefined;
}

/** RFC 7468: lines of 64 signs of base64. Private keys are found as a whole; a certificate is public, and begins some of its lines as keys do. */
function isLineOfPem(text: string, start: number, end: number): boolean {
  return (
    end - start === PEM_LINE &&
    LINE_ENDS.test(text.slice(Math.max(0, start - 2), start)) &&
    LINE_BEGINS.test(text.slice(end, end + 4)) &&
    /^[A-Za-z0-9+/]*$/.test(text.slice(start, end))
  );
}

const PEM_LINE = 64;
/** Written out in JSON, too. */
const LINE_ENDS = /(?:\n|\\n)$/;
const LINE_BEGINS = /^(?:\r?\n|\\r?\\?n)/;

function indexFormats(): ReadonlyMap<string, readonly Format[]> {
  const index = new Map<string, Format[]>();
  for (const { kind, prefixes, body, check } of TOKEN_FORMATS) {
    for (const prefix of prefixes) {
      let made: RegExp | undefined;
      const pattern = (): RegExp => {
        made ??= new RegExp(escapeForPattern(prefix) + body, 'y');
        return made;
      };
      const format = { kind, prefix, pattern, check };
      index.set(prefix.slice(0, 2), [...(index.get(prefix.slice(0, 2)) ?? []), format]);
    }
  }
  return index;
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function escapeForPattern(literal: string): string {
  return literal.replace(/[$.*+?^(){}|[\]\\/-]/g, '\\$&');
}

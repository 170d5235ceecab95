import { type Detector, type Span, secretSpan } from './span.ts';

/** Shorter values are words and numbers that stand everywhere. */
export const MIN_SECRET_LENGTH = 6;

/** Finds values that the site's own configuration holds, also as a URL or a JSON string would write them. */
export function knownSecretDetector(secrets: readonly string[]): Detector {
  const writings = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap((secret) => [secret, inUrl(secret), JSON.stringify(secret).slice(1, -1)]);
  // The longest first: one secret may begin with another.
  const distinct = [...new Set(writings)].sort((a, b) => b.length - a.length);
  if (distinct.length === 0) return () => [];
  const pattern = new RegExp(distinct.map(escapeForPattern).join('|'), 'g');
  return (text) => Array.from(text.matchAll(pattern), ({ 0: secret, index }): Span => secretSpan('known', index, index + secret.length));
}

/** A lone surrogate has no form in a URL. */
function inUrl(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    return secret;
  }
}

function escapeForPattern(literal: string): string {
  return literal.replace(/[$.*+?^(){}|[\]\\/-]/g, '\\$&');
}

/** Check digits that issuers document for their tokens. Pure. */

const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * GitHub, and npm as its registry: thirty characters and their CRC-32 in six digits of base 62 (github.blog/engineering,
 * "Behind GitHub's new authentication token formats"). undefined: of another length, so it has none that is known.
 */
export function gitHubChecks(token: string): boolean | undefined {
  const [, body, digits] = /^[a-z]{2,3}[a-z]?_([A-Za-z0-9]{30})([A-Za-z0-9]{6})$/.exec(token) ?? [];
  return body === undefined ? undefined : inDigits(crc32(body), BASE_62, 6) === digits;
}

/** GitLab's routable tokens: all of it and its CRC-32 in seven digits of base 36 (handbook.gitlab.com, "Routable Tokens"). */
export function gitLabChecks(token: string): boolean | undefined {
  const [, body, digits] = /^(gl[a-z]{2,8}-[A-Za-z0-9_-]{27,300}(?:\.[0-9a-z]{2}){1,2})([0-9a-z]{7})$/.exec(token) ?? [];
  return body === undefined ? undefined : inDigits(crc32(body), BASE_62.slice(0, 10) + BASE_62.slice(36), 7) === digits;
}

function inDigits(value: number, alphabet: string, length: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / alphabet.length)) digits = (alphabet[rest % alphabet.length] ?? '') + digits;
  return digits.padStart(length, '0');
}

const POLYNOMIAL = 0xedb88320;

/** ISO-HDLC, as zlib has it. Tokens are short: no table. */
export function crc32(text: string): number {
  let rest = 0xffffffff;
  for (let index = 0; index < text.length; index++) {
    rest ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}

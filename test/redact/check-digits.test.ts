import { crc32 as zlib } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32, gitHubChecks, gitLabChecks } from '../../src/redact/check-digits.ts';
import { createRedactor } from '../../src/redact/index.ts';

const redactor = createRedactor();
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const word = (length: number) => fc.string({ unit: fc.constantFrom(...LETTERS), minLength: length, maxLength: length });

/** Made here as the issuer says, with the CRC of zlib. */
function gitHubToken(prefix: string, body: string): string {
  let rest = zlib(body);
  let digits = '';
  for (; rest > 0; rest = Math.floor(rest / 62)) digits = LETTERS[rest % 62] + digits;
  return `${prefix}${body}${digits.padStart(6, '0')}`;
}

function gitLabToken(payload: string, version = ''): string {
  const head = `glpat-${payload}${version}.${payload.length.toString(36).padStart(2, '0')}`;
  return head + zlib(head).toString(36).padStart(7, '0');
}

/** Another last character. */
function spoilt(token: string): string {
  return token.slice(0, -1) + (token.endsWith('0') ? '1' : '0');
}

describe('check digits of tokens', () => {
  it('CRC-32 is that of zlib', () => {
    fc.assert(fc.property(word(40), (text) => crc32(text) === zlib(text)));
  });

  it.each(['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'npm_'])('%s: right ones prove it, others leave it possible', (prefix) => {
    fc.assert(
      fc.property(word(30), (body) => {
        const token = gitHubToken(prefix, body);
        expect([gitHubChecks(token), gitHubChecks(spoilt(token)), gitHubChecks(`${token}x`)]).toEqual([true, false, undefined]);
        const kind = prefix === 'npm_' ? 'npm-token' : 'github-token';
        expect(redactor.text(`use ${token} now`)).toEqual({ text: `use [SECRET:${kind}] now`, counts: { [kind]: 1 } });
        expect(redactor.text(`use ${spoilt(token)} now`).counts).toEqual({ [`possible-${kind}`]: 1 });
        expect(redactor.text(`use ${spoilt(token)} now`).text).not.toContain(body);
      }),
      { numRuns: 50 },
    );
  });

  it('GitLab, with and without a version', () => {
    fc.assert(
      fc.property(word(40), fc.constantFrom('', '.01'), (payload, version) => {
        const token = gitLabToken(payload, version);
        expect([gitLabChecks(token), gitLabChecks(spoilt(token)), gitLabChecks('glpat-short')]).toEqual([true, false, undefined]);
        expect(redactor.text(`use ${token} now`).counts).toEqual({ 'gitlab-token': 1 });
        expect(redactor.text(`use ${spoilt(token)} now`).counts).toEqual({ 'possible-gitlab-token': 1 });
      }),
      { numRuns: 50 },
    );
  });
});

/** How many card numbers were of which issuer, counted before they go. */
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const VISA = '4111111111111111';
const MASTERCARD = '5555555555554444';

function issuersIn(value: unknown): { readonly issuers: Readonly<Record<string, number>>; readonly left: string } {
  const issuers: Record<string, number> = {};
  const redactor = createRedactor({
    onIssuer: (issuer) => {
      issuers[issuer] = (issuers[issuer] ?? 0) + 1;
    },
  });
  return { left: JSON.stringify(redactor.json(value).value), issuers };
}

describe('issuers of what was masked', () => {
  it.each([
    ['plain, grouped, in a list', [`pan=${VISA}`, '4111 1111 1111 1111', { card: MASTERCARD }], { 411111: 2, 555555: 1 }],
    ['a number of JSON', { pan: Number(VISA) }, { 411111: 1 }],
    [
      'in base64, in hexadecimal digits',
      [Buffer.from(`{"pan":"${VISA}"}`).toString('base64'), Buffer.from(VISA).toString('hex')],
      { 411111: 2 },
    ],
    ['on a track, which goes whole', `;${VISA}=29121010000012345678?`, { 411111: 1 }],
    ['on a track of a chip', `57134111111111111111D2912201000000000000F`, { 411111: 1 }],
    ['none', { order: 'A-17', ok: true }, {}],
  ])('%s', (_, value, issuers) => {
    expect(issuersIn(value).issuers).toEqual(issuers);
  });

  it('tells six digits and never more', () => {
    const { issuers, left } = issuersIn([`pan ${VISA}`, `card ${MASTERCARD}`]);
    expect(Object.keys(issuers).every((issuer) => /^\d{6}$/.test(issuer))).toBe(true);
    expect(left).not.toMatch(/\d{7}/);
  });

  it('come with the line in a stream', () => {
    const told: (readonly [string, number, string | undefined])[] = [];
    const stream = createRedactor().stream((kind, line, issuer) => void told.push([kind, line, issuer]));
    stream.push(`a\npan=${VISA} cvv=123\n`);
    stream.end();
    expect(told).toEqual([
      ['pan', 2, '411111'],
      ['cvv', 2, undefined],
    ]);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findMessages } from '../../../src/payments/iso8583/find-messages.ts';
import { MESSAGES_OF_OTHERS } from './messages-of-others.ts';

const SALE =
  '0200702406C020C09A11166222021234567890000000000000000001000403280607100000001234' +
  '6222021234567890D28062013949031013030303030303139383530313030303832343130303032313536';
const withPin = (text: string) => findMessages(`2026-01-31 sent ${text} end`).map(({ start, end }) => [start, end]);

describe('messages with card data in other texts', () => {
  test('cut short they are found, as far as they are sound', () => {
    const text = `DEBUG out=${SALE}`;
    expect(findMessages(text)).toEqual([{ start: 10, end: text.length, kind: 'card-message', replacement: '[CARD-MESSAGE]' }]);
  });

  test('one without card data stays', () => {
    const echo = '0800822000000000000004000000000000000131235959000001301';
    expect(withPin(Buffer.from(echo).toString('hex'))).toEqual([]);
    expect(withPin(echo)).toEqual([]);
  });

  test('of other projects: financial ones, as they are written there', () => {
    const laden = MESSAGES_OF_OTHERS.filter(
      ({ refused, fields, text }) => refused === undefined && fields?.[3] !== undefined && text.length > 150,
    );
    expect(laden.length).toBeGreaterThan(10);
    for (const { source, text } of laden) expect([source, findMessages(`got ${text}`).length > 0]).toEqual([source, true]);
  });

  test('hashes, identifiers and dates are none', () => {
    const hashes = Array.from({ length: 20_000 }, (_, index) => createHash('sha256').update(String(index)).digest('hex'));
    expect(findMessages(hashes.join('\n'))).toEqual([]);
    expect(findMessages(hashes.map((hash) => Buffer.from(hash, 'hex').toString('base64')).join(' '))).toEqual([]);
    expect(findMessages(Array.from({ length: 5000 }, (_, index) => `2026-01-31 12:00:${index % 60} 10:20:30:40`).join(' '))).toEqual([]);
  });
});

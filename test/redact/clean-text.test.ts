import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { secrets } from '../../src/scan/secrets.ts';
import { ORDINARY } from './ordinary-lines.ts';

describe('ordinary lines', () => {
  const redactor = createRedactor({ secrets: ['not-in-any-line'] });
  it.each(ORDINARY.trim().split('\n'))('%s', (line) => {
    expect(redactor.text(line)).toEqual({ text: line, counts: {} });
  });

  it('are left alone as one text too', () => {
    expect(redactor.text(ORDINARY).text).toBe(ORDINARY);
  });
});

/** Lines as they stand in certificates of RSA: one of them begins as the keys of a payment provider do. */
const PEM = `-----BEGIN CERTIFICATE-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4f5wg5l2hKsTeNem/V41
AQEFAAOCAQ8AMIIBCgKCAQEA4f5wg5l2hKsTeNem/V41fGnJm6gOdrj8ym3rFkEj
zxyGQ01qCQ==
-----END CERTIFICATE-----
`;

it.each([
  ['in lines', PEM],
  ['in JSON', JSON.stringify({ chain: PEM })],
])('a certificate is public, %s', (_form, text) => {
  expect(createRedactor().text(text)).toEqual({ text, counts: {} });
  expect([...secrets(text)]).toEqual([]);
});

it('a key of the same beginning is none', () => {
  const key = `AQEyhmfxL4LNYxZDw0m${'n3Q5qf3VaY9UCJ1'.repeat(4)}`;
  expect(createRedactor().text(`${key}\n`).text).toBe('[SECRET:adyen-key]\n');
  expect([...secrets(`${key}\n`)]).toHaveLength(1);
});

it('a column of types of files has no tracks in it', () => {
  const table = 'application/vnd.sailingtracker.track\t\tst\napplication/vnd.sealed.3df\t\t\ts3df\n';
  expect(createRedactor().text(table).text).toBe(table);
});

/** The text of a playbook stands in the journal, and a session is replayed from it. */
it.each(readdirSync('playbooks').filter((name) => name.endsWith('.yaml')))('the playbook %s is kept to the byte', (name) => {
  const text = readFileSync(`playbooks/${name}`, 'utf8');
  expect(createRedactor().text(text)).toMatchObject({ text });
});

it('a value that only looks like a reference of a playbook is none', () => {
  expect(createRedactor().text('password: "${{hunter2"').text).not.toContain('hunter2');
});

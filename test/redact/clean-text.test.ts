import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
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

/** The text of a playbook stands in the journal, and a session is replayed from it. */
it.each(readdirSync('playbooks').filter((name) => name.endsWith('.yaml')))('the playbook %s is kept to the byte', (name) => {
  const text = readFileSync(`playbooks/${name}`, 'utf8');
  expect(createRedactor().text(text)).toMatchObject({ text });
});

it('a value that only looks like a reference of a playbook is none', () => {
  expect(createRedactor().text('password: "${{hunter2"').text).not.toContain('hunter2');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readInputBytes } from '../../src/adapters/input-bytes.ts';
import { decodeCommand } from '../../src/cli/decode.ts';
import type { Services } from '../../src/cli/services.ts';
import { findMessages } from '../../src/payments/iso8583/find-messages.ts';
import { createRedactor } from '../../src/redact/index.ts';
import { laden, leaks, RENDERINGS } from './card-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'oor-card-data-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All that is printed, errors included. */
async function decode(words: readonly string[], given: object): Promise<string> {
  let text = '';
  const services = {
    env: {},
    terminal: { stdinIsTTY: false, stdoutIsTTY: false, stderrIsTTY: false, columns: undefined },
    out: async (more: string) => {
      text += more;
    },
    readBytes: readInputBytes,
  } as unknown as Services;
  const options = { input: true, answer: {}, set: {}, since: 0, allowFix: [], ...given } as unknown as Parameters<typeof decodeCommand>[2];
  await decodeCommand(services, words, options).catch((error: Error & { hint?: string }) => {
    text += `${error.message}\n${error.hint ?? ''}`;
  });
  return text;
}

/** Sound, cut short, or with a bit turned over. */
const damage = fc.oneof(
  fc.constant((bytes: Uint8Array) => bytes),
  fc.nat().map((place) => (bytes: Uint8Array) => bytes.slice(0, 1 + (place % bytes.length))),
  fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })).map(([place, bit]) => (bytes: Uint8Array) => {
    const flipped = Uint8Array.from(bytes);
    flipped[place % bytes.length] = (flipped[place % bytes.length] as number) ^ (1 << bit);
    return flipped;
  }),
);
const rendering = fc.constantFrom(...Object.entries(RENDERINGS));

describe('card data never leaves, however it is written and whatever was done to the message', () => {
  test('oor decode: for people, as JSON, line by line, from a file of bytes', async () => {
    let shown = 0;
    await fc.assert(
      fc.asyncProperty(laden, damage, rendering, async ({ bytes, secret }, change, [, render]) => {
        const damaged = change(bytes);
        const pasted = render(damaged);
        const file = join(folder, 'message');
        writeFileSync(file, damaged);
        const lines = join(folder, 'lines');
        writeFileSync(lines, `${RENDERINGS['hex']?.(damaged)}\n${pasted}\n`);
        const printed = [
          await decode([pasted], {}),
          await decode([pasted], { json: true }),
          await decode([file], {}),
          await decode([file], { json: true, dialect: 'iso87-ascii', framing: 'len2-binary' }),
          await decode([lines], { jsonl: true }),
          await decode([pasted], { table: 'unionpay-online', json: true }),
          await decode([pasted], { dialect: pasted }),
        ].join('\n');
        shown += printed.includes(secret.pan.slice(0, 6)) ? 1 : 0;
        expect(leaks(printed, secret)).toEqual([]);
      }),
      { numRuns: 400 },
    );
    // It would pass on silence too.
    expect(shown).toBeGreaterThan(100);
  });

  test('oor redact: card number, in every rendering of the message', () => {
    const redactor = createRedactor({ messages: findMessages });
    const left: string[] = [];
    fc.assert(
      fc.property(laden, rendering, ({ bytes, secret, dialect, framing }, [name, render]) => {
        const { text } = redactor.text(`2026-01-31T12:00:00Z DEBUG sent\n${render(bytes)}\n`);
        for (const leak of leaks(text, secret)) left.push(`${leak} (${name}, ${dialect}, ${framing})`);
      }),
      { numRuns: 400 },
    );
    expect(left).toEqual([]);
  });
});

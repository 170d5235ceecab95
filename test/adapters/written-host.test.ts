import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWrittenHost } from '../../src/adapters/written-host.ts';
import { HostError } from '../../src/errors.ts';
import { searchPlainly } from '../checks/plain-search.ts';

const NOW = Date.UTC(2026, 2, 11, 3, 20);
const LOG = '/var/log/pay/app.log';

describe('a machine of which one log was written down', () => {
  it('finds in it what a plain reading line by line finds', async () => {
    const line = fc.string({ maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ' '));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(line, fc.constant('2026-03-11 timeout'), fc.constant('ERROR refused')), { maxLength: 30 }),
        async (lines) => {
          const request = { patterns: { late: '(?i)timeout', refused: 'refused' }, maxKept: 100 };
          const found = await createWrittenHost({ path: LOG, lines, now: NOW }).searchFile(LOG, request);
          const plain = searchPlainly(Buffer.from(lines.map((each) => `${each}\n`).join('')), request);
          expect({ lines: found.lines, matches: found.matches, byPattern: found.byPattern, kept: found.kept }).toEqual({
            lines: plain.lines,
            matches: plain.matches,
            byPattern: plain.byPattern,
            kept: plain.kept,
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads a part of it, and knows nothing else', async () => {
    const host = createWrittenHost({ path: LOG, lines: ['one', 'two'], now: NOW });
    expect(await host.readFile(LOG, { offset: 4, maxBytes: 3 })).toMatchObject({ text: 'two', offset: 4, size: 8 });
    expect(await host.stat(LOG)).toMatchObject({ size: 8, modifiedAt: NOW });
    await expect(host.stat('/etc/passwd')).rejects.toThrow(HostError);
    expect(() => host.statFilesystem('/')).toThrow(HostError);
  });
});

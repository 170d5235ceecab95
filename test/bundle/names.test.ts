/** Names of entries out of names from anywhere. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isEntryName, namePart } from '../../src/bundle/names.ts';
import { MALFORMED, NAUGHTY } from '../hostile-texts.ts';
import { archives, artifact, compose, record, records, verify } from './made-bundle.ts';

const TEXTS = [...Object.values(NAUGHTY).flat(), ...Object.values(MALFORMED).map((bytes) => Buffer.from(bytes).toString('utf8'))];

describe('what a capture is called', () => {
  it('is a plain name, whatever it was read from', () => {
    for (const text of TEXTS) {
      const part = namePart(text, 40);
      expect(part.length).toBeLessThanOrEqual(40);
      expect({ text, good: isEntryName(`artifacts/${part}/01-${part}.txt`) && isEntryName(`playbook/${part}.yaml`) }).toEqual({
        text,
        good: true,
      });
    }
  });

  it('is its own for each, and a bundle of them is good', async () => {
    const contents = TEXTS.map((_, index) => `content ${index}\n`);
    const digests = contents.map((content) => createHash('sha256').update(content).digest('base64url'));
    const captured = TEXTS.map((text, index) => artifact(index % 2 === 0 ? { file: text } : { argv: [text, text] }, contents[index] ?? ''));
    const kept = new Map(digests.map((digest, index) => [digest, contents[index]]));
    const entries = await compose({ evidence: { read: async (digest) => kept.get(digest) } }, [
      records[0] as (typeof records)[number],
      record('evidence.collected', { artifacts: captured }),
      ...records.slice(-1),
    ]);
    const names = entries.map(({ name }) => name).filter((name) => name.startsWith('artifacts/'));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(TEXTS.length);
    expect(await verify(await archives.pack(entries))).toMatchObject({ exitCode: 0, firstBad: null });
  });
});

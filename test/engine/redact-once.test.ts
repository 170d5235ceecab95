import { expect, it } from 'vitest';
import { redactOnce } from '../../src/engine/redact-once.ts';
import type { Json } from '../../src/ports.ts';
import { createRedactor } from '../../src/redact/index.ts';

function start() {
  const seen: Json[] = [];
  const { json } = createRedactor();
  const redact = redactOnce((value) => {
    seen.push(value);
    const { value: clean, counts } = json(value);
    return { value: clean, count: Object.values(counts).reduce((sum, count) => sum + count, 0), counts };
  });
  return { redact, seen };
}

it('looks through facts once, and through all that is beside them', () => {
  const { redact, seen } = start();
  const facts = redact({ log: 'paid with 4111111111111111' }).value;
  const event = redact({ key: 'a', facts, note: 'password=hunter2hunter2', at: null });
  expect(JSON.stringify(event.value)).not.toMatch(/4111111111111111|hunter2/);
  expect(event).toMatchObject({ count: 1, value: { key: 'a', facts, at: null } });
  expect(Object.keys(event.value as object)).toEqual(['key', 'facts', 'note', 'at']);
  expect(seen[1]).toEqual({ key: 'a', note: 'password=hunter2hunter2', at: null });
});

it('trusts no copy', () => {
  const { redact } = start();
  const facts = redact({ pan: '4111111111111111' }).value as Readonly<Record<string, Json>>;
  const changed = redact({ facts: { ...facts, more: '4111111111111111' } }).value;
  expect(JSON.stringify(changed)).not.toContain('4111111111111111');
});

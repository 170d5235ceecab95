import { expect, test } from 'vitest';
import { findGaps, type Proof, readProof, type Seen, summarise, writeProof } from './proof-rules.ts';

const passed = (...proofs: readonly string[]): Seen => ({
  file: 'test/checks/disk-space.test.ts',
  state: 'passed',
  proofs: proofs.map(readProof),
});
const paper = { 'disk.space': { statuses: ['fail' as const], why: 'no disk' } };
const all = ['disk.space ok real', 'disk.space fail real', 'disk.space unknown real'];

test.each([
  ['everything', [passed(...all)], []],
  ['in several tests', all.map((proof) => passed(proof)), []],
  ['nothing', [passed()], ['disk.space ok', 'disk.space unknown']],
  [
    'a warning where there is a fault',
    [passed(...all.slice(0, 1), 'disk.space fail recorded', 'disk.space warn real', ...all.slice(2))],
    ['disk.space fail: only on facts that were written down'],
  ],
  ['a check that has no fault', [passed('disk.space ok real', 'disk.space warn real', 'disk.space unknown real')], []],
  ['a test that failed', [passed(...all.slice(0, 2)), { ...passed(...all), state: 'failed' }], ['disk.space unknown']],
  ['its own tests skip', [{ ...passed(), state: 'skipped' }], []],
  ['a lab of many checks skips', [{ file: 'test/checks/blind.test.ts', state: 'skipped', proofs: [] }], []],
  ['other tests skip', [{ file: 'test/cli/x.test.ts', state: 'skipped', proofs: [] }], ['disk.space ok', 'disk.space unknown']],
])('%s', (_name, seen, gaps) => {
  expect(findGaps(['disk.space'], seen, {})).toEqual(gaps);
});

test('what no machine can show may stand on paper, but must stand there', () => {
  const written = [passed('disk.space ok real', 'disk.space fail recorded', 'disk.space unknown real')];
  expect(findGaps(['disk.space'], written, paper)).toEqual([]);
  expect(findGaps(['disk.space'], [passed('disk.space fail recorded')], paper)).toEqual(['disk.space ok', 'disk.space unknown']);
});

test('the table shows the best proof of each status', () => {
  const proof: Proof = { check: 'disk.space', status: 'ok', means: 'real' };
  const table = summarise(['disk.space'], [passed(writeProof(proof), 'disk.space ok recorded', 'disk.space fail recorded')]);
  expect(table.split('\n')[1]?.split(/\s+/)).toEqual(['disk.space', 'real', '-', 'recorded', '-', '-']);
});

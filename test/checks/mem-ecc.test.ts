import { expect, test } from 'vitest';
import { memEcc } from '../../src/checks/mem-ecc.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const EDAC = '/sys/devices/system/edac/mc';
const look = (counts: readonly (readonly [string, string])[] | null, corrupted = 0) =>
  probeAndJudge(
    memEcc,
    fakeHost({
      lists: { [EDAC]: counts === null ? null : ['power', ...counts.map((_, index) => `mc${index}`)] },
      files: {
        '/proc/meminfo': `MemTotal: 1024 kB\nHardwareCorrupted:     ${corrupted} kB\n`,
        ...Object.fromEntries(
          (counts ?? []).flatMap(([ce, ue], index) => [
            [`${EDAC}/mc${index}/ce_count`, ce],
            [`${EDAC}/mc${index}/ue_count`, ue],
          ]),
        ),
      },
    }),
  );

test.each([
  [
    'clean',
    [
      ['0', '0'],
      ['0', '0'],
    ],
    0,
    'ok',
    'ok',
  ],
  [
    'corrected',
    [
      ['0', '0'],
      ['7', '0'],
    ],
    0,
    'warn',
    'corrected',
  ],
  [
    'uncorrected goes first',
    [
      ['9', '0'],
      ['0', '1'],
    ],
    4,
    'fail',
    'uncorrected',
  ],
  ['given up', [['0', '0']], 4, 'warn', 'given-up'],
  ['given up, nothing counts', null, 4, 'warn', 'given-up'],
  ['nothing counts', null, 0, 'not-applicable', 'none'],
  ['a driver without a controller', [], 0, 'not-applicable', 'none'],
] as const)('%s', async (_name, counts, corrupted, status, code) => {
  expect((await look(counts, corrupted)).judgement).toMatchObject({ status, code });
});

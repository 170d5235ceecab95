import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { diskFillEta } from '../../src/checks/disk-fill-eta.ts';
import { FAKE_NOW, fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const HOUR = 3_600_000;
const GIB = 1024 ** 3;
const facts = (availableGib: number, takenGib: number, overMs: number, fromBaseline = true) => ({
  observedAt: 100 * HOUR,
  from: 100 * HOUR - overMs,
  fromBaseline,
  filesystems: [{ mount: '/d', answered: true, availableBytes: availableGib * GIB, takenBytes: takenGib * GIB }],
});
const hung = { mount: '/nas', answered: false, availableBytes: 0, takenBytes: 0 };

test.each([
  ['a day left', facts(24, 1, HOUR), 'ok', 'ok'],
  ['seven hours left', facts(7, 1, HOUR), 'warn', 'filling'],
  ['one hour left', facts(1, 1, HOUR), 'fail', 'filling'],
  ['shrinking since the baseline', facts(5, -2, HOUR), 'ok', 'steady'],
  ['a burst of one second only warns', facts(1, 0.1, 1_000, false), 'warn', 'filling-now'],
  ['a little within one second is no trend', facts(1, 0.0005, 1_000, false), 'ok', 'no-trend'],
  ['slow growth within one second is no trend', facts(900, 0.002, 1_000, false), 'ok', 'no-trend'],
  ['a hung one makes it unknown', { ...facts(24, 1, HOUR), filesystems: [hung] }, 'unknown', 'silent'],
  ['nothing', { ...facts(1, 1, 1), filesystems: [] }, 'not-applicable', 'none'],
])('judge: %s', (_name, given, status, code) => {
  expect(judge(diskFillEta, given)).toMatchObject({ status, code });
});

test('probe: the pace since the baseline, without a sample', async () => {
  const context = fakeHost({
    files: { '/proc/self/mountinfo': '26 1 8:1 / / rw - ext4 /dev/a rw\n' },
    filesystems: { '/': { totalBytes: 100 * GIB, freeBytes: 5 * GIB, availableBytes: 5 * GIB, totalInodes: 1, freeInodes: 1 } },
  });
  const baseline = { at: new Date(FAKE_NOW - 10 * HOUR).toISOString(), available_bytes: 55 * GIB };
  const { judgement } = await probeAndJudge(diskFillEta, context, { path: '/', baseline });
  expect(judgement).toMatchObject({ status: 'fail', value: 1, threshold: 2, data: { mount: '/', hours: 1, taken: '50 GiB' } });
  expect(context.calls).not.toContain('sleep 1000');
});

const mount = mountTmpfs();
afterAll(() => mount?.remove());

describe.skipIf(!mount)('a real file system', () => {
  const path = mount?.path ?? '';

  test('nothing happens, then something fills it', async () => {
    const context = localContext();
    expect((await probeAndJudge(diskFillEta, context, { path })).judgement).toMatchObject({ status: 'ok', code: 'no-trend' });
    const sleep = async () => writeFileSync(join(path, 'big'), Buffer.alloc(8 * 1024 ** 2));
    expect((await probeAndJudge(diskFillEta, { ...context, sleep }, { path })).judgement).toMatchObject({
      status: 'warn',
      code: 'filling-now',
    });
    const baseline = { at: new Date(Date.now() - HOUR).toISOString(), available_bytes: 15 * 1024 ** 2 };
    expect((await probeAndJudge(diskFillEta, context, { path, baseline })).judgement).toMatchObject({ status: 'fail', code: 'filling' });
  });
});

function mountTmpfs(): { readonly path: string; remove(): void } | null {
  const path = mkdtempSync(join(tmpdir(), 'oor-fill-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmSync(path, { recursive: true });
    process.stderr.write('no file system can be mounted here: tests of disk.fill_eta skip it\n');
    return null;
  }
  return {
    path,
    remove() {
      execFileSync('umount', [path]);
      rmSync(path, { recursive: true });
    },
  };
}

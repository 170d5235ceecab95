import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changeConfig } from '../../src/checks/change-config.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { temporaryFolder } from './temporary-folder.ts';

const facts = (extra: object) => ({ observedAt: 0, from: 0, count: 0, files: [], missing: [], unreadable: 0, ...extra });

test.each([
  ['nothing', {}, 'ok', 'unchanged'],
  ['a change', { count: 1, files: [{ path: '/etc/a', at: 5 }], unreadable: 1 }, 'warn', 'changed'],
  ['a path that is gone', { missing: ['/etc/x'] }, 'warn', 'missing'],
  ['something unreadable', { unreadable: 2 }, 'unknown', 'unreadable'],
])('judge: %s', (_name, extra, status, code) => {
  expect(judge(changeConfig, facts(extra), { paths: ['/etc'] })).toMatchObject({ status, code });
});

test('probe: a find that was killed cannot tell', async () => {
  const context = fakeHost({ commands: { 'find /etc -xdev ( -type f -o -type l ) -cmin -1440 -printf %C@ %p\\n': { exitCode: null } } });
  await expect(probeAndJudge(changeConfig, context, { paths: ['/etc'] })).rejects.toMatchObject({ reason: 'timed-out' });
});

describe.skipIf(process.platform !== 'linux')('real files', () => {
  const folder = temporaryFolder();

  test('a change shows, even one with an old date; a missing path is named', async () => {
    const context = localContext();
    mkdirSync(join(folder, 'empty'));
    expect((await probeAndJudge(changeConfig, context, { paths: [join(folder, 'empty')] })).judgement).toMatchObject({ status: 'ok' });
    writeFileSync(join(folder, 'paygw env.conf'), 'x');
    utimesSync(join(folder, 'paygw env.conf'), 1, 1);
    const { facts: found, judgement } = await probeAndJudge(changeConfig, context, { paths: [folder, join(folder, 'gone')] });
    expect(found).toMatchObject({ count: 1, files: [{ path: join(folder, 'paygw env.conf') }], missing: [join(folder, 'gone')] });
    expect(judgement).toMatchObject({ status: 'warn', code: 'changed' });
  });
});

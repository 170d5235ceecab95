import { expect, test } from 'vitest';
import { fdSystem } from '../../src/checks/fd-system.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

test.each([
  ['1216\t16\t100000\n', 'ok', 'ok', 1.2],
  ['70000\t0\t100000\n', 'ok', 'ok', 70],
  ['71000\t0\t100000\n', 'warn', 'many', 71],
  ['91000\t0\t100000\n', 'fail', 'many', 91],
  ['1216\t0\t9223372036854775807\n', 'ok', 'ok', 0],
])('%s', async (text, status, code, value) => {
  const context = fakeHost({ files: { '/proc/sys/fs/file-nr': text } });
  expect((await probeAndJudge(fdSystem, context)).judgement).toMatchObject({ status, code, value });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  const { facts, judgement } = await probeAndJudge(fdSystem, localContext());
  expect(judgement.status).toBe('ok');
  expect(facts['open']).toBeGreaterThan(0);
});

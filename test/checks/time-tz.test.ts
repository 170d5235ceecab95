import { expect, test } from 'vitest';
import { timeTz } from '../../src/checks/time-tz.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';

const look = (target: string, offset: string, timezone: string | null, params = {}) =>
  probeAndJudge(
    timeTz,
    fakeHost({
      commands: { 'readlink -m /etc/localtime': { stdout: `${target}\n` }, 'date +%z': { stdout: `${offset}\n` } },
      files: { '/etc/timezone': timezone },
    }),
    params,
  );

test.each([
  ['UTC', '/usr/share/zoneinfo/Etc/UTC', '+0000', null, {}, 'ok', 'ok'],
  ['another than UTC', '/usr/share/zoneinfo/Asia/Shanghai', '+0800', null, {}, 'warn', 'other'],
  ['the declared one', '/usr/share/zoneinfo/Asia/Shanghai', '+0800', null, { zone: 'Asia/Shanghai' }, 'ok', 'ok'],
  ['same offset, other rules', '/usr/share/zoneinfo/Asia/Singapore', '+0800', null, { zone: 'Asia/Shanghai' }, 'warn', 'other'],
  ['London is not UTC, in winter either', '/usr/share/zoneinfo/Europe/London', '+0000', null, {}, 'warn', 'other'],
  ['a copied file, named beside', '/etc/localtime', '+0800', 'Asia/Shanghai\n', {}, 'warn', 'other'],
  ['a copied file without a name, at UTC', '/etc/localtime', '+0000', null, {}, 'ok', 'ok'],
  ['a copied file without a name', '/etc/localtime', '+0800', null, { zone: 'Asia/Shanghai' }, 'unknown', 'unnamed'],
])('%s', async (_name, target, offset, timezone, params, status, code) => {
  expect((await look(target, offset, timezone, params)).judgement).toMatchObject({ status, code });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect((await probeAndJudge(timeTz, localContext())).judgement.status).toMatch(/^(ok|warn)$/);
  expect((await probeAndJudge(timeTz, localContext(), { zone: 'Pacific/Kiritimati' })).judgement.status).toBe('warn');
});

import { describe, expect, it } from 'vitest';
import { configTest } from '../../src/checks/config-test.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const run = (result: object | null, uid = '0\n') =>
  probeAndJudge(configTest, fakeHost({ commands: { 'nginx -t': result, 'id -u': { stdout: uid } } }), { argv: ['nginx', '-t'] });
const BROKEN =
  'nginx: [warn] low address bits\nnginx: [emerg] unknown directive "client_max_body" in /etc/nginx/conf.d/limits.conf:1\nnginx: configuration file /etc/nginx/nginx.conf test failed\n';

describe('config.test', () => {
  it.each([
    ['valid', { stderr: 'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n' }, '0', 'ok', 'valid'],
    ['invalid', { exitCode: 1, stderr: BROKEN }, '0', 'fail', 'invalid'],
    [
      'not allowed to look',
      { exitCode: 1, stderr: 'nginx: [emerg] open() "/run/nginx.pid" failed (13: Permission denied)\n' },
      '1000',
      'unknown',
      'no-permission',
    ],
    [
      'a certificate that root may not read either',
      { exitCode: 1, stderr: 'nginx: [emerg] cannot load certificate: Permission denied\n' },
      '0',
      'fail',
      'invalid',
    ],
    ['killed', { exitCode: null, stderr: '' }, '0', 'unknown', 'killed'],
  ] as const)('%s', async (_name, result, uid, status, code) => {
    expect((await run(result, `${uid}\n`)).judgement).toMatchObject({ status, code });
  });

  it('finds the line and the place of the fault', async () => {
    const { facts, judgement } = await run({ exitCode: 1, stderr: BROKEN });
    expect(facts).toMatchObject({ file: '/etc/nginx/conf.d/limits.conf', line: 1, error: expect.stringContaining('unknown directive') });
    expect(judgement.value).toBe(1);
  });

  it('a missing tool is unknown', async () => {
    await expect(run(null)).rejects.toMatchObject({ reason: 'missing-tool' });
  });

  it('runs a real test', async () => {
    const good = await probeAndJudge(configTest, realContext(), { argv: ['sh', '-n', '-c', 'echo fine'] });
    const bad = await probeAndJudge(configTest, realContext(), { argv: ['sh', '-n', '-c', 'if then'] });
    expect([good.judgement.code, bad.judgement.code]).toEqual(['valid', 'invalid']);
  });
});

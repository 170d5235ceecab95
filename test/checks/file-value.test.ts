import { describe, expect, it } from 'vitest';
import { fileValue } from '../../src/checks/file-value.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';

const ofFile = (text: string | null, params: Readonly<Record<string, unknown>>) =>
  probeAndJudge(fileValue, fakeHost({ files: { '/V': text } }), { file: '/V', ...params });
const ofCommand = (result: object | null, params: Readonly<Record<string, unknown>>) =>
  probeAndJudge(fileValue, fakeHost({ commands: { 'app --version': result } }), { argv: ['app', '--version'], ...params });

describe('file.value', () => {
  it.each([
    ['2.4.1\n', { want: '2.4.1' }, 'ok', 'match'],
    ['2.4.0\n', { want: '2.4.1' }, 'fail', 'differs'],
    ['2.4.0\n', { want: ['2.4.0', '2.4.1'] }, 'ok', 'match'],
    ['worker_connections 256;\n', { want: 1024, pattern: 'worker_connections (\\d+)' }, 'fail', 'differs'],
    ['# a\nlimit = 30\n', { want: 30, pattern: '^limit = (\\d+)$' }, 'ok', 'match'],
    ['nothing', { want: 1, pattern: 'limit=(\\d+)' }, 'fail', 'missing'],
    [null, { want: '2.4.1' }, 'fail', 'missing'],
  ] as const)('%j with %j', async (text, params, status, code) => {
    expect((await ofFile(text, params)).judgement).toMatchObject({ status, code });
  });

  it('reads what a command prints, on either stream', async () => {
    expect((await ofCommand({ stdout: 'app 2.4.1 (x)\n' }, { want: '2.4.1', pattern: 'app ([\\d.]+)' })).judgement.code).toBe('match');
    expect(
      (await ofCommand({ stderr: 'nginx version: nginx/1.22.1\n' }, { want: '1.22.1', pattern: 'nginx/([\\d.]+)' })).judgement.code,
    ).toBe('match');
  });

  it('does not take a failed or missing command for a wrong value', async () => {
    await expect(ofCommand({ exitCode: 3, stdout: '2.4.1' }, { want: '2.4.1' })).rejects.toMatchObject({ reason: 'io' });
    await expect(ofCommand(null, { want: '2.4.1' })).rejects.toMatchObject({ reason: 'missing-tool' });
  });

  it('keeps the value short', async () => {
    expect(((await ofFile('x'.repeat(5_000), { want: 'y' })).facts['value'] as string).length).toBe(200);
  });

  it('refuses to compare nothing', () => {
    expect(problemsOf(fileValue, { want: 'x' })).toHaveLength(1);
    expect(problemsOf(fileValue, { file: '/V' }).length).toBeGreaterThan(0);
    expect(problemsOf(fileValue, { file: '/V', want: [] }).length).toBeGreaterThan(0);
  });
});

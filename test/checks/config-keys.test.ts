import { describe, expect, it } from 'vitest';
import { configKeys } from '../../src/checks/config-keys.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const read = (text: string | null | Error, required = ['BANK_API_KEY', 'BANK_SECRET']) =>
  probeAndJudge(configKeys, fakeHost({ files: { '/env': text }, lists: { '/': ['env'] } }), { file: '/env', required });

describe('config.keys', () => {
  it.each([
    ['complete', 'BANK_API_KEY=ak_1\nexport BANK_SECRET="s"\n', 'ok', 'complete'],
    ['other syntaxes', 'BANK_API_KEY = ak_1\r\nBANK_SECRET: s\r\n', 'ok', 'complete'],
    ['a missing key', 'BANK_API_KEY=ak_1\n', 'fail', 'missing-keys'],
    ['a commented key', 'BANK_API_KEY=ak_1\n# BANK_SECRET=s\n', 'fail', 'missing-keys'],
    ['a key that only begins alike', 'BANK_API_KEY=ak_1\nBANK_SECRET_OLD=s\n', 'fail', 'missing-keys'],
    ['an empty value', 'BANK_API_KEY=ak_1\nBANK_SECRET=\n', 'fail', 'empty-values'],
    ['empty quotes', 'BANK_API_KEY=ak_1\nBANK_SECRET=""\n', 'fail', 'empty-values'],
    ['only a comment', 'BANK_API_KEY=ak_1\nBANK_SECRET= # later\n', 'fail', 'empty-values'],
    ['emptied further down', 'BANK_API_KEY=ak_1\nBANK_SECRET=s\nBANK_SECRET=\n', 'fail', 'empty-values'],
    ['set twice', 'BANK_API_KEY=ak_1\nBANK_SECRET=s\nBANK_SECRET=t\n', 'warn', 'repeated-keys'],
    ['no file', null, 'fail', 'missing-file'],
  ] as const)('%s', async (_name, text, status, code) => {
    expect((await read(text)).judgement).toMatchObject({ status, code });
  });

  it('never lets a value out', async () => {
    const { facts, judgement } = await read('BANK_API_KEY=hunter2\nBANK_SECRET=\nOTHER=hunter3\n');
    expect(JSON.stringify({ facts, judgement })).not.toContain('hunter');
    expect(facts).toMatchObject({ missing: [], empty: ['BANK_SECRET'], keys: 3 });
  });

  it('finds the copies beside it in which nothing is missing, the newest first', async () => {
    const whole = 'BANK_API_KEY=a\nBANK_SECRET=s\n';
    const context = fakeHost({
      files: {
        '/etc/pay/pay.env': 'BANK_API_KEY=a\n',
        '/etc/pay/.prev': whole,
        '/etc/pay/pay.env.bak': whole,
        '/etc/pay/pay.env.1': 'BANK_API_KEY=a\n',
      },
      lists: { '/etc/pay': ['pay.env', '.prev', 'pay.env.bak', 'pay.env.1', 'other.env', 'old'] },
      stats: {
        '/etc/pay/.prev': { modifiedAt: 1 },
        '/etc/pay/pay.env.bak': { modifiedAt: 2 },
        '/etc/pay/pay.env.1': { modifiedAt: 3 },
        '/etc/pay/old': { kind: 'directory' },
      },
    });
    const { facts } = await probeAndJudge(configKeys, context, { file: '/etc/pay/pay.env', required: ['BANK_API_KEY', 'BANK_SECRET'] });
    expect(facts).toMatchObject({ copies: ['/etc/pay/pay.env.bak', '/etc/pay/.prev'] });
  });

  it('an unreadable file is not a bad one', async () => {
    await expect(read(new HostError('no-permission', 'EACCES'))).rejects.toMatchObject({ reason: 'no-permission' });
  });
});

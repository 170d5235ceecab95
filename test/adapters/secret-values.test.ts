import { describe, expect, it } from 'vitest';
import { revealAll } from '../../src/adapters/secrets.ts';
import { HostError } from '../../src/errors.ts';
import type { FileContent } from '../../src/ports.ts';

const readFile = async (path: string): Promise<FileContent> => {
  if (path !== '/etc/app.env') throw new HostError('not-found', path);
  const text = 'BANK_KEY=k-123456\nOTHER=x\n';
  return { text, offset: 0, bytesRead: text.length, size: text.length };
};

describe('the values behind a profile', () => {
  it('are those under url and credentials, however deep', async () => {
    const profile = {
      databases: [{ name: 'main', url: { env: 'DB_URL' } }],
      providers: [{ name: 'bank', credentials: { api_key: { file: '/etc/app.env', key: 'BANK_KEY' } } }],
    };
    expect(await revealAll(profile, { env: { DB_URL: 'postgres://u:p@h/d' }, readFile })).toEqual(['postgres://u:p@h/d', 'k-123456']);
  });

  it('leave out files that are no secret: a log source, a version', async () => {
    const profile = { transactions: [{ from: { file: '/etc/app.env' } }], services: [{ version: { file: '/etc/app.env', want: '1' } }] };
    expect(await revealAll(profile, { env: {}, readFile })).toEqual([]);
  });

  it('are fewer when one cannot be read', async () => {
    const profile = { databases: [{ url: { env: 'UNSET' } }, { url: { file: '/gone' } }] };
    expect(await revealAll(profile, { env: {}, readFile })).toEqual([]);
  });
});

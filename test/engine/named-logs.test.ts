import { describe, expect, it } from 'vitest';
import { logsOfProfile } from '../../src/engine/named-logs.ts';

const isLog = logsOfProfile({
  services: [
    { name: 'web', log: '/var/log/web/app.log', access_log: '/var/log/web/access' },
    { name: 'pay', log: { argv: ['docker', 'logs', 'pay'] } },
  ],
  transactions: [{ name: 'switch', from: { file: '/var/log/switch.txt' } }],
});

describe('the logs of a profile', () => {
  it.each([
    '/var/log/web/app.log',
    '/var/log/web/app.log.1',
    '/var/log/web/app.log-20261128.gz',
    '/var/log/web/app.2026-11-28.log',
    '/var/log/web/app.log.old',
    '/var/log/web/access',
    '/var/log/web/access.2.xz',
    '/var/log/switch.txt',
  ])('%s', (file) => expect(isLog({ file })).toBe(true));

  it.each(['/var/log/web/app.yaml', '/var/log/web/application.log', '/var/log/web/app', '/etc/passwd', '/var/log/web/app.log/x.1'])(
    'not %s',
    (file) => expect(isLog({ file })).toBe(false),
  );

  it('a command that gives one, and the log of the machine', () => {
    expect(isLog({ argv: ['docker', 'logs', 'pay'] })).toBe(true);
    expect(isLog({ argv: ['journalctl', '--no-pager'] })).toBe(true);
    expect(isLog({ argv: ['/usr/bin/dmesg'] })).toBe(true);
    expect(isLog({ argv: ['docker', 'ps'] })).toBe(false);
  });
});

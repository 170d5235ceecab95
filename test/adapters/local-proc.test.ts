import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { isProcFile } from '../../src/adapters/local-proc.ts';

const host = createLocalHost();

describe.runIf(process.platform === 'linux')('files of /proc', () => {
  it('are read whole, also beyond a page', async () => {
    const child = spawn('sleep', ['30', ...Array.from({ length: 400 }, (_, index) => `${index}.000000000000000s`)], { stdio: 'ignore' });
    try {
      const path = `/proc/${child.pid}/cmdline`;
      expect((await host.readFile(path)).text).toBe(readFileSync(path, 'utf8'));
      expect((await host.readFile(path)).bytesRead).toBeGreaterThan(4_096);
      expect((await host.readFile(path, { maxBytes: 5 })).text).toBe('sleep');
      expect((await host.readFile(path, { offset: 6, maxBytes: 2 })).text).toBe('30');
      expect((await host.readFile(`/proc/${child.pid}/stat`)).text).toContain('(sleep)');
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('are not found once the process is gone', async () => {
    const child = spawn('true', { stdio: 'ignore' });
    await once(child, 'close');
    for (const name of ['stat', 'cmdline'])
      await expect(host.readFile(`/proc/${child.pid}/${name}`)).rejects.toMatchObject({ reason: 'not-found' });
  });

  it('are never those that lead elsewhere or answer only to an event', () => {
    expect(['/proc/1/stat', '/proc/1/cmdline', '/proc/meminfo'].map(isProcFile)).toEqual([true, true, true]);
    const others = [
      '/proc/1/cwd',
      '/proc/1/root/proc/1/stat',
      '/proc/1/environ',
      '/proc/kmsg',
      '/proc/self/stat',
      '/proc/1/../kmsg',
      '/tmp/proc/1/stat',
    ];
    expect(others.filter(isProcFile)).toEqual([]);
  });
});

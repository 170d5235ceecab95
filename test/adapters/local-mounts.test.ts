import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Mount, parseMounts, resolveWithin } from '../../src/adapters/local-mounts.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oor-mounts-')));
afterAll(() => rmSync(folder, { recursive: true }));

const root: Mount = { point: '/', type: 'ext4', device: '254:0', source: '/dev/vda' };
const proc: Mount = { point: '/proc', type: 'proc', device: '0:21', source: 'proc' };
const mount = (point: string, type: string, device = '0:99', source = 'x'): Mount => ({ point, type, device, source });
const inProcess = (path: string, ...mounts: Mount[]) => resolveWithin(path, [root, proc, ...mounts]).inProcess;

it('reads the mount table', () => {
  const text =
    '27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard\n31 27 0:45 / /mnt/my\\040disk rw master:2 propagate_from:1 - nfs4 srv:/a\\040b rw\n';
  expect(parseMounts(text)).toEqual([root, { point: '/mnt/my disk', type: 'nfs4', device: '0:45', source: 'srv:/a b' }]);
});

describe('a path is looked at in this process', () => {
  it('on the disk of the root and in kernel memory only', () => {
    expect(inProcess('/etc/hosts')).toBe(true);
    expect(inProcess('/proc/loadavg')).toBe(true);
    expect(inProcess('/run/x', mount('/run', 'tmpfs'))).toBe(true);
    expect(inProcess('/home/x', mount('/home', 'btrfs', '0:50', '/dev/vda'))).toBe(true);
  });

  it.each([
    ...['fuse.sshfs', 'nfs4', 'cifs', 'ceph', '9p', 'autofs', 'glusterfs', 'never-heard-of'].map((type) => mount('/data', type)),
    mount('/data', 'xfs', '8:16', '/dev/sdb'),
  ])('not on $type of $source', (other) => {
    expect(inProcess('/data', other)).toBe(false);
    expect(inProcess('/data/deep/file', other)).toBe(false);
    expect(inProcess('/database', other)).toBe(true);
  });

  it('not below a mount that may hang, even in memory', () => {
    expect(inProcess('/data/tmp/x', mount('/data', 'nfs'), mount('/data/tmp', 'tmpfs'))).toBe(false);
  });

  it('not where another mount lies over it', () => {
    expect(inProcess('/run/x', mount('/run', 'tmpfs'), mount('/run', 'fuse'))).toBe(false);
  });

  it('not without a mount table', () => {
    expect(resolveWithin('/etc/hosts', []).inProcess).toBe(false);
  });
});

describe('links', () => {
  const hung = mount(join(folder, 'nfs'), 'nfs');
  mkdirSync(join(folder, 'nfs'));
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real', 'file'), '');
  symlinkSync('nfs/inside', join(folder, 'relative'));
  symlinkSync(join(folder, 'nfs'), join(folder, 'absolute'));
  symlinkSync('absolute', join(folder, 'chain'));
  symlinkSync('../real', join(folder, 'real', 'well'));

  it.each(['relative', 'absolute/x', 'chain/x'])('are followed to a mount that may hang: %s', (path) => {
    expect(inProcess(join(folder, path), hung)).toBe(false);
  });

  it('are resolved', () => {
    expect(resolveWithin(join(folder, 'real/well/well/file'), [root, hung])).toEqual({ path: join(folder, 'real/file'), inProcess: true });
  });

  it('of /proc that lead out of the path they show are left to a child', () => {
    expect(inProcess('/proc/self/cwd/x')).toBe(false);
    expect(inProcess('/proc/self/root/etc/hosts')).toBe(false);
    expect(inProcess('/proc/self/fd/0')).toBe(false);
    expect(inProcess('/proc/self/stat')).toBe(true);
    expect(inProcess('/proc/mounts')).toBe(true);
  });
});

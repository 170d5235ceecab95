import { describe, expect, test } from 'vitest';
import { mountHolding, mountsMadeForWriting, mountsThatCanHang, parseMounts, writableMounts } from '../../src/checks/parse-mounts.ts';

const SERVER = `22 28 0:21 / /proc rw,relatime shared:12 - proc proc rw
23 28 0:22 / /sys rw shared:7 - sysfs sysfs rw
24 28 0:6 / /dev rw shared:2 - devtmpfs udev rw,size=4k
25 24 0:23 / /dev/shm rw shared:3 - tmpfs tmpfs rw
28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
29 28 8:2 / /var rw shared:30 - xfs /dev/sda2 rw,attr2
30 28 0:40 / /srv/nfs\\040share rw shared:31 - nfs4 nas:/export rw,vers=4.2
31 28 7:0 / /snap/core/1 ro shared:32 - squashfs /dev/loop0 ro
32 29 0:41 / /var/cache/app rw shared:33 - tmpfs app rw,size=64m
33 29 0:50 / /var/lib/docker/overlay2/abc/merged rw - overlay overlay rw,lowerdir=/l,upperdir=/u
34 28 8:1 /home/data /data/bind rw shared:1 - ext4 /dev/sda1 rw
35 28 8:3 / /archive ro shared:40 - ext4 /dev/sda3 ro
36 28 0:60 / /run/user/0 rw - tmpfs tmpfs rw
37 28 0:61 / /misc rw - autofs /etc/auto.misc rw
`;
const points = (mounts: readonly { readonly mountPoint: string }[]) => mounts.map(({ mountPoint }) => mountPoint);
const mounts = parseMounts(SERVER);

describe('parseMounts', () => {
  test('reads fields, tags, escapes and both option lists', () => {
    expect(mounts).toHaveLength(14);
    expect(mounts.find(({ type }) => type === 'nfs4')).toMatchObject({
      mountPoint: '/srv/nfs share',
      source: 'nas:/export',
      device: '0:40',
    });
    expect(mounts.find(({ mountPoint }) => mountPoint === '/')).toMatchObject({
      options: ['rw', 'relatime'],
      superOptions: ['rw', 'errors=remount-ro'],
    });
  });

  test('leaves out what another mount covers, on the same place or above', () => {
    const table = `28 1 8:1 / / rw - ext4 /dev/sda1 rw
29 28 8:2 / /data rw - ext4 /dev/sdb1 rw
30 28 8:3 / /opt/app rw - ext4 /dev/sdc1 rw
31 29 8:4 / /data rw - ext4 /dev/sdd1 rw
32 28 8:5 / /opt rw - ext4 /dev/sde1 rw
33 30 8:6 / /opt/app/deep rw - ext4 /dev/sdf1 rw
34 31 8:7 / /data/sub rw - ext4 /dev/sdg1 rw
`;
    expect(parseMounts(table).map(({ id }) => id)).toEqual([28, 31, 32, 34]);
  });

  test('a broken or empty table gives nothing rather than an error', () => {
    expect(parseMounts('')).toEqual([]);
    expect(parseMounts('what is this\n1 2 3')).toEqual([]);
  });
});

test('mountHolding takes the longest mount point that is a folder of the path', () => {
  expect(mountHolding(mounts, '/var/lib/paygw')?.mountPoint).toBe('/var');
  expect(mountHolding(mounts, '/variable')?.mountPoint).toBe('/');
  expect(mountHolding(mounts, '/var/cache/app')?.mountPoint).toBe('/var/cache/app');
  expect(mountHolding([], '/x')).toBeUndefined();
});

test('writableMounts: no pseudo, system memory, image, layer, read-only or second mount of the same file system', () => {
  expect(points(writableMounts(mounts))).toEqual(['/', '/var', '/srv/nfs share', '/var/cache/app']);
});

test('mountsThatCanHang: all that waits for something, read-only ones too, in-memory ones not', () => {
  expect(points(mountsThatCanHang(mounts))).toEqual(['/', '/var', '/srv/nfs share', '/snap/core/1', '/archive']);
});

test('mountsMadeForWriting keeps every mount of a file system', () => {
  expect(points(mountsMadeForWriting(mounts))).toEqual(['/', '/var', '/srv/nfs share', '/var/cache/app', '/data/bind', '/archive']);
});

test('the root of a container is an overlay and counts; its engine files do not', () => {
  const container = `100 50 0:70 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
101 100 8:1 /var/lib/docker/containers/x/hosts /etc/hosts rw - ext4 /dev/sda1 rw
102 100 8:1 /var/lib/docker/volumes/v /data rw - ext4 /dev/sda1 rw
`;
  expect(points(writableMounts(parseMounts(container)))).toEqual(['/', '/data']);
});

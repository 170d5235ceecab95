import { lstatSync } from 'node:fs';
import { HostError } from '../errors.ts';
import { locate } from './local-mounts.ts';

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly viaShell: boolean;
}

/**
 * Starting a process waits for its exec, in the main thread: a program on a hung mount, or a PATH that leads over one, would stop
 * everything. There a shell, itself on the root disk, is started and does the looking.
 */
export async function prepareLaunch(argv: readonly string[], path: string): Promise<Launch> {
  const [file, ...args] = argv;
  if (!file) throw new HostError('unsupported', 'empty command');
  if (file.includes('\0')) throw new HostError('unsupported', 'a command with a NUL byte');
  const places = process.platform !== 'linux' ? [] : file.includes('/') ? [`/${file}`] : path.split(':');
  const located = await Promise.all(places.map(locate));
  if (located.every(({ inProcess }) => inProcess)) return { file, args, viaShell: false };
  return { file: '/bin/sh', args: ['-c', 'exec "$0" "$@"', file, ...args], viaShell: true };
}

/** What the shell says when its `exec` fails, as the kernel would have said it. */
export function findLaunchFailure(name: string, exitCode: number | null, stderr: string): HostError | undefined {
  if (!/^[^\n]*\bexec: /.test(stderr)) return undefined;
  if (exitCode === 127) return describeLaunchFailure(name, 'ENOENT');
  return exitCode === 126 ? describeLaunchFailure(name, 'EACCES') : undefined;
}

/**
 * A folder of PATH that may not be entered (root's, after sudo) makes the kernel say EACCES for every tool that is not there.
 * Only for a PATH without mounts that may hang.
 */
export function isNowhere(name: string, path: string): boolean {
  return !name.includes('/') && !path.split(':').some((folder) => isThere(`${folder}/${name}`));
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

export function describeLaunchFailure(name: string, code: string | undefined, message?: string): HostError {
  if (code === 'ENOENT') return new HostError('missing-tool', `${name}: not found`, `install ${name}, or put it in the PATH of oor`);
  if (code === 'EACCES') return new HostError('no-permission', `${name}: not allowed to run it`, `execute permission on ${name}`);
  if (code === 'EPERM')
    return new HostError(
      'no-permission',
      `${name}: the kernel does not let it start`,
      'run as root, outside of a container that takes its capabilities',
    );
  return new HostError('io', `cannot start ${name}: ${message ?? code ?? 'unknown reason'}`);
}

/** Questions to a file as commands of coreutils, for a child that can be killed or a shell on another machine, and how their answers read. */
import { HostError } from '../errors.ts';
import type { FileContent, FileStat, FilesystemStat, ReadOptions } from '../ports.ts';

export interface FileQuestion<T> {
  readonly argv: readonly string[];
  /** Of the standard output of a command that ended well. */
  parse(bytes: Buffer, stderr: string): T;
}

/** $1 path. From standard input, because sha256sum marks odd file names in its output. */
const HASH = `stat -L -c %s -- "$1" > /dev/null || exit 3
[ -f "$1" ] || { stat -L -c %F -- "$1" >&2; exit 4; }
exec sha256sum < "$1"`;

/** $1 path, $2 offset, $3 bytes. First line: size; then the content. */
const READ = `size=$(stat -L -c %s -- "$1") || exit 3
[ -f "$1" ] || { stat -L -c %F -- "$1" >&2; exit 4; }
echo "$size"
if [ "$2" -lt 0 ]; then tail -c "\${2#-}" -- "$1"; else tail -c "+$(($2 + 1))" -- "$1"; fi | head -c "$3"`;

/** $1 path, $2 offset. First line: size; then the content, in large pieces (tail would take 8 KiB at a time). */
const READ_ON = `size=$(stat -L -c %s -- "$1") || exit 3
[ -f "$1" ] || { stat -L -c %F -- "$1" >&2; exit 4; }
echo "$size"
exec dd if="$1" bs=256K iflag=skip_bytes skip="$2" status=none`;

export function readingOn(path: string, offset: number): readonly string[] {
  return ['sh', '-c', READ_ON, 'sh', path, String(offset)];
}

/** Which part of a file, and what its bytes are taken for. */
export type Slice = Pick<ReadOptions, 'encoding'> & { readonly offset: number; readonly maxBytes: number };

export function reading(path: string, wanted: Slice): FileQuestion<FileContent> {
  return {
    argv: ['sh', '-c', READ, 'sh', path, String(wanted.offset), String(wanted.maxBytes)],
    parse: (bytes, stderr) => {
      const lineEnd = bytes.indexOf(0x0a);
      const size = Number(bytes.subarray(0, lineEnd).toString('latin1'));
      const content = bytes.subarray(lineEnd + 1);
      if (content.length === 0 && stderr !== '') throw explainFailure(path, 0, stderr);
      const offset = wanted.offset < 0 ? Math.max(0, size + wanted.offset) : wanted.offset;
      return { text: content.toString(wanted.encoding ?? 'utf8'), offset, bytesRead: content.length, size };
    },
  };
}

export function listing(path: string): FileQuestion<readonly string[]> {
  const folder = path.endsWith('/') ? path : `${path}/`;
  return {
    argv: ['find', folder, '-mindepth', '1', '-maxdepth', '1', '-print0'],
    parse: (bytes) =>
      bytes
        .toString('utf8')
        .split('\0')
        .filter(Boolean)
        .map((name) => name.slice(name.lastIndexOf('/') + 1)),
  };
}

export function describing(path: string): FileQuestion<FileStat> {
  return {
    argv: ['stat', '-L', '-c', '%f %s %u %g %Y', '--', path],
    parse: (bytes) => {
      const [mode = '', size, uid, gid, seconds] = bytes.toString('latin1').trim().split(' ');
      const bits = Number.parseInt(mode, 16);
      return {
        kind: KINDS[bits & 0o170000] ?? 'other',
        size: Number(size),
        mode: bits & 0o7777,
        uid: Number(uid),
        gid: Number(gid),
        modifiedAt: Number(seconds) * 1000,
      };
    },
  };
}

export function hashing(path: string): FileQuestion<string> {
  return { argv: ['sh', '-c', HASH, 'sh', path], parse: (bytes) => bytes.toString('latin1', 0, 64) };
}

export function measuring(path: string): FileQuestion<FilesystemStat> {
  return {
    argv: ['stat', '-f', '-c', '%S %b %f %a %c %d', '--', path],
    parse: (bytes) => {
      const words = bytes.toString('latin1').trim().split(' ').map(Number);
      const [unit = 0, blocks = 0, free = 0, available = 0, totalInodes = 0, freeInodes = 0] = words;
      return { totalBytes: blocks * unit, freeBytes: free * unit, availableBytes: available * unit, totalInodes, freeInodes };
    },
  };
}

/** File type bits of st_mode, inode(7). */
const KINDS: Readonly<Record<number, FileStat['kind']>> = {
  [0o100000]: 'file',
  [0o040000]: 'directory',
  [0o010000]: 'fifo',
  [0o140000]: 'socket',
  [0o060000]: 'device',
  [0o020000]: 'device',
};

/** Of a look at a file: exit 4 and the kind of thing that it is instead, or the words of coreutils. */
export function explainFailure(path: string, exitCode: number | null, stderr: string): HostError {
  const message = stderr.trim();
  if (exitCode === 4) return new HostError('io', `${path}: is a ${message}, not a file`, `the path of a file instead of ${path}`);
  if (/No such file|Not a directory|nonexistent/i.test(message)) return notFound(path);
  if (/Permission denied|Operation not permitted/i.test(message))
    return new HostError('no-permission', `${path}: not allowed to read it`, readPermission(path));
  return new HostError('io', `${path}: ${message || `exit ${exitCode}`}`);
}

export function notFound(path: string): HostError {
  const unlock = /^\/(?:proc|sys)\//.test(path)
    ? 'a kernel that shows it, outside of a container that hides it'
    : `the right path instead of ${path}`;
  return new HostError('not-found', `${path}: no such file or folder`, unlock);
}

export function readPermission(path: string): string {
  return `read permission on ${path}: run as root, or as a member of the group that owns it`;
}

/**
 * The same look at files, taken by a child that can be killed: for network, FUSE and second disks, whose daemon or server may be gone.
 * A read that hangs in this process would block one of libuv's four threads for good, and even the end of the process.
 */
import { HostError } from '../errors.ts';
import type { FileContent, FileStat, FilesystemStat } from '../ports.ts';
import { type CommandOutcome, runForBytes } from './command.ts';

/** Enough for every answer that is not a content, error messages included. */
const SMALL_OUTPUT_BYTES = 64 * 1024;

/** $1 path. From standard input, because sha256sum marks odd file names in its output. */
const HASH = `stat -L -c %s -- "$1" > /dev/null || exit 3
[ -f "$1" ] || { stat -L -c %F -- "$1" >&2; exit 4; }
exec sha256sum < "$1"`;

/** $1 path, $2 offset, $3 bytes. First line: size; then the content. */
const READ = `size=$(stat -L -c %s -- "$1") || exit 3
[ -f "$1" ] || { stat -L -c %F -- "$1" >&2; exit 4; }
echo "$size"
if [ "$2" -lt 0 ]; then tail -c "\${2#-}" -- "$1"; else tail -c "+$(($2 + 1))" -- "$1"; fi | head -c "$3"`;

export async function readInChild(path: string, wanted: { offset: number; maxBytes: number }, timeoutMs: number): Promise<FileContent> {
  const argv = ['sh', '-c', READ, 'sh', path, String(wanted.offset), String(wanted.maxBytes)];
  const outcome = await ask(path, argv, timeoutMs, wanted.maxBytes + SMALL_OUTPUT_BYTES);
  const bytes = outcome.stdout.bytes();
  const lineEnd = bytes.indexOf(0x0a);
  const size = Number(bytes.subarray(0, lineEnd).toString('latin1'));
  const content = bytes.subarray(lineEnd + 1);
  if (content.length === 0 && outcome.stderr.totalBytes > 0) throw toHostError(path, outcome);
  const offset = wanted.offset < 0 ? Math.max(0, size + wanted.offset) : wanted.offset;
  return { text: content.toString('utf8'), offset, bytesRead: content.length, size };
}

export async function listInChild(path: string, timeoutMs: number): Promise<readonly string[]> {
  const folder = path.endsWith('/') ? path : `${path}/`;
  const outcome = await ask(path, ['find', folder, '-mindepth', '1', '-maxdepth', '1', '-print0'], timeoutMs, 64 * 1024 * 1024);
  const names = outcome.stdout.bytes().toString('utf8').split('\0');
  return names.filter(Boolean).map((name) => name.slice(name.lastIndexOf('/') + 1));
}

export async function statInChild(path: string, timeoutMs: number): Promise<FileStat> {
  const outcome = await ask(path, ['stat', '-L', '-c', '%f %s %u %g %Y', '--', path], timeoutMs);
  const [mode = '', size, uid, gid, seconds] = outcome.stdout.text().trim().split(' ');
  const bits = Number.parseInt(mode, 16);
  return {
    kind: KINDS[bits & 0o170000] ?? 'other',
    size: Number(size),
    mode: bits & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    modifiedAt: Number(seconds) * 1000,
  };
}

export async function hashInChild(path: string, timeoutMs: number): Promise<string> {
  const outcome = await ask(path, ['sh', '-c', HASH, 'sh', path], timeoutMs);
  return outcome.stdout.text().slice(0, 64);
}

export async function statFilesystemInChild(path: string, timeoutMs: number): Promise<FilesystemStat> {
  const outcome = await ask(path, ['stat', '-f', '-c', '%S %b %f %a %c %d', '--', path], timeoutMs);
  const [unit = 0, blocks = 0, free = 0, available = 0, totalInodes = 0, freeInodes = 0] = outcome.stdout
    .text()
    .trim()
    .split(' ')
    .map(Number);
  return { totalBytes: blocks * unit, freeBytes: free * unit, availableBytes: available * unit, totalInodes, freeInodes };
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

async function ask(path: string, argv: readonly string[], timeoutMs: number, maxOutputBytes = SMALL_OUTPUT_BYTES): Promise<CommandOutcome> {
  const outcome = await runForBytes(argv, { timeoutMs, maxOutputBytes });
  if (outcome.exitCode !== 0) throw toHostError(path, outcome);
  if (outcome.stdout.truncated) throw new HostError('unsupported', `${path}: too much to list`);
  return outcome;
}

function toHostError(path: string, { exitCode, stderr }: CommandOutcome): HostError {
  return explainFailure(path, exitCode, stderr.text());
}

/** Of a look at a file: exit 4 and the kind of thing that it is instead, or the words of coreutils. */
export function explainFailure(path: string, exitCode: number | null, stderr: string): HostError {
  const message = stderr.trim();
  if (exitCode === 4) return new HostError('io', `${path}: is a ${message}, not a file`);
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

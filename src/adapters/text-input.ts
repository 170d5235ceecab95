/** Files and pipes of any size as text in chunks: what is packed is unpacked, what is no text is told apart. */
import { constants, createReadStream } from 'node:fs';
import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { ExitCode, OorError } from '../errors.ts';
import { createMixedDecoder } from './mixed-text.ts';

/** utf8: bytes of another encoding among it pass as they are. */
export type TextEncoding = 'utf8' | 'utf16le';

export interface TextInput {
  /** undefined: binary. Its bytes are only counted. */
  readonly encoding: TextEncoding | undefined;
  readonly packed: boolean;
  /** Of a binary input only sizes come, as nothing else may leave. */
  chunks(): AsyncGenerator<string | { readonly withheld: number }>;
}

const CHUNK = 256 * 1024;
const SAMPLE = 64 * 1024;
/** More control characters than this in a chunk and it is no text. */
const MAX_CONTROL = 0.1;
const MAX_RATIO = 250;
/** Below this a ratio says nothing. */
const FREE_BYTES = 64 * 1024 * 1024;

export interface FoundFile {
  readonly path: string;
  /** Below the folder that was named; the path itself for a file. */
  readonly name: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  /** What is no regular file, and folders that may not be read. */
  readonly passed: readonly { readonly name: string; readonly kind: PassedKind }[];
}

type PassedKind = 'symbolic link' | 'socket' | 'fifo' | 'device' | 'unreadable folder' | 'gone meanwhile';

/** Regular files, in order of their names; links are not followed. undefined: there is nothing of that name. */
export async function listFiles(path: string): Promise<Found | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isDirectory()) return { files: [{ path, name: path.replace(/^.*\//, '') }], passed: [] };
  const files: FoundFile[] = [];
  const passed: { name: string; kind: PassedKind }[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(path, below), { withFileTypes: true }).catch(() => undefined);
    if (!entries) return void passed.push({ name: below || path, kind: 'unreadable folder' });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      const kind = await kindOf(join(path, name));
      if (kind === 'folder') await walk(name);
      else if (kind === 'file') files.push({ path: join(path, name), name });
      else passed.push({ name, kind });
    }
  };
  await walk('');
  return { files, passed };
}

async function kindOf(path: string): Promise<PassedKind | 'folder' | 'file'> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return 'gone meanwhile';
  if (found.isDirectory()) return 'folder';
  if (found.isFile()) return 'file';
  if (found.isSymbolicLink()) return 'symbolic link';
  return found.isSocket() ? 'socket' : found.isFIFO() ? 'fifo' : 'device';
}

/** `-` is standard input. Throws `OorError` when it cannot be read. */
export async function openText(path: string, standardInput: AsyncIterable<Uint8Array> = process.stdin): Promise<TextInput> {
  const raw = path === '-' ? standardInput : await openFile(path);
  const { head, all } = await peek(raw);
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  if (!packed) return textInput(head, all, packed);
  const unpacked = await peek(unpack(all));
  return textInput(unpacked.head, unpacked.all, packed);
}

async function openFile(path: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return createReadStream('', { fd: file, highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code ?? 'unknown reason');
  }
}

/** The first bytes, and everything from the beginning. */
async function peek(source: AsyncIterable<Uint8Array>): Promise<{ readonly head: Buffer; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < SAMPLE) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    size += next.value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { head: Buffer.concat(first).subarray(0, SAMPLE), all: all() };
}

async function* unpack(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let packedBytes = 0;
  let bytes = 0;
  const gunzip = createGunzip({ chunkSize: CHUNK });
  async function feed(): Promise<void> {
    for await (const chunk of source) {
      packedBytes += chunk.length;
      if (!gunzip.write(chunk)) await new Promise<void>((resolve) => gunzip.once('drain', resolve).once('close', resolve));
      if (gunzip.destroyed) return;
    }
    gunzip.end();
  }
  const feeding = feed().catch((error: Error) => void gunzip.destroy(error));
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > FREE_BYTES && bytes > packedBytes * MAX_RATIO) throw new Error('too well packed');
      yield chunk;
    }
    await feeding;
  } catch (error) {
    gunzip.destroy();
    throw unreadable('the packed input', error instanceof Error ? error.message : 'damaged');
  }
}

function textInput(head: Buffer, all: AsyncIterable<Uint8Array>, packed: boolean): TextInput {
  const encoding = encodingOf(head);
  return { encoding, packed, chunks: () => decodeChunks(all, encoding) };
}

async function* decodeChunks(
  source: AsyncIterable<Uint8Array>,
  encoding: TextEncoding | undefined,
): AsyncGenerator<string | { readonly withheld: number }> {
  if (encoding === 'utf16le') return yield* decodeUtf16(source);
  const decoder = createMixedDecoder();
  for await (const chunk of source) {
    if (encoding === undefined || isBinary(chunk)) yield { withheld: chunk.length };
    else yield decoder.decode(chunk);
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

/** Node's own decoder would carry a lone byte over; the platform's does too, and replaces what is no character. */
async function* decodeUtf16(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-16le', { ignoreBOM: true });
  for await (const chunk of source) yield decoder.decode(chunk, { stream: true });
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** UTF-16 of the other order is binary here: nothing on Linux writes it. */
function encodingOf(head: Buffer): TextEncoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf16le';
  let zeros = 0;
  for (let index = 1; index < head.length; index += 2) if (head[index] === 0) zeros++;
  if (zeros > head.length * 0.2 && head.filter((byte) => byte === 0).length < zeros * 1.25) return 'utf16le';
  return isBinary(head) ? undefined : 'utf8';
}

function isBinary(bytes: Uint8Array): boolean {
  let control = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) || byte === 0x7f) control++;
  }
  return control > bytes.length * MAX_CONTROL;
}

function unreadable(what: string, why: string): OorError {
  return new OorError({
    code: 'unreadable-file',
    message: `${what} cannot be read: ${why}`,
    hint: 'check the path, its permissions and that it is whole',
    exitCode: ExitCode.invalidInput,
  });
}

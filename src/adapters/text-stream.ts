/** Text of a file (compressed or not), a command or standard input, in pieces, in flat memory. */
import type { Readable, Transform } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import * as zlib from 'node:zlib';
import { HostError } from '../errors.ts';
import type { StreamOptions, TextSource } from '../ports.ts';
import { type BytePull, pullFrom } from './byte-pull.ts';
import { openCommand } from './command-stream.ts';
import { findBytes } from './local-bytes.ts';
import { startStop } from './stop.ts';

const STREAM_TIMEOUT_MS = 30_000;
const PIECE_BYTES = 256 * 1024;
/** What one piece of a compressed file may become stays bounded: deflate packs a thousand to one at most. */
const COMPRESSED_PIECE_BYTES = 32 * 1024;
/** Node's default of 16 KiB costs a third of the speed. */
const UNPACKED_PIECE_BYTES = 1024 * 1024;

export type StandardInput = () => Readable;

/** Where files and commands are: this machine, or another. */
export interface TextPlace {
  readonly standardInput?: StandardInput | undefined;
  readonly findBytes: typeof findBytes;
  readonly openCommand: typeof openCommand;
}

export function createLocalTextStreamer(standardInput?: StandardInput): ReturnType<typeof createTextStreamer> {
  return createTextStreamer({ standardInput, findBytes, openCommand });
}

export function createTextStreamer(place: TextPlace): (source: TextSource, options?: StreamOptions) => AsyncIterable<string> {
  let taken = false;
  const { standardInput } = place;
  const openInput = (): BytePull => {
    if (!standardInput) throw new HostError('unsupported', 'there is no standard input here');
    if (taken) throw new HostError('io', 'standard input was read already; it can be had once');
    taken = true;
    return pullFrom(standardInput());
  };
  return (source, options = {}) => streamText('stdin' in source ? openInput : () => openSource(place, source), describe(source), options);
}

async function* streamText(open: () => BytePull | Promise<BytePull>, name: string, options: StreamOptions): AsyncGenerator<string> {
  const { timeoutMs = STREAM_TIMEOUT_MS, maxBytes = Number.POSITIVE_INFINITY, signal } = options;
  signal?.throwIfAborted();
  let pull: BytePull | undefined;
  const stop = startStop({ timeoutMs, signal }, () => void pull?.close());
  const refuseStop = (): void => {
    if (stop.reason === 'aborted') throw signal?.reason;
    if (stop.reason === 'timed-out') throw new HostError('timed-out', `${name}: no end within ${timeoutMs} ms`, 'a longer timeout');
  };
  const decoder = new StringDecoder('utf8');
  let left = maxBytes;
  try {
    pull = await open();
    while (left > 0) {
      refuseStop();
      const piece = await pull.next();
      refuseStop();
      if (piece === null) break;
      const text = decoder.write(piece.length > left ? piece.subarray(0, left) : piece);
      left -= piece.length;
      if (text !== '') yield text;
    }
    // Cut by `maxBytes`, half a character is left out; at the end of the source it is one that was never whole.
    const last = left > 0 ? decoder.end() : '';
    if (last !== '') yield last;
  } finally {
    stop.release();
    await pull?.close();
  }
}

function describe(source: TextSource): string {
  return 'stdin' in source ? 'standard input' : 'argv' in source ? source.argv.join(' ') : source.file;
}

async function openSource(place: TextPlace, source: Exclude<TextSource, { stdin: true }>): Promise<BytePull> {
  if ('argv' in source) return pullCommand(place, source.argv, true);
  if (source.file.endsWith('.gz'))
    return unpack(source.file, await pullFile(place, source.file, COMPRESSED_PIECE_BYTES), zlib.createGunzip);
  const tool = UNPACKERS.find(({ ending }) => source.file.endsWith(ending));
  return tool ? pullUnpacked(place, source.file, tool) : pullFile(place, source.file, PIECE_BYTES);
}

type CreateUnpacker = (options: { readonly chunkSize: number }) => Transform;

interface Unpacker {
  readonly ending: string;
  readonly argv: readonly string[];
  /** That of zlib, where it has one. */
  readonly own?: CreateUnpacker | undefined;
}

/** What zlib cannot unpack the tool of that name does; it has Zstandard since Node 22.15. */
const UNPACKERS: readonly Unpacker[] = [
  { ending: '.zst', argv: ['zstd', '-dcq', '--'], own: (zlib as { readonly createZstdDecompress?: CreateUnpacker }).createZstdDecompress },
  { ending: '.xz', argv: ['xz', '-dcq', '--'] },
  { ending: '.bz2', argv: ['bzip2', '-dcq', '--'] },
];

async function pullFile(place: TextPlace, path: string, pieceBytes: number): Promise<BytePull> {
  const source = await place.findBytes(path, 0);
  const opened = source.open();
  opened.catch(() => {});
  return {
    async next() {
      await opened;
      const buffer = Buffer.allocUnsafe(pieceBytes);
      const length = await source.read(buffer);
      return length === 0 ? null : buffer.subarray(0, length);
    },
    close: () => source.close(),
  };
}

async function pullCommand(place: TextPlace, argv: readonly string[], sweep: boolean): Promise<BytePull> {
  const command = await place.openCommand(argv, { sweep });
  let closed = false;
  return {
    async next() {
      const piece = await command.next();
      if (piece !== null || closed) return piece;
      const { exitCode, stderr } = await command.ending();
      if (exitCode !== 0) throw new HostError('io', `${argv.join(' ')}: exit ${exitCode ?? 'by signal'}: ${stderr.trim().slice(0, 200)}`);
      return null;
    },
    close() {
      closed = true;
      return command.close();
    },
  };
}

async function pullUnpacked(place: TextPlace, path: string, { argv, own }: Unpacker): Promise<BytePull> {
  const packed = await pullFile(place, path, COMPRESSED_PIECE_BYTES);
  if (own) return unpack(path, packed, own);
  let current = packed;
  return {
    async next() {
      // The first piece is read only to learn why it cannot be, in the words of every other file.
      if (current === packed && (await packed.next()) !== null) current = await pullCommand(place, [...argv, path], false);
      return current.next();
    },
    async close() {
      await Promise.all([packed.close(), current.close()]);
    },
  };
}

/** All that an unpacker has made of a piece is taken before the next goes in: a broken file still gives what it holds. */
function unpack(name: string, packed: BytePull, create: CreateUnpacker): BytePull {
  const unpacker = create({ chunkSize: UNPACKED_PIECE_BYTES });
  const ready: Buffer[] = [];
  let failure: Error | undefined;
  let ended = false;
  let wake = (): void => {};
  unpacker.on('data', (piece: Buffer) => ready.push(piece));
  unpacker.once('end', () => {
    ended = true;
    wake();
  });
  unpacker.once('error', (error) => {
    failure = error;
    wake();
  });
  const feed = async (): Promise<void> => {
    const piece = await packed.next();
    // Closed meanwhile; a destroyed unpacker answers no more.
    if (ended) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (piece === null) unpacker.end();
      else unpacker.write(piece, () => resolve());
    });
  };
  return {
    async next() {
      while (ready.length === 0 && !failure && !ended) await feed();
      const piece = ready.shift();
      if (piece) return piece;
      if (failure) throw new HostError('io', `${name}: damaged or cut short (${failure.message})`);
      return null;
    },
    async close() {
      ended = true;
      unpacker.destroy();
      wake();
      await packed.close();
    },
  };
}

/** Files of payments made ready for the database: unpacked, in UTF-8, in a folder of this process alone. */
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { ExitCode, OorError } from '../errors.ts';
import type { TabularFile, Workbench } from '../ports.ts';
import { type OpenedDatabase, openDatabase } from './database.ts';
import { createFileSums, type FileSums, versionOf } from './file-sums.ts';
import { sieveRows } from './row-sieve.ts';
import { createExaminer, type Fault, MAX_LINE_BYTES, MIXED } from './text-examiner.ts';
import { untilAborted } from './until-aborted.ts';
import { BYTE_ORDER_MARK, countLines, firstForeignLine, hasMark, sniffEncoding } from './workbench-encoding.ts';
import { isZip, readPieces, unpackZip, writeText } from './workbench-files.ts';

const HEAD_BYTES = 256 * 1024;
const PIECE_BYTES = 1024 * 1024;

type Encoding = TabularFile['encoding'];

export interface WorkbenchOptions {
  readonly signal: AbortSignal;
  /** The built program of a thread of the sieve. Without it all is read whole, in this thread. */
  readonly sieve?: string;
}

export async function openWorkbench({ signal, sieve }: WorkbenchOptions): Promise<Workbench> {
  const folder = await makeFolder();
  const sums = createFileSums(sieve, isZip);
  let files = 0;
  let database: Promise<OpenedDatabase> | undefined;
  const nextName = (): string => {
    files += 1;
    return `${files}.txt`;
  };
  return {
    expect: (paths) => sums.expect(paths),
    ready: async (path) => await makeReady({ path, copy: join(folder, nextName()), signal, sums }),
    unpack: async (path) => await unpackZip({ path, folder, signal, nextName }),
    pieces: ({ path }) => readPieces(path, signal),
    replace: async (file, pieces) => {
      const path = join(folder, nextName());
      return { ...file, path, head: await writeText(path, pieces, signal, HEAD_BYTES) };
    },
    sieve: async (plans, onRead) => (sieve === undefined ? undefined : await sieveRows(plans, { program: sieve, folder, signal, onRead })),
    database: async () => {
      database ??= openDatabase(folder, signal);
      return await database;
    },
    close: async () => {
      await sums.close();
      const opened = await database?.catch(() => undefined);
      opened?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'oor-reconcile-'));
  } catch (error) {
    throw new OorError({
      code: 'no-working-folder',
      message: `no folder for working files can be made in ${tmpdir()} (${(error as NodeJS.ErrnoException).code})`,
      hint: 'TMPDIR=DIR names a folder with space that may be written to',
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

interface Raw {
  readonly path: string;
  /** Where its text is to lie when it is not in UTF-8 yet. */
  readonly copy: string;
  readonly signal: AbortSignal;
  readonly sums: FileSums;
}

/** A file whose first piece is plain ASCII tells its encoding later. */
async function makeReady(raw: Raw): Promise<TabularFile> {
  try {
    return await readReady(raw, undefined);
  } catch (error) {
    if (!(error instanceof OorError) || error.code !== MIXED) throw error;
    return await readReady({ ...raw, copy: `${raw.copy}.gb` }, 'gb18030').catch(() => {
      raw.signal.throwIfAborted();
      throw error;
    });
  }
}

async function readReady({ path, copy, signal, sums }: Raw, encoding: Encoding | undefined): Promise<TabularFile> {
  signal.throwIfAborted();
  const start = await readStart(path, 4);
  const packed = start[0] === 0x1f && start[1] === 0x8b;
  // The database reads no JSON behind a byte order mark.
  const isMarkedJson = hasMark(start) && start[3] === 0x7b;
  if (start[0] === 0x50 && start[1] === 0x4b) throw refuse(path, 'it is an archive in an archive', 'unpack it and name the files in it');
  const version = await versionOf(path);
  const sum = sums.of(path);
  const isReady = !packed && !isMarkedJson && encoding === undefined && (await untilAborted(sum, signal)).isPlain;
  const origin: Origin = { path, packed, signal, encoding: isReady ? 'utf-8' : encoding };
  const text = isReady
    ? { head: withoutMark(await readStart(path, HEAD_BYTES)), isCopied: false }
    : await examine(origin, copy, isMarkedJson);
  const summed = await untilAborted(sum, signal);
  const now = await versionOf(path);
  if (version !== now || summed.version !== now)
    throw refuse(path, 'it has changed while it was read', 'wait until it is written whole; nothing was compared');
  return {
    path: text.isCopied ? copy : path,
    head: new TextDecoder().decode(text.head),
    encoding: origin.encoding ?? 'utf-8',
    packed,
    bytes: (await stat(path)).size,
    sha256: summed.sha256,
  };
}

/** Reads the whole text, and writes it down when the file is not the text in UTF-8. */
async function examine(
  origin: Origin,
  copy: string,
  isMarkedJson: boolean,
): Promise<{ readonly head: Buffer; readonly isCopied: boolean }> {
  const head: Buffer[] = [];
  const findFault = createExaminer();
  let target: Awaited<ReturnType<typeof open>> | undefined;
  let kept = 0;
  try {
    for await (const text of texts(origin)) {
      await refuseFault(origin, findFault(text));
      if (origin.packed || isMarkedJson || origin.encoding !== 'utf-8') {
        target ??= await open(copy, 'wx', 0o600);
        await target.writeFile(text);
      }
      if (kept < HEAD_BYTES) head.push(Buffer.from(text.subarray(0, HEAD_BYTES - kept)));
      kept += text.length;
    }
    if (kept === 0) throw refuse(origin.path, 'it is empty', 'name a file with rows');
    await refuseFault(origin, findFault(undefined));
  } finally {
    await target?.close();
  }
  return { head: Buffer.concat(head), isCopied: target !== undefined };
}

function withoutMark(bytes: Buffer): Buffer {
  return hasMark(bytes) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
}

interface Origin {
  readonly path: string;
  readonly packed: boolean;
  readonly signal: AbortSignal;
  /** Known from the first piece on. */
  encoding: Encoding | undefined;
}

/** The text in UTF-8. */
async function* texts(origin: Origin): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let isFirst = true;
  for await (const piece of pieces(origin)) {
    origin.encoding ??= sniffEncoding(piece);
    if (origin.encoding !== 'utf-8') decoder ??= new TextDecoder(origin.encoding, { fatal: true });
    yield decoder ? await recode(decoder, piece, origin) : isFirst ? withoutMark(piece) : piece;
    isFirst = false;
  }
}

async function recode(decoder: InstanceType<typeof TextDecoder>, piece: Buffer, origin: Origin): Promise<Buffer> {
  try {
    return Buffer.from(decoder.decode(piece, { stream: true }));
  } catch {
    const { encoding } = decoder;
    const line = encoding === 'gb18030' ? await firstForeignLine(pieces(origin), MAX_LINE_BYTES) : undefined;
    const why = line === undefined ? `it is neither UTF-8 nor ${encoding}` : `line ${line}: it is neither UTF-8 nor ${encoding}`;
    throw refuse(origin.path, why, 'save it again in UTF-8');
  }
}

async function refuseFault(origin: Origin, fault: Fault | undefined): Promise<void> {
  if (!fault) return;
  const line = await lineAt(texts(origin), fault.at);
  throw refuse(origin.path, fault.why(line), fault.hint, fault.code);
}

async function readStart(path: string, bytes: number): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      if (!(await file.stat()).isFile()) throw refuse(path, 'it is no file', 'name a file');
      const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof OorError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw refuse(path, code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`, 'check the name and the permissions');
  }
}

async function* pieces({ path, packed, signal }: Origin): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: PIECE_BYTES, signal });
  if (!packed) return yield* source;
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  source.on('error', (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip);
  } catch (error) {
    if (signal.aborted) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'Z_BUF_ERROR' ? 'the gzip file is cut off' : `the gzip file is damaged (${code})`;
    throw refuse(path, why, 'fetch it again');
  }
}

async function lineAt(texts: AsyncIterable<Buffer>, offset: number): Promise<number> {
  let line = 1;
  let before = 0;
  for await (const text of texts) {
    line += countLines(text.subarray(0, Math.max(0, offset - before)));
    before += text.length;
    if (before >= offset) break;
  }
  return line;
}

function refuse(path: string, why: string, hint: string, code = 'unreadable-file'): OorError {
  return new OorError({ code, message: `${path}: ${why}`, hint, exitCode: ExitCode.invalidInput });
}

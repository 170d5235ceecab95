/** The bytes of a plain file from an offset on, for a look that may take long: by this process, or by a child where a read may hang. */
import type { FileHandle } from 'node:fs/promises';
import { type CommandStream, openCommand } from './command-stream.ts';
import { explainFailure, readingOn } from './file-questions.ts';
import { findLocally, openPlainFile, toHostError } from './local-files.ts';

export interface ByteSource {
  /** Size of the file; 0 for files that do not know theirs, and when `close` came first. */
  open(): Promise<number>;
  /** How many bytes it has put into the target; 0 at the end and after `close`. */
  read(target: Uint8Array): Promise<number>;
  /** Ends a wait that is under way. */
  close(): Promise<void>;
}

export async function findBytes(path: string, offset: number): Promise<ByteSource> {
  const where = await findLocally(path);
  return where.inProcess ? bytesInProcess(path, where.path, offset) : bytesOfCommand(where.path, offset, openCommand);
}

function bytesInProcess(name: string, path: string, offset: number): ByteSource {
  let file: FileHandle | undefined;
  let position = offset;
  const attempt = async <T>(operation: () => Promise<T>): Promise<T> => {
    try {
      return await operation();
    } catch (error) {
      throw toHostError(error, name);
    }
  };
  return {
    open: () =>
      attempt(async () => {
        const opened = await openPlainFile(path);
        file = opened.file;
        return opened.size;
      }),
    read: (target) =>
      attempt(async () => {
        if (!file) return 0;
        const { bytesRead } = await file.read(target, 0, target.length, position);
        position += bytesRead;
        return bytesRead;
      }),
    async close() {
      const opened = file;
      file = undefined;
      await opened?.close();
    },
  };
}

/** As a command writes them, here or on another machine. */
export function bytesOfCommand(path: string, offset: number, open: typeof openCommand): ByteSource {
  let child: CommandStream | undefined;
  let closed = false;
  let rest: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const piece = closed ? null : ((await child?.next()) ?? null);
    if (piece !== null) rest = piece;
    else if (!closed && child) await refuseFailure(path, child);
    return piece !== null;
  };
  return {
    async open() {
      child = await open(readingOn(path, offset), { sweep: false });
      if (closed) await child.close();
      for (let line = ''; await more(); ) {
        const end = rest.indexOf(0x0a);
        line += rest.toString('latin1', 0, end < 0 ? rest.length : end);
        rest = rest.subarray(end < 0 ? rest.length : end + 1);
        if (end >= 0) return Number(line);
      }
      return 0;
    },
    async read(target) {
      if (rest.length === 0 && !(await more())) return 0;
      const length = rest.copy(target);
      rest = rest.subarray(length);
      return length;
    },
    async close() {
      closed = true;
      await child?.close();
    },
  };
}

async function refuseFailure(path: string, child: CommandStream): Promise<void> {
  const { exitCode, stderr } = await child.ending();
  if (exitCode !== 0) throw explainFailure(path, exitCode, stderr);
}

import type { FileHandle } from 'node:fs/promises';
import { ExitCode, OorError } from '../errors.ts';
import type { Journal, JournalRecord } from '../ports.ts';
import { type ChainHead, encodeLine } from './file-journal-line.ts';

export interface OpenJournal {
  readonly sessionId: string;
  readonly path: string;
  /** Opened for appending; owned by the journal from now on. */
  readonly handle: FileHandle;
  readonly head: ChainHead;
  readonly sizeBytes: number;
  /** Gives the lock back. */
  readonly release: () => Promise<void>;
}

/** Appends to an open, verified and locked journal file. */
export function createJournal({ sessionId, path, handle, head, sizeBytes, release }: OpenJournal): Journal {
  let current = { head, sizeBytes };
  let queue: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  let failure: OorError | undefined;

  async function appendNow(record: JournalRecord): Promise<void> {
    if (failure !== undefined) throw failure;
    const line = encodeLine(record, current.head);
    try {
      await writeWhole(handle, line.bytes);
    } catch (error) {
      const retryable = (await cutBack(handle, current.sizeBytes)) && isFull(error);
      const problem = journalError(error, path);
      // After any other failed sync the page cache and the disk may differ, and a second sync would falsely succeed.
      if (!retryable) failure = problem;
      throw problem;
    }
    current = { head: line.head, sizeBytes: current.sizeBytes + line.bytes.length };
  }

  async function closeNow(): Promise<void> {
    await queue;
    await handle.close();
    await release();
  }

  return {
    sessionId,
    append(record) {
      if (closing !== undefined) return Promise.reject(new Error('append after close'));
      const done = queue.then(() => appendNow(record));
      queue = done.catch(() => undefined);
      return done;
    },
    close() {
      closing ??= closeNow();
      return closing;
    },
  };
}

/** True when the state directory's file system or quota has no room. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(error));
}

export function fullError(path: string, cause: unknown): OorError {
  return new OorError({
    code: 'state-dir-full',
    message: `No space left to record what happens in ${path}. What was recorded before is safe.`,
    hint: 'Free some space and continue with: oor resume. To keep sessions elsewhere: --state-dir DIR',
    exitCode: ExitCode.inconclusive,
    cause,
  });
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** A nearly full disk takes a part of the bytes without an error; only the next write fails. */
async function writeWhole(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, null);
    done += bytesWritten;
  }
  await handle.datasync();
}

async function cutBack(handle: FileHandle, sizeBytes: number): Promise<boolean> {
  try {
    await handle.truncate(sizeBytes);
    await handle.datasync();
    return true;
  } catch {
    return false;
  }
}

function journalError(error: unknown, path: string): OorError {
  if (isFull(error)) return fullError(path, error);
  return new OorError({
    code: 'journal-write-failed',
    message: `Could not write to ${path}: ${error instanceof Error ? error.message : String(error)}.`,
    hint: 'The disk may be failing (look at: dmesg). Continue on another disk with: --state-dir DIR',
    exitCode: ExitCode.inconclusive,
    cause: error,
  });
}

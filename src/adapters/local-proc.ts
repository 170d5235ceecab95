/**
 * The files of /proc that every look at processes reads by the hundred. Opening one is a walk through kernel memory, so it is done at
 * once: through the thread pool it costs ten times as much.
 */
import { closeSync, constants, openSync, read, readSync } from 'node:fs';
import type { FileContent } from '../ports.ts';
import { withDeadline } from './deadline.ts';

/** Plain files, no links. */
const PROC_FILE = /^\/proc\/(?:(?:\d+\/(?:stat|status|cmdline|limits))|loadavg|meminfo|stat|uptime|vmstat)$/;
/** The kernel reads this one from the memory of the process, under a lock that the process may hold for ever. */
const MAY_HANG = /\/cmdline$/;
/** A page; few are longer. */
const FIRST_BYTES = 4_096;
/** Few command lines are longer; so small a buffer is cut from one that is there. */
const FIRST_POOLED_BYTES = 1_024;

export function isProcFile(path: string): boolean {
  return PROC_FILE.test(path);
}

export async function readProcFile(path: string, wanted: { offset: number; maxBytes: number }, timeoutMs: number): Promise<FileContent> {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const start = Math.max(0, wanted.offset);
  if (MAY_HANG.test(path)) {
    // Closed when the last read is back, however long after the deadline that is.
    const content = readInPool(file, start, wanted.maxBytes).finally(() => closeSync(file));
    return await withDeadline(content, timeoutMs, path);
  }
  try {
    return readNow(file, start, wanted.maxBytes);
  } finally {
    closeSync(file);
  }
}

/** Read into by one call at a time, and copied from before the next. */
const page = Buffer.allocUnsafeSlow(FIRST_BYTES);

/** Files of /proc have no size; their content ends where a read returns nothing. */
function readNow(file: number, start: number, maxBytes: number): FileContent {
  let buffer = page;
  let length = 0;
  while (length < maxBytes) {
    if (length === buffer.length) buffer = Buffer.concat([buffer], length * 4);
    const bytesRead = readSync(file, buffer, length, Math.min(buffer.length, maxBytes) - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return contentOf(buffer, start, length);
}

/** A command line ends also where a read returns less than asked for. */
async function readInPool(file: number, start: number, maxBytes: number): Promise<FileContent> {
  let buffer = Buffer.allocUnsafe(Math.min(maxBytes, FIRST_POOLED_BYTES));
  let length = 0;
  while (length < maxBytes) {
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(maxBytes, length * 4));
    const asked = buffer.length - length;
    const bytesRead = await readLater(file, buffer, length, asked, start + length);
    length += bytesRead;
    if (bytesRead < asked) break;
  }
  return contentOf(buffer, start, length);
}

function readLater(file: number, buffer: Buffer, offset: number, length: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(file, buffer, offset, length, position, (error, bytesRead) => (error ? reject(error) : resolve(bytesRead)));
  });
}

function contentOf(buffer: Buffer, offset: number, length: number): FileContent {
  return { text: buffer.toString('utf8', 0, length), offset, bytesRead: length, size: 0 };
}

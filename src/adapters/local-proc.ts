/**
 * The files of /proc that every look at processes reads by the hundred. Opening one is a walk through kernel memory, so it is done at
 * once: through the thread pool it costs ten times as much.
 */
import { closeSync, constants, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import type { FileContent } from '../ports.ts';
import { withDeadline } from './deadline.ts';

const readInPool = promisify(read);

/** Plain files, no links. */
const PROC_FILE = /^\/proc\/(?:(?:\d+\/(?:stat|status|cmdline|limits))|loadavg|meminfo|stat|uptime|vmstat)$/;
/** The kernel reads this one from the memory of the process, under a lock that the process may hold for ever. */
const MAY_HANG = /\/cmdline$/;
/** A page; few are longer. */
const FIRST_BYTES = 4_096;

export function isProcFile(path: string): boolean {
  return PROC_FILE.test(path);
}

export async function readProcFile(path: string, wanted: { offset: number; maxBytes: number }, timeoutMs: number): Promise<FileContent> {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!MAY_HANG.test(path)) {
    try {
      return await collect((...where) => readSync(file, ...where), wanted);
    } finally {
      closeSync(file);
    }
  }
  // Closed when the last read is back, however long after the deadline that is.
  const content = collect(async (...where) => (await readInPool(file, ...where)).bytesRead, wanted, 'short read ends').finally(() =>
    closeSync(file),
  );
  return await withDeadline(content, timeoutMs, path);
}

type Read = (buffer: Buffer, offset: number, length: number, position: number) => number | Promise<number>;

/** Files of /proc have no size; their content ends where a read returns nothing, a command line also where it returns less than asked for. */
async function collect(
  readAt: Read,
  { offset, maxBytes }: { offset: number; maxBytes: number },
  ending?: 'short read ends',
): Promise<FileContent> {
  const start = Math.max(0, offset);
  let buffer = Buffer.allocUnsafe(Math.min(maxBytes, FIRST_BYTES));
  let length = 0;
  while (length < maxBytes) {
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(maxBytes, length * 4));
    const asked = buffer.length - length;
    const bytesRead = await readAt(buffer, length, asked, start + length);
    length += bytesRead;
    if (bytesRead === 0 || (ending && bytesRead < asked)) break;
  }
  return { text: buffer.toString('utf8', 0, length), offset: start, bytesRead: length, size: 0 };
}

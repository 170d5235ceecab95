/** A machine of which one log was written down, and nothing else is known. For incidents that are played without a host. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import type { ByteSource } from './local-bytes.ts';
import { searchBytes } from './text-search.ts';

export interface WrittenLog {
  readonly path: string;
  readonly lines: readonly string[];
  /** When it is looked at, epoch ms. */
  readonly now: number;
}

export function createWrittenHost({ path, lines, now }: WrittenLog): Host {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const refuse = (): never => {
    throw new HostError('not-found', 'only the log was written down');
  };
  const host: Partial<Host> = {
    name: 'written',
    platform: 'linux',
    now: () => ({ wallMs: now, monoMs: 0 }),
    // The zone of the clock: the one question that a log check puts to a program.
    run: async (argv) => ({ argv, exitCode: 0, stdout: '+0000\n', stderr: '', truncated: false, durationMs: 1 }),
    stat: async (asked) => {
      if (asked !== path) throw new HostError('not-found', asked);
      return { kind: 'file', size: bytes.length, mode: 0o640, uid: 0, gid: 0, modifiedAt: now };
    },
    readFile: async (_path, { offset = 0, maxBytes = Number.MAX_SAFE_INTEGER } = {}) => {
      const part = bytes.subarray(offset, offset + maxBytes);
      return { text: part.toString(), bytesRead: part.length, offset, size: bytes.length };
    },
    searchFile: (asked, request) => searchBytes(async (_path, offset) => memorySource(bytes, offset), asked, request),
    list: async () => [path.slice(path.lastIndexOf('/') + 1)],
    streamText: refuse,
    statFilesystem: refuse,
    hashFile: refuse,
    dial: refuse,
    datagram: refuse,
  };
  return host as Host;
}

function memorySource(bytes: Buffer, offset: number): ByteSource {
  let at = offset;
  return {
    open: async () => bytes.length,
    read: async (target) => {
      const length = bytes.copy(target, 0, at, Math.min(bytes.length, at + target.length));
      at += length;
      return length;
    },
    close: async () => undefined,
  };
}

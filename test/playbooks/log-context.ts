import type { ProbeContext } from '../../src/checks/check.ts';
import { HostError } from '../../src/errors.ts';
import type { Host, SearchRequest } from '../../src/ports.ts';
import { searchPlainly } from '../checks/plain-search.ts';

/** The one file of a log check; a log that nobody wrote down is there and quiet. */
export function logContext(path: string, lines: readonly string[], window: { readonly now: number; readonly since: number }): ProbeContext {
  const text = lines.map((line) => `${line}\n`).join('');
  const refuse = (): never => {
    throw new Error('a log check needs its file only');
  };
  const host = {
    name: 'pay-1',
    platform: 'linux',
    now: () => ({ wallMs: window.now, monoMs: 0 }),
    run: async (argv: readonly string[]) => ({ argv, exitCode: 0, stdout: '+0000\n', stderr: '', truncated: false, durationMs: 1 }),
    stat: async (asked: string) => {
      if (asked !== path) throw new HostError('not-found', asked);
      return { kind: 'file', size: Buffer.byteLength(text), mode: 0o640, uid: 0, gid: 0, modifiedAt: window.now };
    },
    readFile: async (_path: string, { offset = 0, maxBytes = Number.MAX_SAFE_INTEGER } = {}) => {
      const part = Buffer.from(text).subarray(offset, offset + maxBytes);
      return { text: part.toString(), bytesRead: part.length, truncated: false };
    },
    searchFile: async (_path: string, request: SearchRequest) => searchPlainly(Buffer.from(text), request),
    streamText: refuse,
    list: async () => [path.slice(path.lastIndexOf('/') + 1)],
    statFilesystem: refuse,
    hashFile: refuse,
    dial: refuse,
    datagram: refuse,
  } as unknown as Host;
  return {
    host,
    net: {} as ProbeContext['net'],
    secrets: { reveal: refuse },
    pacer: { take: refuse },
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    since: window.since,
    sleep: async () => undefined,
  };
}

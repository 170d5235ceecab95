import type { Duplex } from 'node:stream';
import type { Exchange, ExchangeRequest } from '../../ports.ts';
import { type Deadline, startDeadline } from '../deadline.ts';
import { openConnection } from './connect.ts';
import type { Vantage } from './resolve.ts';

const DEFAULT_TIMEOUT_MS = 5_000;
/** What a 16-bit length can say, and its prefix. */
const MAX_FRAME_BYTES = 0xffff + 4;
/** Enough of what is no frame to tell what speaks there. */
const STRANGE_BYTES = 64;

/** Sends one message and reads one frame on a connection of its own. */
export async function exchangeFrames(vantage: Vantage, request: ExchangeRequest): Promise<Exchange> {
  const deadline = startDeadline(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const connection = await openConnection(vantage, request, deadline, request.signal);
  if (connection.stream === null) return { outcome: connection.failure, answer: '', roundTripMs: null, errorCode: connection.errorCode };
  const { stream } = connection;
  const sentMs = deadline.elapsedMs();
  try {
    stream.write(Buffer.from(request.payload, 'hex'));
    const { outcome, bytes, errorCode } = await readFrame(stream, request, deadline);
    return {
      outcome,
      answer: bytes.toString('hex'),
      roundTripMs: outcome === 'answered' ? deadline.elapsedMs() - sentMs : null,
      ...(errorCode === undefined ? {} : { errorCode }),
    };
  } finally {
    stream.destroy();
  }
}

interface FrameRead {
  readonly outcome: Exclude<Exchange['outcome'], 'refused' | 'timed-out' | 'unreachable' | 'name-not-resolved'>;
  readonly bytes: Buffer;
  readonly errorCode?: string;
}

function readFrame(stream: Duplex, { measure, signal }: ExchangeRequest, deadline: Deadline): Promise<FrameRead> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    const finish = (outcome: FrameRead['outcome'], size = Math.min(bytes.length, STRANGE_BYTES), errorCode?: string) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve({ outcome, bytes: bytes.subarray(0, size), ...(errorCode === undefined ? {} : { errorCode }) });
    };
    const stop = () => finish('no-answer');
    const timer = setTimeout(stop, deadline.remainingMs());
    signal?.addEventListener('abort', stop, { once: true });
    stream.on('error', ({ code }: NodeJS.ErrnoException) => finish(code === 'ECONNRESET' ? 'reset' : 'closed', undefined, code));
    stream.on('end', () => finish('closed'));
    stream.on('close', () => finish('closed'));
    stream.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const size = measure(bytes);
      if (size === null || (size !== undefined && size > MAX_FRAME_BYTES)) finish('no-frame');
      else if (size !== undefined && bytes.length >= size) finish('answered', size);
    });
  });
}

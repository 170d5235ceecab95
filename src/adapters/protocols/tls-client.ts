/** The client's side of TLS over any stream. */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { Deadline } from '../deadline.ts';

export interface TlsFailure {
  readonly errorCode: string;
  readonly error: string;
}

export interface TlsOptions {
  readonly serverName: string;
  readonly context: SecureContext;
  readonly verify: boolean;
  readonly deadline: Deadline;
  readonly sendName?: boolean;
}

/** The client's side of a handshake over any stream. */
export function startTls(
  stream: Duplex,
  { serverName, context, verify, deadline, sendName = true }: TlsOptions,
  watch?: (socket: TLSSocket) => void,
): Promise<{ socket: TLSSocket } | { failure: TlsFailure }> {
  return new Promise((resolve) => {
    const options: ConnectionOptions & { readonly requestOCSP: boolean } = {
      socket: stream,
      secureContext: context,
      rejectUnauthorized: verify,
      host: serverName,
      // A literal address is no server name (RFC 6066); Node then verifies `host`.
      ...(isIP(serverName) ? {} : { servername: sendName ? serverName : '' }),
      requestOCSP: watch !== undefined,
    };
    const socket = connect(options);
    const fail = (errorCode: string, error: string) => {
      clearTimeout(timer);
      socket.on('error', () => {});
      socket.destroy();
      stream.destroy();
      resolve({ failure: { errorCode, error } });
    };
    const timer = setTimeout(() => fail('ETIMEDOUT', 'no TLS answer in time'), deadline.remainingMs());
    const onError = (error: NodeJS.ErrnoException) => fail(error.code ?? 'ERR_TLS', error.message);
    const onClose = () => fail('ECONNRESET', 'closed by the peer during the handshake');
    watch?.(socket);
    socket.once('error', onError).once('close', onClose);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', onError).off('close', onClose);
      socket.on('error', () => {});
      resolve({ socket });
    });
  });
}

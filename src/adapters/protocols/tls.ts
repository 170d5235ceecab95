import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { Duplex } from 'node:stream';
import { connect, createSecureContext, type DetailedPeerCertificate, type SecureContext, type TLSSocket } from 'node:tls';
import { HostError } from '../../errors.ts';
import type { TlsHandshake, TlsRequest } from '../../ports.ts';
import { type Deadline, startDeadline } from '../deadline.ts';
import { describeCertificate, namesServer } from './certificates.ts';
import { openConnection } from './connect.ts';
import { readSentCertificates } from './handshake-certificates.ts';
import type { Vantage } from './resolve.ts';
import type { TrustStore, TrustStores } from './trust.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** The longest certificate message a server may send is 16 MiB; real ones stay below 20 KiB. */
const MAX_FLIGHT_BYTES = 256 * 1024;

export async function inspectTls(vantage: Vantage, request: TlsRequest, trustStores: TrustStores): Promise<TlsHandshake> {
  const { findFault, caFault } = await chooseStore(trustStores, request.caFile);
  const deadline = startDeadline(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const connection = await openConnection(vantage, request, deadline);
  const address = connection.address === undefined ? {} : { address: connection.address };
  if (connection.stream === null) {
    const { failure: outcome, errorCode, error } = connection;
    return { outcome, ...address, chain: [], nameMatches: null, trusted: null, errorCode, error, durationMs: deadline.elapsedMs() };
  }
  const serverName = request.serverName ?? request.host;
  const { sent, failure, ...met } = await shakeHands(connection.stream, serverName, deadline);
  const durationMs = deadline.elapsedMs();
  const fault = findFault(sent);
  // Without the anchors of the profile, a path that ends nowhere proves nothing.
  const trusted = sent.length === 0 || (fault && caFault) ? null : fault === undefined;
  const errorCode = failure?.errorCode ?? (trusted === null && caFault ? 'CA_FILE_UNREADABLE' : fault);
  const error = failure?.error ?? (trusted === null ? caFault : undefined);
  return {
    outcome: failure ? 'handshake-failed' : 'connected',
    ...address,
    ...met,
    chain: sent.map(describeCertificate),
    nameMatches: sent[0] ? namesServer(sent[0], serverName) : null,
    trusted,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(error === undefined ? {} : { error }),
    durationMs,
  };
}

async function chooseStore(
  trustStores: TrustStores,
  caFile: string | undefined,
): Promise<Pick<TrustStore, 'findFault'> & { caFault?: string }> {
  try {
    return await trustStores(caFile);
  } catch (error) {
    // The dates and names of the certificate are worth having all the same.
    if (!(error instanceof HostError) || caFile === undefined) throw error;
    return { findFault: (await trustStores(undefined)).findFault, caFault: error.message };
  }
}

interface Met {
  readonly protocol?: string;
  readonly cipher?: string;
  readonly sent: readonly X509Certificate[];
  readonly failure?: TlsFailure;
}

/** Takes any certificate: what to think of it is decided later, from what was sent. */
async function shakeHands(stream: Duplex, serverName: string, deadline: Deadline): Promise<Met> {
  const flight: Buffer[] = [];
  let flightBytes = 0;
  const tapped = tap(stream, (chunk) => {
    if (flightBytes < MAX_FLIGHT_BYTES) flight.push(chunk);
    flightBytes += chunk.length;
  });
  let secret: Buffer | undefined;
  // An empty store: nothing known here may complete the chain.
  const outcome = await startTls(tapped, { serverName, context: createSecureContext({ ca: [] }), verify: false, deadline }, (line) => {
    const found = /^SERVER_HANDSHAKE_TRAFFIC_SECRET \w+ (\w+)/.exec(line.toString('latin1'));
    if (found?.[1]) secret = Buffer.from(found[1], 'hex');
  });
  const sent = readSentCertificates(Buffer.concat(flight), secret);
  if ('failure' in outcome) return { sent: parseAll(sent ?? []), failure: outcome.failure };
  const { socket } = outcome;
  const met = { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name, sent: parseAll(sent ?? listKnown(socket)) };
  socket.destroy();
  return met;
}

function parseAll(certificates: readonly Buffer[]): X509Certificate[] {
  return certificates.flatMap((der) => {
    try {
      return [new X509Certificate(der)];
    } catch {
      return [];
    }
  });
}

/** What Node kept of the chain, for a server that compresses its certificates; unused ones are lost. */
function listKnown(socket: TLSSocket): Buffer[] {
  const chain: Buffer[] = [];
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (certificate?.raw && !chain.some((known) => known.equals(certificate?.raw ?? known))) {
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

export interface TlsFailure {
  readonly errorCode: string;
  readonly error: string;
}

export interface TlsOptions {
  readonly serverName: string;
  readonly context: SecureContext;
  readonly verify: boolean;
  readonly deadline: Deadline;
}

/** The client's side of a handshake over any stream. */
export function startTls(
  stream: Duplex,
  { serverName, context, verify, deadline }: TlsOptions,
  onKey?: (line: Buffer) => void,
): Promise<{ socket: TLSSocket } | { failure: TlsFailure }> {
  return new Promise((resolve) => {
    const socket = connect({
      socket: stream,
      secureContext: context,
      rejectUnauthorized: verify,
      host: serverName,
      // A literal address is no server name (RFC 6066); Node then verifies `host`.
      ...(isIP(serverName) ? {} : { servername: serverName }),
    });
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
    if (onKey) socket.on('keylog', onKey);
    socket.once('error', onError).once('close', onClose);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', onError).off('close', onClose);
      socket.on('error', () => {});
      resolve({ socket });
    });
  });
}

/** The same stream, with a look at what comes in. */
function tap(stream: Duplex, onData: (chunk: Buffer) => void): Duplex {
  const tapped = new Duplex({
    read: () => void stream.resume(),
    write: (chunk, encoding, done) => void stream.write(chunk, encoding, done),
    final: (done) => void stream.end(done),
    destroy: (error, done) => {
      stream.destroy();
      done(error);
    },
  });
  stream.on('data', (chunk: Buffer) => {
    onData(chunk);
    if (!tapped.push(chunk)) stream.pause();
  });
  stream.once('end', () => tapped.push(null));
  stream.on('error', (error) => tapped.destroy(error));
  stream.once('close', () => tapped.destroy());
  return tapped;
}

import { X509Certificate } from 'node:crypto';
import { Duplex } from 'node:stream';
import { createSecureContext, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { HostError } from '../../errors.ts';
import type { Host, StapledAnswer, TlsHandshake, TlsRequest } from '../../ports.ts';
import { type Deadline, startDeadline } from '../deadline.ts';
import { describeCertificate, namesServer } from './certificates.ts';
import { openConnection } from './connect.ts';
import { readFlight } from './handshake-certificates.ts';
import { readStapled } from './ocsp.ts';
import type { Vantage } from './resolve.ts';
import { openInTheClear } from './starttls.ts';
import type { AskStores } from './store-verdicts.ts';
import { startTls, type TlsFailure } from './tls-client.ts';
import type { TrustStore, TrustStores } from './trust.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** The longest certificate message a server may send is 16 MiB; real ones stay below 20 KiB. */
const MAX_FLIGHT_BYTES = 256 * 1024;

export interface TlsClients {
  readonly host: Pick<Host, 'readFile'>;
  readonly trustStores: TrustStores;
  readonly askStores: AskStores;
}

export async function inspectTls(
  vantage: Vantage,
  request: TlsRequest,
  { host, trustStores, askStores }: TlsClients,
): Promise<TlsHandshake> {
  const { findFault, caFault } = await chooseStore(trustStores, request.caFile);
  const own = request.client && (await readOwn(host, request.client));
  const deadline = startDeadline(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const connection = await openConnection(vantage, request, deadline);
  const address = connection.address === undefined ? {} : { address: connection.address };
  if (connection.stream === null) {
    const { failure: outcome, errorCode, error } = connection;
    return { outcome, ...address, chain: [], nameMatches: null, trusted: null, errorCode, error, durationMs: deadline.elapsedMs() };
  }
  const serverName = request.serverName ?? request.host;
  const { sent, failure, ...met } = await meet(connection.stream, { ...request, serverName }, own, deadline);
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
    stores: await askStores(sent, request.stores ?? []),
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(error === undefined ? {} : { error }),
    durationMs,
  };
}

type Own = { readonly cert: string; readonly key: string };

/** The key goes into the handshake and nowhere else. */
async function readOwn(host: TlsClients['host'], { certificateFile, keyFile }: NonNullable<TlsRequest['client']>): Promise<Own> {
  const [cert, key] = await Promise.all([host.readFile(certificateFile), host.readFile(keyFile)]);
  try {
    createSecureContext({ cert: cert.text, key: key.text });
  } catch (error) {
    throw new HostError(
      'unsupported',
      `${certificateFile} and its key do not fit: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`,
    );
  }
  return { cert: cert.text, key: key.text };
}

async function meet(
  stream: Duplex,
  request: TlsRequest & { readonly serverName: string },
  own: Own | undefined,
  deadline: Deadline,
): Promise<Met> {
  if (request.startTls) {
    const refusal = await openInTheClear(stream, request.startTls, deadline);
    if (refusal) {
      stream.destroy();
      return { sent: [], failure: refusal };
    }
  }
  return await shakeHands(stream, request, own, deadline);
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
  readonly asksForCertificate?: boolean;
  readonly stapled?: StapledAnswer;
  readonly failure?: TlsFailure;
}

/** A server of TLS 1.3 refuses a client only after the client thinks that all went well (RFC 8446 section 4.4.2.4). */
const REFUSAL_MS = 300;

/** Takes any certificate: what to think of it is decided later, from what was sent. */
async function shakeHands(
  stream: Duplex,
  { serverName, sendName = true }: { readonly serverName: string; readonly sendName?: boolean },
  own: Own | undefined,
  deadline: Deadline,
): Promise<Met> {
  const flight: Buffer[] = [];
  let flightBytes = 0;
  const tapped = tap(stream, (chunk) => {
    if (flightBytes < MAX_FLIGHT_BYTES) flight.push(chunk);
    flightBytes += chunk.length;
  });
  let secret: Buffer | undefined;
  let staple: Buffer | undefined;
  // An empty store: nothing known here may complete the chain.
  const context = createSecureContext({ ca: [], ...own });
  const outcome = await startTls(tapped, { serverName, context, verify: false, deadline, sendName }, (socket) => {
    socket.on('keylog', (line) => {
      const found = /^SERVER_HANDSHAKE_TRAFFIC_SECRET \w+ (\w+)/.exec(line.toString('latin1'));
      if (found?.[1]) secret = Buffer.from(found[1], 'hex');
    });
    socket.on('OCSPResponse', (response: Buffer | null) => {
      if (response) staple = response;
    });
  });
  const { certificates, asksForCertificate } = readFlight(Buffer.concat(flight), secret);
  const readAnswer = (sent: readonly X509Certificate[]) => staple && { stapled: readStapled(staple, sent) };
  if ('failure' in outcome) {
    const sent = parseAll(certificates ?? []);
    return { sent, asksForCertificate, ...readAnswer(sent), failure: outcome.failure };
  }
  const { socket } = outcome;
  const known = {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().name,
    sent: parseAll(certificates ?? listKnown(socket)),
  };
  const waits = asksForCertificate && known.protocol === 'TLSv1.3';
  const failure = waits ? await awaitRefusal(socket, Math.min(REFUSAL_MS, deadline.remainingMs())) : undefined;
  socket.destroy();
  return { ...known, asksForCertificate, ...readAnswer(known.sent), ...(failure && { failure }) };
}

function awaitRefusal(socket: TLSSocket, ms: number): Promise<TlsFailure | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    socket.resume();
    socket.once('error', ({ code = 'ERR_TLS', message }: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve({ errorCode: code, error: message });
    });
  });
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

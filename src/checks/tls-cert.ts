import { HostError } from '../errors.ts';
import type { Protocols, TlsHandshake } from '../ports.ts';
import { CERTIFICATE_LIMITS, dateMessages, daysLeft, describeDates, keepCertificate } from './certificate.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { boundTimeout, connectMessages, isOtherFamily, resolveAddresses } from './connect.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { duration, type Infer, port, strictObject, v } from './schema.ts';
import { hostName, parseTarget } from './target.ts';
import { chainMessages, type Endpoint, endpoint, findProblems, isWorse, TLS_PROBLEMS, type TlsProblem } from './tls-endpoint.ts';

const HTTPS_PORT = 443;

const params = v.pipe(
  strictObject({
    /** A URL or `host:port`. */
    url: v.nullish(v.string()),
    host: v.nullish(hostName),
    port: v.nullish(port),
    /** Connect here only, instead of to every address behind the name. */
    address: v.nullish(v.string()),
    server_name: v.nullish(v.string()),
    ca_file: v.nullish(v.string()),
    timeout: v.nullish(duration, '5s'),
  }),
  v.check(({ url, host }) => (url == null) === (host != null), 'expected either `url` or `host`'),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  host: v.string(),
  port: v.number(),
  serverName: v.string(),
  /** True for an http:// URL: there is no certificate to look at. */
  plain: v.boolean(),
  endpoints: v.array(endpoint),
  /** Subjects in `ca_file`; null without one. */
  anchors: v.nullable(v.array(v.string())),
  /** All problems of all addresses with the stock thresholds, worst first. */
  problems: v.array(v.picklist(TLS_PROBLEMS)),
  /** The fewest of any address; negative once expired, null when no certificate was seen. */
  daysLeft: v.nullable(v.number()),
  fingerprints: v.array(v.string()),
});
type Facts = Infer<typeof facts>;

export const tlsCert = defineCheck<Params, Facts>({
  id: 'tls.cert',
  phase: 'network',
  title: { en: 'TLS certificate in service', 'zh-CN': '在用 TLS 证书' },
  docs:
    'Makes a TLS handshake with every address behind the name and judges the worst: dates, name, and the chain exactly as sent, against the trust store and `ca_file`. ' +
    'An unexpired certificate is no outage: warn below 14 days, fail with the code `expiring` below 7 (Netdata x509check.conf). Revocation is not looked up.',
  params,
  facts,
  messages: {
    ...connectMessages,
    ...dateMessages,
    ...chainMessages,
    valid: {
      en: 'the certificate of {where} is valid for {days} days, until {until}',
      'zh-CN': '{where} 的证书有效，剩余 {days} 天（至 {until}）',
    },
    'plain-text': { en: '{where} is not asked over TLS', 'zh-CN': '{where} 未使用 TLS' },
    'not-asked': { en: '{where} was not asked: time was up', 'zh-CN': '未能访问 {where}：时间已到' },
  },
  thresholds: CERTIFICATE_LIMITS,
  timeoutMs: 15_000,
  example: { url: 'https://pay.example.test', ca_file: '/etc/ssl/certs/ca-certificates.crt' },
  probe,
  judge,
});

async function probe(params: Params, { host, net, timeoutMs }: ProbeContext): Promise<Facts> {
  const target =
    params.url == null ? { host: params.host as string, port: params.port ?? HTTPS_PORT } : parseTarget(params.url, HTTPS_PORT)[0];
  const plain = params.url?.toLowerCase().startsWith('http://') ?? false;
  const endpoints = plain ? [] : await shakeHands(target, { ...params, timeout: boundTimeout(params.timeout, timeoutMs, 2) }, net);
  const observedAt = host.now().wallMs;
  const leaves = endpoints.flatMap(({ chain }) => chain.slice(0, 1));
  const anchors = await readAnchors(params.ca_file, net);
  const problems = new Set(endpoints.flatMap((seen) => findProblems({ seen, anchors, at: observedAt, limits: CERTIFICATE_LIMITS })));
  return {
    observedAt,
    ...target,
    serverName: params.server_name ?? target.host,
    plain,
    endpoints,
    anchors,
    problems: TLS_PROBLEMS.filter((problem) => problems.has(problem)),
    daysLeft: leaves.length > 0 ? Math.min(...leaves.map((leaf) => daysLeft(leaf, observedAt))) : null,
    fingerprints: [...new Set(leaves.map(({ fingerprint256 }) => fingerprint256))],
  };
}

async function shakeHands(
  target: { host: string; port: number },
  { address, server_name, ca_file, timeout }: Params,
  net: Protocols,
): Promise<Endpoint[]> {
  const resolved = address != null ? [address] : (await resolveAddresses(net, target.host, timeout)).addresses;
  if (resolved.length === 0) return [{ ...NOT_SEEN, address: target.host, outcome: 'name-not-resolved' }];
  const endpoints = await Promise.all(
    resolved.map(async (each) => {
      const handshake = await net.tls({
        ...target,
        address: each,
        timeoutMs: timeout,
        ...(server_name != null && { serverName: server_name }),
        ...(ca_file != null && { caFile: ca_file }),
      });
      return describeHandshake(each, handshake);
    }),
  );
  return endpoints.filter(({ address: at, outcome }) => !isOtherFamily(at, outcome, resolved));
}

async function readAnchors(caFile: string | null | undefined, net: Protocols): Promise<string[] | null> {
  if (caFile == null) return null;
  try {
    return (await net.certificatesInFile(caFile)).map(({ subject }) => subject).slice(0, 200);
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

const NOT_SEEN = { protocol: '', cipher: '', chain: [], nameMatches: null, trusted: null, errorCode: '', error: '', durationMs: 0 };

function describeHandshake(address: string, { outcome, chain, nameMatches, trusted, durationMs, ...rest }: TlsHandshake): Endpoint {
  const { protocol = '', cipher = '', errorCode = '', error = '' } = rest;
  return {
    address,
    outcome,
    protocol,
    cipher,
    chain: chain.map(keepCertificate),
    nameMatches,
    trusted,
    errorCode,
    error,
    durationMs: round(durationMs),
  };
}

function judge(
  { observedAt, host, port, serverName, plain, endpoints, anchors }: Facts,
  _params: Params,
  limits: Thresholds = CERTIFICATE_LIMITS,
): Judgement {
  if (plain) return { status: 'not-applicable', code: 'plain-text', data: { where: `${host}:${port}` } };
  const graded = endpoints.map((seen) => ({ seen, problems: findProblems({ seen, anchors, at: observedAt, limits }) }));
  const worst = graded.reduce<(typeof graded)[number] | undefined>(
    (found, each) => (found === undefined || isWorse(each.problems[0], found.problems[0]) ? each : found),
    undefined,
  );
  if (!worst) return { status: 'unknown', code: 'not-asked', data: { where: `${host}:${port}` }, unlock: 'a longer timeout of the step' };
  const [problem] = worst.problems;
  const where = worst.seen.address === host ? `${host}:${port}` : `${host}:${port} (${worst.seen.address})`;
  const data = {
    host,
    port,
    address: worst.seen.address,
    name: serverName,
    problems: worst.problems.join(', '),
    ...describeChain(worst.seen, where, observedAt, problem),
  };
  const status = gradeProblem(problem);
  const leaf = worst.seen.chain[0];
  return { status, code: problem ?? 'valid', data, ...(leaf && showLimit(daysLeft(leaf, observedAt), limits, status)) };
}

function gradeProblem(problem: TlsProblem | undefined): 'ok' | 'warn' | 'fail' {
  if (problem === undefined) return 'ok';
  return problem === 'expiring-soon' ? 'warn' : 'fail';
}

function describeChain(
  { chain, error, errorCode }: Endpoint,
  where: string,
  at: number,
  problem: TlsProblem | undefined,
): Record<string, string | number> {
  const expiredAbove = problem === 'chain-expired' ? chain.slice(1).find(({ notAfter }) => at > notAfter) : undefined;
  const shown = expiredAbove ?? chain[0];
  const dateProblem = problem === 'not-yet-valid' ? problem : undefined;
  return {
    where,
    error: error || errorCode,
    ...(shown && {
      ...describeDates(where, shown, at, dateProblem),
      issuer: chain.at(-1)?.issuer ?? shown.issuer,
      names: shown.names.join(', '),
    }),
  };
}

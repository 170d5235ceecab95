import { HostError } from '../errors.ts';
import type { CertificateFacts } from '../ports.ts';
import { CERTIFICATE_LIMITS, certificate, dateMessages, daysLeft, describeDates, keepCertificate } from './certificate.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { boundTimeout, connectMessages } from './connect.ts';
import { showLimit } from './limit.ts';
import { duration, type Infer, port, strictObject, v } from './schema.ts';
import { hostName, parseTarget } from './target.ts';
import { describeWeakness, isNamed, listStores } from './tls-chain.ts';
import { chainMessages, type Endpoint, endpoint, findProblems, isWorse, TLS_PROBLEMS, type TlsProblem, WARNINGS } from './tls-endpoint.ts';
import { judgeRest, restMessages } from './tls-rest.ts';
import { readAnchors, shakeHands, type Wanted } from './tls-survey.ts';

const HTTPS_PORT = 443;
const STARTTLS = ['smtp', 'imap', 'pop3', 'ftp', 'ldap', 'postgres', 'mysql'] as const;
const SCHEMES: Readonly<Record<string, { readonly port: number; readonly starttls: (typeof STARTTLS)[number] }>> = {
  smtp: { port: 587, starttls: 'smtp' },
  imap: { port: 143, starttls: 'imap' },
  pop3: { port: 110, starttls: 'pop3' },
  ftp: { port: 21, starttls: 'ftp' },
  ldap: { port: 389, starttls: 'ldap' },
  postgres: { port: 5432, starttls: 'postgres' },
  postgresql: { port: 5432, starttls: 'postgres' },
  mysql: { port: 3306, starttls: 'mysql' },
  mariadb: { port: 3306, starttls: 'mysql' },
};

const params = v.pipe(
  strictObject({
    /** A URL or `host:port`. */
    url: v.nullish(v.string()),
    host: v.nullish(hostName),
    port: v.nullish(port),
    /** Connect here only, instead of to every address behind the name. */
    address: v.nullish(v.string()),
    server_name: v.nullish(v.string()),
    /** Machines that serve the same name; a list in the list is taken apart. */
    peers: v.nullish(v.array(v.union([hostName, v.array(hostName)]))),
    ca_file: v.nullish(v.string()),
    /** The stores that applications here use: PEM, JKS or PKCS#12 files. */
    trust_stores: v.nullish(v.array(v.string())),
    /** For a port that begins in the clear; URLs of mail, LDAP and databases say it themselves. */
    starttls: v.nullish(v.picklist(STARTTLS)),
    /** Our own certificate, and its key to show it with: PEM files. */
    client_certificate: v.nullish(v.string()),
    client_key: v.nullish(v.string()),
    /** One more handshake that sends no server name, as old terminals do. */
    without_name: v.nullish(v.boolean(), false),
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
  /** Our own certificate; null when none is named. */
  own: v.optional(v.nullable(certificate), null),
  /** What is served when no name is sent; null when that was not asked or gave none. */
  withoutName: v.optional(v.nullable(certificate), null),
});
type Facts = Infer<typeof facts>;

export const tlsCert = defineCheck<Params, Facts>({
  id: 'tls.cert',
  phase: 'network',
  title: { en: 'TLS certificate in service', 'zh-CN': '在用 TLS 证书' },
  params,
  facts,
  messages: {
    ...connectMessages,
    ...dateMessages,
    ...chainMessages,
    valid: {
      en: 'the certificate of {where} is valid for {days|day|days}, until {until}',
      'zh-CN': '{where} 的证书有效，剩余 {days} 天（至 {until}）',
    },
    'plain-text': { en: '{where} is not asked over TLS', 'zh-CN': '{where} 未使用 TLS' },
    ...restMessages,
    'not-asked': { en: '{where} was not asked: time was up', 'zh-CN': '未能访问 {where}：时间已到' },
  },
  thresholds: CERTIFICATE_LIMITS,
  timeoutMs: 15_000,
  example: { url: 'https://pay.example.test', ca_file: '/etc/ssl/certs/ca-certificates.crt' },
  probe,
  judge,
});

async function probe(params: Params, { host, net, timeoutMs }: ProbeContext): Promise<Facts> {
  const scheme = SCHEMES[/^([a-z]\w*):\/\//i.exec(params.url ?? '')?.[1]?.toLowerCase() ?? ''];
  const target =
    params.url == null
      ? { host: params.host as string, port: params.port ?? HTTPS_PORT }
      : parseTarget(params.url, scheme?.port ?? HTTPS_PORT)[0];
  const plain = params.url?.toLowerCase().startsWith('http://') ?? false;
  const wanted = describeWanted(params, params.starttls ?? scheme?.starttls, boundTimeout(params.timeout, timeoutMs, 3));
  const own = params.client_certificate == null ? null : keepCertificate(await readOwn(params.client_certificate, net));
  const endpoints = plain ? [] : await shakeHands(target, wanted, net);
  const [nameless] = params.without_name && !plain ? await shakeHands(target, hideName(wanted, endpoints), net) : [];
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
    own,
    withoutName: nameless?.chain[0] ?? null,
  };
}

function describeWanted(
  { address, peers, ca_file, server_name, trust_stores, client_certificate, client_key }: Params,
  starttls: (typeof STARTTLS)[number] | undefined,
  timeout: number,
): Wanted {
  return {
    address,
    peers: (peers ?? []).flat(),
    ca_file,
    timeout,
    request: {
      ...(server_name != null && { serverName: server_name }),
      ...(starttls !== undefined && { startTls: starttls }),
      ...(trust_stores != null && { stores: trust_stores }),
      ...(client_certificate != null && client_key != null && { client: { certificateFile: client_certificate, keyFile: client_key } }),
    },
  };
}

function hideName(wanted: Wanted, [first]: readonly Endpoint[]): Wanted {
  return { ...wanted, peers: [], address: first?.address, request: { ...wanted.request, sendName: false } };
}

async function readOwn(file: string, net: ProbeContext['net']): Promise<CertificateFacts> {
  const [leaf] = await net.certificatesInFile(file);
  if (!leaf) throw new HostError('unsupported', `${file}: holds no certificate`);
  return leaf;
}

function judge(
  { observedAt, host, port, serverName, plain, endpoints, anchors, own, withoutName }: Facts,
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
  const judgement: Judgement = {
    status,
    code: problem ?? 'valid',
    data,
    ...(leaf && showLimit(daysLeft(leaf, observedAt), limits, status)),
  };
  return status === 'fail' ? judgement : (judgeRest({ endpoints, own, withoutName }, data, observedAt, limits) ?? judgement);
}

function gradeProblem(problem: TlsProblem | undefined): 'ok' | 'warn' | 'fail' {
  if (problem === undefined) return 'ok';
  return WARNINGS.has(problem) ? 'warn' : 'fail';
}

function describeChain(seen: Endpoint, where: string, at: number, problem: TlsProblem | undefined): Record<string, string | number> {
  const { chain, error, errorCode } = seen;
  const above = chain.slice(1).toSorted((one, other) => one.notAfter - other.notAfter)[0];
  const shown = (problem === 'chain-expired' || problem === 'chain-expiring' ? above : undefined) ?? chain[0];
  const dateProblem = problem === 'not-yet-valid' ? problem : undefined;
  return {
    where,
    error: error || errorCode || '-',
    weakness: describeWeakness(seen),
    trusting: listStores(seen, true).join(', ') || '-',
    distrusting: listStores(seen, false).join(', ') || '-',
    reason: seen.stores.find(({ store, trusted }) => trusted === false && isNamed(store))?.reason ?? '-',
    ...(shown && {
      ...describeDates(where, shown, at, dateProblem),
      issuer: chain.at(-1)?.issuer ?? shown.issuer,
      names: shown.names.join(', '),
    }),
  };
}

import { HostError } from '../errors.ts';
import type { Protocols } from '../ports.ts';
import {
  CERTIFICATE_LIMITS,
  type Certificate,
  certificate,
  dateMessages,
  daysLeft,
  describeDates,
  findDateProblem,
  keepCertificate,
} from './certificate.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { parseTarget } from './target.ts';

const HTTPS_PORT = 443;

const params = strictObject({
  file: v.string(),
  /** `host:port` or a URL that should serve this certificate; tells a renewed file that was not loaded. */
  served_at: v.nullish(v.string()),
  server_name: v.nullish(v.string()),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  file: v.string(),
  missing: v.boolean(),
  /** In file order; a server's own certificate comes first. */
  certificates: v.array(certificate),
  fingerprint: v.string(),
  daysLeft: v.nullable(v.number()),
  /** What is served there; null when it was not asked or gave none. */
  served: v.nullable(certificate),
});
type Facts = Infer<typeof facts>;

export const tlsFile = defineCheck<Params, Facts>({
  id: 'tls.file',
  phase: 'software',
  title: { en: 'Certificate file', 'zh-CN': '证书文件' },
  params,
  facts,
  messages: {
    ...dateMessages,
    valid: {
      en: 'the certificate in {where} is valid for {days|day|days}, until {until}',
      'zh-CN': '{where} 中的证书有效，剩余 {days} 天（至 {until}）',
    },
    'chain-expired': {
      en: 'a further certificate in {where} has expired: {subject}, on {until}',
      'zh-CN': '{where} 中的附加证书已过期：{subject}（{until}）',
    },
    'not-loaded': {
      en: '{where} holds a certificate until {until}, but {served} still serves another one, until {servedUntil}: reload the service',
      'zh-CN': '{where} 的证书有效期至 {until}，但 {served} 仍在使用另一证书（至 {servedUntil}）：请重新加载服务',
    },
    'file-older': {
      en: '{where} holds a certificate until {until}, {served} serves a newer one, until {servedUntil}: the next reload brings the old one back',
      'zh-CN': '{where} 中的证书有效期至 {until}，而 {served} 正在使用更新的证书（至 {servedUntil}）：下次重新加载会恢复旧证书',
    },
    missing: { en: 'the certificate file {where} does not exist', 'zh-CN': '证书文件 {where} 不存在' },
    'no-certificate': { en: '{where} holds no certificate', 'zh-CN': '{where} 中没有证书' },
  },
  thresholds: CERTIFICATE_LIMITS,
  timeoutMs: 10_000,
  example: { file: '/etc/nginx/tls/pay.pem', served_at: 'https://pay.example.test' },
  probe,
  judge,
});

async function probe({ file, served_at, server_name }: Params, { host, net, timeoutMs }: ProbeContext): Promise<Facts> {
  const found = await readCertificates(net, file);
  const certificates = (found ?? []).map(keepCertificate);
  const [leaf] = certificates;
  const observedAt = host.now().wallMs;
  return {
    observedAt,
    file,
    missing: found === null,
    certificates,
    fingerprint: leaf?.fingerprint256 ?? '',
    daysLeft: leaf ? daysLeft(leaf, observedAt) : null,
    served: leaf && served_at != null ? await askServed(served_at, server_name ?? undefined, net, timeoutMs / 2) : null,
  };
}

/** null: there is no such file. A file without any certificate is an empty list. */
async function readCertificates(net: Protocols, file: string): Promise<readonly Certificate[] | null> {
  try {
    return (await net.certificatesInFile(file)).map(keepCertificate);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.reason === 'not-found') return null;
    if (error.reason === 'unsupported') return [];
    throw error;
  }
}

async function askServed(servedAt: string, serverName: string | undefined, net: Protocols, timeoutMs: number): Promise<Certificate | null> {
  const [target] = parseTarget(servedAt, HTTPS_PORT);
  const { chain } = await net.tls({ ...target, timeoutMs, ...(serverName !== undefined && { serverName }) });
  return chain[0] ? keepCertificate(chain[0]) : null;
}

function judge(
  { observedAt, file, missing, certificates, served }: Facts,
  params: Params,
  limits: Thresholds = CERTIFICATE_LIMITS,
): Judgement {
  const [leaf, ...others] = certificates;
  if (missing) return { status: 'fail', code: 'missing', data: { where: file } };
  if (!leaf) return { status: 'fail', code: 'no-certificate', data: { where: file } };
  const problem = findDateProblem(leaf, observedAt, limits);
  const data = describeDates(file, leaf, observedAt, problem);
  const days = daysLeft(leaf, observedAt);
  if (problem && problem !== 'expiring-soon') return { status: 'fail', code: problem, data, ...showLimit(days, limits, 'fail') };
  if (served && served.fingerprint256 !== leaf.fingerprint256) {
    const servedUntil = new Date(served.notAfter).toISOString().slice(0, 10);
    if (served.notAfter > leaf.notAfter)
      return { status: 'warn', code: 'file-older', data: { ...data, served: params.served_at ?? '', servedUntil } };
    return { status: 'fail', code: 'not-loaded', data: { ...data, served: params.served_at ?? '', servedUntil } };
  }
  const expired = others.find(({ notAfter }) => observedAt > notAfter);
  if (expired) return { status: 'fail', code: 'chain-expired', data: describeDates(file, expired, observedAt, 'expired') };
  const status = problem ? 'warn' : 'ok';
  return { status, code: problem ?? 'valid', data, ...showLimit(days, limits, status) };
}

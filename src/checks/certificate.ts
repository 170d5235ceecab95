/** What tls.cert and tls.file share: the facts of a certificate and what its dates say. */
import type { CertificateFacts, Text } from '../ports.ts';
import type { Thresholds } from './check.ts';
import { formatSeconds } from './linux.ts';
import { type Infer, v } from './schema.ts';

const DAY_MS = 86_400_000;

export const certificate = v.object({
  subject: v.string(),
  issuer: v.string(),
  serial: v.string(),
  fingerprint256: v.string(),
  notBefore: v.number(),
  notAfter: v.number(),
  names: v.array(v.string()),
  selfSigned: v.boolean(),
  issuerUrl: v.exactOptional(v.string()),
  keyType: v.exactOptional(v.string()),
  keyBits: v.exactOptional(v.number()),
  signatureHash: v.exactOptional(v.string()),
});
export type Certificate = Infer<typeof certificate>;

// An unexpired certificate is no outage yet; below `crit` there may be no working day left to renew it.
export const CERTIFICATE_LIMITS: Thresholds = { warn: 14, crit: 7, unit: 'days', source: 'Netdata x509check.conf' };

/** Filled from `where`, `subject`, `days`, `age` and `until`. */
export const dateMessages = {
  expired: {
    en: 'the certificate of {where} ({subject}) expired on {until}, {age} ago',
    'zh-CN': '{where} 的证书（{subject}）已于 {until} 过期，已过 {age}',
  },
  'not-yet-valid': {
    en: 'the certificate of {where} ({subject}) is not valid before {until}: a wrong clock or a certificate installed too early',
    'zh-CN': '{where} 的证书（{subject}）要到 {until} 才生效：时钟错误或证书安装过早',
  },
  expiring: {
    en: 'the certificate of {where} ({subject}) expires in {days|day|days}, on {until}: renew it now',
    'zh-CN': '{where} 的证书（{subject}）将在 {days} 天后（{until}）过期：请立即更换',
  },
  'expiring-soon': {
    en: 'the certificate of {where} ({subject}) expires in {days|day|days}, on {until}',
    'zh-CN': '{where} 的证书（{subject}）将在 {days} 天后（{until}）过期',
  },
} satisfies Readonly<Record<DateProblem, Text>>;

export type DateProblem = 'expired' | 'not-yet-valid' | 'expiring' | 'expiring-soon';

export function keepCertificate({ names, ...rest }: CertificateFacts): Certificate {
  return { ...rest, names: [...names] };
}

export function daysLeft({ notAfter }: Pick<Certificate, 'notAfter'>, at: number): number {
  return Math.floor((notAfter - at) / DAY_MS);
}

export function findDateProblem(leaf: Certificate, at: number, { warn, crit }: Thresholds): DateProblem | undefined {
  if (at > leaf.notAfter) return 'expired';
  if (at < leaf.notBefore) return 'not-yet-valid';
  const days = daysLeft(leaf, at);
  if (days < crit) return 'expiring';
  return days < warn ? 'expiring-soon' : undefined;
}

/** The arguments of `dateMessages`. */
export function describeDates(
  where: string,
  leaf: Certificate,
  at: number,
  problem: DateProblem | undefined,
): Readonly<Record<string, string | number>> {
  const until = problem === 'not-yet-valid' ? leaf.notBefore : leaf.notAfter;
  return {
    where,
    subject: leaf.subject,
    days: Math.abs(daysLeft(leaf, at)),
    // "A day ago" would be said of one that expired this morning.
    age: formatSeconds((at - until) / 1_000),
    until: new Date(until).toISOString().slice(0, 10),
  };
}

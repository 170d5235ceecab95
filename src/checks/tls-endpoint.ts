/** What one TLS handshake says about the certificate and the chain: every problem in it, worst first. Pure. */
import type { Text } from '../ports.ts';
import { type Certificate, certificate, type DateProblem, findDateProblem } from './certificate.ts';
import type { Thresholds } from './check.ts';
import { CONNECT_OUTCOMES } from './connect.ts';
import { type Infer, v } from './schema.ts';
import { describeWeakness, isNamed, isOutOfOrder, listStores } from './tls-chain.ts';

export const endpoint = v.object({
  address: v.string(),
  outcome: v.picklist([...CONNECT_OUTCOMES, 'handshake-failed']),
  protocol: v.string(),
  cipher: v.string(),
  chain: v.array(certificate),
  nameMatches: v.nullable(v.boolean()),
  trusted: v.nullable(v.boolean()),
  stores: v.optional(v.array(v.object({ store: v.string(), trusted: v.nullable(v.boolean()), reason: v.string() })), []),
  asksForCertificate: v.optional(v.boolean(), false),
  stapled: v.optional(
    v.nullable(
      v.object({
        status: v.picklist(['good', 'revoked', 'unknown', 'unreadable']),
        thisUpdate: v.nullable(v.number()),
        nextUpdate: v.nullable(v.number()),
        proof: v.optional(v.picklist(['verified', 'wrong', 'other-certificate', 'unknown']), 'unknown'),
      }),
    ),
    null,
  ),
  errorCode: v.string(),
  error: v.string(),
  durationMs: v.number(),
});
export type Endpoint = Infer<typeof endpoint>;

/** Worst first: what keeps every client out, then what keeps careful clients out, then what will. */
export const TLS_PROBLEMS = [
  'name-not-resolved',
  'refused',
  'timed-out',
  'unreachable',
  'reset',
  'starttls-refused',
  'not-tls',
  'no-response',
  'protocol-mismatch',
  'client-certificate-required',
  'handshake-failed',
  'expired',
  'not-yet-valid',
  'revoked',
  'wrong-host',
  'self-signed',
  'chain-expired',
  'untrusted',
  'incomplete-chain',
  'untrusted-by-store',
  'weak',
  'expiring',
  'chain-expiring',
  'wrong-order',
  'store-differs',
  'staple-wrong',
  'staple-expired',
  'expiring-soon',
] as const;
/** What keeps some clients out, or will. */
export const WARNINGS: ReadonlySet<string> = new Set([
  'chain-expiring',
  'wrong-order',
  'store-differs',
  'staple-wrong',
  'staple-expired',
  'expiring-soon',
]);
export type TlsProblem = (typeof TLS_PROBLEMS)[number];

/** Filled from `where`, `name`, `subject`, `issuer`, `names` and `error`. */
export const chainMessages = {
  'wrong-host': { en: 'the certificate of {where} ({names}) does not name {name}', 'zh-CN': '{where} 的证书（{names}）不包含域名 {name}' },
  'self-signed': { en: 'the certificate of {where} ({subject}) is self-signed', 'zh-CN': '{where} 的证书（{subject}）为自签名证书' },
  untrusted: {
    en: 'the certificate of {where} comes from an authority that is not trusted here: {issuer}',
    'zh-CN': '{where} 的证书由不受信任的机构签发：{issuer}',
  },
  'incomplete-chain': {
    en: '{where} sends no certificate of {issuer}, the issuer: an intermediate is missing, or that authority is not trusted here',
    'zh-CN': '{where} 未发送签发者 {issuer} 的证书：缺少中间证书，或该机构不受信任',
  },
  'chain-expired': {
    en: 'an intermediate certificate that {where} sends has expired: {subject}, on {until}',
    'zh-CN': '{where} 发送的中间证书已过期：{subject}（{until}）',
  },
  'chain-expiring': {
    en: 'an intermediate certificate that {where} sends expires soon: {subject}, on {until}',
    'zh-CN': '{where} 发送的中间证书即将过期：{subject}（{until}）',
  },
  revoked: {
    en: 'the certificate of {where} ({subject}) is revoked, as the OCSP answer that {where} itself sends says',
    'zh-CN': '{where} 的证书（{subject}）已被吊销（依据其自身装订的 OCSP 应答）',
  },
  'staple-wrong': {
    en: 'the OCSP answer that {where} sends is not signed by the issuer of its certificate, or is for another one: careful clients refuse it',
    'zh-CN': '{where} 装订的 OCSP 应答并非由其证书的签发者签名，或针对另一张证书：严格的客户端会拒绝',
  },
  'staple-expired': {
    en: 'the OCSP answer that {where} sends with its certificate is out of date: careful clients refuse it',
    'zh-CN': '{where} 装订的 OCSP 应答已过期：严格的客户端会拒绝',
  },
  weak: {
    en: 'a certificate that {where} sends is too weak for present clients ({weakness})',
    'zh-CN': '{where} 发送的证书强度不足，当前客户端会拒绝（{weakness}）',
  },
  'wrong-order': {
    en: '{where} sends its certificates in the wrong order: clients before TLS 1.3 may refuse them',
    'zh-CN': '{where} 发送的证书链顺序错误：TLS 1.3 之前的客户端可能拒绝',
  },
  'store-differs': {
    en: 'the certificate of {where} is trusted by {trusting} and not by {distrusting}: a program here that uses the latter refuses it',
    'zh-CN': '{where} 的证书被 {trusting} 信任，但不被 {distrusting} 信任：本机使用后者的程序会拒绝',
  },
  'untrusted-by-store': {
    en: 'the certificate of {where} is not trusted by {distrusting} ({reason})',
    'zh-CN': '{where} 的证书不被 {distrusting} 信任（{reason}）',
  },
  'starttls-refused': { en: '{where} does not start TLS ({error})', 'zh-CN': '{where} 拒绝 STARTTLS（{error}）' },
  'not-tls': { en: '{where} does not speak TLS ({error})', 'zh-CN': '{where} 不是 TLS 服务（{error}）' },
  'no-response': {
    en: '{where} accepts the connection and then does not answer the TLS handshake: the service hangs, or large packets are lost on the path',
    'zh-CN': '{where} 接受连接但不响应 TLS 握手：服务挂起，或链路上大包丢失',
  },
  'protocol-mismatch': {
    en: '{where}: no common TLS version or cipher ({error})',
    'zh-CN': '{where}：TLS 版本或加密套件不兼容（{error}）',
  },
  'client-certificate-required': { en: '{where} asks for a client certificate ({error})', 'zh-CN': '{where} 要求客户端证书（{error}）' },
  'handshake-failed': { en: 'TLS handshake with {where} failed ({error})', 'zh-CN': '与 {where} 的 TLS 握手失败（{error}）' },
} satisfies Readonly<Partial<Record<TlsProblem, Text>>>;

/** `anchors`: the subjects in `ca_file`, null without one. */
export function findProblems({
  seen,
  anchors,
  at,
  limits,
}: {
  seen: Endpoint;
  anchors: readonly string[] | null;
  at: number;
  limits: Thresholds;
}): readonly TlsProblem[] {
  const [leaf, ...others] = seen.chain;
  const found = new Set<TlsProblem>();
  if (seen.outcome !== 'connected') found.add(nameHandshakeFailure(seen));
  if (leaf) {
    const dates: DateProblem | undefined = findDateProblem(leaf, at, limits);
    if (dates) found.add(dates);
    if (seen.nameMatches === false) found.add('wrong-host');
    if (others.some(({ notAfter }) => at > notAfter)) found.add('chain-expired');
    if (others.some((each) => at <= each.notAfter && each.notAfter < leaf.notAfter && findDateProblem(each, at, limits)))
      found.add('chain-expiring');
    if (seen.trusted === false) found.add(nameDistrust(leaf, others, anchors));
    if (describeWeakness(seen) !== '') found.add('weak');
    if (isOutOfOrder(seen.chain)) found.add('wrong-order');
    if (listStores(seen, false).some(isNamed)) found.add('untrusted-by-store');
    else if (seen.trusted === true && anchors === null && listStores(seen, false).length > 0) found.add('store-differs');
    if (seen.stapled?.proof === 'wrong' || seen.stapled?.proof === 'other-certificate') found.add('staple-wrong');
    else if (seen.stapled?.status === 'revoked') found.add('revoked');
    if (seen.stapled?.nextUpdate != null && seen.stapled.nextUpdate < at) found.add('staple-expired');
  }
  return TLS_PROBLEMS.filter((problem) => found.has(problem));
}

export function isWorse(a: TlsProblem | undefined, b: TlsProblem | undefined): boolean {
  if (a === undefined) return false;
  return b === undefined || TLS_PROBLEMS.indexOf(a) < TLS_PROBLEMS.indexOf(b);
}

/**
 * Servers do not send roots: a leaf with its issuer that still ends nowhere comes from a root unknown here. A leaf alone lacks an
 * intermediate when its authority publishes one, or is named like an anchor of `ca_file`; else that authority is just not trusted.
 * An authority that calls itself a root has no other above it.
 */
function nameDistrust(leaf: Certificate, others: readonly Certificate[], anchors: readonly string[] | null): TlsProblem {
  if (leaf.selfSigned) return 'self-signed';
  if (others.some(({ subject }) => subject === leaf.issuer)) return 'untrusted';
  if (leaf.issuerUrl === undefined && /\bCN\s*=[^,\n]*\broot\b/i.test(leaf.issuer)) return 'untrusted';
  if (leaf.issuerUrl !== undefined || anchors === null) return 'incomplete-chain';
  return anchors.some((anchor) => anchor !== leaf.issuer && shareWords(anchor, leaf.issuer)) ? 'incomplete-chain' : 'untrusted';
}

/** Do two distinguished names share an organisation, or a word of their names that says more than "root CA"? */
function shareWords(a: string, b: string): boolean {
  const words = (name: string): ReadonlySet<string> =>
    new Set(
      [...name.matchAll(/\b(?:CN|O)\s*=\s*([^,\n/+]+)/gi)]
        .flatMap((match) => (match[1] as string).toLowerCase().split(/[^\p{L}\p{N}]+/u))
        .filter((word) => word.length > 1 && !GENERIC_WORDS.has(word)),
    );
  const known = words(a);
  return [...words(b)].some((word) => known.has(word));
}

const GENERIC_WORDS = new Set([
  'ca',
  'root',
  'intermediate',
  'issuing',
  'authority',
  'certificate',
  'certification',
  'tls',
  'ssl',
  'server',
  'test',
  'global',
  'trust',
  'class',
  'inc',
  'ltd',
  'llc',
  'corp',
  'co',
  'rsa',
  'ecc',
  'ecdsa',
  'sha256',
  'g1',
  'g2',
  'g3',
]);

function nameHandshakeFailure({ outcome, errorCode, error }: Endpoint): TlsProblem {
  if (outcome !== 'handshake-failed' && outcome !== 'connected') return outcome;
  const text = `${errorCode} ${error}`.toUpperCase();
  if (errorCode === 'STARTTLS_REFUSED') return 'starttls-refused';
  if (/TIMEDOUT|TIMEOUT|TIMED OUT/.test(text)) return 'no-response';
  if (/ECONNRESET|EPIPE/.test(text)) return 'reset';
  if (/WRONG.VERSION.NUMBER|PACKET.LENGTH.TOO.LONG|HTTP.REQUEST|RECORD.LAYER.FAILURE/.test(text)) return 'not-tls';
  if (
    /UNSUPPORTED.PROTOCOL|PROTOCOL.VERSION|NO.PROTOCOLS|NO.SHARED.CIPHER|HANDSHAKE.FAILURE|INSUFFICIENT.SECURITY|DH.KEY.TOO.SMALL/.test(
      text,
    )
  )
    return 'protocol-mismatch';
  return /CERTIFICATE.REQUIRED|BAD.CERTIFICATE/.test(text) ? 'client-certificate-required' : 'handshake-failed';
}

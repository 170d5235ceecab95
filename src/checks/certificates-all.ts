import { HostError } from '../errors.ts';
import { type Certificate, certificate, daysLeft, describeDates, findDateProblem, keepCertificate } from './certificate.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { type Infer, secretRef, strictObject, v } from './schema.ts';
import { compareKeyPair, KEY_PAIR_OUTCOMES } from './tls-keypair.ts';

const DAY_MS = 86_400_000;
/** To exchange a certificate with a partner takes days. */
const LIMITS: Thresholds = { warn: 30, crit: 7, unit: 'days', source: 'own' };
/** What lives shorter is renewed by a machine: a third and a sixth of its life (CA/Browser Forum ballot SC-081: 47 days from 2029). */
const SHORT_DAYS = 47;

const path = v.pipe(v.string(), v.startsWith('/', 'expected an absolute path'));
const params = strictObject({
  certificates: v.array(
    strictObject({
      name: v.string(),
      kind: v.picklist(['leaf', 'chain', 'client', 'signing', 'platform', 'encryption', 'terminal']),
      /** PEM, DER, or with a passphrase PKCS#12. */
      file: path,
      key: v.nullish(path),
      passphrase: v.nullish(secretRef),
      /** As the partner knows it, hexadecimal or decimal. */
      serial: v.nullish(v.string()),
      provider: v.nullish(v.string()),
    }),
  ),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  certificates: v.array(
    v.object({
      name: v.string(),
      kind: v.string(),
      provider: v.string(),
      file: v.string(),
      state: v.picklist(['read', 'missing', 'no-certificate', 'unreadable']),
      /** What could not be seen of it, and what would let it. */
      why: v.string(),
      unlock: v.string(),
      chain: v.array(certificate),
      key: v.picklist([...KEY_PAIR_OUTCOMES, 'not-checked', 'unknown']),
      serialMatches: v.nullable(v.boolean()),
    }),
  ),
});
type Facts = Infer<typeof facts>;
type Entry = Facts['certificates'][number];

export const certificatesAll = defineCheck<Params, Facts>({
  id: 'certificates.all',
  phase: 'software',
  title: { en: 'Every certificate that payments need', 'zh-CN': '全部支付证书' },
  params,
  facts,
  messages: {
    ok: {
      en: '{count|certificate is|certificates are} good; the first to expire is {name} in {days|day|days}',
      'zh-CN': '{count} 张证书均正常；最先到期的是 {name}，剩余 {days} 天',
    },
    none: { en: 'the profile names no certificates', 'zh-CN': '档案未列出证书' },
    expired: {
      en: 'the {kind} certificate {name} ({subject}) expired on {until}, {age} ago',
      'zh-CN': '{kind} 证书 {name}（{subject}）已于 {until} 过期，已过 {age}',
    },
    'chain-expired': {
      en: 'a further certificate in the file of {name} has expired: {subject}, on {until}',
      'zh-CN': '{name} 文件中的上级证书已过期：{subject}（{until}）',
    },
    'not-yet-valid': {
      en: 'the {kind} certificate {name} ({subject}) is not valid before {until}',
      'zh-CN': '{kind} 证书 {name}（{subject}）要到 {until} 才生效',
    },
    expiring: {
      en: 'the {kind} certificate {name} ({subject}) expires in {days|day|days}, on {until}: renew it now',
      'zh-CN': '{kind} 证书 {name}（{subject}）将在 {days} 天后（{until}）过期：请立即更换',
    },
    'expiring-soon': {
      en: 'the {kind} certificate {name} ({subject}) expires in {days|day|days}, on {until}',
      'zh-CN': '{kind} 证书 {name}（{subject}）将在 {days} 天后（{until}）过期',
    },
    missing: { en: 'the file of {name} does not exist: {file}', 'zh-CN': '{name} 的证书文件不存在：{file}' },
    'no-certificate': { en: '{file} of {name} holds no certificate', 'zh-CN': '{name} 的 {file} 中没有证书' },
    'key-mismatch': {
      en: 'the key of {name} does not belong to its certificate ({outcome})',
      'zh-CN': '{name} 的私钥与证书不匹配（{outcome}）',
    },
    'serial-differs': {
      en: 'the partner knows {name} by another number than that of {file} ({serial})',
      'zh-CN': '{name} 登记的证书序列号与 {file}（{serial}）不一致',
    },
    unreadable: { en: '{file} of {name} cannot be read: {why}', 'zh-CN': '无法读取 {name} 的 {file}：{why}' },
  },
  thresholds: LIMITS,
  timeoutMs: 20_000,
  example: {
    certificates: [
      {
        name: 'wechat-merchant',
        kind: 'signing',
        file: '/etc/paygw/apiclient_cert.pem',
        key: '/etc/paygw/apiclient_key.pem',
        serial: '5157F09E',
      },
      { name: 'unionpay-sign', kind: 'signing', file: '/etc/paygw/acp_sign.pfx', passphrase: { file: '/etc/paygw/acp_sign.pass' } },
    ],
  },
  probe,
  judge,
});

async function probe({ certificates }: Params, context: ProbeContext): Promise<Facts> {
  return {
    observedAt: context.host.now().wallMs,
    certificates: await Promise.all(certificates.map((each) => readEntry(each, context))),
  };
}

async function readEntry(named: Params['certificates'][number], { net, host }: ProbeContext): Promise<Entry> {
  const { name, kind, provider, file, key, passphrase, serial } = named;
  const base = { name, kind, provider: provider ?? '', file, why: '', unlock: '', key: 'not-checked', serialMatches: null } as const;
  try {
    const chain = (await net.certificatesInFile(file, passphrase ?? undefined)).map(keepCertificate);
    const own = serial == null ? null : chain.some((each) => isSerial(each.serial, serial));
    // The key of a PKCS#12 file lies beside its certificate; an encrypted one needs its passphrase.
    const pair = key == null || passphrase != null ? {} : await readPair(host, file, key);
    return { ...base, state: chain.length > 0 ? 'read' : 'no-certificate', chain, serialMatches: own, ...pair };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const state = error.reason === 'not-found' ? 'missing' : error.reason === 'unsupported' ? 'no-certificate' : 'unreadable';
    return { ...base, chain: [], state, why: error.message, unlock: error.unlock ?? '' };
  }
}

/** Without openssl the dates are known all the same. */
async function readPair(host: ProbeContext['host'], certificate: string, key: string): Promise<Pick<Entry, 'key'> & Partial<Entry>> {
  try {
    return { key: await compareKeyPair(host, { certificate, key }) };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { key: 'unknown', why: error.message, unlock: error.unlock ?? '' };
  }
}

/** Partners write it with or without colons and zeros in front, some in decimal. */
function isSerial(hex: string, wanted: string): boolean {
  const plain = (text: string): string => text.replace(/[:\s]/g, '').replace(/^0x/i, '').replace(/^0+/, '').toUpperCase();
  if (plain(hex) === plain(wanted)) return true;
  return /^\d+$/.test(wanted) && BigInt(`0x${plain(hex) || '0'}`) === BigInt(wanted);
}

/** Worst first. */
const ORDER = [
  'expired',
  'not-yet-valid',
  'missing',
  'no-certificate',
  'key-mismatch',
  'chain-expired',
  'serial-differs',
  'expiring',
  'unreadable',
  'expiring-soon',
];

function judge({ observedAt, certificates }: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  if (certificates.length === 0) return { status: 'not-applicable', code: 'none' };
  const found = certificates.flatMap((entry) => judgeEntry(entry, observedAt, limits) ?? []);
  const [worst] = found.toSorted((one, other) => ORDER.indexOf(one.code) - ORDER.indexOf(other.code));
  if (worst) return worst;
  const all = certificates.flatMap(({ name, chain }) => chain.map((each) => ({ name, days: daysLeft(each, observedAt) })));
  const first = all.reduce((soonest, each) => (each.days < soonest.days ? each : soonest));
  return { status: 'ok', code: 'ok', data: { count: all.length, ...first }, ...showLimit(first.days, limits, 'ok') };
}

function judgeEntry(
  { name, kind, file, state, why, unlock, chain, key, serialMatches }: Entry,
  at: number,
  limits: Thresholds,
): Judgement | undefined {
  const [leaf, ...others] = chain;
  const told = { name, kind, file };
  const unseen: Judgement = {
    status: 'unknown',
    code: 'unreadable',
    item: name,
    data: { ...told, why },
    unlock: unlock || 'correct the file, key or passphrase under certificates in oor.yaml',
  };
  if (state === 'unreadable') return unseen;
  if (!leaf) return { status: 'fail', code: state === 'missing' ? 'missing' : 'no-certificate', item: name, data: told };
  const bounds = boundsOf(leaf, limits);
  const problem = findDateProblem(leaf, at, bounds);
  const days = daysLeft(leaf, at);
  const dates = (of: Certificate, code: typeof problem): NonNullable<Judgement['data']> => ({
    ...told,
    ...describeDates(name, of, at, code),
  });
  if (problem === 'expired' || problem === 'not-yet-valid')
    return { status: 'fail', code: problem, item: name, data: dates(leaf, problem), ...showLimit(days, bounds, 'fail') };
  if (key !== 'match' && key !== 'not-checked' && key !== 'unknown')
    return { status: 'fail', code: 'key-mismatch', item: name, data: { ...told, outcome: key } };
  const expired = others.find(({ notAfter }) => at > notAfter);
  if (expired) return { status: 'fail', code: 'chain-expired', item: name, data: dates(expired, 'expired') };
  if (serialMatches === false) return { status: 'fail', code: 'serial-differs', item: name, data: { ...told, serial: leaf.serial } };
  if (!problem) return key === 'unknown' ? unseen : undefined;
  const status = problem === 'expiring' ? 'fail' : 'warn';
  return { status, code: problem, item: name, data: dates(leaf, problem), ...showLimit(days, bounds, status) };
}

function boundsOf({ notBefore, notAfter }: Certificate, limits: Thresholds): Thresholds {
  const life = (notAfter - notBefore) / DAY_MS;
  if (life > SHORT_DAYS) return limits;
  return { ...limits, warn: Math.min(limits.warn, Math.round(life / 3)), crit: Math.min(limits.crit, Math.round(life / 6)) };
}

import { HostError } from '../errors.ts';
import type { CommandResult, Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type Infer, strictObject, v } from './schema.ts';

export const KEY_PAIR_OUTCOMES = [
  'match',
  'mismatch',
  'swapped',
  'encrypted',
  'no-certificate',
  'no-key',
  'certificate-missing',
  'key-missing',
] as const;

const path = v.pipe(v.string(), v.startsWith('/', 'expected an absolute path'));
const params = strictObject({ certificate: path, key: path });
type Params = Infer<typeof params>;
const facts = v.object({ observedAt: v.number(), outcome: v.picklist(KEY_PAIR_OUTCOMES) });
type Facts = Infer<typeof facts>;

export const tlsKeypair = defineCheck<Params, Facts>({
  id: 'tls.keypair',
  phase: 'software',
  title: { en: 'Certificate and private key', 'zh-CN': '证书与私钥' },
  params,
  facts,
  timeoutMs: 10_000,
  messages: {
    match: { en: 'the key {key} belongs to {certificate}', 'zh-CN': '私钥 {key} 与证书 {certificate} 匹配' },
    mismatch: { en: 'the key {key} does not belong to {certificate}', 'zh-CN': '私钥 {key} 与证书 {certificate} 不匹配' },
    swapped: {
      en: '{certificate} holds the key and {key} the certificate: swapped',
      'zh-CN': '{certificate} 是私钥而 {key} 是证书：文件互换',
    },
    encrypted: { en: 'the key {key} is encrypted: a service cannot start with it alone', 'zh-CN': '私钥 {key} 已加密：服务无法自行启动' },
    'no-certificate': { en: '{certificate} holds no certificate', 'zh-CN': '{certificate} 中没有证书' },
    'no-key': { en: '{key} holds no private key', 'zh-CN': '{key} 中没有私钥' },
    'certificate-missing': { en: 'the certificate file {certificate} does not exist', 'zh-CN': '证书文件 {certificate} 不存在' },
    'key-missing': { en: 'the key file {key} does not exist', 'zh-CN': '私钥文件 {key} 不存在' },
  },
  example: { certificate: '/etc/nginx/tls/pay.pem', key: '/etc/nginx/tls/pay.key' },
  probe,
  judge: judgePair,
});

async function probe(files: Params, { host }: ProbeContext): Promise<Facts> {
  return { outcome: await compareKeyPair(host, files), observedAt: host.now().wallMs };
}

export async function compareKeyPair(host: Host, { certificate, key }: Params): Promise<Facts['outcome']> {
  if (!(await isThere(host, certificate))) return 'certificate-missing';
  if (!(await isThere(host, key))) return 'key-missing';
  const ofCertificate = await publicKeyOf(host, 'x509', certificate);
  const ofKey = await publicKeyOf(host, 'pkey', key);
  if (ofCertificate !== null && ofKey !== null) return ofCertificate === ofKey ? 'match' : 'mismatch';
  if (ofKey === null && (await run(host, ['grep', '-q', 'ENCRYPTED', '--', key])).exitCode === 0) return 'encrypted';
  const crossed = ofCertificate === null && ofKey === null && (await publicKeyOf(host, 'x509', key)) !== null;
  if (crossed && (await publicKeyOf(host, 'pkey', certificate)) !== null) return 'swapped';
  return ofCertificate === null ? 'no-certificate' : 'no-key';
}

async function isThere(host: Host, file: string): Promise<boolean> {
  try {
    await host.stat(file);
    return true;
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return false;
    throw error;
  }
}

/** null: the file holds no such thing. */
async function publicKeyOf(host: Host, kind: 'x509' | 'pkey', file: string): Promise<string | null> {
  const wanted = kind === 'x509' ? ['-noout', '-pubkey'] : ['-pubout', '-passin', 'pass:'];
  const { exitCode, stdout, stderr } = await run(host, ['openssl', kind, '-in', file, ...wanted]);
  if (exitCode !== 0 && /Permission denied/i.test(stderr))
    throw new HostError('no-permission', `${file} may not be read`, 'run as root, or as the user of the service');
  return exitCode === 0 && stdout.includes('BEGIN PUBLIC KEY') ? stdout.trim() : null;
}

function run(host: Host, argv: readonly string[]): Promise<CommandResult> {
  return host.run(argv, { timeoutMs: 3_000 });
}

function judgePair({ outcome }: Facts, { certificate, key }: Params): Judgement {
  return { status: outcome === 'match' ? 'ok' : 'fail', code: outcome, data: { certificate, key } };
}

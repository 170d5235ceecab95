/** What else is worth knowing about a port whose certificate is in order: ours, nodes that differ, clients that send no name. Pure. */
import type { Text } from '../ports.ts';
import { type Certificate, describeDates, findDateProblem } from './certificate.ts';
import type { Judgement, Thresholds } from './check.ts';
import { isNamed } from './tls-chain.ts';
import type { Endpoint } from './tls-endpoint.ts';

const A_DAY_MS = 86_400_000;

export const restMessages = {
  'own-certificate': {
    en: 'our own certificate for {where} ({subject}) is of no use or soon will be: it is valid until {until}',
    'zh-CN': '我方用于 {where} 的客户端证书（{subject}）已失效或即将失效：有效期至 {until}',
  },
  'nodes-differ': {
    en: '{old} still serves a certificate until {until}, {new} already one until {newUntil}, both behind {where}',
    'zh-CN': '{where} 之后的节点证书不一致：{old} 有效期至 {until}，{new} 有效期至 {newUntil}',
  },
  'name-needed': {
    en: 'without a server name {where} serves another certificate ({names}): old clients get that one',
    'zh-CN': '不发送 SNI 时 {where} 返回另一证书（{names}）：旧客户端会收到它',
  },
  'store-unread': { en: 'the trust store {store} could not be read: {reason}', 'zh-CN': '无法读取信任库 {store}：{reason}' },
} satisfies Readonly<Record<string, Text>>;

export function judgeRest(
  {
    endpoints,
    own,
    withoutName,
  }: { readonly endpoints: readonly Endpoint[]; readonly own: Certificate | null; readonly withoutName: Certificate | null },
  data: Readonly<Record<string, string | number>>,
  at: number,
  limits: Thresholds,
): Judgement | undefined {
  const ownProblem = own && findDateProblem(own, at, limits);
  if (own && ownProblem) {
    const status = ownProblem === 'expiring-soon' ? 'warn' : 'fail';
    return { status, code: 'own-certificate', data: { ...data, ...describeDates('', own, at, ownProblem), where: data['where'] ?? '' } };
  }
  const unread = endpoints.flatMap(({ stores }) => stores).find(({ store, trusted }) => trusted === null && isNamed(store));
  if (unread)
    return {
      status: 'unknown',
      code: 'store-unread',
      data: { ...data, ...unread, trusted: '' },
      unlock: 'run as root, or name a PEM, JKS or PKCS#12 file',
    };
  const leaves = endpoints.flatMap(({ address, chain }) => chain.slice(0, 1).map((leaf) => ({ address, leaf })));
  const [oldest, ...others] = leaves.toSorted((one, other) => one.leaf.notAfter - other.leaf.notAfter);
  const newest = others.at(-1);
  if (oldest && newest && newest.leaf.notAfter - oldest.leaf.notAfter > A_DAY_MS && sameNames(oldest.leaf, newest.leaf))
    return {
      status: 'warn',
      code: 'nodes-differ',
      data: { ...data, old: oldest.address, new: newest.address, until: day(oldest.leaf), newUntil: day(newest.leaf) },
    };
  const [first] = leaves;
  if (withoutName && first && !sameNames(withoutName, first.leaf))
    return { status: 'warn', code: 'name-needed', data: { ...data, names: withoutName.names.join(', ') || withoutName.subject } };
  return undefined;
}

function sameNames(one: Certificate, other: Certificate): boolean {
  return one.issuer === other.issuer && [...one.names].sort().join() === [...other.names].sort().join();
}

function day({ notAfter }: Certificate): string {
  return new Date(notAfter).toISOString().slice(0, 10);
}

import type { DnsAnswer, Protocols } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { boundTimeout, TWO_OF_THREE } from './connect.ts';
import { showLimit } from './limit.ts';
import { round } from './linux.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { hostName } from './target.ts';

/** The resolver that programs on the host use: resolv.conf, hosts file, nsswitch. */
const SYSTEM = 'system';

const params = strictObject({
  name: hostName,
  /** `address` or `address:port`; without it the system's own resolver. */
  resolver: v.nullish(v.string()),
  /** Each is asked and the answers are compared; `system` is one of the words. */
  resolvers: v.nullish(v.array(v.string())),
  /** Addresses that the name may have. */
  expect: v.nullish(v.union([v.string(), v.array(v.string())])),
  timeout: v.nullish(duration, '3s'),
});
type Params = Infer<typeof params>;

const OUTCOMES = [
  'answered',
  'no-such-name',
  'no-data',
  'refused',
  'server-failure',
  'timed-out',
  'unreachable',
] as const satisfies readonly DnsAnswer['outcome'][];
const answer = v.object({ resolver: v.string(), outcome: v.picklist(OUTCOMES), addresses: v.array(v.string()), durationMs: v.number() });
type Answer = Infer<typeof answer>;
const facts = v.object({
  observedAt: v.number(),
  name: v.string(),
  answers: v.array(answer),
  /** Of all resolvers, sorted. */
  addresses: v.array(v.string()),
  /** Answered, but none of `expect`. */
  unexpected: v.array(v.string()),
  /** Resolvers that did not answer. */
  dead: v.array(v.string()),
  slowestMs: v.number(),
});
type Facts = Infer<typeof facts>;

const LIMITS: Thresholds = { warn: 200, crit: 1_000, unit: 'ms', source: 'own' };

export const netDns = defineCheck<Params, Facts>({
  id: 'net.dns',
  phase: 'network',
  title: { en: 'Name resolution', 'zh-CN': '域名解析' },
  params,
  facts,
  messages: {
    resolved: { en: '{name} resolves to {addresses} in {ms} ms', 'zh-CN': '{name} 解析为 {addresses}，耗时 {ms} 毫秒' },
    slow: { en: '{name} takes {ms} ms to resolve at resolver {resolver}', 'zh-CN': '通过解析器 {resolver} 解析 {name} 耗时 {ms} 毫秒' },
    'wrong-addresses': {
      en: '{name} resolves to {addresses} at resolver {resolver}; expected {expected}',
      'zh-CN': '解析器 {resolver} 将 {name} 解析为 {addresses}，期望为 {expected}',
    },
    'no-such-name': { en: 'resolver {resolver} says that {name} does not exist', 'zh-CN': '解析器 {resolver} 返回域名 {name} 不存在' },
    'no-data': {
      en: 'resolver {resolver} knows {name} but has no address for it',
      'zh-CN': '解析器 {resolver} 有域名 {name}，但无地址记录',
    },
    'server-failure': {
      en: 'resolver {resolver} fails on {name} (SERVFAIL): its upstream or the zone is broken',
      'zh-CN': '解析器 {resolver} 解析 {name} 失败（SERVFAIL）：上游或区域配置故障',
    },
    refused: { en: 'resolver {resolver} refuses to resolve {name}', 'zh-CN': '解析器 {resolver} 拒绝解析 {name}' },
    'timed-out': { en: 'resolver {resolver} does not answer (asked for {name})', 'zh-CN': '解析器 {resolver} 无应答（查询 {name}）' },
    unreachable: { en: 'resolver {resolver} cannot be reached (asked for {name})', 'zh-CN': '无法连接解析器 {resolver}（查询 {name}）' },
    'resolver-down': {
      en: 'resolver {dead} does not answer; {alive} of {total|resolver works|resolvers work}',
      'zh-CN': '解析器 {dead} 无应答；{total} 个解析服务器中 {alive} 个可用',
    },
    'resolvers-disagree': { en: 'resolvers disagree on {name}: {answers}', 'zh-CN': '各解析服务器对 {name} 的结果不一致：{answers}' },
  },
  thresholds: LIMITS,
  timeoutMs: 10_000,
  confirm: () => TWO_OF_THREE,
  example: { name: 'db.example.test', resolvers: ['system', '10.0.0.2'], expect: ['10.0.0.5'] },
  probe,
  judge,
});

async function probe(asGiven: Params, { host, net, timeoutMs }: ProbeContext): Promise<Facts> {
  const params = { ...asGiven, timeout: boundTimeout(asGiven.timeout, timeoutMs, 2) };
  const { name, resolver, resolvers } = params;
  const asked = resolvers != null && resolvers.length > 0 ? resolvers : [resolver ?? SYSTEM];
  const answers = await Promise.all(asked.map((each) => askResolver(each, params, net)));
  const expected = listExpected(params);
  const addresses = [...new Set(answers.flatMap((each) => each.addresses))].sort();
  return {
    observedAt: host.now().wallMs,
    name,
    answers,
    addresses,
    unexpected: expected.length > 0 ? addresses.filter((address) => !expected.includes(address)) : [],
    dead: answers.filter(isDead).map((each) => each.resolver),
    slowestMs: Math.max(...answers.map(({ durationMs }) => durationMs)),
  };
}

async function askResolver(resolver: string, params: Params, net: Protocols): Promise<Answer> {
  const query = { name: params.name, timeoutMs: params.timeout, ...(resolver !== SYSTEM && { resolver }) };
  const wantsV6 = listExpected(params).some((address) => address.includes(':'));
  const v4 = await net.dns({ ...query, type: 'A' });
  const v6 = wantsV6 || v4.outcome === 'no-data' ? await net.dns({ ...query, type: 'AAAA' }) : undefined;
  const addresses = [...v4.addresses, ...(v6?.addresses ?? [])].sort();
  const outcome = addresses.length > 0 ? 'answered' : v4.outcome;
  return { resolver, outcome, addresses, durationMs: round(v4.durationMs + (v6?.durationMs ?? 0)) };
}

function listExpected({ expect }: Params): readonly string[] {
  return expect == null ? [] : [expect].flat();
}

function isDead({ outcome }: Answer): boolean {
  return outcome === 'timed-out' || outcome === 'unreachable' || outcome === 'refused' || outcome === 'server-failure';
}

function judge(facts: Facts, params: Params, limits: Thresholds = LIMITS): Judgement {
  const { name, answers, dead, slowestMs } = facts;
  const [only] = answers;
  if (answers.length === 1 && only && only.outcome !== 'answered')
    return { status: 'fail', code: only.outcome, data: { name, resolver: only.resolver } };
  const alive = answers.filter((each) => !isDead(each));
  const problem = findWrongAnswer(facts, params) ?? findDisagreement(facts);
  if (problem?.status === 'fail') return problem;
  if (dead.length > 0) {
    const data = { name, dead: dead.join(', '), alive: alive.length, total: answers.length };
    return { status: alive.length > 0 ? 'warn' : 'fail', code: 'resolver-down', data };
  }
  if (problem) return problem;
  const denied = alive.find(({ outcome }) => outcome !== 'answered');
  if (denied) return { status: 'fail', code: denied.outcome, data: { name, resolver: denied.resolver } };
  const status = gradeAbove(slowestMs, limits);
  const slowest = answers.find(({ durationMs }) => durationMs === slowestMs);
  const data = { name, addresses: facts.addresses.join(', '), ms: slowestMs, resolver: slowest?.resolver ?? SYSTEM };
  return { status, code: status === 'ok' ? 'resolved' : 'slow', data, ...showLimit(slowestMs, limits, status) };
}

function findWrongAnswer({ name, answers, unexpected }: Facts, params: Params): Judgement | undefined {
  const wrong = answers.find(({ addresses }) => addresses.some((address) => unexpected.includes(address)));
  if (!wrong) return undefined;
  const data = { name, addresses: wrong.addresses.join(', '), resolver: wrong.resolver, expected: listExpected(params).join(', ') };
  return { status: 'fail', code: 'wrong-addresses', data };
}

function findDisagreement({ name, answers }: Facts): Judgement | undefined {
  const alive = answers.filter((each) => !isDead(each));
  const positive = alive.filter(({ outcome }) => outcome === 'answered');
  const denies = positive.length > 0 && positive.length < alive.length;
  const differs = positive.some((a) => positive.some((b) => !a.addresses.some((address) => b.addresses.includes(address))));
  if (!denies && !differs) return undefined;
  const shown = alive.map((each) => `${each.resolver}: ${each.addresses.join(' ') || each.outcome}`).join('; ');
  return { status: denies ? 'fail' : 'warn', code: 'resolvers-disagree', data: { name, answers: shown } };
}

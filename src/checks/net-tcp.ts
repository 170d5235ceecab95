import type { Address, DialOptions, Protocols } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import {
  boundTimeout,
  CONNECT_OUTCOMES,
  connectMessages,
  FAILED_SHARE,
  isOtherFamily,
  mostFrequent,
  nameConnectFailure,
  noLocalPortMessage,
  resolveAddresses,
  TWO_OF_THREE,
} from './connect.ts';
import { medianOf, showLimit } from './limit.ts';
import { round } from './linux.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { namesOneTarget, ONE_TARGET, readTargets, targetParams } from './target-params.ts';

const params = v.pipe(
  strictObject({
    ...targetParams,
    attempts: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)), 1),
    timeout: v.nullish(duration, '5s'),
  }),
  v.check((given) => namesOneTarget(given), ONE_TARGET),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  host: v.string(),
  port: v.number(),
  attempts: v.array(
    v.object({
      host: v.string(),
      port: v.number(),
      outcome: v.picklist(CONNECT_OUTCOMES),
      address: v.string(),
      durationMs: v.number(),
      errorCode: v.exactOptional(v.string()),
    }),
  ),
  connected: v.boolean(),
  failed: v.number(),
  /** Of the attempts that connected; null when none did. */
  medianMs: v.nullable(v.number()),
  /** To resolve the name; not part of the times above. */
  dnsMs: v.number(),
});
type Facts = Infer<typeof facts>;

// RFC 6298: a lost SYN is sent again after 1 s, then after 2 s more.
const LIMITS: Thresholds = { warn: 1_000, crit: 3_000, unit: 'ms', source: 'RFC 6298 (1 s: one lost SYN, 3 s: two)' };

export const netTcp = defineCheck<Params, Facts>({
  id: 'net.tcp',
  phase: 'network',
  title: { en: 'TCP connect', 'zh-CN': 'TCP 连接' },
  params,
  facts,
  messages: {
    ...connectMessages,
    'no-local-port': noLocalPortMessage,
    connected: { en: '{host}:{port} accepts connections in {ms} ms', 'zh-CN': '{host}:{port} 可连接，耗时 {ms} 毫秒' },
    slow: {
      en: '{host}:{port} needs {ms} ms to accept a connection: packets are lost or the path is slow',
      'zh-CN': '{host}:{port} 建立连接耗时 {ms} 毫秒：存在丢包或链路缓慢',
    },
    'slow-name': {
      en: '{host}:{port} connects, but its name took {ms} ms to resolve',
      'zh-CN': '{host}:{port} 可连接，但域名解析耗时 {ms} 毫秒',
    },
    'not-asked': { en: '{host}:{port} was not asked: time was up', 'zh-CN': '未能访问 {host}:{port}：时间已到' },
    partial: {
      en: '{failed} of {total|connection|connections} to {host}:{port} fail ({main})',
      'zh-CN': '到 {host}:{port} 的 {total} 次连接中有 {failed} 次失败（{main}）',
    },
  },
  thresholds: LIMITS,
  timeoutMs: 15_000,
  // One request may be lost by itself; more of them are their own confirmation.
  confirm: ({ attempts }) => (attempts === 1 ? TWO_OF_THREE : undefined),
  example: { to: 'db.example.test:5432', attempts: 3 },
  probe,
  judge,
});

async function probe(params: Params, { host, net, secrets, signal, timeoutMs: budgetMs }: ProbeContext): Promise<Facts> {
  const targets = await readTargets(params, secrets);
  const timeoutMs = boundTimeout(params.timeout, budgetMs, params.attempts + 1);
  const resolved = await Promise.all(targets.map((target) => resolveTarget(target, timeoutMs, net)));
  const attempts: Facts['attempts'] = [];
  for (let turn = 0; turn < params.attempts && !signal.aborted; turn++) {
    const results = await Promise.all(resolved.map(({ target, addresses }) => connectToAll(target, addresses, { timeoutMs, signal }, net)));
    attempts.push(...results.flat());
  }
  const good = attempts.filter(({ outcome }) => outcome === 'connected');
  const [first] = targets;
  return {
    observedAt: host.now().wallMs,
    host: first.host,
    port: first.port,
    attempts,
    connected: good.length > 0,
    failed: attempts.length - good.length,
    medianMs: good.length > 0 ? medianOf(good.map(({ durationMs }) => durationMs)) : null,
    dnsMs: Math.max(...resolved.map(({ dnsMs }) => dnsMs)),
  };
}

/** The name is resolved apart, so that a slow resolver is not taken for a slow path. */
async function resolveTarget(
  target: Address,
  timeoutMs: number,
  net: Protocols,
): Promise<{ target: Address; addresses: readonly string[]; dnsMs: number }> {
  const { addresses, durationMs } = await resolveAddresses(net, target.host, timeoutMs);
  return { target, addresses, dnsMs: round(durationMs) };
}

async function connectToAll(
  { host, port }: Address,
  addresses: readonly string[],
  options: DialOptions,
  net: Protocols,
): Promise<Facts['attempts']> {
  if (addresses.length === 0) return [{ host, port, outcome: 'name-not-resolved', address: '', durationMs: 0 }];
  const results = await Promise.all(
    addresses.map(async (address) => {
      const { outcome, durationMs, errorCode } = await net.connect({ host: address, port }, options);
      return { host, port, outcome, address, durationMs: round(durationMs), ...(errorCode !== undefined && { errorCode }) };
    }),
  );
  return results.filter(({ address, outcome }) => !isOtherFamily(address, outcome, addresses));
}

function judge({ host, port, attempts, failed, medianMs, dnsMs }: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  const bad = attempts.filter(({ outcome }) => outcome !== 'connected');
  const main = mostFrequent(bad.map(({ outcome }) => outcome));
  const worst = bad.find(({ outcome }) => outcome === main);
  if (medianMs === null) {
    if (!worst) return { status: 'unknown', code: 'not-asked', data: { host, port }, unlock: 'a longer timeout of the step' };
    return {
      status: 'fail',
      code: nameConnectFailure(worst.outcome, worst.errorCode),
      data: { host: worst.host, port: worst.port, address: worst.address },
    };
  }
  const share = round((100 * failed) / attempts.length, 1);
  const lossy: Thresholds = { ...FAILED_SHARE, source: 'Netdata portcheck.conf' };
  if (worst && gradeAbove(share, lossy) !== 'ok') {
    const status = share >= lossy.crit ? 'fail' : 'warn';
    const data = { host: worst.host, port: worst.port, failed, total: attempts.length, main: worst.outcome };
    return { status, code: 'partial', data, ...showLimit(share, lossy, status) };
  }
  const status = gradeAbove(medianMs, limits);
  if (status === 'ok' && dnsMs > limits.warn) {
    return { status: 'warn', code: 'slow-name', data: { host, port, ms: dnsMs }, ...showLimit(dnsMs, limits, 'warn') };
  }
  return {
    status,
    code: status === 'ok' ? 'connected' : 'slow',
    data: { host, port, ms: medianMs },
    ...showLimit(medianMs, limits, status),
  };
}

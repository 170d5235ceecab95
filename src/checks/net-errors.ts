import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { exceedsShare, gradeShare } from './exact-test.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type NicSample, readNic } from './nic.ts';
import { readDefaultRoutes } from './routes.ts';
import { type Infer, strictObject, v } from './schema.ts';

const SAMPLE_MS = 1_000;
/** A server's link comes up once or twice per boot. */
const CARRIER_CHANGES = 10;
/** Within one second; own figure. */
const CRC_ERRORS = 5;

const params = strictObject({
  /** Those that must have a link; default: every one that is switched on and not made by a container or virtual machine. */
  interfaces: v.nullish(v.array(v.pipe(v.string(), v.regex(/^[^\s/]+$/)))),
});
type Params = Infer<typeof params>;

const counter = v.number();
const facts = v.object({
  observedAt: v.number(),
  interfaces: v.array(
    v.object({
      name: v.string(),
      present: v.boolean(),
      up: v.boolean(),
      /** null: switched off, or it does not tell. */
      carrier: v.nullable(v.boolean()),
      speedMbps: v.nullable(v.number()),
      duplex: v.string(),
      /** Losing its link fails: declared, or the way to the default gateway, or the only one. */
      matters: v.boolean(),
      carrierChanges: counter,
      /** During the sample of one second, as all that follow. */
      newCarrierChanges: counter,
      packets: counter,
      errors: counter,
      crcErrors: counter,
      drops: counter,
      overruns: counter,
      errorPercent: v.number(),
      dropPercent: v.number(),
      /** Since the interface was made. */
      totalPackets: counter,
      totalErrors: counter,
      totalDrops: counter,
      totalErrorPercent: v.number(),
      totalDropPercent: v.number(),
    }),
  ),
});
type Facts = Infer<typeof facts>;
type NicFacts = Facts['interfaces'][number];

const LIMITS: Thresholds = { warn: 1, crit: 5, unit: '%', source: 'Prometheus node mixin NodeNetworkReceiveErrs; 5 % own' };
const DROPS: Thresholds = { warn: 2, crit: 10, unit: '%', source: 'Netdata net.conf; 10 % own' };

export const netErrors = defineCheck<Params, Facts>({
  id: 'net.errors',
  phase: 'network',
  title: { en: 'Network interfaces', 'zh-CN': '网络接口' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  messages: {
    clean: { en: '{names}: link, no errors', 'zh-CN': '{names}：链路正常，无错误' },
    errors: {
      en: '{name}: {percent} % of the packets are damaged ({count}, of them {crc} checksum errors): cable, port or card',
      'zh-CN': '{name}：{percent} % 的数据包损坏（{count} 个，其中校验错误 {crc} 个）：线缆、端口或网卡故障',
    },
    drops: { en: '{name}: {percent} % of the packets are dropped ({count})', 'zh-CN': '{name}：{percent} % 的数据包被丢弃（{count} 个）' },
    overruns: {
      en: '{name}: {count|packet was|packets were} lost in the card within a second (overruns)',
      'zh-CN': '{name}：一秒内网卡溢出丢失 {count} 个数据包',
    },
    'carrier-flaps': {
      en: '{name}: the link went down or up {count|time|times} ({total} since boot)',
      'zh-CN': '{name}：链路状态变化 {count} 次（开机以来 {total} 次）',
    },
    'link-down': { en: '{name} is switched on and has no link', 'zh-CN': '{name} 已启用但链路断开' },
    missing: { en: 'there is no interface {name}', 'zh-CN': '没有网络接口 {name}' },
    'switched-off': { en: '{name} is switched off', 'zh-CN': '{name} 已被停用' },
    'half-duplex': { en: '{name} runs in half duplex', 'zh-CN': '{name} 工作在半双工模式' },
    none: { en: 'no network interface to look at', 'zh-CN': '没有可检查的网络接口' },
  },
  thresholds: LIMITS,
  timeoutMs: 10_000,
  example: { interfaces: ['eth0'] },
  probe,
  judge,
});

async function probe({ interfaces }: Params, { host, sleep }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const names =
    interfaces ??
    (await host.list('/sys/class/net')).filter((name) => !/^(lo|veth|docker|br-|virbr|vnet|tap|cni|cali|flannel|ifb|dummy)/.test(name));
  const before = await Promise.all(names.map((name) => readNic(host, name)));
  await sleep(SAMPLE_MS);
  const after = await Promise.all(names.map((name) => readNic(host, name)));
  const switchedOn = after.filter((nic) => nic.up);
  const wayOut = (await readDefaultRoutes(host)).map(({ device }) => device);
  const isOnly = (name: string): boolean => !switchedOn.some((other) => other.name !== name && other.carrier);
  const seen = after.flatMap((nic, index) => {
    const matters = interfaces != null || wayOut.includes(nic.name) || isOnly(nic.name);
    return nic.up || interfaces != null ? [compare(before[index] ?? nic, nic, matters)] : [];
  });
  return { observedAt: host.now().wallMs, interfaces: seen };
}

function compare(before: NicSample, after: NicSample, matters: boolean): NicFacts {
  // A counter that was reset in between says nothing.
  const grown = (key: keyof NicSample['counters']): number => Math.max(0, after.counters[key] - before.counters[key]);
  const percent = (part: number, packets: number): number => (part > 0 ? round((100 * part) / (packets + part), 2) : 0);
  const packets = grown('rxPackets') + grown('txPackets');
  const totalPackets = after.counters.rxPackets + after.counters.txPackets;
  const { errors: totalErrors, drops: totalDrops } = after.counters;
  return {
    name: after.name,
    present: after.present,
    up: after.up,
    carrier: after.carrier,
    speedMbps: after.speedMbps,
    duplex: after.duplex,
    matters,
    carrierChanges: after.counters.carrierChanges,
    newCarrierChanges: grown('carrierChanges'),
    packets,
    errors: grown('errors'),
    crcErrors: grown('crcErrors'),
    drops: grown('drops'),
    overruns: grown('overruns'),
    errorPercent: percent(grown('errors'), packets),
    dropPercent: percent(grown('drops'), packets),
    totalPackets,
    totalErrors,
    totalDrops,
    totalErrorPercent: percent(totalErrors, totalPackets),
    totalDropPercent: percent(totalDrops, totalPackets),
  };
}

const RANK = { ok: 0, warn: 1, fail: 2 } as const;

function judge({ interfaces }: Facts, _params: Params, limits: Thresholds = LIMITS): Judgement {
  if (interfaces.length === 0) return { status: 'not-applicable', code: 'none' };
  const judged = interfaces.map((nic) => judgeNic(nic, limits));
  const worst = judged.reduce((found, each) => (RANK[each.status as 'ok'] > RANK[found.status as 'ok'] ? each : found));
  return worst.status === 'ok' ? { ...worst, data: { names: interfaces.map(({ name }) => name).join(', ') } } : worst;
}

function judgeNic(nic: NicFacts, limits: Thresholds): Judgement {
  const { name, matters, carrierChanges, newCarrierChanges } = nic;
  if (!nic.up) return { status: 'fail', code: nic.present ? 'switched-off' : 'missing', data: { name } };
  if (newCarrierChanges > 0)
    return { status: 'fail', code: 'carrier-flaps', data: { name, count: newCarrierChanges, total: carrierChanges } };
  if (nic.carrier === false) return { status: matters ? 'fail' : 'warn', code: 'link-down', data: { name } };
  return (
    judgeTraffic(nic, limits) ??
    judgeTotals(nic, limits) ?? { status: 'ok', code: 'clean', data: { names: name }, ...showLimit(nic.errorPercent, limits, 'ok') }
  );
}

function judgeTraffic({ name, ...nic }: NicFacts, limits: Thresholds): Judgement | undefined {
  const share = gradeShare(nic.errors, nic.packets + nic.errors, limits);
  // A sound link damages no frame, however busy it is: several in one second are never chance.
  const errors = share === 'ok' && nic.crcErrors >= CRC_ERRORS ? 'warn' : share;
  const data = { name, percent: nic.errorPercent, count: nic.errors, crc: nic.crcErrors };
  if (errors !== 'ok') return { status: errors, code: 'errors', data, ...showLimit(nic.errorPercent, limits, errors) };
  const drops = gradeShare(nic.drops, nic.packets + nic.drops, DROPS);
  if (drops !== 'ok')
    return {
      status: drops,
      code: 'drops',
      data: { name, percent: nic.dropPercent, count: nic.drops },
      ...showLimit(nic.dropPercent, DROPS, drops),
    };
  return nic.overruns > 0 ? { status: 'warn', code: 'overruns', data: { name, count: nic.overruns } } : undefined;
}

function judgeTotals({ name, ...nic }: NicFacts, limits: Thresholds): Judgement | undefined {
  const { totalPackets, totalErrors, totalErrorPercent, totalDrops, totalDropPercent } = nic;
  if (exceedsShare(totalErrors, totalPackets + totalErrors, limits.warn)) {
    return {
      status: 'warn',
      code: 'errors',
      data: { name, percent: totalErrorPercent, count: totalErrors, crc: nic.crcErrors },
      ...showLimit(totalErrorPercent, limits, 'warn'),
    };
  }
  if (exceedsShare(totalDrops, totalPackets + totalDrops, DROPS.warn)) {
    return {
      status: 'warn',
      code: 'drops',
      data: { name, percent: totalDropPercent, count: totalDrops },
      ...showLimit(totalDropPercent, DROPS, 'warn'),
    };
  }
  if (nic.carrierChanges >= CARRIER_CHANGES)
    return { status: 'warn', code: 'carrier-flaps', data: { name, count: nic.carrierChanges, total: nic.carrierChanges } };
  return nic.duplex === 'half' ? { status: 'warn', code: 'half-duplex', data: { name } } : undefined;
}

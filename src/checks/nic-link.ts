import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux, round } from './linux.ts';
import { type NicSample, readNic } from './nic.ts';
import { readDefaultRoutes } from './routes.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';
import { grownBy, SAMPLE_MS, sampleTwice } from './two-samples.ts';

const params = strictObject({
  /** Those that must have a link; default: the ways to the default gateway. */
  interfaces: v.nullish(v.array(v.pipe(v.string(), v.regex(/^[^\s/]+$/)))),
  /** How long changes of the link are counted; of links that were never lost a second at most. */
  sample: v.nullish(duration),
  /** What it must have negotiated at least, Mbit/s. */
  min_speed_mbps: v.nullish(v.pipe(v.number(), v.minValue(1))),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  seconds: v.optional(v.number(), 1),
  interfaces: v.array(
    v.object({
      name: v.string(),
      present: v.boolean(),
      up: v.boolean(),
      carrier: v.nullable(v.boolean()),
      /** null: it does not tell, as virtual cards. */
      speedMbps: v.nullable(v.number()),
      duplex: v.string(),
      carrierChanges: v.number(),
      /** During the sample. */
      newCarrierChanges: v.number(),
    }),
  ),
});
type Facts = Infer<typeof facts>;
type Link = Facts['interfaces'][number];

export const nicLink = defineCheck<Params, Facts>({
  id: 'nic.link',
  phase: 'hardware',
  title: { en: 'Network link', 'zh-CN': '网卡链路' },
  watchMs: SAMPLE_MS,
  params,
  facts,
  messages: {
    ok: { en: '{names}: link at {speed}', 'zh-CN': '{names}：链路正常，速率 {speed}' },
    missing: { en: 'there is no network card {name}', 'zh-CN': '没有网卡 {name}' },
    'switched-off': { en: '{name} is switched off', 'zh-CN': '{name} 已被停用' },
    'link-down': { en: '{name} has no link: cable, switch port or card', 'zh-CN': '{name} 没有链路：检查线缆、交换机端口或网卡' },
    flapping: {
      en: 'the link of {name} changed {count|time|times} within {seconds} s ({total} since boot)',
      'zh-CN': '{name} 的链路在 {seconds} 秒内变化 {count} 次（开机以来 {total} 次）',
    },
    'half-duplex': { en: '{name} runs in half duplex', 'zh-CN': '{name} 工作在半双工模式' },
    slow: { en: '{name} runs at {speed} only, wanted {wanted} Mbit/s', 'zh-CN': '{name} 速率仅为 {speed}，应为 {wanted} Mbit/s' },
    none: { en: 'no network card to look at', 'zh-CN': '没有可检查的网卡' },
  },
  example: { interfaces: ['eth0'], min_speed_mbps: 1000 },
  probe,
  judge,
});

async function probe({ interfaces, sample }: Params, context: ProbeContext): Promise<Facts> {
  const { host } = context;
  requireLinux(host);
  const names = interfaces ?? [...new Set((await readDefaultRoutes(host)).map(({ device }) => device))];
  const { before, after, seconds } = await sampleTwice(
    context,
    () => Promise.all(names.map((name) => readNic(host, name))),
    (nics) => (nics.some(hasLostLink) ? (sample ?? SAMPLE_MS) : Math.min(sample ?? SAMPLE_MS, SAMPLE_MS)),
  );
  const changes = (nic: NicSample | undefined): number | undefined => nic?.counters.carrierChanges;
  return {
    observedAt: host.now().wallMs,
    seconds: round(seconds),
    interfaces: after.map((nic, index) => ({
      name: nic.name,
      present: nic.present,
      up: nic.up,
      carrier: nic.carrier,
      speedMbps: nic.speedMbps,
      duplex: nic.duplex,
      carrierChanges: nic.counters.carrierChanges,
      newCarrierChanges: grownBy(changes(before[index]), changes(nic)),
    })),
  };
}

/** Since it first came up; a card that does not tell is watched. */
function hasLostLink({ present, carrierLosses }: NicSample): boolean {
  return present && (carrierLosses === null || carrierLosses > 1);
}

function judge({ interfaces, seconds }: Facts, { min_speed_mbps: wanted }: Params): Judgement {
  const [first] = interfaces;
  if (!first) return { status: 'not-applicable', code: 'none' };
  const found = interfaces.flatMap((link) => findFault(link, wanted ?? 0) ?? []);
  const worst = found.find(({ status }) => status === 'fail') ?? found[0];
  return worst
    ? { ...worst, data: { ...worst.data, seconds } }
    : { status: 'ok', code: 'ok', data: { names: interfaces.map(({ name }) => name).join(', '), speed: showSpeed(first) } };
}

function findFault(link: Link, wanted: number): Judgement | undefined {
  const { name, newCarrierChanges: count, carrierChanges: total } = link;
  if (!link.present) return { status: 'fail', code: 'missing', data: { name } };
  if (!link.up) return { status: 'fail', code: 'switched-off', data: { name } };
  if (count > 0) return { status: 'fail', code: 'flapping', data: { name, count, total } };
  if (link.carrier === false) return { status: 'fail', code: 'link-down', data: { name } };
  if (link.duplex === 'half') return { status: 'warn', code: 'half-duplex', data: { name } };
  if (link.speedMbps === null || link.speedMbps >= wanted) return undefined;
  const limit = { value: link.speedMbps, unit: 'Mbit/s', threshold: wanted, thresholdSource: 'playbook' };
  return { status: 'warn', code: 'slow', data: { name, speed: showSpeed(link), wanted }, ...limit };
}

function showSpeed({ speedMbps }: Link): string {
  return speedMbps === null ? '?' : `${speedMbps} Mbit/s`;
}

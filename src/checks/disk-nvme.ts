import type { Host } from '../ports.ts';
import { askTool, parseJson } from './ask-tool.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { listIfThere, mapLimited, requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const WORN = { percent: 80, source: 'own' };
const SOURCE = 'Netdata nvme.conf';
const ZERO_CELSIUS = 273;
/** NVM Express base specification, SMART log, byte 0. */
const WARNINGS = [
  'spare blocks run out',
  'too hot or too cold',
  'reliability degraded',
  'read-only',
  'backup of its memory failed',
  'persistent memory unreliable',
];

const params = strictObject({
  /** /dev/nvme0; default: every one. */
  disks: v.nullish(v.array(v.pipe(v.string(), v.regex(/^\/dev\/nvme\d+(?:n\d+)?$/, 'expected /dev/nvme0')))),
});
type Params = Infer<typeof params>;
const disk = v.object({
  device: v.string(),
  criticalWarning: v.number(),
  usedPercent: v.nullable(v.number()),
  sparePercent: v.nullable(v.number()),
  mediaErrors: v.nullable(v.number()),
  celsius: v.nullable(v.number()),
  /** Why it could not be asked; '' when it was. */
  problem: v.string(),
  unlock: v.string(),
});
const facts = v.object({ observedAt: v.number(), disks: v.array(disk) });
type Facts = Infer<typeof facts>;
type Disk = Infer<typeof disk>;

export const diskNvme = defineCheck<Params, Facts>({
  id: 'disk.nvme',
  phase: 'hardware',
  needsRoot: true,
  title: { en: 'NVMe disk health', 'zh-CN': 'NVMe 磁盘健康' },
  params,
  facts,
  timeoutMs: 15_000,
  messages: {
    ok: {
      en: '{count|NVMe disk is|NVMe disks are} healthy, {used} % worn at most',
      'zh-CN': '{count} 块 NVMe 磁盘正常，最大磨损 {used} %',
    },
    critical: { en: '{device} warns: {warnings}', 'zh-CN': '{device} 告警：{warnings}' },
    worn: { en: '{device} has used {used} % of its rated life', 'zh-CN': '{device} 已消耗 {used} % 的额定寿命' },
    unasked: { en: '{device} could not be asked: {problem}', 'zh-CN': '无法查询 {device}：{problem}' },
    none: { en: 'no NVMe disk', 'zh-CN': '没有 NVMe 磁盘' },
  },
  example: { disks: ['/dev/nvme0'] },
  probe,
  judge,
});

async function probe({ disks }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const devices = disks ?? (await listIfThere(host, '/sys/class/nvme')).map((name) => `/dev/${name}`);
  return { disks: await mapLimited(devices, 4, (device) => askDisk(host, device)), observedAt: host.now().wallMs };
}

const number = v.optional(v.number());
const answer = v.object({
  /** A number, or since nvme-cli 2 with `-v` an object that holds it. */
  critical_warning: v.union([
    v.number(),
    v.pipe(
      v.object({ value: v.number() }),
      v.transform(({ value }) => value),
    ),
  ]),
  percent_used: number,
  percentage_used: number,
  avail_spare: number,
  media_errors: v.optional(v.union([v.number(), v.string()])),
  temperature: number,
});

async function askDisk(host: Host, device: string): Promise<Disk> {
  const none = { device, criticalWarning: 0, usedPercent: null, sparePercent: null, mediaErrors: null, celsius: null };
  const { result, problem, unlock } = await askTool(host, ['nvme', 'smart-log', device, '-o', 'json'], { install: 'nvme-cli' });
  if (!result) return { ...none, problem, unlock };
  const parsed = v.safeParse(answer, parseJson(result.stdout));
  if (!parsed.success)
    return {
      ...none,
      problem: `nvme prints no log: ${result.stderr.trim().slice(0, 120)}`,
      unlock: 'run as root with nvme-cli 1.9 or later',
    };
  const { critical_warning, percent_used, percentage_used, avail_spare, media_errors, temperature } = parsed.output;
  return {
    device,
    criticalWarning: critical_warning,
    usedPercent: percent_used ?? percentage_used ?? null,
    sparePercent: avail_spare ?? null,
    mediaErrors: media_errors === undefined ? null : Number(media_errors),
    celsius: temperature === undefined ? null : temperature - ZERO_CELSIUS,
    problem: '',
    unlock: '',
  };
}

function judge({ disks }: Facts): Judgement {
  const asked = disks.filter(({ problem }) => problem === '');
  const bad = asked.find(({ criticalWarning }) => criticalWarning !== 0);
  if (bad) {
    const warnings = WARNINGS.filter((_, bit) => (bad.criticalWarning & (1 << bit)) !== 0).join(', ') || String(bad.criticalWarning);
    const limit = { value: bad.criticalWarning, unit: 'warning bits', threshold: 0, thresholdSource: SOURCE };
    return { status: 'fail', code: 'critical', data: { device: bad.device, warnings }, ...limit };
  }
  const most = asked.toSorted((a, b) => (b.usedPercent ?? 0) - (a.usedPercent ?? 0))[0];
  const used = most?.usedPercent ?? 0;
  const limit = { value: used, unit: '%', threshold: WORN.percent, thresholdSource: WORN.source };
  if (most && used >= WORN.percent) return { status: 'warn', code: 'worn', data: { device: most.device, used }, ...limit };
  const unasked = disks.find(({ problem }) => problem !== '');
  if (unasked)
    return { status: 'unknown', code: 'unasked', data: { device: unasked.device, problem: unasked.problem }, unlock: unasked.unlock };
  return asked.length === 0
    ? { status: 'not-applicable', code: 'none' }
    : { status: 'ok', code: 'ok', data: { count: asked.length, used }, ...limit };
}

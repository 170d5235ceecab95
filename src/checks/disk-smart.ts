import type { Host } from '../ports.ts';
import { askTool, parseJson } from './ask-tool.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { listIfThere, mapLimited, requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const SOURCE = 'smartctl(8) exit bits';
/** Bits of the exit status, smartctl(8). */
const NOT_UNDERSTOOD = 1;
const OPEN_FAILED = 2;
const FAILING = 8;
const WORN = 0b1111_0000;
const REALLOCATED = 5;
const PENDING = 197;
const CELSIUS = 194;
const POWER_ON_HOURS = 9;

const params = strictObject({
  /** /dev/sda; default: every disk that may know SMART. */
  disks: v.nullish(v.array(v.pipe(v.string(), v.regex(/^\/dev\/[\w/-]+$/, 'expected a disk such as /dev/sda')))),
});
type Params = Infer<typeof params>;

const disk = v.object({
  device: v.string(),
  model: v.string(),
  /** False: a virtual disk, or one behind a controller that hides it. */
  supported: v.boolean(),
  exitBits: v.number(),
  reallocated: v.nullable(v.number()),
  pending: v.nullable(v.number()),
  celsius: v.nullable(v.number()),
  powerOnHours: v.nullable(v.number()),
  /** Why it could not be asked; '' when it was. */
  problem: v.string(),
  unlock: v.string(),
});
const facts = v.object({ observedAt: v.number(), disks: v.array(disk) });
type Facts = Infer<typeof facts>;
type Disk = Infer<typeof disk>;

export const diskSmart = defineCheck<Params, Facts>({
  id: 'disk.smart',
  phase: 'hardware',
  needsRoot: true,
  title: { en: 'Disk health (SMART)', 'zh-CN': '磁盘健康（SMART）' },
  params,
  facts,
  timeoutMs: 20_000,
  messages: {
    ok: { en: '{count|disk says it is|disks say they are} healthy', 'zh-CN': '{count} 块磁盘自检正常' },
    failing: { en: '{device} ({model}) says that it is failing: replace it', 'zh-CN': '{device}（{model}）报告即将损坏：请更换' },
    sectors: {
      en: '{device} ({model}): {pending} pending and {reallocated|reallocated sector|reallocated sectors}',
      'zh-CN': '{device}（{model}）：待映射扇区 {pending}，已重映射 {reallocated}',
    },
    worn: {
      en: '{device} ({model}) has logged errors or worn attributes (exit bits {bits})',
      'zh-CN': '{device}（{model}）有错误记录或磨损指标（退出位 {bits}）',
    },
    unasked: { en: '{device} could not be asked: {problem}', 'zh-CN': '无法查询 {device}：{problem}' },
    none: { en: 'no disk that knows SMART', 'zh-CN': '没有支持 SMART 的磁盘' },
  },
  example: { disks: ['/dev/sda'] },
  probe,
  judge,
});

async function probe({ disks }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const devices = disks ?? (await findDisks(host));
  return { disks: await mapLimited(devices, 4, (device) => askDisk(host, device)), observedAt: host.now().wallMs };
}

/** Those of the kernel, and those that only smartctl knows a way to. */
async function findDisks(host: ProbeContext['host']): Promise<readonly string[]> {
  const block = (await listIfThere(host, '/sys/block')).filter((name) => /^[sh]d[a-z]+$/.test(name)).map((name) => `/dev/${name}`);
  if (block.length > 0) return block;
  const { result } = await askTool(host, ['smartctl', '--scan'], { install: 'smartmontools', timeoutMs: 4_000 });
  return [...(result?.stdout ?? '').matchAll(/^(\/dev\/[sh]d[a-z]+) /gm)].map(([, device]) => device as string);
}

const answer = v.object({
  model_name: v.optional(v.string()),
  smart_support: v.optional(v.object({ available: v.boolean() })),
  smart_status: v.optional(v.object({ passed: v.optional(v.boolean()) })),
  smartctl: v.optional(v.object({ exit_status: v.number(), messages: v.optional(v.array(v.object({ string: v.string() }))) })),
  ata_smart_attributes: v.optional(v.object({ table: v.array(v.object({ id: v.number(), raw: v.object({ value: v.number() }) })) })),
  scsi_grown_defect_list: v.optional(v.number()),
  temperature: v.optional(v.object({ current: v.optional(v.number()) })),
  power_on_time: v.optional(v.object({ hours: v.optional(v.number()) })),
});

async function askDisk(host: Host, device: string): Promise<Disk> {
  const none = { device, model: '', supported: true, exitBits: 0, reallocated: null, pending: null, celsius: null, powerOnHours: null };
  const { result, problem, unlock } = await askTool(host, ['smartctl', '-a', '-j', device], {
    install: 'smartmontools',
    timeoutMs: 12_000,
  });
  if (!result) return { ...none, problem, unlock };
  const parsed = v.safeParse(answer, parseJson(result.stdout));
  if (!parsed.success) return await askForText(host, none);
  const { output } = parsed;
  const exitBits = output.smartctl?.exit_status ?? result.exitCode ?? 0;
  if ((exitBits & OPEN_FAILED) !== 0)
    return { ...none, problem: 'smartctl cannot open it', unlock: 'run as root; behind a RAID controller use raid.hw' };
  const said = output.smartctl?.messages?.[0]?.string ?? '';
  // A paravirtual or a loop device speaks neither ATA nor SCSI.
  const foreign = /unable to detect device type/i.test(said);
  if ((exitBits & NOT_UNDERSTOOD) !== 0 && !foreign)
    return { ...none, problem: said || 'smartctl refuses', unlock: 'smartctl -a -j on this device by hand' };
  const raw = (id: number): number | null => output.ata_smart_attributes?.table.find((each) => each.id === id)?.raw.value ?? null;
  return {
    device,
    model: output.model_name ?? '',
    supported: output.smart_support?.available ?? output.smart_status !== undefined,
    exitBits,
    reallocated: raw(REALLOCATED) ?? output.scsi_grown_defect_list ?? null,
    pending: raw(PENDING),
    celsius: output.temperature?.current ?? null,
    powerOnHours: output.power_on_time?.hours ?? null,
    problem: '',
    unlock: '',
  };
}

/** Before version 7 there is no -j: what it prints for people is read. */
async function askForText(host: Host, none: Omit<Disk, 'problem' | 'unlock'>): Promise<Disk> {
  const { result, problem, unlock } = await askTool(host, ['smartctl', '-a', none.device], { install: 'smartmontools', timeoutMs: 12_000 });
  if (!result) return { ...none, problem, unlock };
  const { stdout, exitCode } = result;
  const health = /self-assessment test result:\s*(\w+)|SMART Health Status:\s*(\w+)/i.exec(stdout);
  if (!health) return { ...none, problem: 'smartctl prints nothing that is known', unlock: 'install smartmontools 7 or later' };
  const well = /^(passed|ok)$/i.test(health[1] ?? health[2] ?? '');
  const raw = (id: number): number | null => {
    const value = new RegExp(`^\\s*${id}\\s+\\S+\\s+0x.*\\s(\\d+)(?:\\s*\\(.*)?$`, 'm').exec(stdout)?.[1];
    return value === undefined ? null : Number(value);
  };
  return {
    ...none,
    model: /^(?:Device Model|Product):\s*(.+)$/m.exec(stdout)?.[1]?.trim() ?? '',
    exitBits: (exitCode ?? 0) | (well ? 0 : FAILING),
    reallocated: raw(REALLOCATED),
    pending: raw(PENDING),
    celsius: raw(CELSIUS),
    powerOnHours: raw(POWER_ON_HOURS),
    problem: '',
    unlock: '',
  };
}

function judge({ disks }: Facts): Judgement {
  const asked = disks.filter(({ problem, supported }) => problem === '' && supported);
  const describe = (status: 'warn' | 'fail', code: string, { device, model, exitBits: bits, pending, reallocated }: Disk): Judgement => ({
    status,
    code,
    data: { device, model: model || '?', bits, pending: pending ?? 0, reallocated: reallocated ?? 0 },
    value: bits,
    unit: 'exit bits',
    threshold: 0,
    thresholdSource: SOURCE,
  });
  const failing = asked.find(({ exitBits }) => (exitBits & FAILING) !== 0);
  if (failing) return describe('fail', 'failing', failing);
  const sectors = asked.find(({ pending, reallocated }) => (pending ?? 0) > 0 || (reallocated ?? 0) > 0);
  if (sectors) return describe('warn', 'sectors', sectors);
  const worn = asked.find(({ exitBits }) => (exitBits & WORN) !== 0);
  if (worn) return describe('warn', 'worn', worn);
  const unasked = disks.find(({ problem }) => problem !== '');
  if (unasked)
    return { status: 'unknown', code: 'unasked', data: { device: unasked.device, problem: unasked.problem }, unlock: unasked.unlock };
  return asked.length === 0 ? { status: 'not-applicable', code: 'none' } : { status: 'ok', code: 'ok', data: { count: asked.length } };
}

import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { askTool } from './ask-tool.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const SOURCE = 'Netdata ipmi.conf';
const DEVICES = ['/dev/ipmi0', '/dev/ipmi/0', '/dev/ipmidev/0'];

/** `declared`: the profile says that there is a controller, which may be asked over the network and not through a device here. */
const params = strictObject({ declared: v.nullish(v.boolean(), false) });
type Params = Infer<typeof params>;
const supply = v.object({
  name: v.string(),
  /** ok; nc: a warning; cr, nr: critical; ns: not there or silent. */
  status: v.string(),
  reading: v.string(),
});
const facts = v.object({
  observedAt: v.number(),
  /** False: this machine has no management controller that it could ask. */
  controller: v.boolean(),
  supplies: v.array(supply),
  problem: v.string(),
  unlock: v.string(),
});
type Facts = Infer<typeof facts>;

export const powerPsu = defineCheck({
  id: 'power.psu',
  phase: 'hardware',
  needsRoot: true,
  title: { en: 'Power supplies', 'zh-CN': '电源模块' },
  params,
  facts,
  timeoutMs: 15_000,
  messages: {
    ok: { en: '{count} power supply sensors are well', 'zh-CN': '{count} 个电源传感器正常' },
    failed: { en: 'power supply {name}: {reading}', 'zh-CN': '电源 {name}：{reading}' },
    warning: { en: '{name} warns: {reading}', 'zh-CN': '{name} 告警：{reading}' },
    unasked: { en: 'the management controller could not be asked: {problem}', 'zh-CN': '无法查询管理控制器：{problem}' },
    silent: { en: 'the management controller names no power supply', 'zh-CN': '管理控制器没有电源传感器' },
    none: { en: 'no management controller here', 'zh-CN': '此主机没有管理控制器' },
  },
  example: {},
  probe,
  judge,
});

async function probe({ declared }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const observedAt = host.now().wallMs;
  if (declared !== true && !(await hasController(host))) return { observedAt, controller: false, supplies: [], problem: '', unlock: '' };
  const { result, problem, unlock } = await askTool(host, ['ipmitool', 'sdr', 'type', 'Power Supply'], {
    install: 'ipmitool',
    timeoutMs: 12_000,
  });
  const failed = result && result.exitCode !== 0 ? `ipmitool: ${result.stderr.trim().slice(0, 160)}` : problem;
  return {
    observedAt,
    controller: true,
    supplies: parseSensors(result?.stdout ?? ''),
    problem: failed,
    unlock: unlock || 'run as root; load the module ipmi_si',
  };
}

/** Also asked by hw.sel. */
export async function hasController(host: Host): Promise<boolean> {
  for (const device of DEVICES) {
    try {
      await host.stat(device);
      return true;
    } catch (error) {
      if (!(error instanceof HostError) || error.reason !== 'not-found') throw error;
    }
  }
  return false;
}

/** `PS1 Status       | C8h | ok  | 10.1 | Presence detected, Power Supply AC lost` */
function parseSensors(text: string): Facts['supplies'] {
  return text.split('\n').flatMap((line) => {
    const [name, , status, , reading] = line.split('|').map((part) => part.trim());
    return name && status !== undefined && reading !== undefined ? [{ name, status, reading: reading || status }] : [];
  });
}

function judge({ controller, supplies, problem, unlock }: Facts): Judgement {
  if (!controller) return { status: 'not-applicable', code: 'none' };
  if (problem !== '') return { status: 'unknown', code: 'unasked', data: { problem }, unlock };
  const present = supplies.filter(({ status }) => status !== 'ns');
  const failed = present.find(
    ({ status, reading }) =>
      ['cr', 'nr'].includes(status) || /(?<!predictive )failure detected|AC lost|input lost|out-of-range|redundancy lost/i.test(reading),
  );
  if (failed)
    return {
      status: 'fail',
      code: 'failed',
      data: { name: failed.name, reading: failed.reading },
      value: failed.reading,
      threshold: 'ok',
      thresholdSource: SOURCE,
    };
  const warning = present.find(({ status, reading }) => status === 'nc' || /predictive failure|degraded|config error/i.test(reading));
  if (warning)
    return {
      status: 'warn',
      code: 'warning',
      data: { name: warning.name, reading: warning.reading },
      value: warning.reading,
      threshold: 'ok',
      thresholdSource: SOURCE,
    };
  return present.length === 0
    ? { status: 'not-applicable', code: 'silent' }
    : { status: 'ok', code: 'ok', data: { count: present.length } };
}

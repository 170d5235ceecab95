import { askTool } from './ask-tool.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { hasController } from './power-psu.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

const WEEK_MS = 7 * 86_400_000;
const SOURCE = 'Netdata ipmi.conf';
const KEPT = 20;

const params = strictObject({
  /** How far back events count; default a week. */
  within: v.nullish(duration),
  /** The profile says that there is a controller, which may be asked over the network and not through a device here. */
  declared: v.nullish(v.boolean(), false),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  controller: v.boolean(),
  /** Newest first, within the time asked for; the controller's own clock, taken for UTC. */
  events: v.array(v.object({ at: v.number(), sensor: v.string(), text: v.string() })),
  /** Fans, temperatures, voltages that are not well now; nc: warning, cr and nr: critical. */
  sensors: v.array(v.object({ name: v.string(), reading: v.string(), status: v.string() })),
  problem: v.string(),
  unlock: v.string(),
});
type Facts = Infer<typeof facts>;

export const hwSel = defineCheck<Params, Facts>({
  id: 'hw.sel',
  phase: 'hardware',
  needsRoot: true,
  title: { en: 'Hardware sensors and event log', 'zh-CN': '硬件传感器与事件日志' },
  params,
  facts,
  timeoutMs: 25_000,
  messages: {
    ok: { en: 'all sensors are well and the event log is quiet', 'zh-CN': '传感器正常，事件日志无新记录' },
    critical: { en: 'sensor {name} is critical: {reading}', 'zh-CN': '传感器 {name} 处于严重状态：{reading}' },
    warning: { en: 'sensor {name} warns: {reading}', 'zh-CN': '传感器 {name} 告警：{reading}' },
    events: {
      en: '{count|hardware event|hardware events}, last {sensor}: {text} ({at})',
      'zh-CN': '{count} 条硬件事件，最近为 {sensor}：{text}（{at}）',
    },
    unasked: { en: 'the management controller could not be asked: {problem}', 'zh-CN': '无法查询管理控制器：{problem}' },
    none: { en: 'no management controller here', 'zh-CN': '此主机没有管理控制器' },
  },
  example: { within: '2d' },
  probe,
  judge,
});

async function probe({ within, declared }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const observedAt = host.now().wallMs;
  if (declared !== true && !(await hasController(host)))
    return { observedAt, controller: false, events: [], sensors: [], problem: '', unlock: '' };
  const ask = (...words: readonly string[]) => askTool(host, ['ipmitool', ...words], { install: 'ipmitool', timeoutMs: 10_000 });
  // One after the other: the controller answers one question at a time.
  const sdr = await ask('sdr', 'list');
  const sel = sdr.result ? await ask('sel', 'elist', 'last', '50') : sdr;
  const failed = [sdr, sel].find(({ result }) => result !== null && result.exitCode !== 0);
  return {
    observedAt,
    controller: true,
    sensors: parseSensors(sdr.result?.stdout ?? ''),
    events: parseEvents(sel.result?.stdout ?? '', observedAt - (within ?? WEEK_MS)),
    problem: failed ? `ipmitool: ${failed.result?.stderr.trim().slice(0, 160)}` : sdr.problem || sel.problem,
    unlock: sdr.unlock || sel.unlock || 'run as root; load the module ipmi_si',
  };
}

/** `FAN2             | 1200 RPM          | cr` */
function parseSensors(text: string): Facts['sensors'] {
  return text.split('\n').flatMap((line) => {
    const [name, reading, status] = line.split('|').map((part) => part.trim());
    return name && reading !== undefined && /^(nc|cr|nr)$/.test(status ?? '') ? [{ name, reading, status: status ?? '' }] : [];
  });
}

/** `  1f | 01/14/2026 | 03:12:44 UTC | Power Supply PS2 Status | Power Supply AC lost | Asserted` */
function parseEvents(text: string, from: number): Facts['events'] {
  const events = text.split('\n').flatMap((line) => {
    const [, date, time, sensor, what, direction] = line.split('|').map((part) => part.trim());
    const day = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(date ?? '');
    const clock = /^(\d\d):(\d\d):(\d\d)/.exec(time ?? '');
    if (
      !day ||
      !clock ||
      direction === 'Deasserted' ||
      sensor === undefined ||
      what === undefined ||
      /log area (reset|cleared)/i.test(what)
    )
      return [];
    const at = Date.UTC(Number(day[3]), Number(day[1]) - 1, Number(day[2]), Number(clock[1]), Number(clock[2]), Number(clock[3]));
    return at >= from ? [{ at, sensor, text: what }] : [];
  });
  return events.toReversed().slice(0, KEPT);
}

function judge({ controller, events, sensors, problem, unlock }: Facts): Judgement {
  if (!controller) return { status: 'not-applicable', code: 'none' };
  const critical = sensors.find(({ status }) => status !== 'nc');
  const limit = (value: string) => ({ value, threshold: 'ok', thresholdSource: SOURCE });
  if (critical)
    return { status: 'fail', code: 'critical', data: { name: critical.name, reading: critical.reading }, ...limit(critical.status) };
  const [warning] = sensors;
  if (warning) return { status: 'warn', code: 'warning', data: { name: warning.name, reading: warning.reading }, ...limit(warning.status) };
  const [last] = events;
  if (last) {
    const data = { count: events.length, sensor: last.sensor, text: last.text, at: new Date(last.at).toISOString() };
    return { status: 'warn', code: 'events', data, value: events.length, unit: 'events', threshold: 0, thresholdSource: SOURCE };
  }
  if (problem !== '') return { status: 'unknown', code: 'unasked', data: { problem }, unlock };
  return { status: 'ok', code: 'ok' };
}

import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { parseApcaccess, parseUpsc } from './ups-status.ts';

const CHARGE = { warn: 75, crit: 40, source: 'Netdata upsd.conf' };
const LOAD: Thresholds = { warn: 80, crit: 95, unit: '%', source: 'Netdata upsd.conf', clear: { warn: 70, crit: 85 } };
const STATE_SOURCE = 'Network UPS Tools status words';

const params = strictObject({
  /** As upsc takes it, `name@host`, or the address of an apcupsd, `apcupsd://host:port`. Without it there is no UPS to ask. */
  ups: v.optional(
    v.pipe(v.string(), v.regex(/^(?:[\w.-]+(?:@[\w.:[\]-]+)?|apcupsd:\/\/[\w.[\]:-]+)$/, 'expected name@host or apcupsd://host:port')),
  ),
});
const facts = v.object({
  observedAt: v.number(),
  ups: v.nullable(v.string()),
  /** Does the server still hear the UPS? */
  connected: v.boolean(),
  /** OL, OB, LB, RB, OVER, CHRG, DISCHRG, BYPASS, OFF, FSD, ... */
  states: v.array(v.string()),
  chargePercent: v.nullable(v.number()),
  runtimeSeconds: v.nullable(v.number()),
  loadPercent: v.nullable(v.number()),
  inputVolts: v.nullable(v.number()),
});
type Params = Infer<typeof params>;
type Facts = Infer<typeof facts>;

export const powerUps = defineCheck({
  id: 'power.ups',
  phase: 'hardware',
  title: { en: 'UPS', 'zh-CN': '不间断电源' },
  params,
  facts,
  thresholds: LOAD,
  timeoutMs: 8_000,
  messages: {
    online: {
      en: 'UPS {ups} is on mains, charge {charge} %, load {load} %',
      'zh-CN': 'UPS {ups} 由市电供电，电量 {charge} %，负载 {load} %',
    },
    'on-battery': {
      en: 'UPS {ups} runs on battery: charge {charge} %, {runtime} s left',
      'zh-CN': 'UPS {ups} 正在使用电池：电量 {charge} %，还可维持 {runtime} 秒',
    },
    'low-battery': {
      en: 'UPS {ups} is about to shut down: charge {charge} %, {runtime} s left',
      'zh-CN': 'UPS {ups} 即将关机：电量 {charge} %，还可维持 {runtime} 秒',
    },
    overload: { en: 'UPS {ups} is overloaded: load {load} %', 'zh-CN': 'UPS {ups} 过载：负载 {load} %' },
    charge: { en: 'UPS {ups} has only {charge} % charge', 'zh-CN': 'UPS {ups} 电量仅 {charge} %' },
    'replace-battery': { en: 'UPS {ups} asks for a new battery', 'zh-CN': 'UPS {ups} 需要更换电池' },
    bypassed: { en: 'UPS {ups} does not protect the load ({states})', 'zh-CN': 'UPS {ups} 未对负载提供保护（{states}）' },
    'connection-lost': {
      en: 'UPS {ups} no longer talks to its server; its state is stale',
      'zh-CN': 'UPS {ups} 与其服务端失去联系，状态已过期',
    },
    silent: { en: 'UPS {ups} does not tell its state', 'zh-CN': 'UPS {ups} 未报告状态' },
    none: { en: 'no UPS is declared', 'zh-CN': '未声明 UPS' },
  },
  example: { ups: 'rackups@localhost' },
  async probe({ ups }, { host }) {
    requireLinux(host);
    const observedAt = host.now().wallMs;
    if (ups === undefined)
      return {
        observedAt,
        ups: null,
        connected: false,
        states: [],
        chargePercent: null,
        runtimeSeconds: null,
        loadPercent: null,
        inputVolts: null,
      };
    const apc = /^apcupsd:\/\/(.+)$/.exec(ups)?.[1];
    return { observedAt, ups, ...(apc === undefined ? await askNut(host, ups) : await askApcupsd(host, apc)) };
  },
  judge: judgeUps,
});

type Told = Omit<Facts, 'observedAt' | 'ups'>;

async function askNut(host: Host, ups: string): Promise<Told> {
  const { exitCode, stdout, stderr } = await host.run(['upsc', ups], { timeoutMs: 6_000 });
  const complaint = `${stderr}\n${stdout}`;
  // These two come from a server that is there and has lost its UPS.
  const connected = !/Error: (Data stale|Driver not connected)/i.test(complaint);
  if (exitCode !== 0 && connected)
    throw new HostError(
      'unreachable',
      `upsc ${ups}: ${firstError(complaint)}`,
      'check the name with upsc -l, and that upsd runs and admits this host',
    );
  const { states, ...numbers } = parseUpsc(stdout);
  return { connected, states: [...states], ...numbers };
}

async function askApcupsd(host: Host, address: string): Promise<Told> {
  const { exitCode, stdout, stderr } = await host.run(['apcaccess', 'status', address], { timeoutMs: 6_000 });
  if (exitCode !== 0)
    throw new HostError(
      'unreachable',
      `apcaccess ${address}: ${`${stderr}${stdout}`.trim().slice(0, 200)}`,
      'check that apcupsd runs there, with NETSERVER on and NISIP open to this host',
    );
  const { states, ...numbers } = parseApcaccess(stdout);
  return { connected: !states.includes('COMMLOST'), states: [...states], ...numbers };
}

function firstError(text: string): string {
  return /Error: (.+)/.exec(text)?.[1] ?? 'failed';
}

function judgeUps(
  { ups, connected, states, chargePercent, runtimeSeconds, loadPercent }: Facts,
  _params: Params,
  limits: Thresholds = LOAD,
): Judgement {
  if (ups === null) return { status: 'not-applicable', code: 'none' };
  const is = (...words: readonly string[]): boolean => words.some((word) => states.includes(word));
  const data = { ups, states: states.join(' '), charge: chargePercent ?? '?', runtime: runtimeSeconds ?? '?', load: loadPercent ?? '?' };
  const byState = (status: 'ok' | 'warn' | 'fail', code: string): Judgement => ({
    status,
    code,
    data,
    value: states.join(' '),
    threshold: 'OL',
    thresholdSource: STATE_SOURCE,
  });
  const byCharge = (status: 'warn' | 'fail', value: number): Judgement => ({
    status,
    code: 'charge',
    data,
    value,
    unit: '%',
    threshold: status === 'fail' ? CHARGE.crit : CHARGE.warn,
    thresholdSource: CHARGE.source,
  });
  const load = gradeAbove(loadPercent ?? 0, limits, 'load');
  const byLoad = (): Judgement => ({ status: load, code: 'overload', item: 'load', data, ...showLimit(loadPercent ?? 0, limits, load) });
  if (!connected || is('COMMLOST', 'COMMBAD')) return byState('warn', 'connection-lost');
  if (states.length === 0) return { status: 'unknown', code: 'silent', data, unlock: `upsc ${ups} prints no ups.status: check the driver` };
  if (is('FSD', 'LB')) return byState('fail', 'low-battery');
  if (chargePercent !== null && chargePercent < CHARGE.crit) return byCharge('fail', chargePercent);
  if (load === 'fail') return byLoad();
  if (is('OB')) return byState('warn', 'on-battery');
  if (is('OVER')) return byState('warn', 'overload');
  if (load === 'warn') return byLoad();
  if (is('RB')) return byState('warn', 'replace-battery');
  if (is('BYPASS', 'OFF')) return byState('warn', 'bypassed');
  if (chargePercent !== null && chargePercent < CHARGE.warn) return byCharge('warn', chargePercent);
  // WAIT, and whatever a driver says before it knows.
  if (!is('OL')) return { status: 'unknown', code: 'silent', data, unlock: `upsc ${ups} prints no state of the power: check the driver` };
  return byState('ok', 'online');
}

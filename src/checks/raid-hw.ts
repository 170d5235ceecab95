import { askTool, parseJson } from './ask-tool.ts';
import { defineCheck, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { listIfThere, requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const TOOLS = ['storcli64', 'storcli', 'perccli64', 'perccli'];
const SOURCE = 'Netdata megacli.conf';
/** Per cent of the charge of a cache battery; below them a power cut may cost what was written last. */
const CHARGE: Thresholds = { warn: 80, crit: 40, unit: '%', source: SOURCE };
const GOOD_DRIVES = new Set(['Onln', 'UGood', 'GHS', 'DHS', 'JBOD', 'Conf']);

const params = strictObject({});
const part = v.object({ kind: v.picklist(['controller', 'volume', 'drive', 'battery']), name: v.string(), state: v.string() });
const facts = v.object({
  observedAt: v.number(),
  /** False: no MegaRAID controller in this machine. */
  controller: v.boolean(),
  parts: v.array(part),
  /** Of the cache battery that holds least, per cent; null without one, or where the card keeps no count. */
  charge: v.optional(v.nullable(v.number()), null),
  problem: v.string(),
  unlock: v.string(),
});
type Facts = Infer<typeof facts>;
type Part = Infer<typeof part>;

export const raidHw = defineCheck({
  id: 'raid.hw',
  phase: 'hardware',
  needsRoot: true,
  title: { en: 'RAID controller', 'zh-CN': 'RAID 控制卡' },
  params,
  facts,
  timeoutMs: 30_000,
  messages: {
    ok: { en: '{count} RAID volumes are optimal', 'zh-CN': '{count} 个 RAID 卷状态正常' },
    volume: { en: 'RAID volume {name} is {state}', 'zh-CN': 'RAID 卷 {name} 状态为 {state}' },
    charge: { en: 'the cache battery of the RAID controller holds {charge} %', 'zh-CN': 'RAID 控制卡缓存电池电量 {charge} %' },
    part: { en: 'RAID {kind} {name} is {state}', 'zh-CN': 'RAID 部件（{kind}）{name} 状态为 {state}' },
    unasked: { en: 'the RAID controller could not be asked: {problem}', 'zh-CN': '无法查询 RAID 控制卡：{problem}' },
    none: { en: 'no MegaRAID controller', 'zh-CN': '没有 MegaRAID 控制卡' },
  },
  example: {},
  probe,
  judge,
});

const rows = v.optional(v.array(v.record(v.string(), v.unknown())), []);
const answer = v.object({
  Controllers: v.array(
    v.object({
      'Response Data': v.optional(
        v.object({
          Basics: v.optional(v.object({ Model: v.optional(v.string()) })),
          Status: v.optional(v.object({ 'Controller Status': v.optional(v.string()) })),
          'VD LIST': rows,
          'PD LIST': rows,
          BBU_Info: rows,
          Cachevault_Info: rows,
        }),
      ),
    }),
  ),
});

async function probe(_params: unknown, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const observedAt = host.now().wallMs;
  const cards = (await listIfThere(host, '/sys/bus/pci/drivers/megaraid_sas')).filter((name) => /^[\da-f]{4}:/.test(name));
  if (cards.length === 0) return { observedAt, controller: false, parts: [], charge: null, problem: '', unlock: '' };
  let problem = '';
  let unlock = '';
  for (const tool of TOOLS) {
    const asked = await askTool(host, [tool, '/call', 'show', 'all', 'J'], {
      install: 'storcli (Broadcom) or perccli (Dell)',
      timeoutMs: 20_000,
    });
    const parsed = v.safeParse(answer, parseJson(asked.result?.stdout ?? ''));
    if (parsed.success)
      return {
        observedAt,
        controller: true,
        parts: parsed.output.Controllers.flatMap((each, index) => listParts(each, index)),
        charge: await askCharge(host, tool, parsed.output),
        problem: '',
        unlock: '',
      };
    problem = asked.problem || `${tool} prints no JSON`;
    unlock = asked.unlock || 'run as root';
    if (!/is not installed/.test(problem)) break;
  }
  return { observedAt, controller: true, parts: [], charge: null, problem, unlock };
}

/** Asked of cards with a battery only: one with a capacitor keeps no charge that could be told. */
async function askCharge(host: ProbeContext['host'], tool: string, { Controllers: cards }: Infer<typeof answer>): Promise<number | null> {
  if (!cards.some(({ 'Response Data': data }) => (data?.BBU_Info.length ?? 0) > 0)) return null;
  const { result } = await askTool(host, [tool, '/call/bbu', 'show', 'all', 'J'], { install: 'storcli (Broadcom) or perccli (Dell)' });
  const found = [...(result?.stdout ?? '').matchAll(/"Relative State of Charge"\s*,\s*"Value"\s*:\s*"?\s*(\d+)/g)].map(([, value]) =>
    Number(value),
  );
  return found.length > 0 ? Math.min(...found) : null;
}

function listParts({ 'Response Data': data }: Infer<typeof answer>['Controllers'][number], index: number): Part[] {
  const list = (kind: Part['kind'], table: Infer<typeof rows>, key: string): Part[] =>
    table.map((row) => ({ kind, name: `c${index} ${String(row[key] ?? '?')}`, state: String(row['State'] ?? '?') }));
  if (!data) return [];
  return [
    { kind: 'controller', name: `c${index} ${data.Basics?.Model ?? ''}`.trim(), state: data.Status?.['Controller Status'] ?? '?' },
    ...list('volume', data['VD LIST'], 'DG/VD'),
    ...list('drive', data['PD LIST'], 'EID:Slt'),
    ...list('battery', [...data.BBU_Info, ...data.Cachevault_Info], 'Model'),
  ];
}

function isWell({ kind, state }: Part): boolean {
  if (kind === 'drive') return GOOD_DRIVES.has(state);
  return kind === 'volume' ? state === 'Optl' : /^(?:Optimal|Optl)$/.test(state);
}

function judge({ controller, parts, charge, problem, unlock }: Facts): Judgement {
  if (!controller) return { status: 'not-applicable', code: 'none' };
  if (problem !== '') return { status: 'unknown', code: 'unasked', data: { problem }, unlock };
  const bad = parts.filter((each) => !isWell(each));
  const limit = (value: string) => ({ value, threshold: 'optimal', thresholdSource: SOURCE });
  const volume = bad.find(({ kind }) => kind === 'volume');
  if (volume) return { status: 'fail', code: 'volume', data: { name: volume.name, state: volume.state }, ...limit(volume.state) };
  const low = charge === null || charge > CHARGE.warn ? 'ok' : charge <= CHARGE.crit ? 'fail' : 'warn';
  if (charge !== null && low !== 'ok') return { status: low, code: 'charge', data: { charge }, ...showLimit(charge, CHARGE, low) };
  const [first] = bad.toReversed();
  if (first) return { status: 'warn', code: 'part', data: { ...first }, ...limit(first.state) };
  return { status: 'ok', code: 'ok', data: { count: parts.filter(({ kind }) => kind === 'volume').length } };
}

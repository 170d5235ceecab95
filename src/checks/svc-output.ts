import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { compilePattern, patternText } from './pattern.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { askUnit } from './service-manager.ts';

/** A unit that is up for so long has started; what it printed before that is of another hour. */
const SETTLED_MS = 30_000;
/** The last start, with its stack trace. */
const LINES = 40;
const BYTES = 6_000;
const SAMPLES = 3;
const SAMPLE_LENGTH = 300;

const params = strictObject({
  unit: v.pipe(v.string(), v.regex(/^[^\s/-][^\s/]*$/, 'expected the name of a unit')),
  patterns: v.record(v.string(), patternText),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  unit: v.string(),
  known: v.boolean(),
  settled: v.boolean(),
  lines: v.number(),
  matches: v.number(),
  byPattern: v.record(v.string(), v.number()),
  /** The newest matching lines, cut. */
  samples: v.array(v.string()),
});
type Facts = Infer<typeof facts>;

export const svcOutput = defineCheck<Params, Facts>({
  id: 'svc.output',
  phase: 'software',
  title: { en: 'Last words of a service', 'zh-CN': '服务的最后输出' },
  params,
  facts,
  messages: {
    settled: { en: '{unit} runs; what it printed as it started does not matter', 'zh-CN': '{unit} 正在运行；其启动输出不作判断' },
    quiet: {
      en: '{unit} does not run and says nothing that matches ({lines|line|lines})',
      'zh-CN': '{unit} 未运行，输出中无匹配行（共 {lines} 行）',
    },
    said: { en: '{unit} does not run; it said last: {sample}', 'zh-CN': '{unit} 未运行；其最后输出：{sample}' },
    'not-found': { en: 'no service manager knows a unit {unit}', 'zh-CN': '服务管理器中没有 {unit}' },
  },
  timeoutMs: 8_000,
  example: { unit: 'paygw', patterns: { missing_file: '(?i)no such file|ENOENT' } },
  probe,
  judge,
});

async function probe({ unit, patterns }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const state = await askUnit(host, unit);
  if (state === null)
    throw new HostError('missing-tool', 'neither systemd nor supervisor runs this machine', 'name its log under services in oor.yaml');
  const known = state !== undefined && state.load !== 'not-found';
  const settled = known && state.active === 'active' && (state.activeMs ?? 0) >= SETTLED_MS;
  const text = !known || settled ? '' : await (state.manager === 'systemd' ? readJournal(host, unit) : readTail(host, unit));
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-LINES);
  const compiled = Object.entries(patterns).map(([name, pattern]) => [name, compilePattern(pattern)] as const);
  const matching = lines.filter((line) => compiled.some(([, pattern]) => pattern.test(line)));
  return {
    observedAt: host.now().wallMs,
    unit,
    known,
    settled,
    lines: lines.length,
    matches: matching.length,
    byPattern: Object.fromEntries(compiled.map(([name, pattern]) => [name, lines.filter((line) => pattern.test(line)).length])),
    samples: matching.slice(-SAMPLES).map((line) => line.trim().slice(0, SAMPLE_LENGTH)),
  };
}

async function readJournal(host: Host, unit: string): Promise<string> {
  const argv = ['journalctl', '--unit', unit, '--lines', String(LINES), '--since', '-10min', '--no-pager', '--output=cat'];
  const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: 4_000 });
  if (exitCode !== 0 || /not seeing messages|no journal files|permission/i.test(stderr))
    throw new HostError('no-permission', `the journal of ${unit} may not be read`, 'add the user to the group systemd-journal');
  return stdout;
}

/** Both go to stdout where the program redirects its errors there. */
async function readTail(host: Host, unit: string): Promise<string> {
  const tail = async (...stream: readonly string[]): Promise<string> => {
    const { stdout } = await host.run(['supervisorctl', 'tail', `-${BYTES}`, unit, ...stream], { timeoutMs: 4_000 });
    return /ERROR \(/.test(stdout.slice(0, 200)) ? '' : stdout;
  };
  const errors = await tail('stderr');
  return errors.trim() === '' ? await tail() : errors;
}

function judge({ unit, known, settled, lines, matches, samples }: Facts): Judgement {
  const data = { unit, lines, sample: samples.at(-1) ?? '' };
  if (!known) return { status: 'not-applicable', code: 'not-found', data };
  if (settled) return { status: 'ok', code: 'settled', data };
  return matches > 0 ? { status: 'warn', code: 'said', data } : { status: 'ok', code: 'quiet', data };
}

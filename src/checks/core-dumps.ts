import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux, tryRead } from './linux.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

const DAY_MS = 86_400_000;
const KEPT = 20;

const params = strictObject({
  /** How far back; default one day. */
  within: v.nullish(duration),
});
type Params = Infer<typeof params>;
const dump = v.object({ at: v.number(), program: v.string(), signal: v.nullable(v.number()) });
const facts = v.object({
  observedAt: v.number(),
  from: v.number(),
  /** Places that could be looked at: coredumpctl, /var/crash, the folder of kernel.core_pattern. */
  sources: v.array(v.string()),
  /** Those that refused. */
  refused: v.array(v.string()),
  count: v.number(),
  /** Newest first. */
  dumps: v.array(dump),
});
type Facts = Infer<typeof facts>;
type Dump = Infer<typeof dump>;

export const coreDumps = defineCheck<Params, Facts>({
  id: 'core.dumps',
  phase: 'evidence',
  title: { en: 'Crashed programs', 'zh-CN': '程序崩溃转储' },
  params,
  facts,
  timeoutMs: 10_000,
  messages: {
    ok: { en: 'no program left a core dump since {since} ({sources})', 'zh-CN': '自 {since} 以来没有程序崩溃转储（{sources}）' },
    crashed: {
      en: '{count|core dump|core dumps} since {since}, the last of {program} at {at}',
      'zh-CN': '自 {since} 以来有 {count} 个崩溃转储，最近为 {program}（{at}）',
    },
    refused: { en: 'core dumps may not be listed: {where}', 'zh-CN': '无权列出崩溃转储：{where}' },
    none: { en: 'nothing keeps core dumps here', 'zh-CN': '此主机不保留崩溃转储' },
  },
  example: { within: '12h' },
  probe,
  judge,
});

async function probe({ within }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const observedAt = host.now().wallMs;
  const from = observedAt - (within ?? DAY_MS);
  const pattern = (await tryRead(host, '/proc/sys/kernel/core_pattern')) ?? '';
  const folder = /^(\/.*)\/[^/]*$/.exec(pattern)?.[1];
  const looks: readonly (readonly [string, () => Promise<readonly Dump[] | null>])[] = [
    ['coredumpctl', () => askCoredumpctl(host, from)],
    ['/var/crash', () => findDumps(host, '/var/crash', '*', from)],
    ...(folder === undefined ? [] : [[folder, () => findDumps(host, folder, fileGlob(pattern), from)] as const]),
  ];
  const sources: string[] = [];
  const refused: string[] = [];
  const dumps: Dump[] = [];
  for (const [name, look] of looks) {
    try {
      const found = await look();
      if (found !== null) sources.push(name);
      dumps.push(...(found ?? []));
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      refused.push(name);
    }
  }
  return { observedAt, from, sources, refused, count: dumps.length, dumps: dumps.toSorted((a, b) => b.at - a.at).slice(0, KEPT) };
}

/** core(5): every %x may be anything. */
function fileGlob(pattern: string): string {
  return `${pattern.slice(pattern.lastIndexOf('/') + 1).replace(/%./g, '*')}*`;
}

/** null: no such tool. It ends with 1 and says so when there is no dump. */
async function askCoredumpctl(host: Host, from: number): Promise<readonly Dump[] | null> {
  try {
    const since = `@${Math.floor(from / 1_000)}`;
    const { exitCode, stdout, stderr } = await host.run(['coredumpctl', 'list', '--json=short', '--no-pager', `--since=${since}`], {
      timeoutMs: 4_000,
    });
    if (/No coredumps found/.test(stderr)) return [];
    if (exitCode !== 0) throw new HostError('io', `coredumpctl: ${stderr.trim().slice(0, 200)}`);
    const rows = v.safeParse(
      v.array(v.object({ time: v.number(), sig: v.optional(v.number()), exe: v.optional(v.string()) })),
      JSON.parse(stdout || '[]'),
    );
    return rows.success ? rows.output.map(({ time, sig, exe }) => ({ at: time / 1_000, program: exe ?? '?', signal: sig ?? null })) : [];
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') return null;
    throw error instanceof SyntaxError ? new HostError('io', 'coredumpctl prints no JSON') : error;
  }
}

/** null: there is no such folder. */
async function findDumps(host: Host, folder: string, glob: string, from: number): Promise<readonly Dump[] | null> {
  const minutes = Math.max(1, Math.ceil((host.now().wallMs - from) / 60_000));
  const argv = ['find', folder, '-xdev', '-maxdepth', '2', '-type', 'f', '-name', glob, '-mmin', `-${minutes}`, '-printf', '%T@ %p\\n'];
  const { stdout, stderr } = await host.run(argv, { timeoutMs: 4_000 });
  if (/No such file or directory/.test(stderr)) return null;
  if (/Permission denied/.test(stderr)) throw new HostError('no-permission', folder);
  return [...stdout.matchAll(/^(\d+)(?:\.\d+)? (.+)$/gm)].map(([, seconds, program = '']) => ({
    at: Number(seconds) * 1_000,
    program,
    signal: null,
  }));
}

function judge({ from, sources, refused, count, dumps: [last] }: Facts): Judgement {
  const since = new Date(from).toISOString();
  const limit = { value: count, unit: 'dumps', threshold: 0, thresholdSource: 'own' };
  if (last)
    return {
      status: 'warn',
      code: 'crashed',
      data: { count, since, program: last.program, at: new Date(last.at).toISOString() },
      ...limit,
    };
  if (refused.length > 0)
    return {
      status: 'unknown',
      code: 'refused',
      data: { where: refused.join(', ') },
      unlock: 'run as root, or as a member of the group systemd-journal',
    };
  if (sources.length === 0) return { status: 'not-applicable', code: 'none' };
  return { status: 'ok', code: 'ok', data: { since, sources: sources.join(', ') }, ...limit };
}

import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { readIfThere } from './linux.ts';
import { compilePattern, patternText } from './pattern.ts';
import { type Infer, strictObject, v } from './schema.ts';

const KEPT = 200;
const value = v.union([v.string(), v.number(), v.boolean()]);

const params = v.pipe(
  strictObject({
    file: v.nullish(v.string()),
    argv: v.nullish(v.pipe(v.array(v.string()), v.minLength(1))),
    /** One value, or any of several; all are compared as text. */
    want: v.union([value, v.pipe(v.array(value), v.minLength(1))]),
    /** The first group (or the match) is the value; without it the whole text, trimmed. */
    pattern: v.nullish(patternText),
  }),
  v.check(({ file, argv }) => (file == null) !== (argv == null), 'expected either `file` or `argv`'),
);
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  source: v.string(),
  /** null: no such file, or nothing in it fits the pattern. */
  value: v.nullable(v.string()),
  matches: v.boolean(),
});
type Facts = Infer<typeof facts>;

export const fileValue = defineCheck<Params, Facts>({
  id: 'file.value',
  phase: 'software',
  title: { en: 'Version or value', 'zh-CN': '版本或取值' },
  params,
  facts,
  messages: {
    match: { en: '{source} has {value}, as wanted', 'zh-CN': '{source} 的值为 {value}，符合要求' },
    differs: { en: '{source} has {value}, wanted {want}', 'zh-CN': '{source} 的值为 {value}，期望 {want}' },
    missing: { en: '{source} holds no such value (wanted {want})', 'zh-CN': '{source} 中没有该值（期望 {want}）' },
  },
  timeoutMs: 8_000,
  example: { file: '/opt/paygw/VERSION', want: '2.4.1' },
  probe,
  judge,
});

async function probe({ file, argv, want, pattern }: Params, { host, signal }: ProbeContext): Promise<Facts> {
  const text = file != null ? await readIfThere(host, file) : await printOf(host, argv ?? [], signal);
  const found = text === null ? null : pattern == null ? text.trim() : compilePattern(pattern, 'm').find(text);
  const shown = found === null ? null : found.slice(0, KEPT);
  return {
    observedAt: host.now().wallMs,
    source: file ?? (argv ?? []).join(' '),
    value: shown,
    matches: found !== null && listWanted(want).includes(found),
  };
}

/** Some programs print their version to standard error. */
async function printOf(host: Host, argv: readonly string[], signal: AbortSignal): Promise<string> {
  const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: 5_000, signal });
  if (exitCode !== 0) throw new HostError('io', `${argv.join(' ')}: exit ${exitCode ?? 'by signal'}: ${stderr.trim().slice(0, KEPT)}`);
  return stdout.trim() === '' ? stderr : stdout;
}

function listWanted(want: Params['want']): readonly string[] {
  return [want].flat().map(String);
}

function judge({ source, value: found, matches }: Facts, { want }: Params): Judgement {
  const data = { source, value: found ?? '', want: listWanted(want).join(' or ') };
  const shown = { threshold: data.want, thresholdSource: 'profile' };
  if (found === null) return { status: 'fail', code: 'missing', data, ...shown };
  return { status: matches ? 'ok' : 'fail', code: matches ? 'match' : 'differs', data, value: found, ...shown };
}

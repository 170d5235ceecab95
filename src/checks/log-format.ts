/** Which format the lines of a log have, how sure that is, and what a line tells. Pure. */
import { makeAccessParser, unwrapContainerLine } from './access-line.ts';
import type { LogClock } from './log-clock.ts';
import { v } from './schema.ts';

const SAMPLED_LINES = 300;

export const logFormat = v.object({
  /** `unknown` when no format fits a tenth of the lines. */
  name: v.string(),
  /** Of the sampled lines; the rest are mostly continuations. */
  percent: v.number(),
  /** Of time, level, message, status, duration, request. */
  fields: v.array(v.string()),
});
export type LogFormat = v.InferOutput<typeof logFormat>;

const LEVEL = '(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|FATAL|CRITICAL)';
const FORMATS: readonly (readonly [string, RegExp, readonly string[]])[] = [
  ['haproxy', /(?:-?\d+\/){4}\+?-?\d+ (?:\d{3}|-1) \d+ .*"[A-Z<]/, ['message', 'request']],
  ['aws-alb', /^(?:https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT\S+ \S+ \S+ \S+ -?[\d.]+ -?[\d.]+ -?[\d.]+ /, ['request']],
  ['envoy', /^\[\d{4}-\d\d-\d\dT[^\]]+\] "[^"]*" \d{3} (?:-|[A-Z,]+) /, ['request']],
  ['vhost-combined', /^\S+(?::\d+)? \S+ \S+ \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[^\]]+\] "(?:[^"\\]|\\.)*" \d{3} /, ['request']],
  ['combined', /^\S+ \S+ \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[^\]]+\] "(?:[^"\\]|\\.)*" \d{3} (?:\d+|-) "/, ['request']],
  ['common', /^\S+ \S+ \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[^\]]+\] "(?:[^"\\]|\\.)*" \d{3} /, ['request']],
  ['json', /^\s*\{.*\}\s*$/, []],
  ['nginx-error', /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\w+\] \d+#\d+: /, ['level', 'message']],
  ['apache-error', /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d[^\]]*\] \[[^\]]+\] /, ['level', 'message']],
  ['syslog-5424', /^<\d{1,3}>1 \d{4}-/, ['level', 'message']],
  ['syslog', /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ [^\s:[]+(?:\[\d+\])?: /, ['message']],
  ['klog', /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ /, ['level', 'message']],
  ['redis', /^\d+:[XCSM] \d\d [A-Z][a-z]{2} \d{4} /, ['level', 'message']],
  [
    'postgresql',
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* \w+ .*\b(?:LOG|ERROR|FATAL|PANIC|WARNING|STATEMENT|DETAIL|HINT): {2}/,
    ['level', 'message'],
  ],
  ['key-value', /^(?:\S+ ){0,3}[\w.]+=(?:"(?:[^"\\]|\\.)*"|\S*)(?:\s+[\w.]+=(?:"(?:[^"\\]|\\.)*"|\S*)){2,}/, ['message']],
  [
    'java',
    new RegExp(`^\\[?(?:\\d{4}-\\d\\d-\\d\\d|\\d\\d-[A-Z][a-z]{2}-\\d{4})[T ]\\d\\d:\\d\\d:\\d\\d\\S*.{0,80}?\\b${LEVEL}\\b`),
    ['level', 'message'],
  ],
];

export function detectFormat(sample: readonly string[], clock: LogClock | null): LogFormat {
  const lines = sample.slice(-SAMPLED_LINES).filter((line) => line.trim() !== '');
  const tally = new Map<string, number>();
  for (const line of lines) {
    const name = nameFormat(line);
    if (name !== undefined) tally.set(name, (tally.get(name) ?? 0) + 1);
  }
  const [name, count] = [...tally].toSorted(([, one], [, other]) => other - one)[0] ?? ['unknown', 0];
  if (count * 10 < lines.length || count === 0) return { name: 'unknown', percent: 0, fields: listFields(lines, 'unknown', clock) };
  return { name, percent: Math.round((100 * count) / lines.length), fields: listFields(lines, name, clock) };
}

function nameFormat(line: string): string | undefined {
  const inner = unwrapContainerLine(line);
  if (inner === undefined) return FORMATS.find(([, pattern]) => pattern.test(line))?.[0];
  const outer = line.startsWith('{') ? 'docker' : 'cri';
  return `${outer}+${FORMATS.find(([, pattern]) => pattern.test(inner))?.[0] ?? 'text'}`;
}

function listFields(lines: readonly string[], name: string, clock: LogClock | null): string[] {
  const parse = makeAccessParser();
  const access = lines.flatMap((line) => parse(line) ?? []);
  const known = FORMATS.find(([each]) => each === name.replace(/^(docker|cri)\+/, ''))?.[2] ?? [];
  const some = (test: (line: string) => boolean): boolean => lines.some(test);
  const found: Readonly<Record<string, boolean>> = {
    time: clock !== null && some((line) => clock.timeOf(line) !== undefined),
    level: some((line) => /"(?:level|lvl|severity|log\.level|levelname)\\?"\s*:|\b(?:level|lvl|severity)=/i.test(line)),
    message: some((line) => /"(?:msg|message|event)\\?"\s*:|\bmsg=/.test(line)),
    status: access.length > 0,
    duration: access.some(({ durationMs }) => durationMs !== null),
    request: some((line) => /"(?:uri|path|request_uri|url|request)\\?"\s*:/.test(line)),
  };
  return Object.keys(found).filter((field) => found[field] || known.includes(field));
}

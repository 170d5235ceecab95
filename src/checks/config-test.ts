import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { type Infer, strictObject, v } from './schema.ts';

const LINES = 10;
const LINE_LENGTH = 300;

const params = strictObject({
  /** The program's own test of its configuration, e.g. [nginx, -t]. It must not change anything. */
  argv: v.pipe(v.array(v.string()), v.minLength(1)),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  argv: v.array(v.string()),
  exitCode: v.nullable(v.number()),
  /** The last lines of standard error, else of standard output. */
  output: v.array(v.string()),
  /** The first line that names the fault, and the place it names. */
  error: v.string(),
  file: v.string(),
  line: v.nullable(v.number()),
  /** It failed because this account may not read something, which says nothing about the configuration. */
  denied: v.boolean(),
});
type Facts = Infer<typeof facts>;

export const configTest = defineCheck<Params, Facts>({
  id: 'config.test',
  phase: 'software',
  title: { en: 'Configuration test', 'zh-CN': '配置校验' },
  params,
  facts,
  messages: {
    valid: { en: '{command}: the configuration is valid', 'zh-CN': '{command}：配置有效' },
    invalid: { en: '{command}: the configuration is invalid: {error}', 'zh-CN': '{command}：配置无效：{error}' },
    'no-permission': { en: '{command} may not read the configuration: {error}', 'zh-CN': '{command} 无权读取配置：{error}' },
    killed: { en: '{command} was killed before it ended', 'zh-CN': '{command} 在结束前被终止' },
  },
  timeoutMs: 15_000,
  example: { argv: ['nginx', '-t'] },
  probe,
  judge,
});

async function probe({ argv }: Params, { host, signal }: ProbeContext): Promise<Facts> {
  const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: 12_000, signal });
  const text = stderr.trim() === '' ? stdout : stderr;
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const error = lines.find((line) => /\b(emerg|error|fatal|invalid|unknown|unexpected|syntax|fail)/i.test(line)) ?? lines.at(-1) ?? '';
  const place = /(?:in |file |at )?["']?(\/[^\s:"']+)["']?(?::|,? line )(\d+)/i.exec(error);
  const failed = exitCode !== 0 && exitCode !== null;
  return {
    observedAt: host.now().wallMs,
    argv,
    exitCode,
    output: lines.slice(-LINES).map((line) => line.slice(0, LINE_LENGTH)),
    error: failed ? error.slice(0, LINE_LENGTH) : '',
    file: failed ? (place?.[1] ?? '') : '',
    line: failed && place ? Number(place[2]) : null,
    denied: failed && /permission denied|not permitted|EACCES/i.test(text) && !(await isRoot(host)),
  };
}

/** For root a "permission denied" is a fault of the configuration. */
async function isRoot(host: Host): Promise<boolean> {
  try {
    return (await host.run(['id', '-u'], { timeoutMs: 2_000 })).stdout.trim() === '0';
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}

function judge({ argv, exitCode, error, denied }: Facts, _params: Params): Judgement {
  const command = argv.join(' ');
  if (exitCode === 0) return { status: 'ok', code: 'valid', data: { command } };
  if (exitCode === null) return { status: 'unknown', code: 'killed', data: { command }, unlock: 'a longer timeout' };
  if (denied) return { status: 'unknown', code: 'no-permission', data: { command, error }, unlock: 'run as root' };
  return {
    status: 'fail',
    code: 'invalid',
    data: { command, error },
    value: exitCode,
    unit: 'exit code',
    threshold: 0,
    thresholdSource: 'exit code of the test',
  };
}

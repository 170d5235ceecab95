import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { copiesBeside } from './copies.ts';
import { readIfThere } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const params = strictObject({
  /** dotenv, properties or flat YAML: `KEY=value`, `export KEY=value`, `key: value`. */
  file: v.string(),
  required: v.pipe(v.array(v.string()), v.minLength(1)),
});
type Params = Infer<typeof params>;

/** Names only: neither values nor their lengths leave the probe. */
const facts = v.object({
  observedAt: v.number(),
  file: v.string(),
  exists: v.boolean(),
  missing: v.array(v.string()),
  empty: v.array(v.string()),
  /** Required keys that stand there more than once; the last one counts for most readers. */
  repeated: v.array(v.string()),
  keys: v.number(),
  /** Copies beside the file in which every required key has a value, the newest first; looked for only where one is needed. */
  copies: v.optional(v.array(v.string()), []),
});
type Facts = Infer<typeof facts>;

export const configKeys = defineCheck<Params, Facts>({
  id: 'config.keys',
  phase: 'software',
  title: { en: 'Required settings', 'zh-CN': '必需配置项' },
  params,
  facts,
  messages: {
    complete: { en: 'all {count|required setting is|required settings are} in {file}', 'zh-CN': '{file} 中 {count} 个必需配置项齐全' },
    'missing-keys': { en: '{file} lacks {names}', 'zh-CN': '{file} 缺少配置项 {names}' },
    'empty-values': { en: '{file} has no value for {names}', 'zh-CN': '{file} 中 {names} 为空' },
    'repeated-keys': { en: '{file} sets {names} more than once', 'zh-CN': '{file} 中 {names} 重复设置' },
    'missing-file': { en: 'the settings file {file} does not exist', 'zh-CN': '配置文件 {file} 不存在' },
  },
  timeoutMs: 5_000,
  example: { file: '/etc/paygw/paygw.env', required: ['BANK_API_KEY', 'OOR_DB_URL'] },
  probe,
  judge,
});

async function probe({ file, required }: Params, { host }: ProbeContext): Promise<Facts> {
  const text = await readIfThere(host, file);
  const filled = parseSettings(text ?? '');
  const missing = required.filter((key) => timesOf(filled, key) === 0);
  const empty = required.filter((key) => isEmpty(filled, key));
  return {
    observedAt: host.now().wallMs,
    file,
    exists: text !== null,
    missing,
    empty,
    repeated: required.filter((key) => timesOf(filled, key) > 1),
    keys: filled.length,
    copies:
      missing.length + empty.length === 0
        ? []
        : [...(await copiesBeside(host, file, { isGood: (path) => isComplete(host, path, required) }))],
  };
}

async function isComplete(host: Host, path: string, required: readonly string[]): Promise<boolean> {
  const filled = parseSettings((await readIfThere(host, path)) ?? '');
  return required.every((key) => timesOf(filled, key) > 0 && !isEmpty(filled, key));
}

type Setting = readonly [name: string, filled: boolean];

function timesOf(settings: readonly Setting[], key: string): number {
  return settings.filter(([name]) => name === key).length;
}

/** The last setting of a key is the one that counts. */
function isEmpty(settings: readonly Setting[], key: string): boolean {
  return settings.findLast(([name]) => name === key)?.[1] === false;
}

/** Each setting as its name and whether it has a value. */
function parseSettings(text: string): readonly Setting[] {
  return text.split('\n').flatMap((line): Setting[] => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:](.*)$/.exec(line.replace(/\r$/, ''));
    if (!match) return [];
    const value = (match[2] as string).trim();
    return [[match[1] as string, value !== '' && value !== '""' && value !== "''" && !value.startsWith('#')]];
  });
}

function judge({ file, exists, missing, empty, repeated }: Facts, { required }: Params): Judgement {
  if (!exists) return { status: 'fail', code: 'missing-file', data: { file } };
  if (missing.length > 0)
    return { status: 'fail', code: 'missing-keys', data: { file, names: missing.join(', ') }, value: missing.join(', ') };
  if (empty.length > 0) return { status: 'fail', code: 'empty-values', data: { file, names: empty.join(', ') }, value: empty.join(', ') };
  if (repeated.length > 0)
    return { status: 'warn', code: 'repeated-keys', data: { file, names: repeated.join(', ') }, value: repeated.join(', ') };
  return { status: 'ok', code: 'complete', data: { file, count: required.length } };
}

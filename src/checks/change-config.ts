import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

const DAY_MS = 86_400_000;
const KEPT = 50;

const params = strictObject({
  /** Files and folders that hold configuration. */
  paths: v.pipe(v.array(v.pipe(v.string(), v.startsWith('/', 'expected an absolute path'))), v.minLength(1)),
  /** How far back; default one day. */
  within: v.nullish(duration),
});
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  from: v.number(),
  count: v.number(),
  /** Newest first. */
  files: v.array(v.object({ path: v.string(), at: v.number() })),
  missing: v.array(v.string()),
  /** Folders that may not be read here. */
  unreadable: v.number(),
});
type Facts = Infer<typeof facts>;

export const changeConfig = defineCheck<Params, Facts>({
  id: 'change.config',
  phase: 'evidence',
  title: { en: 'Configuration changed', 'zh-CN': '配置变更' },
  params,
  facts,
  timeoutMs: 12_000,
  messages: {
    unchanged: { en: 'no configuration changed since {since}', 'zh-CN': '自 {since} 以来配置没有变更' },
    changed: {
      en: '{count|file|files} changed since {since}, last {path} ({at}): {names}',
      'zh-CN': '自 {since} 以来 {count} 个文件有变更，最近为 {path}（{at}）：{names}',
    },
    missing: { en: '{path} does not exist', 'zh-CN': '{path} 不存在' },
    unreadable: { en: 'no change seen, but {count|place may|places may} not be read', 'zh-CN': '未发现变更，但有 {count} 处无权读取' },
  },
  example: { paths: ['/etc/nginx', '/etc/paygw'], within: '2d' },
  probe,
  judge,
});

async function probe({ paths, within }: Params, { host, signal }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const observedAt = host.now().wallMs;
  const minutes = Math.max(1, Math.ceil((within ?? DAY_MS) / 60_000));
  const { exitCode, stdout, stderr } = await host.run(
    ['find', ...paths, '-xdev', '(', '-type', 'f', '-o', '-type', 'l', ')', '-cmin', `-${minutes}`, '-printf', '%C@ %p\\n'],
    { timeoutMs: 10_000, signal },
  );
  if (exitCode === null) throw new HostError('timed-out', 'find was killed before it ended', 'name fewer or smaller folders');
  const files = [...stdout.matchAll(/^(\d+)(?:\.\d+)? (.+)$/gm)].map(([, seconds, path = '']) => ({ path, at: Number(seconds) * 1_000 }));
  return {
    observedAt,
    from: observedAt - minutes * 60_000,
    count: files.length,
    files: files.toSorted((a, b) => b.at - a.at).slice(0, KEPT),
    missing: paths.filter((path) => [...stderr.matchAll(/^find: .(.+).: No such file/gm)].some(([, name]) => name === path)),
    unreadable: stderr.match(/: Permission denied$/gm)?.length ?? 0,
  };
}

function judge({ from, count, files, missing: [gone], unreadable }: Facts): Judgement {
  const since = new Date(from).toISOString();
  const [last] = files;
  const limit = { value: count, unit: 'files', threshold: 0, thresholdSource: 'own' };
  if (last) {
    const names = files
      .slice(0, 8)
      .map(({ path }) => path)
      .join(', ');
    return {
      status: 'warn',
      code: 'changed',
      data: { count, since, path: last.path, at: new Date(last.at).toISOString(), names },
      ...limit,
    };
  }
  if (gone !== undefined) return { status: 'warn', code: 'missing', data: { path: gone } };
  if (unreadable > 0) return { status: 'unknown', code: 'unreadable', data: { count: unreadable }, unlock: 'run as root' };
  return { status: 'ok', code: 'unchanged', data: { since }, ...limit };
}

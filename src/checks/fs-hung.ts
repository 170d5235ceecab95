import { answerWithin, askMounts, chooseMounts, pathParam } from './ask-mounts.ts';
import { defineCheck, type Judgement } from './check.ts';
import { mountsThatCanHang } from './parse-mounts.ts';
import { type Infer, strictObject, v } from './schema.ts';

const params = strictObject({ path: pathParam });
const facts = v.object({
  observedAt: v.number(),
  withinMs: v.number(),
  mounts: v.array(
    v.object({
      mount: v.string(),
      paths: v.array(v.string()),
      type: v.string(),
      source: v.string(),
      answer: v.picklist(['answered', 'hung', 'failed']),
      error: v.optional(v.string()),
    }),
  ),
});
type Facts = Infer<typeof facts>;

export const fsHung = defineCheck({
  id: 'fs.hung',
  phase: 'hardware',
  title: { en: 'Hung mounts', 'zh-CN': '挂起的挂载点' },
  params,
  facts,
  timeoutMs: 10_000,
  messages: {
    ok: { en: 'all {count|mount answers|mounts answer}', 'zh-CN': '全部 {count} 个挂载点均有应答' },
    hung: {
      en: '{mount} ({type} from {source}) did not answer within {seconds} s; programs that touch it hang',
      'zh-CN': '{mount}（{type}，来自 {source}）在 {seconds} 秒内没有应答，访问它的程序会挂起',
    },
    broken: {
      en: '{mount} ({type} from {source}) answers with an error: {error}',
      'zh-CN': '{mount}（{type}，来自 {source}）返回错误：{error}',
    },
    none: { en: 'no mount that can hang', 'zh-CN': '没有可能挂起的挂载点' },
  },
  example: {},
  async probe({ path }, context) {
    const asked = await askMounts(context, await chooseMounts(context, path, mountsThatCanHang));
    return {
      observedAt: context.host.now().wallMs,
      withinMs: answerWithin(context.timeoutMs),
      mounts: asked.map(({ mount, paths, answer, error }) => ({
        mount: mount.mountPoint,
        paths: [...paths],
        type: mount.type,
        source: mount.source,
        answer,
        ...(error === undefined ? {} : { error }),
      })),
    };
  },
  judge: judgeHung,
});

/** ESTALE of NFS, ENOTCONN of a dead FUSE daemon, EIO of a dead disk; a refusal by permission is an answer too. */
const BROKEN = /stale|ESTALE|not connected|ENOTCONN|Input\/output error|EIO\b|Host is down|EHOSTDOWN/i;

function judgeHung({ mounts, withinMs }: Facts): Judgement {
  if (mounts.length === 0) return { status: 'not-applicable', code: 'none' };
  const bad = mounts.filter(({ answer, error }) => answer === 'hung' || (answer === 'failed' && BROKEN.test(error ?? '')));
  const first = bad.toSorted((a, b) => b.paths.length - a.paths.length || Number(b.answer === 'hung') - Number(a.answer === 'hung'))[0];
  const bound = { unit: 'mounts', threshold: 0, thresholdSource: 'own' };
  if (!first) return { status: 'ok', code: 'ok', data: { count: mounts.length }, value: 0, ...bound };
  return {
    status: first.paths.length > 0 ? 'fail' : 'warn',
    code: first.answer === 'hung' ? 'hung' : 'broken',
    data: {
      mount: first.mount,
      type: first.type,
      source: first.source,
      seconds: withinMs / 1_000,
      error: first.error ?? '',
      count: bad.length,
    },
    value: bad.length,
    ...bound,
  };
}

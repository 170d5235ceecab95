import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux, tryRead } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const UTC_NAMES = new Set(['UTC', 'Etc/UTC', 'Etc/UCT', 'UCT', 'Universal', 'Etc/Universal', 'Zulu', 'Etc/Zulu']);

const params = strictObject({
  /** As in the time zone database, e.g. Asia/Shanghai; default UTC. */
  zone: v.nullish(v.pipe(v.string(), v.regex(/^[A-Za-z][\w+/-]*$/, 'expected a zone such as UTC or Asia/Shanghai'))),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  /** null: /etc/localtime is a copy and nothing names it. */
  zone: v.nullable(v.string()),
  /** As date prints it, e.g. +0800. */
  offset: v.string(),
});
type Facts = Infer<typeof facts>;

export const timeTz = defineCheck<Params, Facts>({
  id: 'time.tz',
  phase: 'software',
  title: { en: 'Time zone', 'zh-CN': '时区' },
  params,
  facts,
  messages: {
    ok: { en: 'time zone {zone} ({offset})', 'zh-CN': '时区为 {zone}（{offset}）' },
    other: { en: 'time zone is {zone} ({offset}), wanted {wanted}', 'zh-CN': '时区为 {zone}（{offset}），应为 {wanted}' },
    unnamed: { en: 'the time zone has no name here (offset {offset})', 'zh-CN': '无法得知时区名称（偏移 {offset}）' },
  },
  example: { zone: 'Asia/Shanghai' },
  probe,
  judge,
});

async function probe(_params: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const target = (await host.run(['readlink', '-m', '/etc/localtime'], { timeoutMs: 2_000 })).stdout.trim();
  const offset = (await host.run(['date', '+%z'], { timeoutMs: 2_000 })).stdout.trim();
  const linked = /\/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(target)?.[1];
  return { observedAt: host.now().wallMs, zone: linked ?? (await tryRead(host, '/etc/timezone')), offset };
}

function judge({ zone, offset }: Facts, params: Params): Judgement {
  const wanted = params.zone ?? 'UTC';
  const same = zone === wanted || (UTC_NAMES.has(wanted) && (zone === null ? offset === '+0000' : UTC_NAMES.has(zone)));
  if (zone === null && !same)
    return { status: 'unknown', code: 'unnamed', data: { offset }, unlock: 'make /etc/localtime a link (timedatectl set-timezone)' };
  return {
    status: same ? 'ok' : 'warn',
    code: same ? 'ok' : 'other',
    data: { zone: zone ?? 'UTC', offset, wanted },
    value: zone ?? offset,
    threshold: wanted,
    thresholdSource: params.zone == null ? 'Replicated troubleshoot ntp.yaml' : 'playbook',
  };
}

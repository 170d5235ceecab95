import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { readIfThere, requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const number = v.nullish(v.number());
const params = strictObject({
  /** As sysctl takes it; without it there is nothing to hold anything against. */
  name: v.nullish(v.pipe(v.string(), v.regex(/^\w[\w-]*(?:[./][\w-]+)+$/, 'expected a name such as net.core.somaxconn'))),
  /** Exactly this, blanks counted as one. */
  want: v.nullish(v.union([v.string(), v.number()])),
  min: number,
  max: number,
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  /** null: the kernel has no such parameter. */
  value: v.nullable(v.string()),
});
type Facts = Infer<typeof facts>;

export const kernelParam = defineCheck<Params, Facts>({
  id: 'kernel.param',
  phase: 'software',
  title: { en: 'Kernel parameter', 'zh-CN': '内核参数' },
  params,
  facts,
  messages: {
    ok: { en: '{name} is {value}', 'zh-CN': '{name} 为 {value}' },
    differs: { en: '{name} is {value}, wanted {wanted}', 'zh-CN': '{name} 为 {value}，应为 {wanted}' },
    missing: { en: 'the kernel has no parameter {name}', 'zh-CN': '内核没有参数 {name}' },
    none: { en: 'no kernel parameter is declared', 'zh-CN': '未声明内核参数' },
  },
  example: { name: 'net.core.somaxconn', min: 1024 },
  probe,
  judge,
});

async function probe({ name }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const path = name == null ? null : name.includes('/') ? name : name.replaceAll('.', '/');
  const text = path === null ? null : await readIfThere(host, `/proc/sys/${path}`);
  // Without its folder no parameter can be told to be missing.
  if (path !== null && text === null) await host.list('/proc/sys');
  return { observedAt: host.now().wallMs, value: text === null ? null : text.trim().replace(/\s+/g, ' ') };
}

function judge({ value }: Facts, { name, want, min, max }: Params): Judgement {
  if (name == null) return { status: 'not-applicable', code: 'none' };
  if (value === null) return { status: 'fail', code: 'missing', data: { name } };
  const bounds = [...(want == null ? [] : [`${want}`]), ...(min == null ? [] : [`>= ${min}`]), ...(max == null ? [] : [`<= ${max}`])];
  const fits =
    (want == null || value === String(want).trim().replace(/\s+/g, ' ')) &&
    (min == null || Number(value) >= min) &&
    (max == null || Number(value) <= max);
  return {
    status: fits ? 'ok' : 'fail',
    code: fits ? 'ok' : 'differs',
    data: { name, value, wanted: bounds.join(', ') },
    value,
    ...(bounds.length > 0 && { threshold: bounds.join(', '), thresholdSource: 'playbook' }),
  };
}

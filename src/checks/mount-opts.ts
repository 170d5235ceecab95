import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { parseMounts } from './parse-mounts.ts';
import { type Infer, strictObject, v } from './schema.ts';

const words = v.nullish(v.array(v.pipe(v.string(), v.minLength(1))));
const params = strictObject({
  mount: v.pipe(v.string(), v.startsWith('/', 'expected a mount point')),
  type: v.nullish(v.string()),
  /** What it is mounted from, e.g. nas:/export. */
  source: v.nullish(v.string()),
  options: words,
  forbidden: words,
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  /** null: nothing is mounted there. */
  mounted: v.nullable(v.object({ type: v.string(), source: v.string(), options: v.array(v.string()) })),
});
type Facts = Infer<typeof facts>;

export const mountOpts = defineCheck<Params, Facts>({
  id: 'mount.opts',
  phase: 'software',
  title: { en: 'Mount and its options', 'zh-CN': '挂载及选项' },
  params,
  facts,
  messages: {
    ok: { en: '{mount} is mounted from {source} ({type}: {options})', 'zh-CN': '{mount} 已从 {source} 挂载（{type}：{options}）' },
    missing: { en: 'nothing is mounted at {mount}', 'zh-CN': '{mount} 没有挂载' },
    differs: { en: '{mount} has {property} {value}, wanted {wanted}', 'zh-CN': '{mount} 的 {property} 为 {value}，应为 {wanted}' },
    'lacks-option': { en: '{mount} is mounted without {wanted} ({options})', 'zh-CN': '{mount} 挂载时缺少选项 {wanted}（{options}）' },
    'has-option': {
      en: '{mount} is mounted with {wanted}, which is forbidden ({options})',
      'zh-CN': '{mount} 挂载了禁止的选项 {wanted}（{options}）',
    },
  },
  example: { mount: '/var/lib/paygw', type: 'ext4', options: ['noexec'] },
  probe,
  judge,
});

async function probe({ mount }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const place = mount.replace(/(?<=.)\/+$/, '');
  const found = parseMounts((await host.readFile('/proc/self/mountinfo')).text).find(({ mountPoint }) => mountPoint === place);
  return {
    observedAt: host.now().wallMs,
    mounted: found ? { type: found.type, source: found.source, options: [...new Set([...found.options, ...found.superOptions])] } : null,
  };
}

function judge({ mounted }: Facts, { mount, type, source, options, forbidden }: Params): Judgement {
  if (!mounted) return { status: 'fail', code: 'missing', data: { mount } };
  const data = { mount, source: mounted.source, type: mounted.type, options: mounted.options.join(',') };
  for (const [property, value, wanted] of [
    ['type', mounted.type, type],
    ['source', mounted.source, source],
  ] as const)
    if (wanted != null && wanted !== value)
      return {
        status: 'fail',
        code: 'differs',
        data: { mount, property, value, wanted },
        value,
        threshold: wanted,
        thresholdSource: 'playbook',
      };
  const lacking = options?.find((option) => !mounted.options.includes(option));
  if (lacking !== undefined) return { status: 'fail', code: 'lacks-option', data: { ...data, wanted: lacking } };
  const refused = forbidden?.find((option) => mounted.options.includes(option));
  if (refused !== undefined) return { status: 'fail', code: 'has-option', data: { ...data, wanted: refused } };
  return { status: 'ok', code: 'ok', data };
}

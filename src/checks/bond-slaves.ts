import { defineCheck, type Judgement } from './check.ts';
import { listIfThere, requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const SOURCE = 'Prometheus node mixin NodeBondingDegraded';

const params = strictObject({
  /** Fewer configured members than this warn too: a card that vanished is no member any more. */
  members: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))),
});
type Params = Infer<typeof params>;

const bond = v.object({
  name: v.string(),
  mode: v.string(),
  up: v.boolean(),
  active: v.string(),
  members: v.array(v.object({ name: v.string(), up: v.boolean(), failures: v.number(), churned: v.boolean() })),
});
type Bond = Infer<typeof bond>;
const facts = v.object({ observedAt: v.number(), bonds: v.array(bond) });
type Facts = Infer<typeof facts>;

export const bondSlaves = defineCheck<Params, Facts>({
  id: 'bond.slaves',
  phase: 'hardware',
  title: { en: 'Bonded network cards', 'zh-CN': '网卡绑定' },
  params,
  facts,
  messages: {
    ok: { en: '{name}: all {count|member has|members have} a link', 'zh-CN': '{name}：{count} 个成员链路均正常' },
    degraded: {
      en: '{name}: {good} of {count|member works|members work}, {missing} does not',
      'zh-CN': '{name}：{count} 个成员中 {good} 个正常，{missing} 异常',
    },
    'too-few': { en: '{name} has {count|member|members}, wanted {wanted}', 'zh-CN': '{name} 有 {count} 个成员，应为 {wanted} 个' },
    down: { en: '{name} is down: no member works', 'zh-CN': '{name} 已中断：没有可用成员' },
    none: { en: 'no bonded network cards', 'zh-CN': '没有网卡绑定' },
  },
  example: { members: 2 },
  async probe(_params, { host }) {
    requireLinux(host);
    const names = await listIfThere(host, '/proc/net/bonding');
    const bonds = await Promise.all(names.map(async (name) => parseBond(name, (await host.readFile(`/proc/net/bonding/${name}`)).text)));
    return { observedAt: host.now().wallMs, bonds };
  },
  judge: judgeBonds,
});

/** Documentation/networking/bonding.rst: a block about the bond, then one that starts with `Slave Interface:` for each member. */
function parseBond(name: string, text: string): Bond {
  const [head = '', ...blocks] = text.split(/^Slave Interface: /m);
  const field = (block: string, key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(block)?.[1]?.trim() ?? '';
  return {
    name,
    mode: field(head, 'Bonding Mode'),
    up: field(head, 'MII Status') === 'up',
    active: field(head, 'Currently Active Slave'),
    members: blocks.map((block) => ({
      name: block.split('\n', 1)[0]?.trim() ?? '',
      up: field(block, 'MII Status') === 'up',
      failures: Number(field(block, 'Link Failure Count')) || 0,
      churned: field(block, 'Actor Churn State') === 'churned' || field(block, 'Partner Churn State') === 'churned',
    })),
  };
}

const RANK = { ok: 0, warn: 1, fail: 2 } as const;

function judgeBonds({ bonds }: Facts, { members }: Params): Judgement {
  const judged = bonds.map((each) => judgeBond(each, members ?? 0));
  const [worst] = judged.toSorted((a, b) => RANK[b.status as 'ok'] - RANK[a.status as 'ok']);
  return worst ?? { status: 'not-applicable', code: 'none' };
}

function judgeBond({ name, up, members }: Bond, wanted: number): Judgement {
  const bad = members.filter((member) => !member.up || member.churned);
  const good = members.length - bad.length;
  const limit = { value: good, unit: 'members', threshold: Math.max(members.length, wanted), thresholdSource: SOURCE };
  const data = { name, count: members.length, good, missing: bad.map((member) => member.name).join(', '), wanted };
  if (!up || good === 0) return { status: 'fail', code: 'down', data, ...limit };
  if (bad.length > 0) return { status: 'warn', code: 'degraded', data, ...limit };
  if (members.length < wanted) return { status: 'warn', code: 'too-few', data, ...limit };
  return { status: 'ok', code: 'ok', data, ...limit };
}

import { HostError } from '../errors.ts';
import type { JsonObject } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { compareSites } from './site-compare.ts';
import { COMPARED, type Compared, pathsOf, primaryOf, readSiteState, servicesOn, underNamesOf } from './site-state.ts';

const KEPT = 200;
const NAMED = 3;

/** Looked at on a standby, which it compares with the machine that it stands in for. */
const params = strictObject({ profile: v.nullish(v.record(v.string(), v.unknown())) });
type Params = Infer<typeof params>;

const facts = v.object({
  observedAt: v.number(),
  /** null: this machine stands in for none. */
  primary: v.nullable(v.string()),
  standby: v.string(),
  compared: v.array(v.picklist(COMPARED)),
  count: v.number(),
  drifts: v.array(v.object({ section: v.picklist(COMPARED), item: v.string(), en: v.string(), zh: v.string() })),
  /** What either side did not show; first what makes the sites unknown. */
  unseen: v.array(v.object({ section: v.picklist(COMPARED), what: v.string(), why: v.string(), unlock: v.string() })),
});
type Facts = Infer<typeof facts>;

export const siteDrift = defineCheck<Params, Facts>({
  id: 'site.drift',
  phase: 'evidence',
  title: { en: 'Equality of the sites', 'zh-CN': '主备一致性' },
  params,
  facts,
  timeoutMs: 60_000,
  messages: {
    equal: {
      en: '{standby} equals {primary} ({compared|kind|kinds} of things compared)',
      'zh-CN': '{standby} 与 {primary} 一致（比较了 {compared} 类）',
    },
    drift: {
      en: '{standby} differs from {primary} in {count|thing|things} ({sections}): {what}',
      'zh-CN': '{standby} 与 {primary} 有 {count} 处不同（{sections}）：{what}',
    },
    blind: {
      en: '{standby} could not be compared with {primary} in full: {what}: {why}',
      'zh-CN': '未能完整比较 {standby} 与 {primary}：{what}：{why}',
    },
    none: { en: '{standby} stands in for no machine', 'zh-CN': '{standby} 不是任何主机的备机' },
  },
  example: {
    profile: {
      hosts: [{ name: 'site-b', ssh: 'site-b.example.test', role: 'standby' }],
      services: [{ name: 'paygw', kind: 'app', process: 'paygw' }],
    },
  },
  probe,
  judge,
});

async function probe({ profile }: Params, context: ProbeContext): Promise<Facts> {
  const site = (profile ?? {}) as JsonObject;
  const standby = context.host.name;
  const observedAt = context.host.now().wallMs;
  const name = primaryOf(site, standby);
  if (name === undefined) return { observedAt, primary: null, standby, compared: [], count: 0, drifts: [], unseen: [] };
  const primary = context.elsewhere?.(name);
  if (!primary)
    throw new HostError('unsupported', `${name === '' ? 'the machine of the operator' : name} cannot be looked at`, 'name it under hosts');
  requireLinux(context.host);
  requireLinux(primary.host);
  await primary.ready?.();
  const sides = { primary, standby: { host: context.host, net: context.net } };
  const [own, others] = [servicesOn(site, name, name), servicesOn(site, name, standby)];
  const [here, elsewhere] = await Promise.all([
    readSiteState(primary, { profile: site, services: own, context }),
    readSiteState(sides.standby, { profile: site, services: others, context }),
  ]);
  const paths = pathsOf(own, others);
  const there = { ...elsewhere, files: underNamesOf(elsewhere.files, paths), certificates: underNamesOf(elsewhere.certificates, paths) };
  const drifts = await compareSites(here, there, { ...sides, paths });
  const compared = COMPARED.filter((section) => [here, there].every((state) => !state[section].unseen.some(({ item }) => item === '*')));
  const closed = [
    { machine: primary.host.name, state: here },
    { machine: standby, state: there },
  ].flatMap(({ machine, state }) =>
    COMPARED.flatMap((section) =>
      state[section].unseen.map(({ item, why, unlock }) => ({ section, what: `${machine} ${section} ${item}`, why, unlock })),
    ),
  );
  return {
    observedAt,
    primary: primary.host.name,
    standby,
    compared,
    count: drifts.length,
    drifts: drifts.slice(0, KEPT),
    unseen: [...closed.filter((each) => hides(each, compared)), ...closed.filter((each) => !hides(each, compared))].slice(0, KEPT),
  };
}

/** What is on either side for a reason; a unit or a scheduled job that only root sees is told of and no more. */
const WEIGHTY: ReadonlySet<Compared> = new Set(['files', 'versions', 'certificates']);

function hides({ section }: { readonly section: Compared }, compared: readonly Compared[]): boolean {
  return WEIGHTY.has(section) || !compared.includes(section);
}

function judge({ primary, standby, compared, count, drifts, unseen }: Facts): Judgement {
  if (primary === null) return { status: 'not-applicable', code: 'none', data: { standby } };
  const data = { primary, standby };
  const hidden = unseen.find((each) => hides(each, compared));
  if (count === 0 && (hidden || compared.length === 0)) {
    const { what = '-', why = '-', unlock = 'run as root' } = hidden ?? {};
    return { status: 'unknown', code: 'blind', data: { ...data, what, why }, unlock };
  }
  if (count === 0) return { status: 'ok', code: 'equal', data: { ...data, compared: compared.length } };
  const sections = COMPARED.flatMap((section) => {
    const own = drifts.filter((each) => each.section === section).length;
    return own === 0 ? [] : [`${section} ${own}`];
  });
  const what = drifts.slice(0, NAMED).map(({ item }) => item);
  return {
    status: 'warn',
    code: 'drift',
    data: { ...data, count, sections: sections.join(', '), what: `${what.join(', ')}${count > NAMED ? ', ...' : ''}` },
    value: count,
    unit: 'differences',
    threshold: 0,
    thresholdSource: 'own',
  };
}

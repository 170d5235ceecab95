/** `nft -j list ruleset` (libnftables-json(5)) as chains of rules; rules made by iptables-nft are in it too. */
import { HostError } from '../errors.ts';
import type { FilterChain, FilterRule, RuleMatch } from './firewall-rules.ts';

type Data = { readonly [key: string]: unknown };

export function parseNftRuleset(text: string): readonly FilterChain[] {
  const objects = readObjects(text);
  const of = (kind: string): Data[] => objects.flatMap((object) => (isData(object[kind]) ? [object[kind]] : []));
  const sets = new Map(of('set').map((set) => [`${tableOf(set)} @${String(set['name'])}`, flattenValues(set['elem'])]));
  const rules = of('rule').map((rule) => ({ chain: `${tableOf(rule)} ${String(rule['chain'])}`, rule: readRule(rule, sets) }));
  return of('chain')
    .map((chain): FilterChain & { readonly priority: number } => {
      const name = `${tableOf(chain)} ${String(chain['name'])}`;
      return {
        name,
        ...(typeof chain['hook'] === 'string' && { hook: chain['hook'] }),
        ...((chain['policy'] === 'drop' || chain['policy'] === 'accept') && { policy: chain['policy'] }),
        rules: rules.filter((each) => each.chain === name).map(({ rule }) => rule),
        priority: Number(chain['prio'] ?? 0),
      };
    })
    .sort((one, other) => one.priority - other.priority);
}

function readObjects(text: string): readonly Data[] {
  try {
    const { nftables } = JSON.parse(text) as { readonly nftables?: readonly unknown[] };
    return (nftables ?? []).filter(isData);
  } catch (cause) {
    throw new HostError('io', `nft -j list ruleset: ${String(cause)}`, 'an nft built with JSON support (nftables 0.9 or later)');
  }
}

function tableOf(object: Data): string {
  return `${String(object['family'])} ${String(object['table'] ?? object['name'])}`;
}

function readRule(rule: Data, sets: ReadonlyMap<string, readonly string[]>): FilterRule {
  const table = tableOf(rule);
  const expressions = (Array.isArray(rule['expr']) ? rule['expr'] : []).filter(isData);
  const counter = expressions.map((each) => each['counter']).find(isData);
  return {
    matches: expressions.flatMap((each) => readMatch(each, table, sets)),
    ...readVerdict(expressions, table),
    packets: counter ? Number(counter['packets'] ?? 0) : null,
    text: expressions
      .filter((each) => !('counter' in each))
      .map(describe)
      .join(' ')
      .slice(0, 300),
  };
}

const FIELDS: Readonly<Record<string, RuleMatch['field']>> = {
  saddr: 'saddr',
  daddr: 'daddr',
  sport: 'sport',
  dport: 'dport',
  protocol: 'protocol',
  nexthdr: 'protocol',
  l4proto: 'protocol',
  oifname: 'interface',
  iifname: 'interface',
  oif: 'interface',
  iif: 'interface',
};

function readMatch(expression: Data, table: string, sets: ReadonlyMap<string, readonly string[]>): readonly RuleMatch[] {
  if (isData(expression['xt']) && expression['xt']['type'] === 'match') return [UNANSWERABLE];
  if ('limit' in expression || 'quota' in expression) return [UNANSWERABLE];
  const match = expression['match'];
  if (!isData(match)) return [];
  const { op, left, right } = match;
  if (!isData(left)) return [UNANSWERABLE];
  const negated = op === '!=';
  if (!negated && op !== '==' && op !== 'in') return [UNANSWERABLE];
  const values = typeof right === 'string' && right.startsWith('@') ? (sets.get(`${table} ${right}`) ?? []) : flattenValues(right);
  if (isData(left['ct'])) return [left['ct']['key'] === 'state' ? { field: 'state', negated, values } : UNANSWERABLE];
  const key = isData(left['payload']) ? left['payload']['field'] : isData(left['meta']) ? left['meta']['key'] : undefined;
  const protocol = isData(left['payload']) ? left['payload']['protocol'] : undefined;
  const field = FIELDS[String(key)] ?? 'unknown';
  // `udp dport 53` asks for the protocol too.
  const implied: RuleMatch[] =
    (field === 'sport' || field === 'dport') && protocol !== 'th'
      ? [{ field: 'protocol', negated: false, values: [String(protocol)] }]
      : [];
  return [...implied, { field, negated, values }];
}

const UNANSWERABLE: RuleMatch = { field: 'unknown', negated: false, values: [] };

function readVerdict(expressions: readonly Data[], table: string): Pick<FilterRule, 'verdict' | 'target'> {
  for (const each of expressions) {
    if ('drop' in each) return { verdict: 'drop' };
    if ('reject' in each) return { verdict: 'reject' };
    if ('accept' in each) return { verdict: 'accept' };
    if ('return' in each) return { verdict: 'return' };
    for (const verdict of ['jump', 'goto'] as const) {
      const to = each[verdict];
      if (isData(to)) return { verdict, target: `${table} ${String(to['target'])}` };
    }
    if (isData(each['xt']) && each['xt']['type'] === 'target' && each['xt']['name'] === 'REJECT') return { verdict: 'reject' };
  }
  return { verdict: 'continue' };
}

/** Values, lists, sets, ranges and prefixes, one level or several. */
function flattenValues(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(flattenValues);
  if (!isData(value)) return value === undefined || value === null ? [] : [String(value)];
  if ('set' in value) return flattenValues(value['set']);
  if ('elem' in value) return flattenValues(isData(value['elem']) ? value['elem']['val'] : value['elem']);
  if (isData(value['prefix'])) return [`${String(value['prefix']['addr'])}/${String(value['prefix']['len'])}`];
  if (Array.isArray(value['range'])) return [value['range'].map(String).join('-')];
  return [];
}

function describe(expression: Data): string {
  const match = expression['match'];
  if (isData(match) && isData(match['left'])) {
    const { payload, meta, ct } = match['left'];
    const name = isData(payload)
      ? `${String(payload['protocol'])} ${String(payload['field'])}`
      : isData(meta)
        ? String(meta['key'])
        : isData(ct)
          ? `ct ${String(ct['key'])}`
          : 'match';
    const values = flattenValues(match['right']).join(',');
    return `${name} ${match['op'] === '!=' ? '!= ' : ''}${values}`;
  }
  const [kind = '', value] = Object.entries(expression)[0] ?? [];
  if (kind === 'xt' && isData(value)) return String(value['name']);
  return isData(value) && 'target' in value ? `${kind} ${String(value['target'])}` : kind;
}

function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

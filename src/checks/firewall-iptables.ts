/** `iptables-save -c` (iptables-extensions(8)) as chains of rules, for machines without nft. */
import type { FilterChain, FilterRule, RuleMatch } from './firewall-rules.ts';

/** The hook of a built-in chain. */
const HOOKS: Readonly<Record<string, string>> = {
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
  INPUT: 'input',
  PREROUTING: 'prerouting',
};

export function parseIptablesSave(text: string): readonly FilterChain[] {
  const chains = new Map<string, { -readonly [key in keyof FilterChain]: FilterChain[key] } & { rules: FilterRule[] }>();
  let table = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const chain = /^:(\S+) (\S+)/.exec(line);
    if (chain) {
      const [, name = '', policy = '-'] = chain;
      const hook = policy === '-' ? undefined : HOOKS[name];
      chains.set(`${table} ${name}`, {
        name: `${table} ${name}`,
        ...(hook !== undefined && { hook }),
        ...(policy !== '-' && { policy: policy === 'DROP' ? 'drop' : 'accept' }),
        rules: [],
      });
    }
    const rule = /^(?:\[(\d+):\d+\] )?-A (\S+) ?(.*)$/.exec(line);
    if (rule) chains.get(`${table} ${rule[2]}`)?.rules.push(readRule(rule[3] ?? '', table, rule[1] === undefined ? null : Number(rule[1])));
  }
  return [...chains.values()];
}

type Take = (value: string) => Pick<RuleMatch, 'field' | 'values'>;

const address =
  (field: 'saddr' | 'daddr'): Take =>
  (value) => ({ field, values: value.split(',') });
const ports =
  (field: 'sport' | 'dport'): Take =>
  (value) => ({ field, values: value.replaceAll(':', '-').split(',') });
const names =
  (field: 'protocol' | 'state' | 'interface'): Take =>
  (value) => ({ field, values: value.toLowerCase().split(',') });

const OPTIONS: Readonly<Record<string, Take>> = {
  '-s': address('saddr'),
  '-d': address('daddr'),
  '-p': names('protocol'),
  '-i': names('interface'),
  '-o': names('interface'),
  '--sport': ports('sport'),
  '--sports': ports('sport'),
  '--dport': ports('dport'),
  '--dports': ports('dport'),
  '--ctstate': names('state'),
  '--state': names('state'),
};
/** Matches whose options are all read above. */
const KNOWN_MODULES = ['tcp', 'udp', 'multiport', 'conntrack', 'state', 'comment'];
/** Say nothing about the packet. */
const SILENT = ['--reject-with', '--comment', '--log-prefix', '--log-level'];

function readRule(text: string, table: string, packets: number | null): FilterRule {
  const words = text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  const matches: RuleMatch[] = [];
  let end: Pick<FilterRule, 'verdict' | 'target'> = { verdict: 'continue' };
  let negated = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as string;
    if (word === '!') {
      negated = true;
      continue;
    }
    const value = words[index + 1] ?? '';
    const take = OPTIONS[word];
    if (take) matches.push({ ...take(value), negated });
    else if (word === '-m')
      matches.push(...(KNOWN_MODULES.includes(value) ? [] : [{ field: 'unknown', negated, values: [value] } as const]));
    else if (word === '-j' || word === '-g') end = readVerdict(word, value, table);
    else if (!SILENT.includes(word)) continue;
    index += 1;
    negated = false;
  }
  return { matches, ...end, packets, text: text.slice(0, 300) };
}

function readVerdict(option: '-j' | '-g' | string, name: string, table: string): Pick<FilterRule, 'verdict' | 'target'> {
  const known = { ACCEPT: 'accept', DROP: 'drop', REJECT: 'reject', RETURN: 'return' } as const;
  const verdict = known[name as keyof typeof known];
  if (verdict) return { verdict };
  return { verdict: option === '-g' ? 'goto' : 'jump', target: `${table} ${name}` };
}

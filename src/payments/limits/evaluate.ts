/** Which limit refuses a payment, and whose it is: rules as data, replayed over the transactions of a window. Pure. */

export const OWNERS = ['ours', 'channel', 'bank', 'scheme', 'regulator'] as const;
export type Owner = (typeof OWNERS)[number];
export const SCOPES = ['all', 'card', 'merchant', 'terminal', 'method'] as const;
export type Scope = (typeof SCOPES)[number];
export const SPANS = ['transaction', 'hour', 'day', 'month'] as const;
export type Span = (typeof SPANS)[number];

export interface LimitRule {
  readonly name: string;
  readonly owner: Owner;
  /** Whose transactions are added up; a rule `per: transaction` looks at each by itself. */
  readonly per: Span;
  readonly of: Scope;
  /** Minor units. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly count: number | undefined;
  readonly currency: string;
  /** How this rule answers, where that is known. */
  readonly codes: readonly string[];
  /** It holds for these only: field -> value. */
  readonly only: Readonly<Record<string, string>>;
}

export interface LimitedPayment {
  readonly at: number;
  readonly minor: number | undefined;
  readonly currency: string;
  readonly code: string;
  readonly approved: boolean;
  /** The code speaks of a limit. */
  readonly limited: boolean;
  readonly keys: Readonly<Partial<Record<Scope, string>>>;
  readonly fields: Readonly<Record<string, string | undefined>>;
}

export interface RuleCount {
  readonly name: string;
  readonly refused: number;
  /** Payments that went through although they are beyond it: it is not enforced, or not what is written down. */
  readonly passed: number;
  /** Of the first refused one. */
  readonly why: 'max' | 'min' | 'count' | 'code' | '';
  readonly example: { readonly minor: number; readonly before: number; readonly times: number } | null;
}

export interface LimitSummary {
  readonly rules: readonly RuleCount[];
  /** Refused for a limit that no rule explains, by code. */
  readonly unexplained: Readonly<Record<string, number>>;
}

/** `from`: refusals before it only add up. `zoneMs`: the days of limits begin at midnight of that zone. */
export function evaluateLimits(
  payments: readonly LimitedPayment[],
  rules: readonly LimitRule[],
  { from, zoneMs }: { readonly from: number; readonly zoneMs: number },
): LimitSummary {
  const sums = new Map<string, { minor: number; times: number }>();
  const counts = rules.map(({ name }) => ({
    name,
    refused: 0,
    passed: 0,
    why: '' as RuleCount['why'],
    example: null as RuleCount['example'],
  }));
  const unexplained: Record<string, number> = {};
  for (const payment of payments.toSorted((one, other) => one.at - other.at)) {
    const seen = rules.map((rule) => weigh(rule, payment, sums, zoneMs));
    if (payment.at >= from && payment.limited) {
      const hits = seen.map(({ breach }, at) => (breach === '' && rules[at]?.codes.includes(payment.code) ? 'code' : breach));
      blame(hits, seen, payment, rules).forEach((at) => {
        const count = counts[at];
        if (!count) return;
        count.refused += 1;
        count.why ||= hits[at] ?? '';
        count.example ??= { minor: payment.minor ?? 0, before: seen[at]?.before ?? 0, times: seen[at]?.times ?? 0 };
      });
      if (hits.every((hit) => hit === '')) unexplained[payment.code] = (unexplained[payment.code] ?? 0) + 1;
    }
    if (!payment.approved) continue;
    seen.forEach(({ key, breach }, at) => {
      const count = counts[at];
      if (count && payment.at >= from && breach !== '') count.passed += 1;
      if (key === undefined) return;
      const sum = sums.get(key) ?? { minor: 0, times: 0 };
      sums.set(key, { minor: sum.minor + (payment.minor ?? 0), times: sum.times + 1 });
    });
  }
  return { rules: counts, unexplained };
}

interface Weighed {
  /** Of the sum that the payment belongs to; undefined: the rule adds nothing up, or does not hold for it. */
  readonly key: string | undefined;
  readonly before: number;
  readonly times: number;
  readonly breach: 'max' | 'min' | 'count' | '';
}

function weigh(
  rule: LimitRule,
  payment: LimitedPayment,
  sums: ReadonlyMap<string, { minor: number; times: number }>,
  zoneMs: number,
): Weighed {
  const nothing = { key: undefined, before: 0, times: 0, breach: '' } as const;
  const { minor, currency } = payment;
  const holds = Object.entries(rule.only).every(([field, value]) => payment.fields[field]?.toLowerCase() === value.toLowerCase());
  if (!holds || minor === undefined || (rule.currency !== '' && currency !== '' && rule.currency !== currency)) return nothing;
  if (rule.min !== undefined && minor < rule.min) return { ...nothing, breach: 'min' };
  if (rule.per === 'transaction') return rule.max !== undefined && minor > rule.max ? { ...nothing, breach: 'max' } : nothing;
  const whose = rule.of === 'all' ? 'all' : payment.keys[rule.of];
  if (whose === undefined) return nothing;
  const key = `${rule.name} ${whose} ${spanOf(rule.per, payment.at + zoneMs)}`;
  const { minor: before, times } = sums.get(key) ?? { minor: 0, times: 0 };
  const breach =
    rule.max !== undefined && before + minor > rule.max ? 'max' : rule.count !== undefined && times + 1 > rule.count ? 'count' : '';
  return { key, before, times, breach };
}

/** A rule that answers with this code is the one; else each rule that the payment is beyond. */
function blame(
  hits: readonly string[],
  seen: readonly Weighed[],
  { code }: LimitedPayment,
  rules: readonly LimitRule[],
): readonly number[] {
  const named = rules.flatMap(({ codes }, at) => (codes.includes(code) && hits[at] !== '' ? [at] : []));
  const broken = named.filter((at) => seen[at]?.breach !== '');
  if (broken.length > 0) return broken;
  if (named.length > 0) return named;
  return hits.flatMap((hit, at) => (hit !== '' && rules[at]?.codes.length === 0 ? [at] : []));
}

function spanOf(span: Span, local: number): string {
  const text = new Date(local).toISOString();
  return span === 'month' ? text.slice(0, 7) : span === 'day' ? text.slice(0, 10) : text.slice(0, 13);
}

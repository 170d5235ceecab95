/** What shops write of their customers, as a place in a queue. Pure. */

export interface Ranking {
  /** Smaller is served first. */
  rankOf(tier: string): number;
  /** Does the word say anything at all? */
  isKnown(tier: string): boolean;
}

/** What shops call their best customers, from the top; a word that is in none of the groups comes behind them. */
const USUAL: readonly (readonly string[])[] = [
  ['svip', 'black', 'diamond', 'vip3', '黑卡', '黑金', '至尊', '钻石'],
  ['platinum', 'vip2', '白金', '铂金'],
  ['vip', 'gold', 'vip1', 'premium', '黄金', '金卡', '贵宾'],
  ['silver', 'plus', '银卡', '白银'],
];
const FLAG_COLUMN = /^(?:is[\s_-]*|是否\s*)?vip$/i;
const YES = new Set(['y', 'yes', 'true', 't', '是', '1']);
const NO = new Set(['n', 'no', 'false', 'f', '否', '0', '']);
const LEVEL = /^(?:v|vip|lv|level)?(\d{1,6})$/;
const LAST = 1e9;

/** By one's own words where there are some; else levels that are all numbers, the higher first; else the usual words. */
export function rankTiers(own: readonly string[], tiers: readonly string[], column = ''): Ranking {
  const said = tiers.map(plain).filter((tier) => tier !== '');
  if (own.length === 0 && said.length > 0 && said.every((tier) => LEVEL.test(tier))) return byLevel();
  const groups = own.length > 0 ? own.map((word) => [word]) : USUAL;
  const ranks = new Map(groups.flatMap((words, rank) => words.map((word) => [plain(word), rank] as const)));
  const isFlag = FLAG_COLUMN.test(column.trim());
  const find = (tier: string): number | undefined =>
    ranks.get(plain(tier)) ?? (isFlag && YES.has(plain(tier)) ? ranks.get('vip') : undefined);
  const isNone = (tier: string): boolean => plain(tier) === '' || (isFlag && NO.has(plain(tier)));
  return {
    rankOf: (tier) => find(tier) ?? groups.length + (isNone(tier) ? 1 : 0),
    isKnown: (tier) => find(tier) !== undefined,
  };
}

/** Level 0 is no level. */
function byLevel(): Ranking {
  const levelOf = (tier: string): number => Number(LEVEL.exec(plain(tier))?.[1] ?? 0);
  return { rankOf: (tier) => LAST - levelOf(tier), isKnown: (tier) => levelOf(tier) > 0 };
}

function plain(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '');
}

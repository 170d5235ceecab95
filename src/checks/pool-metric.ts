/** What an application tells about its own connection pool: a page of Prometheus text or JSON. Pure but for the one question. */
import { HostError } from '../errors.ts';
import type { Protocols } from '../ports.ts';
import { type Infer, v } from './schema.ts';

const count = v.nullable(v.number());
export const poolCounts = v.object({
  /** Handed out. */
  active: count,
  /** Callers that wait for one. */
  waiting: count,
  max: count,
});
export type PoolCounts = Infer<typeof poolCounts>;

/** The words of HikariCP, c3p0, DBCP, Tomcat, pgx, database/sql, SQLAlchemy and node pools; first match. */
const WORDS: Readonly<Record<keyof PoolCounts, RegExp>> = {
  waiting: /(pending|waiting|waiters|awaiting|wait_count_now|queue)/i,
  max: /(max|maximum|limit|capacity|size_total)/i,
  active: /(active|in_?use|busy|acquired|used|borrowed|checked_?out|numactive)/i,
};

/** `url#name`: the name of a metric, or the dotted path of a number in JSON, that says how many are handed out. */
export async function askPool(net: Pick<Protocols, 'http'>, metric: string, timeoutMs: number): Promise<PoolCounts> {
  const url = new URL(metric);
  const name = decodeURIComponent(url.hash.replace(/^#/, ''));
  url.hash = '';
  const exchange = await net.http({ url: url.href, timeoutMs, maxBodyBytes: 1024 * 1024 });
  if (exchange.reached !== 'done' || exchange.status !== 200)
    throw new HostError(
      'unreachable',
      `the pool's metric: ${exchange.reached === 'done' ? `HTTP ${exchange.status}` : exchange.error || exchange.reached}`,
      'pool.metric of the profile: a URL that answers with numbers',
    );
  const numbers = readNumbers(exchange.body);
  const counts = name === '' ? pickByWords(numbers) : { ...pickByWords(numbers), active: numbers.get(name) ?? null };
  if (counts.active === null && counts.waiting === null)
    throw new HostError('unsupported', "the pool's metric: no number of connections in use found", 'pool.metric of the profile: URL#NAME');
  return counts;
}

/** Sums the series of a metric; numbers of JSON by dotted path. */
export function readNumbers(body: string): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const add = (name: string, value: number): void => {
    if (Number.isFinite(value)) numbers.set(name, (numbers.get(name) ?? 0) + value);
  };
  try {
    flatten(JSON.parse(body), '', add);
  } catch {
    for (const [, name, value] of body.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{[^\n]*\})?[ \t]+([-+\d.eE]+)(?:[ \t]+-?\d+)?[ \t]*\r?$/gm))
      add(name as string, Number(value));
  }
  return numbers;
}

const MAX_DEPTH = 8;

function flatten(value: unknown, path: string, add: (name: string, value: number) => void, depth = 0): void {
  if (typeof value === 'number') add(path, value);
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  for (const [key, child] of Object.entries(value)) flatten(child, path === '' ? key : `${path}.${key}`, add, depth + 1);
}

function pickByWords(numbers: ReadonlyMap<string, number>): PoolCounts {
  const pools = [...numbers].filter(([name]) => /pool|connection|hikari|jdbc|db|sql/i.test(name) || numbers.size <= 10);
  const pick = (kind: keyof PoolCounts): number | null =>
    pools.find(([name]) => WORDS[kind].test(name) && !/total$|_seconds|_ms$|time|created|usage/i.test(name))?.[1] ?? null;
  return { active: pick('active'), waiting: pick('waiting'), max: pick('max') };
}

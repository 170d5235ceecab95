/** Questions to a server that speaks the HTTP API of Prometheus (Thanos, Mimir and VictoriaMetrics do too). Read only: GET and nothing else. */
import type { HttpExchange, Protocols, SecretRef, Secrets } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { secretRef, v } from './schema.ts';

/** Fifty series of an hour by the minute are about 100 KiB. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_SERIES = 50;

/** One secret is a bearer token; `username` and `password` are Basic, `token` is a bearer token as well. */
export const credentials = v.union([secretRef, v.record(v.string(), v.union([v.string(), secretRef]))]);
type Credentials = SecretRef | { readonly [name: string]: string | SecretRef };

export const PROMETHEUS_OUTCOMES = [
  'answered',
  'unreachable',
  'no-response',
  'tls-failed',
  'unauthorized',
  'redirected',
  'bad-query',
  'overloaded',
  'too-large',
  'not-prometheus',
] as const;
export type PrometheusOutcome = (typeof PROMETHEUS_OUTCOMES)[number];

/** `[seconds since the epoch, value]`, in the order of time. */
export interface Series {
  /** `{provider="bank"}`, sorted; `` where the query leaves none. */
  readonly labels: string;
  readonly samples: readonly (readonly [at: number, value: number])[];
}

export interface PrometheusAnswer {
  readonly outcome: PrometheusOutcome;
  readonly series: readonly Series[];
  /** Series beyond what is kept. */
  readonly dropped: number;
  /** The server's own words for a failure or for a partial answer. */
  readonly note: string;
}

export interface Server {
  readonly prometheus: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly caFile?: string;
  readonly timeoutMs: number;
}

export type Question =
  | { readonly query: string; readonly at: number }
  | { readonly query: string; readonly from: number; readonly to: number; readonly stepSeconds: number };

export async function openPrometheus(
  {
    prometheus,
    credentials: given,
    ca_file,
  }: { prometheus: string; credentials?: Credentials | null | undefined; ca_file?: string | null | undefined },
  { secrets }: Pick<ProbeContext, 'secrets'>,
  timeoutMs: number,
): Promise<Server> {
  return { prometheus, headers: await authorize(given, secrets), timeoutMs, ...(ca_file != null && { caFile: ca_file }) };
}

async function authorize(given: Credentials | null | undefined, secrets: Secrets): Promise<Readonly<Record<string, string>>> {
  if (given == null) return {};
  const isOne = ('env' in given && typeof given['env'] === 'string') || ('file' in given && typeof given['file'] === 'string');
  if (isOne) return { authorization: `Bearer ${(await secrets.reveal(given as SecretRef)).trim()}` };
  const named = given as Readonly<Record<string, string | SecretRef>>;
  const read = async (name: string): Promise<string | undefined> => {
    const value = named[name];
    return value === undefined || typeof value === 'string' ? value : (await secrets.reveal(value)).trim();
  };
  const [token, username, password] = await Promise.all([read('token'), read('username'), read('password')]);
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${toBase64(`${username}:${password ?? ''}`)}` };
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

export async function askPrometheus(net: Pick<Protocols, 'http'>, server: Server, question: Question): Promise<PrometheusAnswer> {
  const exchange = await net.http({
    url: urlOf(server, question),
    headers: { ...server.headers, accept: 'application/json' },
    timeoutMs: server.timeoutMs,
    maxBodyBytes: MAX_ANSWER_BYTES,
    ...(server.caFile !== undefined && { caFile: server.caFile }),
  });
  return readExchange(exchange);
}

function urlOf({ prometheus, timeoutMs }: Server, question: Question): string {
  const base = new URL(prometheus);
  const range = 'at' in question ? { time: question.at } : { start: question.from, end: question.to, step: question.stepSeconds };
  base.pathname = `${base.pathname.replace(/\/$/, '')}/api/v1/${'at' in question ? 'query' : 'query_range'}`;
  // The server gives up when we do, so that no costly query runs on in an incident.
  for (const [key, value] of Object.entries({ query: question.query, ...range, timeout: `${Math.ceil(timeoutMs / 1_000)}s` }))
    base.searchParams.set(key, String(value));
  return base.href;
}

function readExchange(exchange: HttpExchange): PrometheusAnswer {
  const { reached, status = 0, body, error = '' } = exchange;
  const fail = (outcome: PrometheusOutcome, note: string): PrometheusAnswer => ({
    outcome,
    series: [],
    dropped: 0,
    note: note.slice(0, 300),
  });
  if (reached === 'dns' || reached === 'connect') return fail('unreachable', error);
  if (reached === 'tls') return fail('tls-failed', error);
  if (reached !== 'done') return fail('no-response', error);
  if (status === 401 || status === 403) return fail('unauthorized', `HTTP ${status}`);
  if (status >= 300 && status < 400) return fail('redirected', `HTTP ${status} to ${exchange.headers['location'] ?? '?'}`);
  // What is cut inside a character decodes to a little less or more.
  if (new TextEncoder().encode(body).length > MAX_ANSWER_BYTES - 4) return fail('too-large', `more than ${MAX_ANSWER_BYTES} bytes`);
  const parsed = v.safeParse(envelope, parseJson(body));
  if (!parsed.success)
    return fail(status >= 500 ? 'overloaded' : 'not-prometheus', `HTTP ${status} ${exchange.headers['content-type'] ?? ''}`);
  const { output } = parsed;
  if (output.status === 'error') {
    const busy = output.errorType === 'timeout' || output.errorType === 'canceled' || output.errorType === 'unavailable' || status >= 500;
    return fail(busy ? 'overloaded' : 'bad-query', output.error);
  }
  const series = readSeries(output.data);
  return {
    outcome: 'answered',
    series: series.slice(0, MAX_SERIES),
    dropped: Math.max(0, series.length - MAX_SERIES),
    note: (output.warnings ?? []).join('; ').slice(0, 300),
  };
}

const sample = v.tuple([v.number(), v.string()]);
const labels = v.record(v.string(), v.string());
const data = v.variant('resultType', [
  v.object({ resultType: v.literal('vector'), result: v.array(v.object({ metric: labels, value: v.exactOptional(sample) })) }),
  v.object({ resultType: v.literal('matrix'), result: v.array(v.object({ metric: labels, values: v.exactOptional(v.array(sample)) })) }),
  v.object({ resultType: v.literal('scalar'), result: sample }),
]);
const envelope = v.variant('status', [
  v.object({ status: v.literal('success'), data, warnings: v.exactOptional(v.array(v.string())) }),
  v.object({ status: v.literal('error'), errorType: v.exactOptional(v.string()), error: v.string() }),
]);

function readSeries(found: v.InferOutput<typeof data>): Series[] {
  if (found.resultType === 'scalar') return [{ labels: '', samples: keepNumbers([found.result]) }];
  return found.result.map((row) => {
    const values = 'values' in row ? (row.values ?? []) : 'value' in row && row.value !== undefined ? [row.value] : [];
    return { labels: nameSeries(row.metric), samples: keepNumbers(values as readonly [number, string][]) };
  });
}

/** NaN is what 0/0 gives (no traffic), and infinity what x/0 gives: neither is a figure. */
function keepNumbers(values: readonly (readonly [number, string])[]): [number, number][] {
  return values.map(([at, text]): [number, number] => [at, Number(text)]).filter(([, value]) => Number.isFinite(value));
}

function nameSeries(metric: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(metric)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => (name === '__name__' ? undefined : `${name}="${value}"`))
    .filter((pair) => pair !== undefined);
  const shown = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
  return `${metric['__name__'] ?? ''}${shown}`.slice(0, 200);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

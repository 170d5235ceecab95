import { HostError, type HostErrorReason } from '../errors.ts';
import type { Host, Json, Protocols, Secrets } from '../ports.ts';

export interface RecordedCall {
  /** `run`, `readFile`, ... or `net.http`, `net.tls`, ... */
  readonly method: string;
  readonly args: readonly Json[];
  readonly result?: Json;
  readonly error?: { readonly reason: HostErrorReason; readonly message: string; readonly unlock?: string };
}

/** What a host answered, as plain JSON. */
export interface Recording {
  readonly name: string;
  readonly platform?: Host['platform'];
  readonly calls: readonly RecordedCall[];
}

const HOST_METHODS = ['reach', 'run', 'readFile', 'list', 'stat', 'statFilesystem', 'hashFile', 'searchFile', 'inventory', 'now'] as const;
const NET_METHODS = ['connect', 'http', 'tls', 'certificatesInFile', 'dns', 'sntp', 'sql', 'redis', 'exchange'] as const;
/** Values are never recorded; where one is asked for, this stands for it. */
const SECRET_PLACEHOLDER = 'recorded-secret';

/**
 * Answers from a recording and from nothing else: a call that is not in it is a defect of the test. The same call made again
 * (two samples of a rate) gets the next recorded answer; the last one stays.
 */
export function createRecordedHost(recording: Recording): { readonly host: Host; readonly net: Protocols; readonly secrets: Secrets } {
  const answers = new Map<string, RecordedCall[]>();
  for (const call of recording.calls) {
    const key = keyOf(call.method, call.args);
    answers.set(key, [...(answers.get(key) ?? []), call]);
  }
  const find = (method: string, args: readonly unknown[]): RecordedCall => {
    const queue = answers.get(keyOf(method, args));
    const call = queue && queue.length > 1 ? queue.shift() : queue?.[0];
    if (!call) throw new Error(`not in the recording of ${recording.name}: ${method} ${JSON.stringify(args.map(toPlain))}`);
    return call;
  };
  const replay = (method: string, args: readonly unknown[]): unknown => {
    const call = find(method, args);
    if (call.error) throw toHostError(call.error);
    return call.result;
  };
  async function* streamText(...args: Parameters<Host['streamText']>): AsyncGenerator<string> {
    const call = find('streamText', args);
    yield* (call.result ?? []) as readonly string[];
    if (call.error) throw toHostError(call.error);
  }
  const later =
    (method: string) =>
    async (...args: readonly unknown[]) =>
      replay(method, args);
  const identity = { name: recording.name, platform: recording.platform ?? 'linux' };
  const streams = { dial: refuseStream, datagram: refuseStream, streamText };
  const host = Object.assign(identity, streams, methods(HOST_METHODS, later), { now: () => replay('now', []) });
  return {
    host: host as unknown as Host,
    net: methods(NET_METHODS, (method) => later(`net.${method}`)) as unknown as Protocols,
    secrets: {
      reveal: async (ref) => (answers.has(keyOf('secrets.reveal', [ref])) ? String(replay('secrets.reveal', [ref])) : SECRET_PLACEHOLDER),
    },
  };
}

/** Passes every call on and keeps what came back. Byte streams are not kept: protocols are recorded by their answers. */
export function recordHost(host: Host, net: Protocols): { readonly host: Host; readonly net: Protocols; recording(): Recording } {
  const calls: RecordedCall[] = [];
  const keep = (method: string, args: readonly unknown[], outcome: Pick<RecordedCall, 'result' | 'error'>) => {
    calls.push({ method, args: args.map(toPlain), ...outcome });
  };
  const watch =
    (prefix: string, target: object) =>
    (method: string) =>
    async (...args: readonly unknown[]) => {
      try {
        const result = await (target as Record<string, (...given: readonly unknown[]) => Promise<unknown>>)[method]?.(...args);
        keep(prefix + method, args, { result: toPlain(result) });
        return result;
      } catch (error) {
        if (error instanceof HostError) keep(prefix + method, args, { error: describe(error) });
        throw error;
      }
    };
  const now: Host['now'] = () => {
    const instant = host.now();
    keep('now', [], { result: toPlain(instant) });
    return instant;
  };
  return {
    host: { ...host, ...methods(HOST_METHODS, watch('', host)), streamText: watchText(host, keep), now } as Host,
    net: methods(NET_METHODS, watch('net.', net)) as unknown as Protocols,
    recording: () => ({ name: host.name, platform: host.platform, calls: [...calls] }),
  };
}

type Keep = (method: string, args: readonly unknown[], outcome: Pick<RecordedCall, 'result' | 'error'>) => void;

/** Kept whole, with what was read before an error; a reader that left early is answered no more than it took. */
function watchText(host: Host, keep: Keep): Host['streamText'] {
  return async function* streamText(...args) {
    const pieces: string[] = [];
    let error: HostError | undefined;
    try {
      for await (const piece of host.streamText(...args)) {
        pieces.push(piece);
        yield piece;
      }
    } catch (caught) {
      if (caught instanceof HostError) error = caught;
      throw caught;
    } finally {
      keep('streamText', args, { result: [pieces.join('')], ...(error && { error: describe(error) }) });
    }
  };
}

type Method = (...args: readonly unknown[]) => Promise<unknown>;

function methods(names: readonly string[], make: (name: string) => Method): Record<string, Method> {
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}

function describe({ reason, message, unlock }: HostError): NonNullable<RecordedCall['error']> {
  return { reason, message, ...(unlock === undefined ? {} : { unlock }) };
}

function toHostError({ reason, message, unlock }: NonNullable<RecordedCall['error']>): HostError {
  return new HostError(reason, message, unlock);
}

/** Not HostError: nothing about the host kept it from answering. */
async function refuseStream(): Promise<never> {
  throw new Error('a recorded host has no byte streams; record the protocol instead');
}

/** Order of keys, `undefined` and abort signals make no difference. */
function keyOf(method: string, args: readonly unknown[]): string {
  const plain = args.map(toPlain);
  while (plain.length > 0 && isEmpty(plain.at(-1))) plain.pop();
  return `${method} ${JSON.stringify(plain.map(sortKeys))}`;
}

function toPlain(value: unknown): Json {
  return JSON.parse(
    JSON.stringify(value ?? null, (_key, inner: unknown) => (inner instanceof AbortSignal ? undefined : inner)) ?? 'null',
  ) as Json;
}

function isEmpty(value: Json | undefined): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map((entry: Json) => sortKeys(entry));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value) as [string, Json][];
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sortKeys(inner)]));
}

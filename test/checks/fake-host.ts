import type { ProbeContext } from '../../src/checks/check.ts';
import { HostError } from '../../src/errors.ts';
import type {
  Address,
  CommandResult,
  FileContent,
  FileStat,
  FilesystemStat,
  HardwareInventory,
  Host,
  Instant,
  Pacer,
  Protocols,
  Reach,
  ReadOptions,
  RunOptions,
  TextSource,
} from '../../src/ports.ts';
import { searchPlainly } from './plain-search.ts';

/** One answer, or a list of answers for successive calls (the last one repeats). `null` is "not there". An Error is thrown. */
type Canned<T> = T | Error | null;
type Answers<T> = Readonly<Record<string, Canned<T> | readonly Canned<T>[]>>;

export interface FakeHostOptions {
  readonly name?: string;
  readonly platform?: Host['platform'];
  readonly reach?: Reach;
  readonly files?: Answers<string>;
  /** By argv joined with a space. `null`: the tool is missing. */
  readonly commands?: Answers<Partial<CommandResult>>;
  /** By path. `'hung'`: the mount does not answer. */
  readonly filesystems?: Answers<FilesystemStat | 'hung'>;
  /** Text of a command, by argv joined with a space, or of standard input, `-`. */
  readonly streams?: Answers<string>;
  readonly stats?: Answers<Partial<FileStat>>;
  readonly lists?: Readonly<Record<string, readonly string[] | Error | null>>;
  readonly hashes?: Answers<string>;
  readonly inventory?: HardwareInventory;
  /** By `host:port`. */
  readonly datagrams?: Answers<Uint8Array>;
  readonly net?: Partial<Protocols>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly pacer?: Pacer;
  readonly wallMs?: number;
  /** Default: half an hour before `wallMs`. */
  readonly since?: number;
  readonly signal?: AbortSignal;
  /** Default 10 s, as the engine gives. */
  readonly timeoutMs?: number;
}

export interface FakeContext extends ProbeContext {
  /** Every call made, e.g. `read /proc/stat`, `run dmesg --raw`. */
  readonly calls: readonly string[];
}

export const FAKE_NOW = Date.UTC(2026, 0, 15, 12, 0, 0);

const fakes = new WeakSet<Host>();

/** True for a host whose answers a test wrote down. */
export function isFake(host: Host): boolean {
  return fakes.has(host);
}

/** A context whose host answers only what the test wrote down; any other call throws a plain Error, which no check may swallow. */
export function fakeHost(options: FakeHostOptions = {}): FakeContext {
  const calls: string[] = [];
  const clock = { wallMs: options.wallMs ?? FAKE_NOW, monoMs: 5_000 };
  const host = makeHost(options, calls, clock);
  fakes.add(host);
  return {
    host,
    net: strictProtocols(options.net ?? {}, calls),
    secrets: { reveal: async (ref) => revealSecret(options.secrets ?? {}, 'env' in ref ? ref.env : `${ref.file}:${ref.key ?? ''}`) },
    pacer: options.pacer ?? {
      take: async () => {
        throw new Error('unexpected pacer.take');
      },
    },
    timeoutMs: options.timeoutMs ?? 10_000,
    signal: options.signal ?? new AbortController().signal,
    since: options.since ?? clock.wallMs - 30 * 60_000,
    async sleep(ms) {
      calls.push(`sleep ${ms}`);
      clock.wallMs += ms;
      clock.monoMs += ms;
    },
    calls,
  };
}

function makeHost(options: FakeHostOptions, calls: string[], clock: { wallMs: number; monoMs: number }): Host {
  const served = new Map<string, number>();
  const answer = <T>(kind: string, key: string, answers: Readonly<Record<string, unknown>> | undefined): T => {
    calls.push(`${kind} ${key}`);
    return nextAnswer<T>(kind, key, answers, served);
  };
  return {
    name: options.name ?? 'fake',
    platform: options.platform ?? 'linux',
    reach: async () => {
      calls.push('reach');
      return options.reach ?? { outcome: 'reached', durationMs: 1 };
    },
    run: async (argv: readonly string[], _options?: RunOptions) =>
      completeResult(argv, answer<Partial<CommandResult>>('run', argv.join(' '), options.commands)),
    readFile: async (path: string, read?: ReadOptions) => cutContent(answer<string>('read', path, options.files), read),
    list: async (path: string) => answer<readonly string[]>('list', path, wrapLists(options.lists)),
    stat: async (path: string) => ({
      kind: 'file',
      size: 0,
      mode: 0o644,
      uid: 0,
      gid: 0,
      modifiedAt: clock.wallMs,
      ...answer<Partial<FileStat>>('stat', path, options.stats),
    }),
    statFilesystem: async (path: string) => {
      const found = answer<FilesystemStat | 'hung'>('statfs', path, options.filesystems);
      return found === 'hung' ? null : found;
    },
    hashFile: async (path: string) => answer<string>('hash', path, options.hashes),
    searchFile: async (path, request) => searchPlainly(Buffer.from(answer<string>('search', path, options.files)), request),
    streamText: async function* (source: TextSource) {
      yield 'file' in source
        ? answer<string>('stream', source.file, options.files)
        : answer<string>('stream', 'argv' in source ? source.argv.join(' ') : '-', options.streams);
    },
    inventory: async () => {
      calls.push('inventory');
      if (!options.inventory) throw new Error('unexpected inventory');
      return options.inventory;
    },
    dial: async () => {
      throw new Error('unexpected dial');
    },
    datagram: async ({ host, port }: Address) => answer<Uint8Array>('datagram', `${host}:${port}`, options.datagrams),
    now: (): Instant => ({ ...clock }),
  };
}

function nextAnswer<T>(kind: string, key: string, answers: Readonly<Record<string, unknown>> | undefined, served: Map<string, number>): T {
  if (!answers || !Object.hasOwn(answers, key)) throw new Error(`unexpected ${kind} ${key}`);
  const canned = answers[key];
  const list: readonly unknown[] = Array.isArray(canned) ? canned : [canned];
  const turn = served.get(`${kind} ${key}`) ?? 0;
  served.set(`${kind} ${key}`, turn + 1);
  const found = list[Math.min(turn, list.length - 1)];
  if (found instanceof Error) throw found;
  if (found === null) throw new HostError(kind === 'run' ? 'missing-tool' : 'not-found', `${key}: not there`);
  return found as T;
}

/** A list is itself an array, so one level is added: `lists` has one answer a path. */
function wrapLists(lists: FakeHostOptions['lists']): Readonly<Record<string, unknown>> | undefined {
  return lists && Object.fromEntries(Object.entries(lists).map(([path, names]) => [path, [names]]));
}

function completeResult(argv: readonly string[], partial: Partial<CommandResult>): CommandResult {
  return { argv, exitCode: 0, stdout: '', stderr: '', truncated: false, durationMs: 1, ...partial };
}

function cutContent(text: string, { offset = 0, maxBytes = 1_048_576 }: ReadOptions = {}): FileContent {
  const bytes = Buffer.from(text);
  const start = offset < 0 ? Math.max(0, bytes.length + offset) : Math.min(offset, bytes.length);
  const part = bytes.subarray(start, start + maxBytes);
  return { text: part.toString('utf8'), offset: start, bytesRead: part.length, size: bytes.length };
}

function strictProtocols(net: Partial<Protocols>, calls: string[]): Protocols {
  return new Proxy(net, {
    get(target, name) {
      const method = target[name as keyof Protocols];
      if (!method) throw new Error(`unexpected net.${String(name)}`);
      calls.push(`net.${String(name)}`);
      return method;
    },
  }) as Protocols;
}

function revealSecret(secrets: Readonly<Record<string, string>>, name: string): string {
  const value = secrets[name];
  if (value === undefined) throw new HostError('not-found', `secret ${name} is not set`);
  return value;
}

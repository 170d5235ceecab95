/** What probes read of a host, kept as evidence: redacted before it goes anywhere, bounded, and told where it is missing. */
import { HostError } from '../errors.ts';
import type { Clock, CommandResult, Evidence, Host, Json } from '../ports.ts';
import { cutText } from './cut-text.ts';
import type { Artifact, Collected } from './events.ts';
import type { Redact } from './probe.ts';

/** Of one command or file. */
const MAX_BYTES = 64 * 1024;
/** Of one session, and as many items. */
const SESSION_BYTES = 8 * 1024 * 1024;
const SESSION_ITEMS = 1_000;
/** Items of one probe: one that walks through a folder has its facts to show for it. */
const PROBE_ITEMS = 24;

/** What `readFile` reads at most where it is not told. */
const READ_BYTES = 1024 * 1024;

export interface CaptureDeps {
  readonly clock: Clock;
  readonly redact: Redact;
  /** Leaves out the lines of a redacted text that may still hold something; undefined: it cannot be vouched for in parts. */
  readonly secondLook: (text: string) => Promise<{ readonly text: string; readonly withheld: number } | undefined>;
  readonly evidence: Pick<Evidence, 'keep'>;
  /** The lines of what was read that lie in the window that was asked for; null: it is no log, or its lines carry no time. */
  readonly inWindow?: ((host: Host, reading: Reading) => Promise<{ readonly text: string; readonly left: number } | null>) | undefined;
}

/** What was read, and what is told of it. */
export interface Reading extends Omit<Artifact, 'bytes' | 'truncated' | 'digest' | 'redactions' | 'issuers' | 'withheld_lines'> {
  readonly text: string;
  readonly truncated: boolean;
  /** Bytes kept of it. */
  readonly maxBytes?: number;
}

export interface Capture {
  /** The same host, watched. */
  watch(host: Host): { readonly host: Host; artifacts(): Promise<readonly Artifact[]> };
  keep(reading: Reading): Promise<Artifact>;
}

export function createCapture(deps: CaptureDeps): Capture {
  const left = { bytes: SESSION_BYTES, items: SESSION_ITEMS };
  const keep = (reading: Reading): Promise<Artifact> => keepReading(deps, left, reading);
  return {
    keep,
    watch(host) {
      const readings: Reading[] = [];
      let read = 0;
      const note = (reading: Reading): void => {
        read += 1;
        if (read <= PROBE_ITEMS) readings.push(reading);
        else if (read === PROBE_ITEMS + 1) readings.push({ ...reading, collected: 'over-cap', text: '' });
      };
      return {
        host: watchHost(host, deps.clock, note),
        async artifacts() {
          const kept: Artifact[] = [];
          for (const [index, reading] of readings.entries())
            kept.push(
              await keep(index < PROBE_ITEMS ? await narrowed(deps, host, reading) : { ...reading, why: beyondCap(read - PROBE_ITEMS) }),
            );
          return kept;
        },
      };
    },
  };
}

async function narrowed({ inWindow }: CaptureDeps, host: Host, reading: Reading): Promise<Reading> {
  const lines = reading.collected === 'ok' ? await inWindow?.(host, reading) : undefined;
  if (!lines || lines.left === 0) return reading;
  if (lines.text === '')
    return { ...reading, collected: 'out-of-window', text: '', why: 'no line lies in the window', unlock: 'a longer --since' };
  return { ...reading, text: lines.text, outside_window: lines.left };
}

function beyondCap(count: number): string {
  const others = count > 1 ? ` and ${count - 1} more` : '';
  return `this${others}: of what one step reads the first ${PROBE_ITEMS} are kept; what its check saw is in its facts`;
}

async function keepReading(deps: CaptureDeps, left: { bytes: number; items: number }, reading: Reading): Promise<Artifact> {
  const { text, truncated, maxBytes = MAX_BYTES, ...told } = reading;
  const bytes = byteLength(text) + bytesLeftOut(text);
  const nothing = { ...told, bytes, truncated };
  if (told.collected !== 'ok') return nothing;
  const issuers: Record<string, number> = {};
  await deps.clock.turn();
  const cut = cutText(text, maxBytes, (part) => cleanText(deps.redact, part, issuers));
  const looked = await deps.secondLook(cut.text);
  if (!looked)
    return { ...nothing, collected: 'withheld', why: 'a second look found what may be card data or a secret in it: it is withheld' };
  const size = byteLength(looked.text);
  if (left.items === 0 || size > left.bytes) return { ...nothing, collected: 'over-cap', why: 'the evidence of this session is full' };
  left.items -= 1;
  left.bytes -= size;
  try {
    const digest = await deps.evidence.keep(looked.text);
    const withheld = looked.withheld > 0 && { withheld_lines: looked.withheld };
    const rules = Object.entries(cut.counts).map(([rule, count]) => ({ rule, count }));
    const removed = rules.length > 0 && { redactions: rules };
    const cards = Object.keys(issuers).length > 0 && { issuers };
    return { ...nothing, truncated: truncated || cut.truncated, digest, ...removed, ...cards, ...withheld };
  } catch (error) {
    return { ...nothing, collected: 'failed', why: `it could not be kept: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** What the host itself left out of the middle, as it notes it there. */
function bytesLeftOut(text: string): number {
  const notes = Array.from(text.matchAll(/\n\[\.\.\. (\d{1,15}) bytes left out \.\.\.\]\n/g));
  return notes.reduce((sum, [note, count]) => sum + Number(count) - note.length, 0);
}

function cleanText(
  redact: Redact,
  text: string,
  issuers: Record<string, number>,
): { readonly text: string; readonly counts: Readonly<Record<string, number>> } {
  const { value, count, counts, issuers: found = {} } = redact(text);
  for (const [issuer, cards] of Object.entries(found)) issuers[issuer] = (issuers[issuer] ?? 0) + cards;
  return { text: String(value), counts: counts ?? (count > 0 ? { any: count } : {}) };
}

function watchHost(host: Host, clock: Clock, note: (reading: Reading) => void): Host {
  async function told<T>(
    source: Artifact['source'],
    read: () => Promise<T>,
    show: (result: T) => Partial<Reading> | undefined,
  ): Promise<T> {
    const { wallMs: at, monoMs } = clock.now();
    const about = (): Omit<Reading, 'collected' | 'text' | 'truncated'> => {
      const duration_ms = Math.round(clock.now().monoMs - monoMs);
      return { source, host: host.name, at, duration_ms };
    };
    try {
      const result = await read();
      const shown = show(result);
      if (shown) note({ ...about(), collected: 'ok', text: '', truncated: false, ...shown });
      return result;
    } catch (error) {
      if (error instanceof HostError) {
        // What a command had said when its time was over is evidence too, beside that it did not end.
        if (error.printed) note({ ...about(), collected: 'ok', exit_code: null, text: error.printed, truncated: true });
        note({ ...about(), ...absence(error), text: '', truncated: false });
      }
      throw error;
    }
  }
  return {
    ...host,
    run: (argv, options) => told({ argv }, () => host.run(argv, options), showCommand),
    readFile: (path, options) =>
      isPlain(path) || (options?.offset ?? 0) !== 0
        ? host.readFile(path, options)
        : told(
            { file: path },
            () => host.readFile(path, options),
            ({ text, bytesRead, size }) =>
              HOLDS_SECRETS.test(path) ? NEVER : { text, truncated: size > bytesRead && bytesRead >= (options?.maxBytes ?? READ_BYTES) },
          ),
    searchFile: (path, request) =>
      told(
        { file: path },
        () => host.searchFile(path, request),
        ({ kept, matches, complete }) =>
          kept.length === 0
            ? undefined
            : { text: kept.map(({ text }) => `${text}\n`).join(''), truncated: matches > kept.length || !complete },
      ),
  };
}

/** One value each, and those of every process: the facts have them. */
function isPlain(path: string): boolean {
  return /^\/(?:sys|proc\/(?:sys|\d+))\//.test(path);
}

/** What a redaction takes out of these is known; what it leaves in them is not. */
const HOLDS_SECRETS = /\.(?:env|key|p12|pfx|jks|kdb|kdbx)$|\/\.?(?:environ|g?shadow-?|netrc|pgpass|htpasswd|credentials|id_[a-z0-9]+)$/;
const NEVER: Partial<Reading> = {
  collected: 'withheld',
  why: 'files of this kind hold secrets and are never collected; what the check saw is in its facts',
};

function showCommand({ exitCode, stdout, stderr, truncated }: CommandResult): Partial<Reading> {
  const text = stderr === '' ? stdout : `${stdout}${stdout === '' || stdout.endsWith('\n') ? '' : '\n'}--- stderr\n${stderr}`;
  return { exit_code: exitCode, text, truncated };
}

const ABSENCE: Readonly<Record<HostError['reason'], Collected>> = {
  'missing-tool': 'not-installed',
  'not-found': 'not-found',
  'no-permission': 'no-permission',
  'timed-out': 'timed-out',
  unsupported: 'failed',
  unreachable: 'failed',
  io: 'failed',
};

/** What a host could not give, and why. */
export function absence({ reason, message, unlock }: HostError): Pick<Reading, 'collected' | 'why' | 'unlock'> {
  return { collected: ABSENCE[reason], why: message, ...(unlock !== undefined && { unlock }) };
}

/** Of the text as UTF-8. */
function byteLength(text: Json): number {
  return new TextEncoder().encode(String(text)).length;
}

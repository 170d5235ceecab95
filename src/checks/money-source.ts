/** Orders, statements and bills: where they are, what their columns mean, and the records in them. */
import { HostError } from '../errors.ts';
import { fillDate, namesDay } from '../payments/money/due-file.ts';
import { readTable } from '../payments/money/table.ts';
import { FIELDS } from '../payments/orders/columns.ts';
import { type Records, readRecords } from '../payments/orders/record.ts';
import { STATES } from '../payments/orders/state.ts';
import { zoneOffsetMs } from '../payments/orders/zone.ts';
import type { Host, TextSource } from '../ports.ts';
import type { ProbeContext } from './check.ts';
import { COMPRESSED } from './log-name.ts';
import { describeSource, namedSource, textSource } from './log-source.ts';
import { makeTimeReader } from './log-time.ts';
import { type Infer, v } from './schema.ts';

/** More than a day of a busy shop; larger ones are compared by a reconciliation, not by a check. */
const MOST_BYTES = 64 * 1024 * 1024;
const LOOKED_BACK_DAYS = 8;
const DAY_MS = 86_400_000;
const PIECE_BYTES = 4 * 1024 * 1024;

/** Meaning of one table, as `columns`, `units` and `words` of the profile's `settlement`. */
const tableParams = {
  /** Field -> name of the column, where it is not a usual one. */
  columns: v.nullish(v.record(v.picklist(FIELDS, `expected one of ${FIELDS.join(', ')}`), v.string())),
  unit: v.nullish(v.picklist(['major', 'minor'])),
  /** Word of the status column -> state. */
  words: v.nullish(v.record(v.string(), v.picklist(STATES))),
};
export const moneyTable = v.union(
  [namedSource, v.strictObject({ from: namedSource, ...tableParams })],
  'expected a path, {file: PATH}, {argv: [...]}, {stdin: true}, or {from: one of these, columns, unit, words}',
);
export const moneyParams = {
  /** For rows that name no currency. */
  currency: v.nullish(v.string(), ''),
  /** Of times that name no zone: `+08:00` or `Asia/Shanghai`. */
  zone: v.nullish(
    v.pipe(
      v.string(),
      v.check((zone) => zoneOffsetMs(zone, 0) !== undefined, 'expected a zone such as +08:00, UTC or Asia/Shanghai'),
    ),
    'UTC',
  ),
};

export type MoneySource = Infer<typeof moneyTable>;

export interface MoneyBook extends Records {
  readonly source: string;
  /** When it was written: nothing later can be in it. */
  readonly asOf: number;
  readonly ragged: number;
}

export async function readMoney(
  given: MoneySource,
  { currency, zone }: { readonly currency: string; readonly zone: string },
  context: ProbeContext,
): Promise<MoneyBook> {
  const named = typeof given === 'object' && 'from' in given ? given : { from: given };
  const now = context.host.now().wallMs;
  const source = await newestOf(textSource({ file: named.from }), now + (zoneOffsetMs(zone, now) ?? 0), context.host);
  const { text, writtenAt } = await readMoneyText(source, context);
  const table = readTable(text);
  const readTime = makeTimeReader(now);
  const records = readRecords(table, {
    columns: named.columns ?? {},
    unit: named.unit ?? 'major',
    currency,
    words: named.words ?? {},
    timeOf: (cell) => {
      const time = readTime(/^\d{14}$/.test(cell) ? spread(cell) : cell);
      if (!time) return undefined;
      return time.zoned ? time.ms : time.ms - (zoneOffsetMs(zone, time.ms) ?? 0);
    },
  });
  return { ...records, source: describeSource(source), asOf: Math.min(now, writtenAt ?? now), ragged: table.ragged };
}

/** Of a file a day, the newest that is there; where none is, the one of today is missed. */
async function newestOf(source: TextSource, localNow: number, host: Host): Promise<TextSource> {
  if (!('file' in source) || !namesDay(source.file)) return source;
  const files = Array.from({ length: LOOKED_BACK_DAYS }, (_, back) => fillDate(source.file, localNow - back * DAY_MS));
  for (const file of files) {
    try {
      await host.stat(file);
      return { file };
    } catch (error) {
      if (!(error instanceof HostError && error.reason === 'not-found')) throw error;
    }
  }
  return { file: files[0] ?? source.file };
}

/** 20261128093000, as bills of card networks write it. */
function spread(digits: string): string {
  return digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3 $4:$5:$6');
}

export interface MoneyText {
  readonly text: string;
  readonly writtenAt?: number;
}

/** UTF-8, or GB 18030 (which contains GBK) where a file is not. */
export async function readMoneyText(source: TextSource, { host, timeoutMs, signal }: ProbeContext): Promise<MoneyText> {
  if ('file' in source && !COMPRESSED.test(source.file)) return await readFileText(host, source.file);
  let text = '';
  for await (const piece of host.streamText(source, { timeoutMs, maxBytes: MOST_BYTES + 1, signal })) text += piece;
  refuseLarge(text.length, describeSource(source));
  if (!('file' in source)) return { text };
  return { text, writtenAt: (await host.stat(source.file)).modifiedAt };
}

async function readFileText(host: Host, file: string): Promise<MoneyText> {
  const { kind, size, modifiedAt } = await host.stat(file);
  if (kind === 'directory') throw new HostError('io', `${file} is a folder`, 'the file itself');
  refuseLarge(size, file);
  const pieces: string[] = [];
  for (let offset = 0; offset < size; ) {
    const { text, bytesRead } = await host.readFile(file, { offset, maxBytes: Math.min(PIECE_BYTES, size - offset), encoding: 'latin1' });
    if (bytesRead === 0) break;
    pieces.push(text);
    offset += bytesRead;
  }
  const bytes = pieces.join('');
  if (bytes.startsWith('PK\x03\x04')) throw new HostError('io', `${file} is a zip archive`, 'its contents: {argv: [unzip, -p, FILE]}');
  return { text: decode(bytes), writtenAt: modifiedAt };
}

function refuseLarge(bytes: number, source: string): void {
  if (bytes > MOST_BYTES)
    throw new HostError('io', `${source} holds more than 64 MiB`, 'an extract of the incident, or oor reconcile for the whole');
}

function decode(latin1: string): string {
  const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

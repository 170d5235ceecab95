import { sniffFormat } from '../../../src/payments/reconcile/formats.ts';
import { type Mapping, mappedFormat } from '../../../src/payments/reconcile/mapping.ts';
import { convert, type Ending, type ReadContext } from '../../../src/payments/reconcile/reader.ts';

export interface Read {
  readonly format: string;
  /** Of the plain table, without its header. */
  readonly rows: readonly string[];
  readonly ending: Ending;
}

/** As the command reads it, in pieces that cut lines and characters anywhere; `PIECE` of them are prime. */
export async function readBill(text: string, context: Partial<ReadContext> = {}, mapping?: Mapping): Promise<Read> {
  const format = mapping ? mappedFormat(mapping) : sniffFormat(text.slice(0, 262_144));
  if (!format) throw new Error('no format');
  const { lines, ending } = convert(pieces(text), format, {
    name: 'bill',
    nowMs: Date.UTC(2026, 10, 28, 4),
    zone: undefined,
    reference: undefined,
    ...context,
  });
  let plain = '';
  for await (const piece of lines) plain += piece;
  return { format: format.id, rows: plain.split('\n').slice(1, -1), ending: ending() };
}

const PIECE = 97;

async function* pieces(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

/** Why a file is refused. */
export async function refusal(text: string, context: Partial<ReadContext> = {}, mapping?: Mapping): Promise<string> {
  return await readBill(text, context, mapping).then(
    () => 'it was read',
    (error: Error) => error.message,
  );
}

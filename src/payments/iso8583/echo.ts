/**
 * The network-management echo: a request that asks a peer whether it listens and moves neither money nor keys. Nothing else can be
 * built here, no sign-on and no key exchange: the kind of the request is no argument.
 */
import type { Codec } from './codec.ts';
import { decodeMessage, encodeMessage } from './decode.ts';
import { codecsOf, DIALECT_IDS } from './dialects.ts';
import type { Framing } from './framing.ts';
import type { Message } from './message.ts';
import { invalidMessage } from './refusal.ts';

interface EchoKind {
  readonly mti: string;
  readonly answerMti: string;
  readonly field: number;
  readonly code: string;
  readonly approved: string;
}

/** By the version of ISO 8583 (first digit of its message types): data element 70 code 301 in 1987, function code 831 in 1993. */
const KINDS: Readonly<Record<string, EchoKind>> = {
  0: { mti: '0800', answerMti: '0810', field: 70, code: '301', approved: '00' },
  1: { mti: '1804', answerMti: '1814', field: 24, code: '831', approved: '800' },
};

/** Terminals of UnionPay say who they are in an echo, and a test terminal is not ours to invent. */
export const ECHO_DIALECTS: readonly string[] = DIALECT_IDS.filter((id) => id !== 'unionpay-pos');

/** `iso87-ascii`, or one of its ways to encode: `iso87-ascii/raw bitmap`. undefined: no such dialect, or one without an echo. */
export function echoCodec(dialect: string): Codec | undefined {
  const [id = '', variant] = dialect.split('/');
  if (!ECHO_DIALECTS.includes(id)) return undefined;
  return codecsOf(id).find((codec) => variant === undefined || codec.dialect.variant === variant);
}

/** `stan` is six digits; `at` the instant of the request, epoch ms. Throws `OorError` where the framing wants a header and has none. */
export function encodeEcho(codec: Codec, framing: Framing, stan: string, at: number, header?: Uint8Array): Uint8Array {
  const kind = kindOf(codec);
  const time = new Date(at).toISOString().replace(/\D/g, '');
  const fields = new Map([
    [7, time.slice(4, 14)],
    [11, stan],
    ...(codec.dialect.versions === '1' ? [[12, time.slice(2, 14)] as const] : []),
    [kind.field, kind.code],
  ]);
  const message: Message = { mti: kind.mti, fields, bitmaps: kind.field > 64 ? 2 : 1, envelope: header ? { header } : {} };
  return encodeMessage(message, codec, framing);
}

export type EchoProblem = 'garbage' | 'other-message' | 'not-echoed' | 'declined';

export interface EchoAnswer {
  readonly mti: string | null;
  readonly stan: string | null;
  readonly responseCode: string | null;
  /** null: the answer that an echo should get. */
  readonly problem: EchoProblem | null;
  /** What is wrong with the bytes; contents are never quoted. */
  readonly detail: string;
}

/** Reads what came for the echo with this STAN; any of the dialect's ways to encode will do. */
export function readEchoAnswer(bytes: Uint8Array, codec: Codec, framing: Framing, stan: string): EchoAnswer {
  const others = codecsOf(codec.dialect.id).filter((other) => other !== codec);
  const tries = [codec, ...others].map((each) => decodeMessage(bytes, each, framing));
  const decoded = tries.find(({ message, problems }) => message !== undefined && problems.length === 0);
  if (!decoded?.message) {
    const [first] = tries;
    return { mti: first?.mti ?? null, stan: null, responseCode: null, problem: 'garbage', detail: first?.problems[0]?.message ?? '' };
  }
  const { mti, fields } = decoded.message;
  const text = (number: number): string | null => {
    const value = fields.get(number);
    return typeof value === 'string' ? value : null;
  };
  const kind = kindOf(codec);
  const seen = { mti, stan: text(11), responseCode: text(39), detail: '' };
  if (mti !== kind.answerMti) return { ...seen, problem: 'other-message' };
  if (seen.stan !== stan) return { ...seen, problem: 'not-echoed' };
  return { ...seen, problem: seen.responseCode === kind.approved ? null : 'declined' };
}

function kindOf({ dialect }: Codec): EchoKind {
  const kind = KINDS[dialect.versions];
  if (!kind) throw invalidMessage(`the dialect ${dialect.id} has no echo`);
  return kind;
}

import { type DescribedMessage, describeMessage } from '../payments/iso8583/describe.ts';
import type { Explanation, Sniffed } from '../payments/iso8583/sniff.ts';
import { type AnswerCode, answerCode } from './decode-answer.ts';

const RESPONSE_CODE = 39;

interface AnswerProblem {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
}

/** The shape that other programs read. */
interface AnswerJson {
  readonly kind: 'iso8583';
  readonly ok: boolean;
  readonly dialect: string | null;
  readonly framing: string | null;
  readonly mti: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly problems: readonly AnswerProblem[];
  /** Which of the dialect's ways to encode; null when there is one. */
  readonly variant: string | null;
  readonly confidence: number;
  readonly runner_up: { readonly dialect: string; readonly framing: string; readonly ok: boolean } | null;
  readonly input: string;
  /** What field 39 means, where there is one and its table knows it. */
  readonly answer?: AnswerCode;
}

export interface MessageAnswer {
  readonly json: AnswerJson;
  /** undefined: refused, or not a byte of it was understood. */
  readonly described: DescribedMessage | undefined;
}

/** Fields only when every byte has its place: half a message would be a guess, and a guess can show what is masked elsewhere. */
export function explainMessage(bytes: Uint8Array, { best, confidence, runnerUp }: Sniffed, input: string): MessageAnswer {
  const message = best?.decoded.message;
  const described = message === undefined ? undefined : describeMessage(message);
  const answer = answerCode(best?.codec.dialect.id, described?.fields.find(({ number }) => number === RESPONSE_CODE)?.value);
  const problems = best?.decoded.problems ?? [nothingFound(bytes)];
  return {
    described,
    json: {
      kind: 'iso8583',
      ok: problems.length === 0,
      dialect: best?.codec.dialect.id ?? null,
      framing: best?.framing.id ?? null,
      mti: best?.decoded.mti ?? null,
      fields: Object.fromEntries((described?.fields ?? []).map(({ number, value }) => [String(number), value])),
      problems,
      variant: best?.codec.dialect.variant || null,
      confidence: Math.round(confidence * 100) / 100,
      runner_up: runnerUp === undefined ? null : summarise(runnerUp),
      input,
      ...(answer && { answer }),
    },
  };
}

/** For what never became bytes. */
export function refuseUnread(code: string, offset: number, message: string): AnswerJson {
  const nobody = { dialect: null, framing: null, mti: null, fields: {}, variant: null, confidence: 0, runner_up: null, input: 'hex' };
  return { kind: 'iso8583', ok: false, ...nobody, problems: [{ code, offset, message }] };
}

function summarise({ codec, framing, decoded }: Explanation): { dialect: string; framing: string; ok: boolean } {
  return { dialect: codec.dialect.id, framing: framing.id, ok: decoded.problems.length === 0 };
}

function nothingFound({ length }: Uint8Array): AnswerProblem {
  if (length === 0) return { code: 'empty', offset: 0, message: 'there is no message' };
  return { code: 'unknown-mti', offset: 0, message: 'no dialect and framing finds a message type here' };
}

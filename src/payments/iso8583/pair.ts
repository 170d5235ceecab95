import type { Dialect } from './dialect.ts';
import type { FieldValue, Message } from './message.ts';

export interface PairProblem {
  readonly code: 'wrong-response-type' | 'not-echoed' | 'response-code-absent';
  /** undefined: the message type. */
  readonly field: number | undefined;
  readonly message: string;
}

const RESPONSE_CODE = 39;

/** Does this response belong to this request? Contents are compared and never quoted. */
export function validatePair(request: Message, response: Message, { echoes }: Pick<Dialect, 'echoes'>): readonly PairProblem[] {
  const problems: PairProblem[] = [];
  const expected = responseTypes(request.mti);
  if (expected.length === 0)
    problems.push({ code: 'wrong-response-type', field: undefined, message: `${request.mti} is no request: nothing answers it` });
  else if (!expected.includes(response.mti))
    problems.push({
      code: 'wrong-response-type',
      field: undefined,
      message: `${request.mti} is answered by ${expected[0]}, not ${response.mti}`,
    });
  for (const number of echoes) {
    const sent = request.fields.get(number);
    const returned = response.fields.get(number);
    if (sent === undefined || sameValue(sent, returned)) continue;
    const message = `field ${number} of the request is ${returned === undefined ? 'absent from' : 'different in'} the response`;
    problems.push({ code: 'not-echoed', field: number, message });
  }
  if (!response.fields.has(RESPONSE_CODE))
    problems.push({ code: 'response-code-absent', field: RESPONSE_CODE, message: 'the response has no response code (field 39)' });
  return problems;
}

/** The type plus 10; a repeat (odd last digit) is answered as its first sending, or as itself. Empty: no request. */
function responseTypes(mti: string): readonly string[] {
  const task = Number(mti[2]);
  const origin = Number(mti[3]);
  if (task % 2 !== 0 || task > 4) return [];
  const head = `${mti.slice(0, 2)}${task + 1}`;
  return origin % 2 === 0 ? [head + origin] : [head + (origin - 1), head + origin];
}

function sameValue(one: FieldValue, other: FieldValue | undefined): boolean {
  if (typeof one === 'string' || typeof other === 'string' || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

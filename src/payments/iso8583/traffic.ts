/** What the log of a switch says about its line to the other side: answers by code, silence, link, latency. Pure. */

import { type Concentration, findConcentrations } from './concentration.ts';

/** One line of the log, as far as it was understood. */
export interface TrafficLine {
  /** Epoch ms. */
  readonly at: number;
  /** DE39 of an answer to a payment. */
  readonly code?: string;
  readonly bin?: string;
  readonly terminal?: string;
  readonly merchant?: string;
  readonly stan?: number;
  readonly ms?: number;
  readonly event?: LinkEvent;
}

export type LinkEvent =
  | 'connected'
  | 'refused'
  | 'timed-out'
  | 'lost'
  | 'echo-answered'
  | 'echo-refused'
  | 'unanswered'
  | 'undecodable'
  | 'mac-failed'
  | 'late';

export interface CodeCount {
  readonly code: string;
  readonly count: number;
  /** In the window of the same length before. */
  readonly before: number;
  readonly medianMs: number | null;
}

export interface TrafficSummary {
  readonly transactions: number;
  readonly transactionsBefore: number;
  readonly approved: number;
  readonly approvedBefore: number;
  /** Most frequent first, approvals left out. */
  readonly codes: readonly CodeCount[];
  readonly events: Readonly<Record<LinkEvent, number>>;
  /** Whether the line stands, by its last event; unknown when the log never tells. */
  readonly link: 'up' | 'down' | 'unknown';
  readonly linkEvent: LinkEvent | '';
  /** How often the line was lost or not established, and came back. */
  readonly flaps: number;
  /** Echoes and payments without an answer since the last answer of any kind. */
  readonly silentNow: number;
  readonly medianMs: number | null;
  readonly medianMsBefore: number | null;
  /** Of echoes: a switch that does not note how long its payments take often notes it of these. */
  readonly echoMs: number | null;
  readonly concentrations: readonly Concentration[];
  /** Trace numbers that were skipped: messages that the log does not have. */
  readonly stanGaps: number;
  readonly lastAnswerAt: number | null;
  /** The last answer of any kind, echoes too. */
  readonly heardAt: number | null;
  readonly firstBadAt: number | null;
}

/** Approvals of ISO 8583:1987 and of China UnionPay (A2 and A4 to A6: approved, to be reconciled). */
const APPROVED: ReadonlySet<string> = new Set(['00', '08', '10', '11', '16', 'A2', 'A4', 'A5', 'A6']);
const EVENTS: readonly LinkEvent[] = [
  'connected',
  'refused',
  'timed-out',
  'lost',
  'echo-answered',
  'echo-refused',
  'unanswered',
  'undecodable',
  'mac-failed',
  'late',
];
/** The whole class of 1993. */
const APPROVED_1993 = /^(?:0\d\d|400)$/;
const DOWN: ReadonlySet<LinkEvent> = new Set(['refused', 'timed-out', 'lost']);

/** The action codes 8xx of 1993 accept a message of network management. */
export function isAcceptedEcho(code: string): boolean {
  return isApproved(code) || /^8\d\d$/.test(code);
}

function isApproved(code: string): boolean {
  return APPROVED.has(code.toUpperCase()) || APPROVED_1993.test(code);
}

/** `from` splits the lines into the window and the one before it. */
export function summariseTraffic(lines: readonly TrafficLine[], from: number): TrafficSummary {
  const inside = lines.filter(({ at }) => at >= from);
  const before = lines.filter(({ at }) => at < from);
  const answers = inside.filter(hasCode);
  const answersBefore = before.filter(hasCode);
  return {
    transactions: answers.length,
    transactionsBefore: answersBefore.length,
    approved: answers.filter(({ code }) => isApproved(code)).length,
    approvedBefore: answersBefore.filter(({ code }) => isApproved(code)).length,
    codes: countCodes(answers, answersBefore),
    events: Object.fromEntries(
      EVENTS.map((event) => [event, inside.filter((line) => line.event === event).length]),
    ) as TrafficSummary['events'],
    ...describeLink(lines, inside),
    medianMs: medianMs(answers),
    medianMsBefore: medianMs(answersBefore),
    echoMs: medianMs(inside.filter(({ event }) => isEcho(event))),
    concentrations: findConcentrations(answers.map((answer) => ({ ...answer, isFailure: !isApproved(answer.code) }))),
    stanGaps: countGaps(inside),
    lastAnswerAt: answers.at(-1)?.at ?? null,
    heardAt: inside.findLast(isAnswer)?.at ?? null,
    firstBadAt:
      inside.find(({ code, event }) => (code !== undefined && !isApproved(code)) || (event !== undefined && isBad(event)))?.at ?? null,
  };
}

type Answer = TrafficLine & { readonly code: string };

function hasCode(line: TrafficLine): line is Answer {
  return line.code !== undefined;
}

function isBad(event: LinkEvent): boolean {
  return event !== 'connected' && event !== 'echo-answered';
}

function countCodes(answers: readonly Answer[], before: readonly Answer[]): readonly CodeCount[] {
  const codes = [...new Set(answers.map(({ code }) => code))].filter((code) => !isApproved(code));
  return codes
    .map((code) => {
      const own = answers.filter((answer) => answer.code === code);
      return { code, count: own.length, before: before.filter((answer) => answer.code === code).length, medianMs: medianMs(own) };
    })
    .sort((one, other) => other.count - one.count);
}

function medianMs(lines: readonly TrafficLine[]): number | null {
  const times = lines.flatMap(({ ms }) => (ms === undefined ? [] : [ms])).sort((one, other) => one - other);
  return times[times.length >> 1] ?? null;
}

type Link = Pick<TrafficSummary, 'link' | 'linkEvent' | 'flaps' | 'silentNow'>;

/** The state needs the whole past: a line that came up before the window is still up. */
function describeLink(lines: readonly TrafficLine[], inside: readonly TrafficLine[]): Link {
  const told = lines.flatMap(({ event }) => (event === undefined ? [] : [event]));
  const last = told.findLast((event) => DOWN.has(event) || event === 'connected' || isEcho(event));
  const downs = inside.flatMap(({ event }) => (event !== undefined && (DOWN.has(event) || event === 'connected') ? [event] : []));
  const flaps = downs.filter((event, index) => DOWN.has(event) && downs[index + 1] === 'connected').length;
  const lastGood = inside.findLastIndex(isAnswer);
  const silentNow = inside.slice(lastGood + 1).filter(({ event }) => event === 'unanswered').length;
  return { link: last === undefined ? 'unknown' : DOWN.has(last) ? 'down' : 'up', linkEvent: last ?? '', flaps, silentNow };
}

/** A code that the switch put in for want of an answer stands beside the event. */
function isAnswer({ code, event }: TrafficLine): boolean {
  return isEcho(event) || (code !== undefined && event === undefined);
}

function isEcho(event: LinkEvent | undefined): boolean {
  return event === 'echo-answered' || event === 'echo-refused';
}

/** Numbers run from 1 to 999999 and begin again; a jump of more than a hundred is another counter, not a gap. */
function countGaps(lines: readonly TrafficLine[]): number {
  const stans = lines.flatMap(({ stan }) => (stan === undefined ? [] : [stan]));
  return stans.reduce((gaps, stan, index) => {
    const step = index === 0 ? 1 : stan - (stans[index - 1] as number);
    return gaps + (step > 1 && step <= 100 ? step - 1 : 0);
  }, 0);
}

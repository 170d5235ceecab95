/** What a drill was worth: causes, evidence, path, risks, notices, remedy and time, against the expert's own path. Pure. */
import { PHASES, type Phase } from '../checks/check.ts';
import type { Text } from '../ports.ts';
import { causeOf, type Drill, type DrillState, type Move, moveOf, playDrill, type Taken } from './drill.ts';

export const PARTS = { causes: 30, evidence: 10, path: 10, risk: 20, notices: 10, remedy: 10, time: 10 } as const;
export type Part = keyof typeof PARTS;

export interface DrillScore {
  /** 0 to 1. */
  readonly score: number;
  readonly parts: readonly { readonly id: Part; readonly points: number; readonly of: number }[];
  readonly phases: readonly { readonly id: Phase; readonly minutes: number; readonly expert: number }[];
  readonly wrongTurns: readonly Remark[];
  readonly risky: readonly Remark[];
  readonly missed: readonly Remark[];
  readonly causes: { readonly declared: readonly string[]; readonly right: readonly string[] };
  readonly minutes: number;
  readonly expertMinutes: number;
  /** The expert's path, each step with the minute and why. */
  readonly debrief: readonly DebriefStep[];
}

export interface Remark {
  readonly word: string;
  readonly kind: 'idle' | 'again' | 'guess' | 'wrong-cause' | 'unneeded' | 'forbidden' | 'late' | 'missing';
  /** Looks that were missing, of a guess. */
  readonly unseen: readonly string[];
  readonly text?: Text;
}

export interface DebriefStep {
  readonly word: string;
  readonly atMinute: number;
  readonly title: Text;
  readonly why?: Text;
  readonly taken: boolean;
}

/** Looks beside the expert's that cost time and nothing else. */
const FREE_LOOKS = 2;
const PER_WRONG_TURN = 0.25;

export function scoreDrill(drill: Drill, state: DrillState): DrillScore {
  const expert = playDrill(drill, drill.expert).state;
  const wrongTurns = findWrongTurns(drill, state);
  const risky = findRisks(drill, state);
  const missed = findMissed(drill, state);
  const remedied = shareOf(
    actsOf(drill, drill.expert).map(({ id }) => id),
    state,
  );
  const validated = state.taken.at(-1)?.word === 'over' && endsGood(drill, state);
  const shares: Readonly<Record<Part, number>> = {
    causes: causesShare(drill, state),
    evidence: evidenceShare(drill, state),
    path: state.taken.length < 2 ? 0 : 1 - PER_WRONG_TURN * wrongTurns.length,
    risk: state.taken.length < 2 ? 0 : 1 - risky.reduce((sum, { kind }) => sum + (kind === 'forbidden' ? 1 : 0.5), 0),
    notices: noticesShare(drill, missed),
    remedy: 0.7 * remedied + (validated && remedied > 0 ? 0.3 : 0),
    time: state.minute === 0 ? 0 : remedied * Math.min(1, expert.minute / state.minute),
  };
  const parts = (Object.keys(PARTS) as Part[]).map((id) => ({ id, points: points(shares[id] * PARTS[id]), of: PARTS[id] }));
  return {
    score: Math.round(parts.reduce((sum, part) => sum + part.points, 0)) / 100,
    parts,
    phases: PHASES.map((id) => ({ id, minutes: minutesIn(state.taken, id), expert: minutesIn(expert.taken, id) })),
    ...{ wrongTurns, risky, missed },
    causes: { declared: state.declared, right: drill.right },
    minutes: points(state.minute),
    expertMinutes: points(expert.minute),
    debrief: expert.taken.map(({ word, atMinute }) => debriefStep(drill, state, word, atMinute)),
  };
}

function points(value: number): number {
  return Math.max(0, Math.round(value * 10) / 10);
}

function minutesIn(taken: readonly Taken[], phase: Phase): number {
  return points(taken.filter((each) => each.phase === phase).reduce((sum, { minutes }) => sum + minutes, 0));
}

function causesShare({ right }: Drill, { declared }: DrillState): number {
  const found = declared.filter((id) => right.includes(id)).length;
  return Math.max(0, (found - 0.5 * (declared.length - found)) / right.length);
}

/** Of the expert's looks those that were taken before the first cause was named. */
function evidenceShare(drill: Drill, { taken }: DrillState): number {
  const needed = [...new Set(lookWordsBefore(drill, drill.expert))];
  const words = taken.map(({ word }) => word);
  const first = words.findIndex((word) => causeOf(word) !== undefined);
  const before = new Set(first < 0 ? words : words.slice(0, first));
  return needed.length === 0 ? 1 : needed.filter((word) => before.has(word)).length / needed.length;
}

function lookWordsBefore(drill: Drill, words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => causeOf(word) !== undefined);
  return words.slice(0, first < 0 ? words.length : first).filter((word) => moveOf(drill, word)?.kind === 'look');
}

function actsOf(drill: Drill, words: readonly string[]): readonly Move[] {
  return words.flatMap((word) => moveOf(drill, word) ?? []).filter(({ kind }) => kind === 'act');
}

function shareOf(wanted: readonly string[], { taken }: DrillState): number {
  if (wanted.length === 0) return 1;
  return wanted.filter((id) => taken.some(({ word }) => word === id)).length / wanted.length;
}

/** The last look at the entry came after the last act, and was good. */
function endsGood(drill: Drill, { taken }: DrillState): boolean {
  const lastAct = taken.findLastIndex(({ word }) => moveOf(drill, word)?.kind === 'act');
  const look = taken.findLastIndex(({ word }) => word === drill.entry);
  const status = taken[look]?.seen?.status;
  return look > lastAct && (status === 'ok' || status === 'warn');
}

function findWrongTurns(drill: Drill, { taken }: DrillState): Remark[] {
  const idle = [...new Set(taken.map(({ word }) => word))].filter(
    (word) => moveOf(drill, word)?.kind === 'look' && !drill.expert.includes(word),
  );
  return [
    ...idle.slice(FREE_LOOKS).map((word): Remark => ({ word, kind: 'idle', unseen: [] })),
    ...taken.filter(({ again }) => again).map(({ word }): Remark => ({ word, kind: 'again', unseen: [] })),
    ...taken
      .filter(({ word, unseen }) => unseen.length > 0 && drill.expert.includes(word))
      .map(({ word, unseen }): Remark => ({ word, kind: 'guess', unseen })),
    ...taken
      .filter(({ word }) => causeOf(word) !== undefined && !drill.right.includes(causeOf(word) ?? ''))
      .map(({ word }): Remark => ({ word, kind: 'wrong-cause', unseen: [] })),
    ...unneeded(drill, taken)
      .filter(({ risk, forbidden }) => risk === 'low' && !forbidden)
      .map(({ id }): Remark => ({ word: id, kind: 'unneeded', unseen: [] })),
  ];
}

function findRisks(drill: Drill, { taken }: DrillState): Remark[] {
  return unneeded(drill, taken)
    .filter(({ risk, forbidden }) => risk === 'high' || forbidden)
    .map(({ id, forbidden }) => ({
      word: id,
      kind: forbidden ? ('forbidden' as const) : ('unneeded' as const),
      unseen: [],
      ...(forbidden && { text: forbidden }),
    }));
}

function unneeded(drill: Drill, taken: readonly Taken[]): readonly Move[] {
  return [
    ...new Set(
      actsOf(
        drill,
        taken.map(({ word }) => word),
      ),
    ),
  ].filter(({ id }) => !drill.expert.includes(id));
}

function noticesOf(drill: Drill): readonly Move[] {
  return drill.moves.filter(({ kind, id }) => kind === 'tell' && drill.expert.includes(id));
}

function findMissed(drill: Drill, { taken }: DrillState): Remark[] {
  return noticesOf(drill).flatMap(({ id, within }): Remark[] => {
    const told = taken.find(({ word }) => word === id);
    if (!told) return [{ word: id, kind: 'missing', unseen: [] }];
    return within !== undefined && told.atMinute + told.minutes > within ? [{ word: id, kind: 'late', unseen: [] }] : [];
  });
}

function noticesShare(drill: Drill, missed: readonly Remark[]): number {
  const notices = noticesOf(drill).length;
  if (notices === 0) return 1;
  return 1 - missed.reduce((sum, { kind }) => sum + (kind === 'late' ? 0.5 : 1), 0) / notices;
}

function debriefStep(drill: Drill, state: DrillState, word: string, atMinute: number): DebriefStep {
  const move = moveOf(drill, word);
  const cause = drill.causes.find(({ id }) => id === causeOf(word));
  return {
    word,
    atMinute: points(atMinute),
    title: move?.title ?? cause?.title ?? { en: 'It is over', 'zh-CN': '故障结束' },
    ...(move?.why && { why: move.why }),
    taken: state.taken.some((each) => each.word === word),
  };
}

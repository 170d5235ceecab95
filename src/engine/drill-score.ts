/** What a drill was worth: causes, evidence, path, risks, notices, remedy and time, against the expert's own path. Pure. */
import { PHASES, type Phase } from '../checks/check.ts';
import type { Text } from '../ports.ts';
import {
  CAUSE,
  causeOf,
  type Drill,
  type DrillState,
  type Move,
  moveOf,
  OVER,
  playDrill,
  type Seen,
  type Taken,
  titleOf,
} from './drill.ts';

export const PARTS = { causes: 25, evidence: 10, path: 10, risk: 20, notices: 10, remedy: 15, time: 10 } as const;
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
  readonly kind: 'idle' | 'again' | 'guess' | 'wrong-cause' | 'unneeded' | 'forbidden' | 'late' | 'missing' | 'undone' | 'not-well';
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
/** What an act is worth that was done before what it needs was looked at: it helped by luck. */
const LUCKY = 0.5;
/** Share of the expert's looks after which naming a cause is no guess; the entry says only that there is an incident. */
const GROUND = 0.5;

export function scoreDrill(drill: Drill, state: DrillState): DrillScore {
  const expert = playDrill(drill, drill.expert).state;
  const wrongTurns = findWrongTurns(drill, state);
  const risky = findRisks(drill, state);
  const missed = findMissed(drill, state);
  const remedied = remediedShare(drill, state);
  // Who did nothing took no wrong turn and no risk, and lost no time: that is worth something only as far as the incident was dealt with.
  const shares: Readonly<Record<Part, number>> = {
    causes: causesShare(drill, state),
    evidence: evidenceShare(drill, state),
    path: remedied * Math.max(0, 1 - PER_WRONG_TURN * wrongTurns.length),
    risk: remedied * Math.max(0, 1 - risky.reduce((sum, { kind }) => sum + (kind === 'unneeded' ? 0.5 : 1), 0)),
    notices: noticesShare(drill, missed),
    remedy: remedied * (endsWell(drill, state) ? 1 : 0.7),
    time: state.minute === 0 ? 0 : remedied * Math.min(1, expert.minute / state.minute),
  };
  const parts = (Object.keys(PARTS) as Part[]).map((id) => ({ id, points: points(shares[id] * PARTS[id]), of: PARTS[id] }));
  return {
    score: Math.round(parts.reduce((sum, part) => sum + part.points, 0)) / 100,
    parts,
    phases: PHASES.map((id) => ({ id, minutes: minutesIn(state.taken, id), expert: minutesIn(expert.taken, id) })),
    ...{ wrongTurns, risky, missed: [...missed, ...findUndone(drill, state)] },
    causes: { declared: state.declared, right: drill.right },
    minutes: points(state.minute),
    expertMinutes: points(expert.minute),
    debrief: expert.taken.map((_, index) => debriefStep(drill, state, expert.taken, index)),
  };
}

function points(value: number): number {
  return Math.max(0, Math.round(value * 10) / 10);
}

function minutesIn(taken: readonly Taken[], phase: Phase): number {
  return points(taken.filter((each) => each.phase === phase).reduce((sum, { minutes }) => sum + minutes, 0));
}

/** Each right one counts as far as it was looked for first; naming them all, or at random, is worth nothing. */
function causesShare(drill: Drill, { declared, taken }: DrillState): number {
  const { right, causes } = drill;
  const found = declared
    .filter((id) => right.includes(id))
    .reduce((sum, id) => sum + Math.min(1, seenShare(groundsOf(drill, id), wordsBefore(taken, id)) / GROUND), 0);
  const wrong = declared.filter((id) => !right.includes(id)).length;
  const rivals = causes.length - right.length;
  return found / right.length - (wrong === 0 ? 0 : Math.max(wrong / rivals, (0.5 * wrong) / right.length));
}

/** Of the expert's looks those that were taken before the first cause was named. */
function evidenceShare(drill: Drill, { taken }: DrillState): number {
  return seenShare(looksBefore(drill), wordsBefore(taken));
}

function seenShare(looks: readonly string[], words: readonly string[]): number {
  return looks.length === 0 ? 1 : looks.filter((look) => words.includes(look)).length / looks.length;
}

function groundsOf(drill: Drill, cause: string): readonly string[] {
  return looksBefore(drill, cause).filter((word) => word !== drill.entry);
}

/** The expert's looks before that cause, or before the first one. */
function looksBefore(drill: Drill, cause?: string): readonly string[] {
  const { taken } = playDrill(drill, drill.expert).state;
  return [...new Set(wordsBefore(taken, cause))].filter((word) => moveOf(drill, word)?.kind === 'look');
}

function wordsBefore(taken: readonly Taken[], cause?: string): readonly string[] {
  const words = taken.map(({ word }) => word);
  const named = words.findIndex((word) => (cause === undefined ? causeOf(word) !== undefined : causeOf(word) === cause));
  return named < 0 ? words : words.slice(0, named);
}

function actsOf(drill: Drill, words: readonly string[]): readonly Move[] {
  return words.flatMap((word) => moveOf(drill, word) ?? []).filter(({ kind }) => kind === 'act');
}

/** Of the expert's acts those that were done, and done knowingly. */
function remediedShare(drill: Drill, { taken }: DrillState): number {
  const wanted = [...new Set(actsOf(drill, drill.expert))];
  const worth = wanted.map(({ id }): number => {
    const done = taken.find(({ word }) => word === id);
    return done ? (done.unseen.length > 0 ? LUCKY : 1) : 0;
  });
  return wanted.length === 0 ? Number(endsWell(drill, { taken })) : worth.reduce((sum, each) => sum + each, 0) / wanted.length;
}

function lastActOf(drill: Drill, taken: readonly Taken[]): number {
  return taken.findLastIndex(({ word }) => moveOf(drill, word)?.kind === 'act');
}

/** What repairs it and was left out. */
function findUndone(drill: Drill, { taken }: DrillState): Remark[] {
  const wanted = new Set(actsOf(drill, drill.expert).map(({ id }) => id));
  return [...wanted].filter((id) => !taken.some(({ word }) => word === id)).map((word) => ({ word, kind: 'undone', unseen: [] }));
}

/** Said to be over after a look at the entry that came after the last act, and was good. */
function endsWell(drill: Drill, { taken }: Pick<DrillState, 'taken'>): boolean {
  const lastAct = lastActOf(drill, taken);
  const look = taken.findLastIndex(({ word }) => word === drill.entry);
  return taken.at(-1)?.word === OVER && look > lastAct && isWell(taken[look]?.seen);
}

function findWrongTurns(drill: Drill, { taken, declared }: DrillState): Remark[] {
  const idle = [...new Set(taken.map(({ word }) => word))].filter(
    (word) => moveOf(drill, word)?.kind === 'look' && !drill.expert.includes(word),
  );
  return [
    ...idle.slice(FREE_LOOKS).map((word): Remark => ({ word, kind: 'idle', unseen: [] })),
    ...taken.filter(({ again }) => again).map(({ word }): Remark => ({ word, kind: 'again', unseen: [] })),
    ...taken
      .filter(({ word, unseen }) => unseen.length > 0 && drill.expert.includes(word))
      .map(({ word, unseen }): Remark => ({ word, kind: 'guess', unseen })),
    ...declared.flatMap((id) => guessed(drill, taken, id)),
    ...taken
      .filter(({ word }) => causeOf(word) !== undefined && !drill.right.includes(causeOf(word) ?? ''))
      .map(({ word }): Remark => ({ word, kind: 'wrong-cause', unseen: [] })),
    ...unneeded(drill, taken)
      .filter(({ risk, forbidden }) => risk === 'low' && !forbidden)
      .map(({ id }): Remark => ({ word: id, kind: 'unneeded', unseen: [] })),
  ];
}

/** A right cause that was named before half of what shows it was looked at. */
function guessed(drill: Drill, taken: readonly Taken[], id: string): Remark[] {
  if (!drill.right.includes(id)) return [];
  const looks = groundsOf(drill, id);
  const words = wordsBefore(taken, id);
  if (seenShare(looks, words) >= GROUND) return [];
  return [{ word: `${CAUSE}${id}`, kind: 'guess', unseen: looks.filter((look) => !words.includes(look)) }];
}

function findRisks(drill: Drill, { taken, shown, over }: DrillState): Remark[] {
  const acts = unneeded(drill, taken)
    .filter(({ risk, forbidden }) => risk === 'high' || forbidden)
    .map(
      ({ id, forbidden }): Remark => ({
        word: id,
        kind: forbidden ? 'forbidden' : 'unneeded',
        unseen: [],
        ...(forbidden && { text: forbidden }),
      }),
    );
  return over && !isWell(shown[drill.entry]) ? [...acts, { word: OVER, kind: 'not-well', unseen: [] }] : acts;
}

function isWell(seen: Seen | undefined): boolean {
  return seen?.status === 'ok' || seen?.status === 'warn';
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

function debriefStep(drill: Drill, state: DrillState, path: readonly Taken[], index: number): DebriefStep {
  const { word, atMinute } = path[index] as Taken;
  const move = moveOf(drill, word);
  // What the expert does three times was not done by who did it once; a look at the end is not the one at the beginning.
  const [lastAct, ownLastAct] = [path, state.taken].map((each) => lastActOf(drill, each)) as [number, number];
  const isLastLook = word === drill.entry && lastAct >= 0 && index > lastAct;
  const after = ownLastAct < 0 ? [] : state.taken.slice(ownLastAct + 1);
  const before = word === drill.entry && lastAct >= 0 && ownLastAct >= 0 ? state.taken.slice(0, ownLastAct) : state.taken;
  const own = isLastLook ? after : before;
  const theirs = path.slice(isLastLook ? lastAct + 1 : 0, index + 1);
  const times = (taken: readonly Taken[]): number => taken.filter((each) => each.word === word).length;
  return {
    word,
    atMinute: points(atMinute),
    title: titleOf(drill, word),
    ...(move?.why && { why: move.why }),
    taken: times(own) >= times(theirs),
  };
}

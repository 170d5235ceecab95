/** An incident that is over, played again move by move. Pure: the same moves at the same minutes give the same state. */
import type { Phase, Status } from '../checks/check.ts';
import type { Text } from '../ports.ts';

export interface Seen {
  /** Of a look; absent for what is done or told. */
  readonly status?: Status;
  readonly says: Text;
}

export interface Move {
  readonly id: string;
  readonly kind: 'look' | 'act' | 'tell';
  readonly title: Text;
  readonly phase: Phase;
  /** What it costs on the clock of the incident. */
  readonly minutes: number;
  readonly seen: Seen;
  /** Why an expert does it here; shown in the debrief. */
  readonly why?: Text;
  /** Looks without which an act is a guess. */
  readonly needs: readonly string[];
  /** Of an act that was not needed. */
  readonly risk: 'low' | 'high';
  /** Why it must not be done, whoever asks. */
  readonly forbidden?: Text;
  /** Of a notice: minutes from the start within which it is in time. */
  readonly within?: number;
  /** What looks show from then on. */
  readonly changes: Readonly<Record<string, Seen>>;
}

export interface Drill {
  readonly id: string;
  readonly kind: 'recorded' | 'simulated';
  readonly title: Text;
  /** Where the incident is told. */
  readonly from: string;
  /** Epoch ms. */
  readonly at: number;
  readonly story: Text;
  /** The look that says whether customers are served. */
  readonly entry: string;
  readonly moves: readonly Move[];
  readonly causes: readonly { readonly id: string; readonly title: Text }[];
  readonly right: readonly string[];
  /** The path of an expert, in words of `DrillWord`. */
  readonly expert: readonly string[];
  readonly trap: Text;
  readonly lesson: Text;
}

/** `MOVE`, `cause:ID` or `over`. */
export type DrillWord = string;

export const OVER = 'over';
export const CAUSE = 'cause:';
const DECLARE_MINUTES = 1;

export interface Taken {
  readonly word: DrillWord;
  readonly phase: Phase;
  /** When it was chosen and what it took, thinking included. */
  readonly atMinute: number;
  readonly minutes: number;
  readonly seen?: Seen;
  /** What had not been looked at when it was done. */
  readonly unseen: readonly string[];
  /** A look that showed what it had shown before. */
  readonly again: boolean;
}

export interface DrillState {
  readonly taken: readonly Taken[];
  readonly minute: number;
  readonly shown: Readonly<Record<string, Seen>>;
  readonly declared: readonly string[];
  readonly over: boolean;
}

export function beginDrill(drill: Drill): DrillState {
  const shown = Object.fromEntries(drill.moves.map(({ id, seen }) => [id, seen]));
  return { taken: [], minute: 0, shown, declared: [], over: false };
}

/** undefined: there is no such move, or it is over. */
export function takeMove(drill: Drill, state: DrillState, word: DrillWord, thoughtMinutes = 0): DrillState | undefined {
  if (state.over) return undefined;
  if (word === OVER) return { ...take(state, { word, phase: 'validate', minutes: thoughtMinutes }), over: true };
  const cause = causeOf(word);
  if (cause !== undefined) {
    if (!drill.causes.some(({ id }) => id === cause)) return undefined;
    const next = take(state, { word, phase: 'verify', minutes: DECLARE_MINUTES + thoughtMinutes });
    return { ...next, declared: [...new Set([...state.declared, cause])] };
  }
  const move = drill.moves.find(({ id }) => id === word);
  if (!move) return undefined;
  const seen = state.shown[word] ?? move.seen;
  const before = state.taken.findLast((each) => each.word === word);
  const next = take(state, {
    word,
    phase: isValidation(drill, state, word) ? 'validate' : move.phase,
    minutes: move.minutes + thoughtMinutes,
    seen,
    unseen: move.needs.filter((id) => !state.taken.some((each) => each.word === id)),
    again: move.kind === 'look' && before?.seen === seen && word !== drill.entry,
  });
  return { ...next, shown: { ...state.shown, ...move.changes } };
}

function take(
  state: DrillState,
  { unseen = [], again = false, ...rest }: Pick<Taken, 'word' | 'phase' | 'minutes'> & Partial<Taken>,
): DrillState {
  const taken: Taken = { ...rest, atMinute: state.minute, unseen, again };
  return { ...state, taken: [...state.taken, taken], minute: state.minute + rest.minutes };
}

/** The entry looked at again after something was done about it. */
function isValidation(drill: Drill, { taken }: DrillState, word: string): boolean {
  return word === drill.entry && taken.some((each) => moveOf(drill, each.word)?.kind === 'act');
}

export function causeOf(word: DrillWord): string | undefined {
  return word.startsWith(CAUSE) ? word.slice(CAUSE.length) : undefined;
}

export function moveOf(drill: Drill, word: DrillWord): Move | undefined {
  return drill.moves.find(({ id }) => id === word);
}

export function titleOf(drill: Drill, word: DrillWord): Text {
  if (word === OVER) return { en: 'It is over: payments are well and stay so', 'zh-CN': '结束：支付已恢复且稳定' };
  return moveOf(drill, word)?.title ?? drill.causes.find(({ id }) => id === causeOf(word))?.title ?? { en: word };
}

/** All words at once, without thinking; stops at the first that is none. */
export function playDrill(drill: Drill, words: readonly DrillWord[]): { readonly state: DrillState; readonly refused?: DrillWord } {
  let state = beginDrill(drill);
  for (const word of words) {
    const next = takeMove(drill, state, word);
    if (!next) return { state, refused: word };
    state = next;
  }
  return { state };
}

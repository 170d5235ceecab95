/** Practise on an incident that is over: at a terminal move by move, or from a file; scored, debriefed, remembered. */
import { beginDrill, CAUSE, type Drill, type DrillState, moveOf, OVER, takeMove, titleOf } from '../engine/drill.ts';
import { type DrillScore, scoreDrill } from '../engine/drill-score.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { DrillRecord, Language, Operator, Question, Text } from '../ports.ts';
import { type DrillTextOptions, percent, renderDrillScore } from '../report/drill-text.ts';
import { escapeControl } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import { wordsIn } from '../report/words.ts';
import { listDrills, loadDrill } from './drill-load.ts';
import { readMoves, type WrittenMove } from './drill-moves.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

type DrillOptions = GlobalOptions & {
  readonly list?: boolean;
  readonly speed?: string;
  readonly seed?: string;
  readonly expert?: boolean;
};

/** Scores shown beside a drill. */
const TREND = 5;
const SEEDS = 1_000_000;
const MINUTE_MS = 60_000;

export async function drillCommand(services: Services, [name]: readonly string[], options: DrillOptions): Promise<number> {
  if (options.list || name === undefined) return await showList(services, options);
  const drill = await loadDrill(services, name);
  if (options.expert) {
    await services.out(`moves:\n${drill.expert.map((word) => `  - ${word}\n`).join('')}`);
    return ExitCode.healthy;
  }
  const { language } = policyOf(options, services);
  const seed = options.seed === undefined ? services.random.integer(SEEDS) : wholeNumber('--seed', options.seed);
  const speed = options.speed === undefined ? 1 : positiveNumber('--speed', options.speed);
  services.err(`${await atScreen(services, tellStart(drill, language), language)}\n`);
  const moves = await readMoves(services, options.answers);
  const words = [...shuffle(wordsOf(drill), seed), OVER];
  const known = { words, seeded: options.seed !== undefined, speed };
  const state = moves ? playScript(services, drill, moves, { ...known, language }) : await playLive(services, drill, options, known);
  if (!state) return services.interruption.aborted ? ExitCode.interrupted : ExitCode.aborted;
  const score = scoreDrill(drill, state);
  const scores = await services.drillScores(options.stateDir);
  const record: DrillRecord = {
    ...{ drill: drill.id, score: score.score, minutes: score.minutes, seed },
    at: new Date(services.clock.now().wallMs).toISOString(),
  };
  await scores.add(record);
  const trend = (await scores.read()).filter((each) => each.drill === drill.id).map((each) => percent(each.score));
  await services.out(
    options.json
      ? jsonLine(asJson({ drill, state, score, seed, speed, words, trend }), 2)
      : await tellScore(services, { drill, state, score, seed, trend: trend.slice(-TREND), language }),
  );
  return ExitCode.healthy;
}

// ---------------------------------------------------------------------------------------------- list

const KIND_ZH = { recorded: '实录', simulated: '模拟' } as const;

async function showList(services: Services, options: DrillOptions): Promise<number> {
  const { language } = policyOf(options, services);
  const drills = await listDrills(services);
  const records = await (await services.drillScores(options.stateDir)).read();
  const rows = drills.map(({ id, title, kind, from }) => {
    const scores = records.filter(({ drill }) => drill === id).map(({ score }) => score);
    const last = scores.at(-1);
    return { id, title, kind, from, runs: scores.length, ...(last !== undefined && { last, best: Math.max(...scores) }) };
  });
  const line = ({ id, title, kind, last, best }: (typeof rows)[number]): string => {
    const known = last === undefined ? '' : `  ${percent(last)} % (${language === 'zh-CN' ? '最好' : 'best'} ${percent(best ?? last)} %)`;
    return `${id.padEnd(30)} ${(language === 'en' ? kind : KIND_ZH[kind]).padEnd(language === 'en' ? 10 : 4)} ${title[language]}${known}\n`;
  };
  await services.out(options.json ? jsonLine(rows, 2) : rows.map(line).join(''));
  return ExitCode.healthy;
}

// ---------------------------------------------------------------------------------------------- playing

interface Table {
  /** What can be chosen, in the order that the seed gives. */
  readonly words: readonly string[];
  /** The seed was given, so that a number means the same move again. */
  readonly seeded: boolean;
  readonly speed: number;
}

function playScript(
  services: Services,
  drill: Drill,
  moves: readonly WrittenMove[],
  { words, seeded, speed, language }: Table & { readonly language: Language },
): DrillState {
  let state = beginDrill(drill);
  for (const { move, thoughtMs } of moves) {
    if (typeof move === 'number' && !seeded)
      throw usage(`the move ${move} is a number, and numbers are those of the list that --seed orders`, 'give --seed, or write the word');
    const word = typeof move === 'number' ? (words[move - 1] ?? String(move)) : move;
    const next = takeMove(drill, state, word, (thoughtMs / MINUTE_MS) * speed);
    if (!next && state.over) throw usage(`the move ${word} stands after "over"`, 'nothing can be done when it is over');
    if (!next) throw usage(`${drill.id} has no move ${word}`, `one of: ${[...wordsOf(drill), OVER].join(', ')}`);
    services.err(tellMove(drill, next, language));
    state = next;
  }
  return state;
}

/** undefined: the person left. */
async function playLive(services: Services, drill: Drill, options: DrillOptions, { words, speed }: Table): Promise<DrillState | undefined> {
  const policy = policyOf(options, services);
  const operator = await services.operator(policy, { file: {}, flags: {}, allowFix: [] });
  if (!operator.interactive)
    throw new OorError({
      code: 'needs-answers',
      message: 'a drill needs somebody who decides',
      hint: `write the moves into a file: oor drill ${drill.id} --expert shows its form; then --answers FILE`,
      exitCode: ExitCode.answerNeeded,
    });
  let state = beginDrill(drill);
  while (!state.over) {
    const asked = services.clock.now().monoMs;
    const word = await askMove(operator, drill, state, words, services.interruption);
    if (word === undefined) return undefined;
    const thought = ((services.clock.now().monoMs - asked) / MINUTE_MS) * speed;
    const next = takeMove(drill, state, word, thought);
    if (!next) continue;
    services.err(await atScreen(services, tellMove(drill, next, policy.language), policy.language));
    state = next;
  }
  return state;
}

async function askMove(
  operator: Operator,
  drill: Drill,
  state: DrillState,
  words: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const question: Question = {
    id: `move-${state.taken.length + 1}`,
    type: 'select',
    text: {
      en: `T+${Math.round(state.minute)} min: what next?`,
      'zh-CN': `第 ${Math.round(state.minute)} 分钟：下一步？`,
    },
    options: words.map((word) => ({ value: word, label: word === OVER ? titleOf(drill, OVER) : labelOf(drill, word) })),
    skippable: false,
    canGoBack: false,
    canMitigate: false,
  };
  for (;;) {
    const reply = await operator.ask(question, signal);
    if (reply.kind === 'answer') return String(reply.value);
    if (reply.kind === 'quit' || reply.kind === 'nobody') return undefined;
  }
}

const KIND_WORDS = {
  look: { en: 'look', 'zh-CN': '查看' },
  act: { en: 'do', 'zh-CN': '处置' },
  tell: { en: 'tell', 'zh-CN': '通知' },
} as const;

function labelOf(drill: Drill, word: string): Text {
  const move = moveOf(drill, word);
  const kind = move ? KIND_WORDS[move.kind] : { en: 'the cause is', 'zh-CN': '判定根因' };
  const title = titleOf(drill, word);
  const [en, zh] = move ? [` (${move.minutes} min)`, `（${move.minutes} 分钟）`] : ['', ''];
  return { en: `${kind.en}: ${title.en}${en}`, 'zh-CN': `${kind['zh-CN']}：${title['zh-CN'] ?? title.en}${zh}` };
}

function wordsOf({ moves, causes }: Drill): readonly string[] {
  return [...moves.map(({ id }) => id), ...causes.map(({ id }) => `${CAUSE}${id}`)];
}

/** The same order for the same seed, so that nobody learns the place of the right one. */
function shuffle(words: readonly string[], seed: number): readonly string[] {
  let state = (seed + 1) >>> 0;
  const next = (below: number): number => {
    // The generator of Numerical Recipes; its low bits repeat soon.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  const shuffled = [...words];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = next(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other] as string, shuffled[last] as string];
  }
  return shuffled;
}

function tellStart({ title, story, at }: Drill, language: Language): string {
  return `${title[language] ?? title.en}\n${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z\n${story[language] ?? story.en}\n`;
}

async function tellScore(services: Services, told: DrillTextOptions): Promise<string> {
  const text = renderDrillScore(told);
  return services.terminal.stdoutIsTTY ? await atScreen(services, text, told.language) : text;
}

async function atScreen({ terminal }: Services, text: string, language: Language): Promise<string> {
  return (await terminal.wrap?.(text, language)) ?? text;
}

function tellMove(drill: Drill, { taken }: DrillState, language: Language): string {
  const last = taken.at(-1);
  if (!last) return '';
  const label = last.word === OVER ? titleOf(drill, OVER) : labelOf(drill, last.word);
  const status = last.seen?.status ? `[${language === 'en' ? last.seen.status : wordsIn(language)(last.seen.status)}] ` : '';
  const says = last.seen ? `\n    ${status}${last.seen.says[language] ?? last.seen.says.en}` : '';
  return escapeControl(`  T+${Math.round(last.atMinute)} ${label[language] ?? label.en}${says}\n`);
}

// ---------------------------------------------------------------------------------------------- result

interface Played {
  readonly drill: Drill;
  readonly state: DrillState;
  readonly score: DrillScore;
  readonly seed: number;
  readonly speed: number;
  readonly words: readonly string[];
  readonly trend: readonly number[];
}

function asJson({ drill, state, score, seed, speed, words, trend }: Played): object {
  const { wrongTurns, expertMinutes, ...rest } = score;
  return {
    schema_version: 1,
    ...{ drill: drill.id, kind: drill.kind, seed, speed },
    options: words,
    ...rest,
    wrong_turns: wrongTurns,
    expert_minutes: expertMinutes,
    moves: state.taken.map(({ word, phase, atMinute, minutes, seen }) => ({
      ...{ word, phase, at_minute: atMinute, minutes },
      status: seen?.status ?? null,
    })),
    ...{ trap: drill.trap, lesson: drill.lesson, from: drill.from },
    trend,
  };
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usage(`${flag} takes a whole number, got ${text}`, `for example ${flag} 7`);
  return Number(text);
}

function positiveNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1000)) throw usage(`${flag} takes a number above 0 and up to 1000, got ${text}`, `for example ${flag} 2`);
  return value;
}

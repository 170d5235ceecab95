import type { Language, Question, Reply } from '../ports.ts';
import {
  type Asked,
  COMMANDS,
  type Command,
  type Dialogue,
  describeRange,
  isConsent,
  linesToShow,
  type Shown,
} from './terminal-dialogue.ts';
import { flow, truncate, wrap } from './terminal-layout.ts';
import type { Word } from './terminal-words.ts';

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  mark(text: string): string;
  warn(text: string): string;
}

export interface Screen {
  readonly language: Language;
  readonly ascii: boolean;
  readonly paint: Paint;
  readonly columns: number;
  readonly rows: number;
}

/** Does a line have to be typed now? Else single keys are taken. */
export function takesLine({ question }: Asked, dialogue: Dialogue): boolean {
  return dialogue.mode !== 'answer' || question.type === 'text' || question.type === 'number';
}

/** The question as it stands, without the line that is being typed. Never higher than the screen: what is higher cannot be redrawn. */
export function drawQuestion(asked: Asked, dialogue: Dialogue, screen: Screen): string[] {
  const { paint, language, columns } = screen;
  const above = [drawProgress(asked, screen), ...drawReason(asked, screen)].filter((line) => line !== '').map(paint.dim);
  const question = [...above, ...wrap(`? ${describeTask(asked)}`, columns, language, 2).map(paint.bold)];
  const below = [...drawMessage(dialogue, screen), ...drawKeys(asked, dialogue, screen).map(paint.dim)];
  const typing = takesLine(asked, dialogue);
  const room = screen.rows - 1 - question.length - below.length - (typing ? 1 : 0);
  const choices = typing ? [] : asked.choices;
  const help = dialogue.help ? listHelp(asked).flatMap((line) => wrap(`  ${line}`, columns, language, 4)) : [];
  const shownHelp = help.slice(0, Math.max(0, room - Math.min(choices.length, 3)));
  const shownChoices = drawChoices(choices, dialogue, { ...screen, rows: room - shownHelp.length });
  const table = drawTable(asked, columns, Math.min(MOST_TABLE_ROWS, room - shownHelp.length - shownChoices.length - FREE_ROWS));
  return [...table, ...question, ...shownHelp, ...shownChoices, ...below];
}

/** Above a question, so that it stays what the eye finds. */
const MOST_TABLE_ROWS = 16;
/** What scrolled by before stays in sight. */
const FREE_ROWS = 2;

/** The checks behind the question, as many as there is room for. */
export function drawTable({ question: { background } }: Asked, columns: number, rows: number): readonly string[] {
  return rows > 0 ? (background?.table(columns, rows) ?? []) : [];
}

/** The one line that stays when the question is done. */
export function drawClosing(asked: Asked, reply: Reply, { language, ascii, paint, columns }: Screen): string[] {
  const [symbol, text] = describeReply(asked, reply, ascii);
  return wrap(`${symbol} ${describeTask(asked)}  ${paint.mark(text)}`, columns, language, 2);
}

/** What a key asked for, to stay on the screen. */
export function drawShown(asked: Asked, shown: Shown, { columns, language }: Screen): string[] {
  return linesToShow(asked, shown).flatMap((line) => wrap(line, columns, language, 4));
}

/** How far the checks behind the question are; one line. */
export function drawProgress({ question: { background }, makeSafe }: Asked, { columns, language }: Screen): string {
  return truncate(makeSafe(background?.progress(columns) ?? '').replaceAll('\n', ' '), columns, language);
}

function drawReason({ question: { background }, makeSafe }: Asked, { columns, language }: Screen): string[] {
  const reason = makeSafe(background?.reason() ?? '').replaceAll('\n', ' ');
  return reason === '' ? [] : wrap(reason, columns, language, 2);
}

/** The question with the bounds of its number. */
export function describeTask({ question, text, say }: Asked): string {
  const range = question.type === 'number' ? describeRange(question, say).trim() : '';
  return range ? `${text} (${range})` : text;
}

/** What is said before a typed line, by mode. */
export function describeInput(asked: Asked, mode: Dialogue['mode']): string[] {
  const { question, mustEqual, say } = asked;
  if (mode === 'note') return [say(question.type === 'confirm' ? 'askNoteOrNo' : 'askNote')];
  if (mode === 'reason') return [say(isConsent(asked) ? 'askWhyNot' : 'askReason')];
  return mustEqual === undefined ? [] : [say('typeExactly', { text: mustEqual }), say('enterIsNo')];
}

/** The keys that do something at this question, ready to be laid out. */
export function listKeys(asked: Asked, how: Word): string[] {
  return [asked.say(how), ...commandsAt(asked).map((command) => asked.say(wordOf(command, asked), keyOf(asked, command)))];
}

export function listHelp(asked: Asked): string[] {
  const { question, help, say } = asked;
  return [
    ...(help ? help.split('\n') : []),
    ...commandsAt(asked).flatMap((command) => (command === '?' ? [] : [say(helpOf(command, asked), keyOf(asked, command))])),
    ...(question.type === 'text' ? [say('helpColon')] : []),
  ];
}

function commandsAt({ question }: Asked): Command[] {
  const able: Partial<Readonly<Record<Command, boolean>>> = {
    b: question.canGoBack,
    s: question.skippable || isConsent({ question }),
    m: question.canMitigate,
    i: question.background !== undefined,
    w: question.background !== undefined,
  };
  return COMMANDS.filter((command) => able[command] ?? true);
}

/** In a text every letter may be an answer. */
function keyOf({ question }: Asked, command: Command): { readonly key: string } {
  return { key: question.type === 'text' ? `:${command}` : command };
}

function wordOf(command: Command, asked: Asked): Word {
  const listsNotKnowing = asked.question.type === 'select' || asked.question.type === 'confirm';
  if (command !== 's') return KEY_WORDS[command];
  return isConsent(asked) ? 'keyDecline' : listsNotKnowing ? 'keySkip' : 'keyNotKnowing';
}

function helpOf(command: Exclude<Command, '?'>, asked: Asked): Word {
  return command === 's' && isConsent(asked) ? 'helpDecline' : HELP_WORDS[command];
}

const KEY_WORDS: Readonly<Record<Command, Word>> = {
  '?': 'keyHelp',
  b: 'keyBack',
  n: 'keyNote',
  s: 'keySkip',
  m: 'keyMitigate',
  i: 'keyStatus',
  w: 'keyWhy',
  q: 'keyQuit',
};

const HELP_WORDS: Readonly<Record<Exclude<Command, '?'>, Word>> = {
  b: 'helpBack',
  n: 'helpNote',
  s: 'helpSkip',
  m: 'helpMitigate',
  i: 'helpStatus',
  w: 'helpWhy',
  q: 'helpQuit',
};

function drawMessage({ message }: Dialogue, { columns, language, paint }: Screen): string[] {
  return message ? wrap(`! ${message}`, columns, language, 2).map(paint.warn) : [];
}

function drawKeys(asked: Asked, dialogue: Dialogue, { columns, language }: Screen): string[] {
  const input = takesLine(asked, dialogue)
    ? describeInput(asked, dialogue.mode).flatMap((line) => wrap(`  ${line}`, columns, language, 2))
    : [];
  if (dialogue.mode !== 'answer') return input;
  const keys = listKeys(asked, HOW[asked.question.type]);
  return [...input, ...flow(keys, columns - 2, language).map((line) => `  ${line}`)];
}

const HOW: Readonly<Record<Question['type'], Word>> = { select: 'keyMove', confirm: 'keyMove', text: 'keyType', number: 'keyNumber' };

function drawChoices(choices: Asked['choices'], { cursor }: Dialogue, screen: Screen): string[] {
  const { language, columns, ascii, paint, rows } = screen;
  const numberWidth = String(choices.length).length;
  const blocks = choices.map(({ label }, index) => {
    const pointer = index === cursor ? (ascii ? '>' : '\u276f') : ' ';
    const lines = wrap(`${pointer} ${String(index + 1).padStart(numberWidth)}  ${label}`, columns, language, numberWidth + 4);
    return index === cursor ? lines.map(paint.mark) : lines;
  });
  if (blocks.flat().length <= rows) return blocks.flat();
  const shown = Math.max(1, rows);
  const first = Math.max(0, Math.min(cursor - Math.floor(shown / 2), choices.length - shown));
  return blocks.slice(first, first + shown).map((lines, index) => {
    const more = (index === 0 && first > 0) || (index === shown - 1 && first + shown < choices.length);
    const line = lines.length > 1 ? `${lines[0] ?? ''}...` : (lines[0] ?? '');
    return more ? `${truncate(line, columns - 4, language)} ...` : truncate(line, columns, language);
  });
}

function describeReply({ question, choices, say, makeSafe }: Asked, reply: Reply, ascii: boolean): readonly [symbol: string, text: string] {
  const inLine = (text: string): string => makeSafe(text).replace(/\s+/g, ' ');
  switch (reply.kind) {
    case 'answer': {
      const refused = question.mustEqual !== undefined && reply.value !== question.mustEqual;
      const label = choices.find(({ value }) => value === reply.value)?.label ?? (refused ? say('no') : inLine(String(reply.value)));
      return [ascii ? '*' : '\u2714', label];
    }
    case 'skip':
      return ['-', say(isConsent({ question }) ? 'didDecline' : 'didSkip', { text: inLine(reply.reason) })];
    case 'note':
      return ['+', say('didNote', { text: inLine(reply.text) })];
    case 'back':
      return ['<', say('didBack')];
    case 'mitigate':
      return ['!', say('didMitigate')];
    default:
      return ['-', say('didQuit')];
  }
}

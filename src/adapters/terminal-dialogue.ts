import type { Language, Question, Reply, Text } from '../ports.ts';
import type { Say } from './terminal-words.ts';

/** A question as it is shown: in one language, hostile characters made visible. */
export interface Asked {
  readonly question: Question;
  readonly text: string;
  readonly help: string;
  readonly mustEqual: string | undefined;
  /** What can be chosen; empty for text and number. */
  readonly choices: readonly Choice[];
  readonly say: Say;
  /** Makes what a terminal would obey visible. */
  readonly makeSafe: (text: string) => string;
  /** Does the text match a pattern of the playbook? In linear time: the pattern is not ours. */
  readonly matches: (pattern: string, text: string) => boolean;
}

/** `undefined`: the person does not know, which is a skip with that reason and never an answer. */
export interface Choice {
  readonly value: string | boolean | undefined;
  readonly label: string;
}

/** Where the talk about one question stands. `note` and `reason` wait for a line that is not an answer. */
export interface Dialogue {
  readonly mode: 'answer' | 'note' | 'reason';
  /** Index of the marked choice; -1: none, so that a stray Enter chooses nothing. */
  readonly cursor: number;
  readonly digits: string;
  readonly help: boolean;
  readonly message: string;
}

/** What is printed once and stays on the screen, to be read and copied, while the question is put again. */
export type Shown = 'status' | 'why';
export type Turn = { readonly next: Dialogue } | { readonly reply: Reply } | { readonly show: Shown };
/** In the order in which they are listed. */
export const COMMANDS = ['?', 'b', 'n', 's', 'm', 'i', 'w', 'q'] as const;
export type Command = (typeof COMMANDS)[number];
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

export type AskedContext = Pick<Asked, 'say' | 'makeSafe' | 'matches'> & { readonly language: Language };

export function showQuestion(question: Question, { language, say, makeSafe, matches }: AskedContext): Asked {
  const read = (text: Text): string => makeSafe(text[language] ?? text.en).replaceAll('\t', '  ');
  const inLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();
  const choices: Choice[] =
    question.type === 'confirm'
      ? listYesNo(question, say)
      : (question.type === 'select' ? (question.options ?? []) : []).map(({ value, label }) => ({ value, label: inLine(read(label)) }));
  if (question.type === 'select') choices.push(...listNotKnowing(question, say));
  const help = question.help ? read(question.help).trim() : '';
  const mustEqual = question.mustEqual === undefined ? undefined : inLine(makeSafe(question.mustEqual));
  return { question, text: read(question.text).trim(), help, mustEqual, choices, say, makeSafe, matches };
}

function listYesNo({ skippable }: Question, say: Say): Choice[] {
  const yesNo = [
    { value: true, label: say('yes') },
    { value: false, label: say('no') },
  ];
  return skippable ? [...yesNo, { value: undefined, label: say('dontKnow') }] : yesNo;
}

/** Nobody has to guess: a playbook that offers no such choice gets it. */
function listNotKnowing({ skippable, options = [] }: Question, say: Say): Choice[] {
  return skippable && !options.some(({ value }) => value === 'unknown') ? [{ value: undefined, label: say('dontKnow') }] : [];
}

/** What is done only when somebody says so: No is its default, and to skip it is to decline it with a reason. */
export function isConsent({ question: { type, skippable, mustEqual, usual } }: Pick<Asked, 'question'>): boolean {
  return !skippable && usual === undefined && (type === 'confirm' || mustEqual !== undefined);
}

/** A consent starts on No, and what has a usual answer on that; every other question starts with nothing chosen. */
export function openDialogue(asked: Asked): Dialogue {
  const start = isConsent(asked) ? false : asked.question.usual;
  const cursor = start === undefined ? -1 : asked.choices.findIndex(({ value }) => value === start);
  return { mode: 'answer', cursor, digits: '', help: false, message: '' };
}

/** One key while choices are on the screen. */
export function pressKey(asked: Asked, dialogue: Dialogue, key: Key): Turn {
  const { choices, say, makeSafe } = asked;
  const typed = (key.sequence ?? '').normalize('NFKC').toLowerCase();
  const marked = { ...dialogue, digits: '', message: '' };
  if (key.name === 'return' || key.name === 'enter') {
    const choice = choices[dialogue.cursor];
    return choice ? choose(choice) : { next: { ...marked, message: say('chooseFirst') } };
  }
  if (key.ctrl || key.meta) return { next: dialogue };
  const moved = moveCursor(dialogue.cursor, choices.length - 1, key.name);
  if (moved !== undefined) return { next: { ...marked, cursor: moved } };
  if (/^[0-9]$/.test(typed)) return { next: markNumber(asked, dialogue, typed) };
  if (asked.question.type === 'confirm' && typed === 'y') return { next: { ...marked, cursor: 0 } };
  if (isCommand(typed)) return runCommand(asked, marked, typed, '');
  return /^[^\p{C}]$/u.test(typed) ? { next: { ...marked, message: say('noKey', { key: makeSafe(typed) }) } } : { next: dialogue };
}

function moveCursor(cursor: number, last: number, key: string | undefined): number | undefined {
  if (key === 'up') return cursor < 0 ? last : Math.max(0, cursor - 1);
  if (key === 'down') return Math.min(last, cursor + 1);
  if (key === 'home') return 0;
  return key === 'end' ? last : undefined;
}

/** One whole line: a note, a reason, the answer to a text or number, and in plain mode the answer to anything. */
export function enterLine(asked: Asked, dialogue: Dialogue, line: string): Turn {
  const text = line.trim();
  const back = { ...dialogue, mode: 'answer', message: '' } as const;
  if (dialogue.mode !== 'answer' && /^[:：]$/.test(text)) return { next: back };
  if (dialogue.mode === 'note') {
    if (text) return { reply: { kind: 'note', text } };
    // The hand that types "n, Enter" for No is not misled: see `askNoteOrNo`.
    return asked.question.type === 'confirm' ? answer(false) : { next: { ...back, message: asked.say('noteEmpty') } };
  }
  if (dialogue.mode === 'reason') {
    if (text === '' && isConsent(asked)) return answer(asked.question.type === 'confirm' ? false : '');
    return { reply: { kind: 'skip', reason: text || asked.say('dontKnow') } };
  }
  const command = parseCommand(asked, text);
  if (command) return runCommand(asked, back, command.key, command.rest);
  if (asked.question.type === 'text' && /^[:：](?![:：])/.test(text)) {
    return { next: { ...back, message: asked.say('noCommand', { key: asked.makeSafe(text.slice(0, 12)) }) } };
  }
  const parsed = parseAnswer(asked, text);
  return 'problem' in parsed ? { next: { ...back, message: parsed.problem } } : choose(parsed);
}

function parseCommand({ question }: Asked, text: string): { readonly key: Command; readonly rest: string } | undefined {
  // In a text every letter may be an answer, so that its commands begin with a colon; a lone ? never is one.
  const pattern =
    question.type === 'text' ? /^(?:[:：]\s*([?？bnsmiwq])|([?？])$)(?:\s+(.*))?$/is : /^[:：]?\s*([?？bnsmiwq])()(?:\s+(.*))?$/is;
  const match = pattern.exec(text);
  const key = (match?.[1] || match?.[2])?.normalize('NFKC').toLowerCase();
  return key && isCommand(key) ? { key, rest: match?.[3]?.trim() ?? '' } : undefined;
}

function parseAnswer(
  asked: Asked,
  text: string,
): { readonly value: string | number | boolean | undefined; readonly label?: string } | { readonly problem: string } {
  const { question, say, choices } = asked;
  if (text === '' && question.usual !== undefined) return { value: question.usual };
  if (question.type === 'number') return parseNumber(asked, text);
  if (question.type === 'text') return parseText(asked, text);
  if (text === '' && question.type === 'confirm' && !question.skippable) return { value: false };
  const plain = text.normalize('NFKC').toLowerCase();
  if (question.type === 'confirm' && ['y', 'yes', say('yes').toLowerCase()].includes(plain)) return { value: true };
  if (question.type === 'confirm' && ['no', say('no').toLowerCase()].includes(plain)) return { value: false };
  const choice = /^\d{1,4}$/.test(plain) ? choices[Number(plain) - 1] : choices.find(({ value }) => value === text);
  return choice ?? { problem: say('chooseNumber', { count: choices.length }) };
}

function parseText({ question, say, makeSafe, matches }: Asked, text: string): { readonly value: string } | { readonly problem: string } {
  const value = text.replace(/^[:：](?=[:：])/, '');
  if (question.mustEqual !== undefined) {
    if (value === question.mustEqual.trim()) return { value: question.mustEqual };
    return value === '' ? { value } : { problem: say('notExact') };
  }
  if (value === '') return { problem: say('textEmpty') };
  if (question.pattern === undefined || matches(question.pattern, value)) return { value };
  return { problem: say('wrongForm', { pattern: makeSafe(question.pattern) }) };
}

function parseNumber({ question, say }: Asked, text: string): { readonly value: number } | { readonly problem: string } {
  const plain = text.normalize('NFKC');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain)) return { problem: say('notNumber') };
  const value = Number(plain);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = question;
  return value >= min && value <= max ? { value } : { problem: say('outOfRange', { range: describeRange(question, say) }) };
}

/** Empty when the question has no bounds. */
export function describeRange({ min, max }: Question, say: Say): string {
  if (min !== undefined && max !== undefined) return say('rangeBoth', { min, max });
  if (min !== undefined) return say('rangeMin', { min });
  return max === undefined ? '' : say('rangeMax', { max });
}

function runCommand({ question, say }: Asked, dialogue: Dialogue, command: Command, rest: string): Turn {
  const stay = (message: string): Turn => ({ next: { ...dialogue, message } });
  switch (command) {
    case '?':
      return { next: { ...dialogue, help: !dialogue.help } };
    case 'b':
      return question.canGoBack ? { reply: { kind: 'back' } } : stay(say('noBack'));
    case 'n':
      return rest ? { reply: { kind: 'note', text: rest } } : { next: { ...dialogue, mode: 'note' } };
    case 's':
      if (!question.skippable && !isConsent({ question })) return stay(say('noSkip'));
      return rest ? { reply: { kind: 'skip', reason: rest } } : { next: { ...dialogue, mode: 'reason' } };
    case 'm':
      return question.canMitigate ? { reply: { kind: 'mitigate' } } : stay(say('noMitigation'));
    case 'i':
      return question.background ? { show: 'status' } : stay(say('nothingKnown'));
    case 'w':
      return question.background ? { show: 'why' } : stay(say('nothingKnown'));
    case 'q':
      return { reply: { kind: 'quit' } };
  }
}

/** The lines that a key asks for, without what a terminal would obey. */
export function linesToShow({ question: { background }, makeSafe }: Asked, shown: Shown): string[] {
  const lines = (shown === 'why' ? background?.why() : background?.status()) ?? [];
  return lines.map((line) => makeSafe(line).replaceAll('\n', ' '));
}

/** Digits add up while they name a choice (1, then 2: the twelfth), else the last one starts anew. */
function markNumber({ choices, say }: Asked, dialogue: Dialogue, digit: string): Dialogue {
  const digits = [dialogue.digits + digit, digit].find((text) => Number(text) >= 1 && Number(text) <= choices.length);
  if (digits === undefined) return { ...dialogue, digits: '', message: say('chooseNumber', { count: choices.length }) };
  return { ...dialogue, digits, cursor: Number(digits) - 1, message: '' };
}

function isCommand(text: string): text is Command {
  return (COMMANDS as readonly string[]).includes(text);
}

function choose({ value, label = '' }: { readonly value: string | number | boolean | undefined; readonly label?: string }): Turn {
  return value === undefined ? { reply: { kind: 'skip', reason: label } } : answer(value);
}

function answer(value: string | number | boolean): Turn {
  return { reply: { kind: 'answer', value, source: 'operator' } };
}

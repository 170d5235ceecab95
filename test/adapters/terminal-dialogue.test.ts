import { describe, expect, it } from 'vitest';
import {
  type Asked,
  type Dialogue,
  enterLine,
  type Key,
  linesToShow,
  openDialogue,
  pressKey,
  showQuestion,
  type Turn,
} from '../../src/adapters/terminal-dialogue.ts';
import { createSay } from '../../src/adapters/terminal-words.ts';
import type { Language, Question } from '../../src/ports.ts';
import { escapeControl } from '../../src/report/escape.ts';

const BASE = { id: 'q', text: { en: 'What?', 'zh-CN': '什么？' }, skippable: true, canGoBack: true, canMitigate: true } as const;
const OPTIONS = ['alert', 'customer', 'unknown'].map((value) => ({ value, label: { en: `From ${value}` } }));
const SELECT: Question = { ...BASE, type: 'select', options: OPTIONS };
const CONFIRM: Question = { ...BASE, type: 'confirm' };
const CONSENT: Question = { ...CONFIRM, id: 'fix:x', skippable: false };
const TEXT: Question = { ...BASE, type: 'text' };
const TYPED: Question = { ...TEXT, mustEqual: 'drop sessions', skippable: false };
const KNOWING: Question = { ...SELECT, options: OPTIONS.slice(0, 2) };
const NUMBER: Question = { ...BASE, type: 'number', min: 0, max: 100 };

const BACKGROUND: Question['background'] = {
  progress: () => '',
  table: () => [],
  reason: () => '',
  status: () => ['payments down'],
  why: () => ['Ranking', '1. \x1b[31mapp.down\nfake'],
};

function show(question: Question, language: Language = 'en'): Asked {
  return showQuestion(question, {
    language,
    say: createSay(language),
    makeSafe: escapeControl,
    matches: (pattern, text) => new RegExp(pattern).test(text),
  });
}

/** Presses keys one by one; the reply, or the dialogue after the last. */
function press(question: Question, keys: readonly (string | Key)[]): Turn {
  const asked = show(question);
  let turn: Turn = { next: openDialogue(asked) };
  for (const key of keys) {
    if (!('next' in turn)) throw new Error(`already answered before ${JSON.stringify(key)}`);
    turn = pressKey(asked, turn.next, typeof key === 'string' ? { sequence: key, name: /^\w$/.test(key) ? key : undefined } : key);
  }
  return turn;
}

function enter(question: Question, line: string, mode: Dialogue['mode'] = 'answer', language: Language = 'en'): Turn {
  const asked = show(question, language);
  return enterLine(asked, { ...openDialogue(asked), mode }, line);
}

const ENTER: Key = { name: 'return', sequence: '\r' };
const UP: Key = { name: 'up' };
const DOWN: Key = { name: 'down' };
const answered = (value: unknown): unknown => ({ reply: { kind: 'answer', value, source: 'operator' } });
const stays = (message: RegExp): unknown => ({
  next: expect.objectContaining({ mode: 'answer', message: expect.stringMatching(message) }),
});

describe('keys at a choice', () => {
  it.each<[string, Question, readonly (string | Key)[], unknown]>([
    ['down, Enter', SELECT, [DOWN, ENTER], answered('alert')],
    ['down twice', SELECT, [DOWN, DOWN, ENTER], answered('customer')],
    ['down beyond the end stays at the end', SELECT, [DOWN, DOWN, DOWN, DOWN, ENTER], answered('unknown')],
    ['up from nothing is the last', SELECT, [UP, ENTER], answered('unknown')],
    ['up beyond the start stays at the start', SELECT, [DOWN, UP, UP, ENTER], answered('alert')],
    ['home and end', SELECT, [{ name: 'end' }, { name: 'home' }, ENTER], answered('alert')],
    ['a number', SELECT, ['2', ENTER], answered('customer')],
    ['a full-width number of a Chinese keyboard', SELECT, ['２', ENTER], answered('customer')],
    ['the last number counts', SELECT, ['2', '3', ENTER], answered('unknown')],
    ['yes', CONFIRM, ['y', ENTER], answered(true)],
    ['1 is yes', CONFIRM, ['1', ENTER], answered(true)],
    ['2 is no', CONFIRM, ['2', ENTER], answered(false)],
    ['not knowing is a skip, not an answer', CONFIRM, ['3', ENTER], { reply: { kind: 'skip', reason: "Don't know" } }],
    ['a consent knows only yes and no', CONSENT, ['3'], stays(/from 1 to 2/)],
    ['a consent is No by itself', CONSENT, [ENTER], answered(false)],
    ['a consent', CONSENT, ['y', ENTER], answered(true)],
    ['Enter takes what is usual', { ...CONSENT, usual: true }, [ENTER], answered(true)],
    ['of a choice, too', { ...SELECT, skippable: false, usual: 'customer' }, [ENTER], answered('customer')],
    ['back', SELECT, ['b'], { reply: { kind: 'back' } }],
    ['capital B', SELECT, ['B'], { reply: { kind: 'back' } }],
    ['mitigate', SELECT, ['m'], { reply: { kind: 'mitigate' } }],
    ['quit', SELECT, ['q'], { reply: { kind: 'quit' } }],
    ['Enter chooses nothing by itself', SELECT, [ENTER], stays(/Nothing is chosen/)],
    ['nor at a confirm that is no consent', CONFIRM, [ENTER], stays(/Nothing is chosen/)],
    ['a number that is none', SELECT, ['9'], stays(/from 1 to 3/)],
    ['0', SELECT, ['0'], stays(/from 1 to 3/)],
    ['status', { ...SELECT, background: BACKGROUND }, ['i'], { show: 'status' }],
    ['why', { ...SELECT, background: BACKGROUND }, ['w'], { show: 'why' }],
    ['why at a consent', { ...CONSENT, background: BACKGROUND }, ['W'], { show: 'why' }],
    ['why with nothing behind it', SELECT, ['w'], stays(/nothing to tell/)],
    ['status with nothing behind it', SELECT, ['i'], stays(/nothing to tell/)],
    ['not knowing where the playbook offers no such choice', KNOWING, ['3', ENTER], { reply: { kind: 'skip', reason: "Don't know" } }],
    ['back with nothing behind', { ...SELECT, canGoBack: false }, ['b'], stays(/no earlier answer/)],
    ['skip of a consent', CONSENT, ['s'], { next: expect.objectContaining({ mode: 'reason' }) as unknown }],
    ['skip of what must be chosen', { ...SELECT, skippable: false }, ['s'], stays(/cannot be skipped/)],
    ['skip where Enter means something', { ...CONSENT, usual: true }, ['s'], stays(/cannot be skipped/)],
    ['mitigate with nothing on offer', { ...SELECT, canMitigate: false }, ['m'], stays(/nothing on offer/)],
    ['a key that means nothing', SELECT, ['x'], stays(/"x" does nothing/)],
    ['y at a select', SELECT, ['y'], stays(/"y" does nothing/)],
    ['Ctrl with a letter is not that letter', SELECT, [{ name: 'q', ctrl: true, sequence: '\x11' }], stays(/^$/)],
    ['Alt with a letter is not that letter', SELECT, [{ name: 'q', meta: true, sequence: '\x1bq' }], stays(/^$/)],
    ['a function key', SELECT, [{ name: 'f5', sequence: '\x1b[15~' }], stays(/^$/)],
    ['note', SELECT, ['n'], { next: expect.objectContaining({ mode: 'note' }) as unknown }],
    ['skip', SELECT, ['s'], { next: expect.objectContaining({ mode: 'reason' }) as unknown }],
    ['help', SELECT, ['?'], { next: expect.objectContaining({ help: true }) as unknown }],
    ['help by a Chinese keyboard', SELECT, ['？'], { next: expect.objectContaining({ help: true }) as unknown }],
    ['help again', SELECT, ['?', '?'], { next: expect.objectContaining({ help: false }) as unknown }],
  ])('%s', (_, question, keys, expected) => {
    expect(press(question, keys)).toEqual(expected);
  });

  it('a wrong key keeps what was marked', () => {
    expect(press(SELECT, ['2', 'x', ENTER])).toEqual(answered('customer'));
  });

  it('two digits reach the twelfth choice', () => {
    const many: Question = {
      ...BASE,
      type: 'select',
      options: Array.from({ length: 12 }, (_, index) => ({ value: `v${index + 1}`, label: { en: 'x' } })),
    };
    expect(press(many, ['1', '2', ENTER])).toEqual(answered('v12'));
    expect(press(many, ['1', DOWN, '2', ENTER])).toEqual(answered('v2'));
  });
});

describe('lines', () => {
  it.each<[string, Question, string, unknown]>([
    ['a text', TEXT, '  deployed 2.4.1 ', answered('deployed 2.4.1')],
    ['a single letter is a text', TEXT, 'b', answered('b')],
    ['a text that begins with a letter', TEXT, 'no idea', answered('no idea')],
    ['a colon, written twice', TEXT, '::b', answered(':b')],
    ['a lone ? asks for help', TEXT, '?', { next: expect.objectContaining({ help: true }) as unknown }],
    ['back', TEXT, ':b', { reply: { kind: 'back' } }],
    ['a full-width colon', TEXT, '：b', { reply: { kind: 'back' } }],
    ['status in a text', { ...TEXT, background: BACKGROUND }, ':i', { show: 'status' }],
    ['why in a text', { ...TEXT, background: BACKGROUND }, '：w', { show: 'why' }],
    ['why at a number', { ...NUMBER, background: BACKGROUND }, 'w', { show: 'why' }],
    ['quit', TEXT, ':Q', { reply: { kind: 'quit' } }],
    ['a note in one line', TEXT, ':n called the bank', { reply: { kind: 'note', text: 'called the bank' } }],
    ['a skip in one line', TEXT, ':s nobody knows', { reply: { kind: 'skip', reason: 'nobody knows' } }],
    ['no command', TEXT, ':business', stays(/":business" is no command/)],
    ['nothing', TEXT, '  ', stays(/Type an answer/)],
    ['a wrong form', { ...TEXT, pattern: '^[0-9]+$' }, 'x', stays(/must match \^\[0-9\]\+\$/)],
    ['a right form', { ...TEXT, pattern: '^[0-9]+$' }, '12', answered('12')],
    ['the exact text', TYPED, 'drop sessions', answered('drop sessions')],
    ['almost the exact text', TYPED, 'Drop sessions', stays(/not the exact text/)],
    ['nothing is No', TYPED, '', answered('')],
    ['to skip a consent is to say why not', TYPED, ':s', { next: expect.objectContaining({ mode: 'reason' }) as unknown }],
    ['in one line', TYPED, ':s the bank does it', { reply: { kind: 'skip', reason: 'the bank does it' } }],
    ['a number', NUMBER, '12', answered(12)],
    ['a fraction', NUMBER, '0.5', answered(0.5)],
    ['full-width digits', NUMBER, '１２', answered(12)],
    ['above the bound', NUMBER, '100.1', stays(/from 0 to 100/)],
    ['below the bound', NUMBER, '-1', stays(/from 0 to 100/)],
    ['no number', NUMBER, '12%', stays(/number is expected/)],
    ['hexadecimal is no number', NUMBER, '0x10', stays(/number is expected/)],
    ['no number at all', NUMBER, '', stays(/number is expected/)],
    ['a plain key at a number', NUMBER, 'b', { reply: { kind: 'back' } }],
    ['a key with its colon at a number', NUMBER, ':q', { reply: { kind: 'quit' } }],
    ['a choice by number', SELECT, '2', answered('customer')],
    ['a choice by value', SELECT, 'customer', answered('customer')],
    ['no choice', SELECT, '4', stays(/from 1 to 3/)],
    ['nothing chosen', SELECT, '', stays(/from 1 to 3/)],
    ['yes', CONFIRM, 'Yes', answered(true)],
    ['no', CONFIRM, 'no', answered(false)],
    ['nothing at a confirm', CONFIRM, '', stays(/from 1 to 3/)],
    ['not knowing', CONFIRM, '3', { reply: { kind: 'skip', reason: "Don't know" } }],
    ['nothing at a consent', CONSENT, '', answered(false)],
  ])('%s', (_, question, line, expected) => {
    expect(enter(question, line)).toEqual(expected);
  });

  it('Chinese yes and no', () => {
    expect(enter(CONFIRM, '是', 'answer', 'zh-CN')).toEqual(answered(true));
    expect(enter(CONFIRM, '否', 'answer', 'zh-CN')).toEqual(answered(false));
  });

  it.each<[string, Question, Dialogue['mode'], string, unknown]>([
    ['a note', SELECT, 'note', ' called the bank ', { reply: { kind: 'note', text: 'called the bank' } }],
    ['a note that looks like a key', SELECT, 'note', 'q', { reply: { kind: 'note', text: 'q' } }],
    ['no note', SELECT, 'note', '', stays(/No note/)],
    ['"n, Enter" at a confirm is No', CONFIRM, 'note', '', answered(false)],
    ['a colon leaves the note', SELECT, 'note', ':', stays(/^$/)],
    ['a reason', SELECT, 'reason', 'nobody knows', { reply: { kind: 'skip', reason: 'nobody knows' } }],
    ['no reason is not knowing', NUMBER, 'reason', ' ', { reply: { kind: 'skip', reason: "Don't know" } }],
    ['no reason at a consent is No', CONSENT, 'reason', '', answered(false)],
    ['no reason at a typed consent is No', TYPED, 'reason', '', answered('')],
    ['a reason at a consent', CONSENT, 'reason', 'not mine', { reply: { kind: 'skip', reason: 'not mine' } }],
    ['a colon leaves the reason', SELECT, 'reason', '：', stays(/^$/)],
  ])('%s', (_, question, mode, line, expected) => {
    expect(enter(question, line, mode)).toEqual(expected);
  });
});

describe('what is shown', () => {
  it('is in the language asked for, English where there is no translation', () => {
    const asked = show({ ...SELECT, help: { en: 'Help' } }, 'zh-CN');
    expect(asked).toMatchObject({ text: '什么？', help: 'Help' });
    expect(asked.choices[0]?.label).toBe('From alert');
  });

  it('of what lies behind the question: one line each, and nothing that a terminal would obey', () => {
    expect(linesToShow(show({ ...SELECT, background: BACKGROUND }), 'why')).toEqual(['Ranking', '1. \\x1b[31mapp.down fake']);
    expect(linesToShow(show(SELECT), 'status')).toEqual([]);
  });

  it('holds no control character of the playbook, and choices stay on one line', () => {
    const hostile = { en: 'a\x1b[2Jb\u202ec\nd' };
    const asked = show({ ...SELECT, text: hostile, help: hostile, options: [{ value: 'x', label: hostile }], mustEqual: 'y\x07' });
    expect(asked).toMatchObject({ text: 'a\\x1b[2Jb\\u202ec\nd', help: 'a\\x1b[2Jb\\u202ec\nd', mustEqual: 'y\\x07' });
    expect(asked.choices[0]?.label).toBe('a\\x1b[2Jb\\u202ec d');
  });
});

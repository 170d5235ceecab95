import { describe, expect, it } from 'vitest';
import { createScriptedOperator, type ScriptedOperatorOptions } from '../../src/adapters/scripted-operator.ts';
import { OorError } from '../../src/errors.ts';
import type { Operator, Question, Reply } from '../../src/ports.ts';

const SIGNAL = new AbortController().signal;

const BASE = { text: { en: 'What?' }, skippable: true, canGoBack: false, canMitigate: false } as const;
const SYMPTOM: Question = {
  ...BASE,
  id: 'symptom',
  type: 'select',
  options: [
    { value: 'rc91', label: { en: 'Response code 91' } },
    { value: '504', label: { en: 'Gateway timeouts' } },
  ],
};
const CONFIRM: Question = { ...BASE, id: 'seen', type: 'confirm' };
const NUMBER: Question = { ...BASE, id: 'failed', type: 'number', min: 0, max: 100 };
const TEXT: Question = { ...BASE, id: 'order', type: 'text', pattern: '^[A-Z]{2}[0-9]+$' };
const FIX: Question = { ...BASE, id: 'fix:restart-web@nginx', type: 'confirm', skippable: false };
const TYPED_FIX: Question = { ...FIX, id: 'fix:drop-sessions@main', type: 'text', mustEqual: 'drop sessions on main' };

function script(options: Partial<ScriptedOperatorOptions> = {}) {
  return createScriptedOperator({
    answers: {},
    flags: {},
    allowFixes: [],
    matches: (pattern, text) => new RegExp(pattern).test(text),
    ...options,
  });
}

/** A person who gives these replies in turn and remembers what was asked. */
function person(...replies: Reply[]): Operator & { readonly questions: string[] } {
  const questions: string[] = [];
  return {
    interactive: true,
    questions,
    async ask({ id }) {
      questions.push(id);
      return replies.shift() ?? { kind: 'quit' };
    },
  };
}

async function failure(promise: Promise<unknown>): Promise<OorError> {
  const error = await promise.then(
    (value) => expect.fail(`no error but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OorError);
  return error as OorError;
}

describe('values that fit', () => {
  it.each<[string, Question, unknown, string | number | boolean]>([
    ['an option', SYMPTOM, 'rc91', 'rc91'],
    ['an option that YAML read as a number', SYMPTOM, 504, '504'],
    ['yes', CONFIRM, 'yes', true],
    ['No in any case', CONFIRM, 'No', false],
    ['true', CONFIRM, true, true],
    ['false', CONFIRM, false, false],
    ['a number', NUMBER, 12.5, 12.5],
    ['a number as text', NUMBER, ' 100 ', 100],
    ['a bound', NUMBER, 0, 0],
    ['a text of the right form', TEXT, 'AB12', 'AB12'],
  ])('%s', async (_, question, value, expected) => {
    expect(await script({ answers: { [question.id]: value } }).ask(question, SIGNAL)).toEqual({
      kind: 'answer',
      value: expected,
      source: 'file',
    });
    const flags = { [question.id]: String(value) };
    expect(await script({ flags }).ask(question, SIGNAL)).toEqual({ kind: 'answer', value: expected, source: 'flag' });
  });
});

describe('values that do not fit end in exit 2 and name the question, what it takes and the flag', () => {
  it.each<[string, Question, unknown, RegExp, string]>([
    ['another option', SYMPTOM, 'rc92', /'symptom' takes one of: rc91, 504/, '--answer symptom=rc91'],
    ['the label of an option', SYMPTOM, 'Response code 91', /rc91/, '--answer symptom=rc91'],
    ['a list', SYMPTOM, ['rc91'], /one of/, '--answer symptom=rc91'],
    ['perhaps', CONFIRM, 'perhaps', /'seen' takes yes or no/, '--answer seen=yes'],
    ['1 for yes', CONFIRM, 1, /yes or no/, '--answer seen=yes'],
    ['no number', NUMBER, '12 %', /'failed' takes a number, at least 0, at most 100/, '--answer failed=0'],
    ['too much', NUMBER, 101, /at most 100/, '--answer failed=0'],
    ['null', NUMBER, null, /a number/, '--answer failed=0'],
    ['infinity', NUMBER, Number.POSITIVE_INFINITY, /a number/, '--answer failed=0'],
    ['a text of another form', TEXT, 'ab12', /matches \^\[A-Z\]/, '--answer order=TEXT'],
    ['nothing', { ...BASE, id: 'order', type: 'text' }, '  ', /not empty/, '--answer order=TEXT'],
    ['an object', TEXT, {}, /text/, '--answer order=TEXT'],
  ])('%s', async (_, question, value, message, hint) => {
    const error = await failure(script({ answers: { [question.id]: value }, answersFile: 'tonight.yaml' }).ask(question, SIGNAL));
    expect(error).toMatchObject({ code: 'wrong-answer', exitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^tonight\.yaml: /);
    expect(error.hint).toContain(hint);
  });

  it('names the flag when the flag is wrong, and does not fall back to the file', async () => {
    const error = await failure(script({ answers: { symptom: 'rc91' }, flags: { symptom: 'x' } }).ask(SYMPTOM, SIGNAL));
    expect(error.message).toMatch(/^--answer symptom=x: /);
  });
});

it('prefers the flag to the file', async () => {
  const reply = await script({ answers: { symptom: 'rc91' }, flags: { symptom: '504' } }).ask(SYMPTOM, SIGNAL);
  expect(reply).toEqual({ kind: 'answer', value: '504', source: 'flag' });
});

describe('what nobody answered', () => {
  it('is nobody without a person, even for a question that could be skipped', async () => {
    const operator = script();
    expect(operator.interactive).toBe(false);
    expect(await operator.ask(CONFIRM, SIGNAL)).toEqual({ kind: 'nobody' });
  });

  it.each(['constructor', '__proto__', 'toString'])('is nobody for the id %s too', async (id) => {
    expect(await script().ask({ ...TEXT, id }, SIGNAL)).toEqual({ kind: 'nobody' });
  });

  it('goes to the person', async () => {
    const fallback = person({ kind: 'skip', reason: 'asleep' });
    const operator = script({ answers: { symptom: 'rc91' }, fallback });
    expect(operator.interactive).toBe(true);
    await operator.ask(SYMPTOM, SIGNAL);
    expect(await operator.ask(CONFIRM, SIGNAL)).toEqual({ kind: 'skip', reason: 'asleep' });
    expect(fallback.questions).toEqual(['seen']);
  });

  it('a person who goes back to a question of the script answers it', async () => {
    const fallback = person({ kind: 'back' }, { kind: 'answer', value: '504', source: 'operator' });
    const operator = script({ answers: { symptom: 'rc91' }, fallback });
    await operator.ask(SYMPTOM, SIGNAL);
    await operator.ask(CONFIRM, SIGNAL);
    expect(await operator.ask(SYMPTOM, SIGNAL)).toEqual({ kind: 'answer', value: '504', source: 'operator' });
  });
});

describe('consent to a fix', () => {
  it.each([
    ['by the fix', ['restart-web']],
    ['by fix and target', ['other', 'restart-web@nginx']],
  ])('%s', async (_, allowFixes) => {
    expect(await script({ allowFixes }).ask(FIX, SIGNAL)).toEqual({ kind: 'answer', value: true, source: 'flag' });
  });

  it('counts as the typed text', async () => {
    expect(await script({ allowFixes: ['drop-sessions'] }).ask(TYPED_FIX, SIGNAL)).toEqual({
      kind: 'answer',
      value: 'drop sessions on main',
      source: 'flag',
    });
  });

  it.each([[['restart-web@apache']], [['restart']], [['restart-webx']], [['fix:restart-web']], [['*']], [[]]])(
    'is not given by --allow-fix %j',
    async (allowFixes) => {
      expect(await script({ allowFixes }).ask(FIX, SIGNAL)).toEqual({ kind: 'nobody' });
    },
  );

  it('--allow-fix answers nothing but fixes', async () => {
    expect(await script({ allowFixes: ['seen'] }).ask(CONFIRM, SIGNAL)).toEqual({ kind: 'nobody' });
  });

  it.each([true, 'yes', 'drop sessions on main'])('cannot be given by the answer %j', async (value) => {
    for (const question of [FIX, TYPED_FIX]) {
      const error = await failure(script({ answers: { [question.id]: value } }).ask(question, SIGNAL));
      expect(error).toMatchObject({
        code: 'consent-by-answer',
        exitCode: 2,
        hint: `allow it by name: --allow-fix ${question.id.slice(4)}`,
      });
    }
  });

  it('can be refused by an answer', async () => {
    expect(await script({ flags: { [FIX.id]: 'no' } }).ask(FIX, SIGNAL)).toEqual({ kind: 'answer', value: false, source: 'flag' });
    expect(await script({ answers: { [TYPED_FIX.id]: false } }).ask(TYPED_FIX, SIGNAL)).toEqual({
      kind: 'answer',
      value: '',
      source: 'file',
    });
  });

  it('goes to the person when no flag allows it', async () => {
    const fallback = person({ kind: 'answer', value: false, source: 'operator' });
    await script({ allowFixes: ['other'], fallback }).ask(FIX, SIGNAL);
    expect(fallback.questions).toEqual([FIX.id]);
  });
});

it('tells which answers were never asked for', async () => {
  const operator = script({ answers: { symptom: 'rc91', symptm: 'rc91' }, flags: { seen: 'yes', sean: 'yes' } });
  await operator.ask(SYMPTOM, SIGNAL);
  await operator.ask(CONFIRM, SIGNAL);
  expect(operator.unused()).toEqual(['symptm', 'sean']);
});

it('rejects with the reason of an aborted signal', async () => {
  await expect(script({ flags: { seen: 'yes' } }).ask(CONFIRM, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
});

import { describe, expect, it } from 'vitest';
import { type TerminalFacts, terminalPolicy } from '../../src/cli/terminal-policy.ts';
import { OorError } from '../../src/errors.ts';

const TERMINAL: TerminalFacts = {
  flags: {},
  env: { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' },
  stdinIsTTY: true,
  stdoutIsTTY: true,
  stderrIsTTY: true,
  columns: 80,
};

function decide(change: Partial<TerminalFacts> = {}, env: TerminalFacts['env'] = {}) {
  return terminalPolicy({ ...TERMINAL, ...change, env: { ...TERMINAL.env, ...env } });
}

it('at a plain terminal: asks, colours, animates, in English', () => {
  expect(decide()).toEqual({
    interactive: true,
    colourOut: true,
    colourErr: true,
    ascii: false,
    accessible: false,
    animated: true,
    language: 'en',
  });
});

describe('interactive', () => {
  it.each<[string, Partial<TerminalFacts>, TerminalFacts['env'], boolean]>([
    ['stdout may be a pipe', { stdoutIsTTY: false }, {}, true],
    ['not without a terminal on stdin', { stdinIsTTY: false }, {}, false],
    ['not without a terminal on stderr', { stderrIsTTY: false }, {}, false],
    ['not with --no-input', { flags: { input: false } }, {}, false],
    ['not with OOR_NO_INPUT', {}, { OOR_NO_INPUT: '1' }, false],
    ['not in CI', {}, { CI: 'true' }, false],
    ['CI=false is no CI', {}, { CI: 'false' }, true],
    ['an empty CI is no CI', {}, { CI: '' }, true],
    ['a dumb terminal can be asked', {}, { TERM: 'dumb' }, true],
  ])('%s', (_, change, env, interactive) => {
    expect(decide(change, env).interactive).toBe(interactive);
  });
});

describe('colour, strongest first: flag, NO_COLOR, FORCE_COLOR, TERM=dumb, terminal', () => {
  it.each<[string, Partial<TerminalFacts>, TerminalFacts['env'], boolean, boolean]>([
    ['each stream for itself', { stdoutIsTTY: false }, {}, false, true],
    ['--color=always into a pipe, against NO_COLOR', { flags: { color: 'always' }, stdoutIsTTY: false }, { NO_COLOR: '1' }, true, true],
    ['--color=never against FORCE_COLOR', { flags: { color: 'never' } }, { FORCE_COLOR: '3' }, false, false],
    ['--color=auto leaves it to the environment', { flags: { color: 'auto' } }, { NO_COLOR: '1' }, false, false],
    ['OOR_COLOR is the flag', {}, { OOR_COLOR: 'always', NO_COLOR: '1' }, true, true],
    ['the flag beats OOR_COLOR', { flags: { color: 'never' } }, { OOR_COLOR: 'always' }, false, false],
    ['NO_COLOR beats FORCE_COLOR', {}, { NO_COLOR: '1', FORCE_COLOR: '1' }, false, false],
    ['an empty NO_COLOR says nothing', {}, { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR into pipes', { stdoutIsTTY: false, stderrIsTTY: false }, { FORCE_COLOR: '1' }, true, true],
    ['FORCE_COLOR=0', {}, { FORCE_COLOR: '0' }, false, false],
    ['FORCE_COLOR beats TERM=dumb', {}, { FORCE_COLOR: '1', TERM: 'dumb' }, true, true],
    ['TERM=dumb', {}, { TERM: 'dumb' }, false, false],
  ])('%s', (_, change, env, colourOut, colourErr) => {
    expect(decide(change, env)).toMatchObject({ colourOut, colourErr });
  });
});

describe('ascii', () => {
  it.each<[string, Partial<TerminalFacts>, TerminalFacts['env'], boolean]>([
    ['--ascii', { flags: { ascii: true } }, {}, true],
    ['OOR_ASCII', {}, { OOR_ASCII: '1' }, true],
    ['LC_ALL=C', {}, { LC_ALL: 'C' }, true],
    ['LC_ALL=C.UTF-8 is UTF-8', {}, { LC_ALL: 'C.UTF-8' }, false],
    ['LC_ALL beats LANG', {}, { LC_ALL: 'zh_CN.utf8', LANG: 'C' }, false],
    ['another character set', {}, { LANG: 'zh_CN.GBK' }, true],
    ['a modifier is no character set', {}, { LANG: 'de_DE@euro' }, false],
    ['no locale at all', {}, { LANG: undefined }, false],
    ['the console of the kernel', {}, { TERM: 'linux' }, true],
    ['--no-ascii', { flags: { ascii: false } }, { LC_ALL: 'C' }, false],
  ])('%s', (_, change, env, ascii) => {
    expect(decide(change, env).ascii).toBe(ascii);
  });
});

describe('accessible and animated', () => {
  it.each<[string, Partial<TerminalFacts>, TerminalFacts['env'], boolean, boolean]>([
    ['--accessible', { flags: { accessible: true } }, {}, true, false],
    ['OOR_ACCESSIBLE', {}, { OOR_ACCESSIBLE: '1' }, true, false],
    ['TERM=dumb', {}, { TERM: 'dumb' }, true, false],
    ['a terminal of 0 columns', { columns: 0 }, {}, false, false],
    ['a terminal that does not say its width', { columns: undefined }, {}, false, false],
    ['a pipe', { stderrIsTTY: false }, {}, false, false],
  ])('%s', (_, change, env, accessible, animated) => {
    expect(decide(change, env)).toMatchObject({ accessible, animated });
  });
});

describe('language, strongest first: flag, OOR_LANG, LC_ALL, LC_MESSAGES, LANG', () => {
  it.each<[string | undefined, TerminalFacts['env'], string]>([
    ['zh-CN', { OOR_LANG: 'en' }, 'zh-CN'],
    ['zh', {}, 'zh-CN'],
    ['en-GB', { LANG: 'zh_CN.UTF-8' }, 'en'],
    [undefined, { OOR_LANG: 'zh_CN.UTF-8', LC_ALL: 'en_US.UTF-8' }, 'zh-CN'],
    [undefined, { OOR_LANG: '', LC_ALL: 'zh_CN.UTF-8' }, 'zh-CN'],
    [undefined, { LC_ALL: '', LC_MESSAGES: 'zh_CN', LANG: 'en_US' }, 'zh-CN'],
    [undefined, { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'],
    [undefined, { LANG: 'fr_FR.UTF-8' }, 'en'],
    [undefined, { LANG: undefined }, 'en'],
  ])('--lang %s with %j: %s', (lang, env, language) => {
    expect(decide({ flags: { lang } }, env).language).toBe(language);
  });
});

describe('a value it does not know', () => {
  it.each<[Partial<TerminalFacts>, TerminalFacts['env'], RegExp]>([
    [{ flags: { lang: 'fr' } }, {}, /--lang \(OOR_LANG\): 'fr'.*en, zh-CN/],
    [{ flags: { lang: 'english' } }, {}, /'english'/],
    [{}, { OOR_LANG: 'de' }, /'de'/],
    [{ flags: { color: 'maybe' } }, {}, /--color .*auto, always, never/],
  ])('%j %j is a usage error', (change, env, message) => {
    let thrown: unknown;
    try {
      decide(change, env);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(OorError);
    expect(thrown).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) as string });
  });
});

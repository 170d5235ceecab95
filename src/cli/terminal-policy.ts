import { ExitCode, OorError } from '../errors.ts';
import type { Language } from '../ports.ts';

/** The global flags that speak about the terminal, as commander parses them (`--no-input` gives `input: false`). */
export interface TerminalFlags {
  readonly color?: string | undefined;
  readonly input?: boolean | undefined;
  readonly ascii?: boolean | undefined;
  readonly accessible?: boolean | undefined;
  readonly lang?: string | undefined;
}

export interface TerminalFacts {
  readonly flags: TerminalFlags;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTTY: boolean;
  readonly stdoutIsTTY: boolean;
  readonly stderrIsTTY: boolean;
  /** Of stderr; 0 or undefined where the terminal does not say (serial lines, some CI). */
  readonly columns: number | undefined;
}

export interface TerminalPolicy {
  /** A person can be asked. */
  readonly interactive: boolean;
  readonly colourOut: boolean;
  readonly colourErr: boolean;
  readonly ascii: boolean;
  /** Plain numbered text, no redraw, no cursor moves. */
  readonly accessible: boolean;
  /** stderr can carry a line that is redrawn. */
  readonly animated: boolean;
  readonly language: Language;
}

/** Decides once, before anything is printed, how this run talks to its terminal. Throws `OorError` (exit 2) for a flag it does not know. */
export function terminalPolicy({ flags, env, stdinIsTTY, stdoutIsTTY, stderrIsTTY, columns }: TerminalFacts): TerminalPolicy {
  const accessible = flags.accessible ?? readSwitch(env['OOR_ACCESSIBLE']) ?? env['TERM'] === 'dumb';
  const asked = flags.input !== false && readSwitch(env['OOR_NO_INPUT']) !== true && readSwitch(env['CI']) !== true;
  const colour = decideColour(flags.color ?? (env['OOR_COLOR'] || undefined), env);
  return {
    interactive: asked && stdinIsTTY && stderrIsTTY,
    colourOut: colour ?? stdoutIsTTY,
    colourErr: colour ?? stderrIsTTY,
    ascii: flags.ascii ?? readSwitch(env['OOR_ASCII']) ?? !showsUnicode(env),
    accessible,
    animated: stderrIsTTY && !accessible && (columns ?? 0) > 0,
    language: languageOf(flags.lang, env),
  };
}

/** `undefined`: each stream decides by being a terminal or not. */
function decideColour(choice: string | undefined, env: TerminalFacts['env']): boolean | undefined {
  if (choice === 'always') return true;
  if (choice === 'never') return false;
  if (choice !== undefined && choice !== 'auto') throw unknownValue('color', choice, 'auto, always, never');
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return env['TERM'] === 'dumb' ? false : undefined;
}

/** The kernel's own console has no glyph for the symbols; a locale that names another character set would garble them. */
function showsUnicode(env: TerminalFacts['env']): boolean {
  if (env['TERM'] === 'linux') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  // No locale at all is usual in containers, whose terminals are UTF-8.
  if (!locale) return true;
  if (/^(C|POSIX)$/.test(locale)) return false;
  const charset = /\.([^@]*)/.exec(locale)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

/** Throws `OorError` (exit 2) for one that it does not know. */
export function languageOf(flag: string | undefined, env: TerminalFacts['env']): Language {
  const chosen = flag ?? (env['OOR_LANG'] || undefined);
  if (chosen !== undefined) {
    const language = parseLanguage(chosen);
    if (!language) throw unknownValue('lang', chosen, 'en, zh-CN');
    return language;
  }
  return parseLanguage(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || 'en') ?? 'en';
}

/** Accepts `zh`, `zh-CN`, `zh_CN.UTF-8`, `en`, `en_GB`, in any case. */
function parseLanguage(text: string): Language | undefined {
  const primary = /^[a-z]+(?=$|[-_.@])/i.exec(text)?.[0].toLowerCase();
  if (primary === 'zh') return 'zh-CN';
  return primary === 'en' ? 'en' : undefined;
}

/** `undefined`: not set. Empty, 0, false and no mean off, anything else on. */
function readSwitch(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  return !['', '0', 'false', 'no'].includes(text.toLowerCase());
}

function unknownValue(name: string, value: string, allowed: string): OorError {
  return new OorError({
    code: 'unknown-flag-value',
    message: `--${name} (OOR_${name.toUpperCase()}): '${value}' is not one of: ${allowed}`,
    hint: `for example: --${name} ${allowed.split(', ')[0]}`,
    exitCode: ExitCode.usage,
  });
}

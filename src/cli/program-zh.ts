/** The command line in Chinese: what it says of itself, and the first line of what went wrong. Names, ids and JSON stay as they are. */
import type { Command } from 'commander';
import { COMMAND_WORDS_ZH, HELP_TITLES_ZH } from './command-words-zh.ts';
import { ERROR_WORDS_ZH } from './error-words-zh.ts';

export { HELP_ZH } from './command-words-zh.ts';

export function translateProgram(program: Command): void {
  for (const command of [program, ...program.commands]) {
    command.description(COMMAND_WORDS_ZH[command.description()] ?? command.description());
    command.configureHelp({
      styleTitle: (title) => HELP_TITLES_ZH[title] ?? title,
      optionDescription: (option) => translateFlag(option.description, option.envVar),
    });
  }
}

function translateFlag(text: string, env: string | undefined): string {
  return `${COMMAND_WORDS_ZH[text] ?? text}${env === undefined ? '' : ` (env: ${env})`}`;
}

/** Every line of it that is known; what it names stays in its place. */
export function translateError(text: string): string {
  return text
    .split('\n')
    .map((line) => translateLine(line))
    .join('\n');
}

let patterns: readonly { readonly pattern: RegExp; readonly zh: string }[] | undefined;

function translateLine(line: string): string {
  patterns ??= Object.entries(ERROR_WORDS_ZH)
    // The longest first: what is more exact wins.
    .toSorted(([one], [other]) => other.length - one.length)
    .map(([en, zh]) => ({ pattern: toPattern(en), zh }));
  for (const { pattern, zh } of patterns) {
    const found = pattern.exec(line);
    if (found) return zh.replace(/\{(\d)\}/g, (_whole, at: string) => found[Number(at) + 1] ?? '');
  }
  return line;
}

/** `{}` stands for anything. */
function toPattern(en: string): RegExp {
  const parts = en.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.*)')}$`, 'su');
}

/** The command line in Chinese: what it says of itself, and the first line of what went wrong. Names, ids and JSON stay as they are. */
import type { Command } from 'commander';
import { createTranslator, translateLines } from '../checks/pattern-words.ts';
import { COMMAND_WORDS_ZH, HELP_TITLES_ZH } from './command-words-zh.ts';
import { ERROR_WORDS_ZH } from './error-words-zh.ts';
import { HINT_WORDS_ZH } from './hint-words-zh.ts';

export { HELP_ZH } from './command-words-zh.ts';
export { mappingHelpZh } from './mapping-example.ts';

export function translateProgram(program: Command): void {
  for (const command of [program, ...program.commands]) {
    command.description(translateWords(command.description()));
    command.configureHelp({
      styleTitle: (title) => HELP_TITLES_ZH[title] ?? title,
      optionDescription: (option) => translateFlag(option.description, option.envVar),
    });
  }
}

/** What a command or a flag says of itself. */
export function translateWords(text: string): string {
  return COMMAND_WORDS_ZH[text] ?? text;
}

function translateFlag(text: string, env: string | undefined): string {
  return `${translateWords(text)}${env === undefined ? '' : ` (env: ${env})`}`;
}

let translateLine: ((line: string) => string) | undefined;

/** Every line of it that is known; what it names stays in its place. */
export function translateError(text: string): string {
  translateLine ??= createTranslator({ ...HINT_WORDS_ZH, ...ERROR_WORDS_ZH });
  return translateLines(text, translateLine);
}

/** The command line in Chinese: what it says of itself, and the first line of what went wrong. Names, ids and JSON stay as they are. */
import type { Command } from 'commander';
import { createTranslator } from '../checks/pattern-words.ts';
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

let translateLine: ((line: string) => string) | undefined;

/** Every line of it that is known; what it names stays in its place. */
export function translateError(text: string): string {
  translateLine ??= createTranslator(ERROR_WORDS_ZH);
  const translate = translateLine;
  return text
    .split('\n')
    .map((line) => translate(line))
    .join('\n');
}

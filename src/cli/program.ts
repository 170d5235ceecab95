/** Parses the command line, runs one command, and says how errors leave. */
import { type Command, CommanderError } from 'commander';
import { ExitCode, HostError, OorError } from '../errors.ts';
import type { Language } from '../ports.ts';
import { type Action, createProgram, helpHint, visibleCommands } from './command-tree.ts';
import type { GlobalOptions } from './options.ts';
import type { Services } from './services.ts';
import { languageOf } from './terminal-policy.ts';

/** Resolves with the exit code. Every command is loaded on first use. */
export async function runProgram(argv: readonly string[], services: Services): Promise<number> {
  const exitCode = await answer(argv, services);
  const lost = await services.lostOutput();
  if (!lost) return exitCode;
  await (await import('./tell.ts')).tellError(services, lost, typedLanguage(argv, services.env));
  return asksForNagios(argv, {}) ? NAGIOS_UNKNOWN : lost.exitCode;
}

async function answer(argv: readonly string[], services: Services): Promise<number> {
  let exitCode: number = ExitCode.usage;
  const acts = (action: Action) =>
    async function act(this: Command): Promise<void> {
      const sinceGiven = program.getOptionValueSource('since') !== 'default';
      exitCode = await action(services, this.args, { ...this.optsWithGlobals(), sinceGiven });
    };
  const language = typedLanguage(argv, services.env);
  const translation = language === 'en' ? undefined : await import('./program-zh.ts');
  const program = createProgram({ version: services.version, acts, epilogue: translation?.HELP_ZH, mapping: translation?.mappingHelpZh() });
  translation?.translateProgram(program);
  // Its words may be flags and halves of flags, which no parser should look at.
  if (argv[0] === 'complete')
    return (await import('./completion.ts')).completeCommand(services, argv.slice(1), { program, commands: visibleCommands(program) });
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({
      writeOut: (text) => void services.out(text),
      writeErr: (text) => services.err(translation?.translateError(text) ?? text),
    });
  // Only here: a word that is no command gets an answer of its own. The commands refuse what they do not take.
  program.allowExcessArguments();
  try {
    await program.parseAsync(withSandboxValue(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    // What stands behind the word that was refused was never parsed.
    const [json, debug] = ['--json', '--debug'].map((name) => argv.includes(name));
    const options = { ...program.opts<GlobalOptions>(), ...(json && { json }), ...(debug && { debug }) };
    const nagios = asksForNagios(argv, options);
    const commands = visibleCommands(program).map((command) => command.name());
    const told = nagios ? { ...options, json: false } : options;
    const asked = program.commands.find((command) => argv.includes(command.name())) ?? program;
    const exit = await reportError(error, { services, options: told, language, commands, help: helpHint(asked) });
    if (exit === ExitCode.healthy || !nagios) return exit;
    const { renderNagiosError } = await import('../report/check-nagios.ts');
    await services.out(renderNagiosError(error instanceof Error ? error.message : String(error)));
    return NAGIOS_UNKNOWN;
  }
}

/** Before anything is parsed, as what cannot be parsed is told in it too. */
function typedLanguage(argv: readonly string[], env: Services['env']): Language {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const word = argv[at] ?? '';
  try {
    return languageOf(at === -1 ? undefined : word.includes('=') ? word.slice(word.indexOf('=') + 1) : argv[at + 1], env);
  } catch {
    return 'en';
  }
}

/** Any other code than 0 to 3 is out of bounds there, and 2 would be an outage. */
const NAGIOS_UNKNOWN = 3;

function asksForNagios(argv: readonly string[], { format }: Partial<GlobalOptions>): boolean {
  return format === 'nagios' || argv.includes('--format=nagios') || argv[argv.indexOf('--format') + 1] === 'nagios';
}

/** `--sandbox` takes its value only after `=`; without one a fault is picked at random. */
function withSandboxValue(argv: readonly string[]): string[] {
  return argv.map((argument) => (argument === '--sandbox' ? '--sandbox=random' : argument));
}

interface Reporting {
  readonly services: Services;
  readonly options: Partial<GlobalOptions>;
  readonly language: Language;
  readonly commands: readonly string[];
  /** Where to look when the command line itself is wrong. */
  readonly help: string;
}

async function reportError(error: unknown, at: Reporting): Promise<number> {
  const { services, options, language, help } = at;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return ExitCode.healthy;
    if (options.json) await services.out(await errorAsJson(error.code, error.message, help, ExitCode.usage));
    return ExitCode.usage;
  }
  const known = error instanceof OorError ? error : undefined;
  const message =
    known?.message ??
    (error instanceof HostError ? error.message : `internal error: ${error instanceof Error ? error.message : String(error)}`);
  const hint = known
    ? await (await import('./error-hint.ts')).hintOf(known, at)
    : error instanceof HostError
      ? error.unlock
      : 'run again with --debug and report it';
  const exitCode = known?.exitCode ?? ExitCode.internal;
  if (options.json) await services.out(await errorAsJson(known?.code ?? 'internal', message, hint, exitCode));
  await (await import('./tell.ts')).tellError(services, { message, hint }, language);
  if (options.debug && error instanceof Error) services.err(`${error.stack ?? ''}\n`);
  return exitCode;
}

async function errorAsJson(code: string, message: string, hint: string | undefined, exit_code: number): Promise<string> {
  const { jsonLine } = await import('../report/json-text.ts');
  return jsonLine({ schema_version: 1, error: { code, message, hint: hint ?? null }, exit_code }, 2);
}

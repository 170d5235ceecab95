/** oor(1), made of the command definitions and the help topics. Pure: the build writes it, `oor help --man` prints it. */
import { ALL_TOPICS } from './help-notify.ts';

/** As commander holds a flag, an argument and a command; its classes are not needed here. */
export interface ManFlag {
  readonly flags: string;
  readonly description: string;
  readonly envVar?: string | undefined;
  readonly hidden: boolean;
  readonly argChoices?: readonly string[] | undefined;
}
export interface ManCommand {
  name(): string;
  usage(): string;
  description(): string;
  readonly options: readonly ManFlag[];
}
export interface ManPage {
  readonly version: string;
  readonly program: ManCommand;
  /** Those that are shown. */
  readonly commands: readonly ManCommand[];
}

const EXAMPLES: readonly (readonly [command: string, what: string])[] = [
  ['oor run', 'Find out why payments fail, with ./oor.yaml.'],
  ['oor run --sandbox=tls-expired', 'The same on the embedded stack, with a real fault.'],
  ['oor run --no-input --json | jq .verdict', 'In a pipeline: one JSON object, and the exit code is the verdict.'],
  ['oor check --format nagios', 'As a plugin of a monitoring system.'],
  ['oor note "the bank calls back at four"', 'From a second terminal, into the session that goes on.'],
];

/** Of the page's last change of form; its content is that of the program. */
const DATE = '2026-11-28';

export function manPage({ version, program, commands }: ManPage): string {
  return [
    `.TH OOR 1 ${DATE} "oor ${version}" "User Commands"`,
    '.SH NAME',
    `oor \\- ${roff(program.description())}`,
    '.SH SYNOPSIS',
    '.B oor',
    '[\\fIoptions\\fR] [\\fIcommand\\fR]',
    '.SH DESCRIPTION',
    'oor ("out of order") takes an on\\-call operator of a payment system from failing payments to a proven cause, a verified fix and a record that stands.',
    'It walks a playbook in eight phases, runs checks, asks questions, ranks causes, and applies a fix only with consent.',
    'At a terminal without a command it asks what people see.',
    '.SH COMMANDS',
    ...commands.flatMap(commandBlock),
    '.SH OPTIONS',
    'Of every command.',
    ...program.options.filter(({ hidden }) => !hidden).flatMap(flagBlock),
    ...ALL_TOPICS.flatMap(({ title, text }) => [`.SH ${roff(title.en).toUpperCase()}`, ...paragraphs(text.en)]),
    '.SH FILES',
    ...[
      ['./oor.yaml, $XDG_CONFIG_HOME/oor/oor.yaml, /etc/oor/oor.yaml', 'The site profile.'],
      ['$XDG_STATE_HOME/oor', 'Sessions, keys and what is remembered; ~/.local/state/oor where it is not set.'],
    ].flatMap(([file = '', what = '']) => ['.TP', `.I ${roff(file)}`, roff(what)]),
    '.SH EXAMPLES',
    ...EXAMPLES.flatMap(([command, what]) => ['.TP', `.B ${roff(command)}`, roff(what)]),
    '',
  ].join('\n');
}

function commandBlock(command: ManCommand): readonly string[] {
  return [
    `.SS oor ${roff(command.name())} ${roff(command.usage().replace(/^\[options\] ?/, ''))}`.trimEnd(),
    sentence(command.description()),
    ...command.options.filter(({ hidden }) => !hidden).flatMap(flagBlock),
  ];
}

function flagBlock({ flags, description, envVar, argChoices }: ManFlag): readonly string[] {
  const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;
  return ['.TP', `.B ${roff(flags)}`, `${sentence(`${description}${choices}`)}${envVar === undefined ? '' : ` Environment: ${envVar}.`}`];
}

function sentence(text: string): string {
  const begun = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return roff(/[.!?]$/.test(begun) ? begun : `${begun}.`);
}

/** Lines that are typed or written as they stand are shown without filling. */
function paragraphs(text: string): readonly string[] {
  return text.split('\n\n').flatMap((block, index) => {
    const lines = block.split('\n');
    const literal = lines.every((line) => line.startsWith('  '));
    if (literal) return ['.PP', '.nf', ...lines.map((line) => roff(line.slice(2))), '.fi'];
    return [...(index === 0 ? [] : ['.PP']), ...lines.map(roff)];
  });
}

/** Nothing in it is a request, an escape or a typographic dash. */
function roff(text: string): string {
  const plain = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll("'", '\\(aq')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha');
  return /^[.]/.test(plain) ? `\\&${plain}` : plain;
}

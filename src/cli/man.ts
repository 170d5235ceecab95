/** oor(1), made of the command definitions and the help topics. Pure: the build writes it, `oor help --man` prints it. */
import type { Language } from '../ports.ts';
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
  readonly language?: Language;
  readonly say?: (text: string) => string;
}

const WORDS = {
  en: {
    section: 'User Commands',
    name: 'NAME',
    synopsis: 'SYNOPSIS',
    usage: '[\\fIoptions\\fR] [\\fIcommand\\fR]',
    description: 'DESCRIPTION',
    about: [
      'oor ("out of order") takes an on-call operator of a payment system from failing payments to a proven cause, a verified fix and a record that stands.',
      'It walks a playbook in eight phases, runs checks, asks questions, ranks causes, and applies a fix only with consent.',
      'At a terminal without a command it asks what people see.',
    ],
    commands: 'COMMANDS',
    options: 'OPTIONS',
    ofAll: 'Of every command.',
    files: 'FILES',
    profile: 'The site profile.',
    state: 'Sessions, keys and what is remembered; ~/.local/state/oor where it is not set.',
    examples: 'EXAMPLES',
    run: 'Find out why payments fail, with ./oor.yaml.',
    practise: 'The same on the embedded stack, with a real fault.',
    pipeline: 'In a pipeline: one JSON object, and the exit code is the verdict.',
    monitoring: 'As a plugin of a monitoring system.',
    note: 'From a second terminal, into the session that goes on.',
    stop: '.',
    choices: (words: string) => ` (${words})`,
    environment: (name: string) => ` Environment: ${name}.`,
  },
  'zh-CN': {
    section: '用户命令',
    name: '名称',
    synopsis: '用法',
    usage: '[\\fI选项\\fR] [\\fI命令\\fR]',
    description: '说明',
    about: [
      'oor（“out of order”）带领支付系统的值班人员从支付失败走到证实的原因、验证过的修复和可靠的记录。',
      '它按八个阶段执行剧本：做检查、提问题、给原因排序，只在得到同意后才执行修复。',
      '在终端中不带命令运行时，它会询问用户看到的现象。',
    ],
    commands: '命令',
    options: '选项',
    ofAll: '适用于所有命令。',
    files: '文件',
    profile: '站点档案。',
    state: '会话、密钥和需要记住的内容；没有设置时为 ~/.local/state/oor。',
    examples: '示例',
    run: '用 ./oor.yaml 查出支付为何失败。',
    practise: '在内置支付系统上演练，故障是真的。',
    pipeline: '在流水线中：一个 JSON 对象，退出码即结论。',
    monitoring: '作为监控系统的插件。',
    note: '在第二个终端，写入正在进行的会话。',
    stop: '。',
    choices: (words: string) => `（${words}）`,
    environment: (name: string) => `环境变量：${name}。`,
  },
} as const;
type Words = (typeof WORDS)[Language];

const EXAMPLES = [
  ['oor run', 'run'],
  ['oor run --sandbox=tls-expired', 'practise'],
  ['oor run --no-input --json | jq .verdict', 'pipeline'],
  ['oor check --format nagios', 'monitoring'],
  ['oor note "the bank calls back at four"', 'note'],
] as const;

/** Of the page's last change of form; its content is that of the program. */
const DATE = '2026-11-28';

/** `say`: what the command line says of itself, in the language of the page. */
export function manPage({ version, program, commands, language = 'en', say = (text) => text }: ManPage): string {
  const words = WORDS[language];
  const blocks = { words, say };
  return [
    `.TH OOR 1 ${DATE} "oor ${version}" "${words.section}"`,
    `.SH ${words.name}`,
    `oor \\- ${roff(say(program.description()))}`,
    `.SH ${words.synopsis}`,
    '.B oor',
    words.usage,
    `.SH ${words.description}`,
    ...words.about.map(roff),
    `.SH ${words.commands}`,
    ...commands.flatMap((command) => commandBlock(command, blocks)),
    `.SH ${words.options}`,
    words.ofAll,
    ...program.options.filter(({ hidden }) => !hidden).flatMap((flag) => flagBlock(flag, blocks)),
    ...ALL_TOPICS.flatMap(({ title, text }) => [`.SH ${roff(title[language]).toUpperCase()}`, ...paragraphs(text[language])]),
    `.SH ${words.files}`,
    ...(
      [
        ['./oor.yaml, $XDG_CONFIG_HOME/oor/oor.yaml, /etc/oor/oor.yaml', words.profile],
        ['$XDG_STATE_HOME/oor', words.state],
      ] as const
    ).flatMap(([file, what]) => ['.TP', `.I ${roff(file)}`, roff(what)]),
    `.SH ${words.examples}`,
    ...EXAMPLES.flatMap(([command, what]) => ['.TP', `.B ${roff(command)}`, roff(words[what])]),
    '',
  ].join('\n');
}

interface Blocks {
  readonly words: Words;
  readonly say: (text: string) => string;
}

function commandBlock(command: ManCommand, blocks: Blocks): readonly string[] {
  return [
    `.SS oor ${roff(command.name())} ${roff(command.usage().replace(/^\[options\] ?/, ''))}`.trimEnd(),
    sentence(blocks.say(command.description()), blocks.words),
    ...command.options.filter(({ hidden }) => !hidden).flatMap((flag) => flagBlock(flag, blocks)),
  ];
}

function flagBlock({ flags, description, envVar, argChoices }: ManFlag, { words, say }: Blocks): readonly string[] {
  const choices = argChoices === undefined ? '' : words.choices(argChoices.join(', '));
  const told = sentence(`${say(description)}${choices}`, words);
  return ['.TP', `.B ${roff(flags)}`, `${told}${envVar === undefined ? '' : words.environment(envVar)}`];
}

function sentence(text: string, { stop }: Words): string {
  // A name that is typed keeps its letters in a language that has no capitals.
  const begun = stop === '.' ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}` : text;
  return roff(/[.!?。！？]$/.test(begun) ? begun : `${begun}${stop}`);
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

/** What may stand where the cursor is: commands, flags, and the names of this site. Pure but for the names, which are asked for. */
import { TEMPLATES } from '../report/template-names.ts';
import { CHECK_FORMATS, GRAPH_FORMATS, LINT_FORMATS, RECONCILE_FORMATS, REPORT_FORMATS, SHOW_FORMATS } from './formats.ts';

export interface Candidate {
  readonly value: string;
  readonly text?: string;
}

/** Files are completed by the shell itself, which knows better. */
export const FILES = 'files';
export type Candidates = readonly Candidate[] | typeof FILES;

/** As commander knows them. */
export interface KnownCommand {
  readonly name: string;
  readonly text: string;
  readonly flags: readonly KnownFlag[];
}
export interface KnownFlag {
  /** `--name` */
  readonly name: string;
  readonly text: string;
  /** What its value is called, such as `file`; undefined: it takes none. */
  readonly value: string | undefined;
  readonly choices: readonly string[];
}

export type NameKind =
  | 'playbooks'
  | 'checks'
  | 'sessions'
  | 'fixes'
  | 'faults'
  | 'tables'
  | 'phases'
  | 'causes'
  | 'topics'
  | 'answers'
  | 'inputs'
  | 'parameters'
  | 'told';
/** `of`: the check or playbook that they are of. */
type Names = (kind: NameKind, of?: string) => Promise<readonly Candidate[]>;

interface Known {
  readonly commands: readonly KnownCommand[];
  /** Flags that every command takes. */
  readonly flags: readonly KnownFlag[];
}

/** `words` are those behind `oor` up to the cursor, the last one perhaps empty. */
export async function complete(words: readonly string[], known: Known, names: Names): Promise<Candidates> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const all = await candidates(before, current, known, names);
  return all === FILES ? all : all.filter(({ value }) => value.startsWith(current) && value !== current);
}

async function candidates(before: readonly string[], current: string, known: Known, names: Names): Promise<Candidates> {
  const flagOf = (word: string | undefined): KnownFlag | undefined => flagsFor(before, known).find(({ name }) => name === word);
  const given = before.filter((word, index) => !word.startsWith('-') && !takesWord(flagOf(before[index - 1])));
  const pending = flagOf(before.at(-1));
  if (takesWord(pending)) return await valuesOf(pending as KnownFlag, given, names);
  if (current.startsWith('--sandbox=')) return withPrefix('--sandbox=', [...(await names('faults')), { value: 'none', text: 'healthy' }]);
  if (current.startsWith('-')) return flagsFor(before, known).map(({ name, text }) => ({ value: name, text }));
  const [command, ...args] = given;
  if (command === undefined) return known.commands.map(({ name, text }) => ({ value: name, text }));
  return await argumentsOf(command, args, known, names);
}

function flagsFor(before: readonly string[], { commands, flags }: Known): readonly KnownFlag[] {
  const command = commands.find(({ name }) => before.includes(name));
  return [...(command?.flags ?? []), ...flags];
}

function takesWord(flag: KnownFlag | undefined): boolean {
  return flag?.value !== undefined && flag.name !== '--sandbox';
}

const VALUES: Readonly<Record<string, NameKind>> = {
  '--allow-fix': 'fixes',
  '--answer': 'answers',
  '--playbook': 'playbooks',
  '--table': 'tables',
  '--phase': 'phases',
  '--fault': 'faults',
  '--cause': 'causes',
};
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  check: CHECK_FORMATS,
  reconcile: RECONCILE_FORMATS,
  'playbook lint': LINT_FORMATS,
  'playbook show': SHOW_FORMATS,
  'playbook graph': GRAPH_FORMATS,
};
const WORDS: Readonly<Record<string, readonly string[]>> = {
  '--lang': ['en', 'zh-CN'],
  '--color': ['auto', 'always', 'never'],
  '--report': ['html=', 'md=', 'json=', 'junit=', 'csv='],
  '--since': ['15m', '30m', '1h', '3h', '24h'],
  '--until': ['15m', '30m', '1h', '3h', '24h'],
  '--deadline': ['30s', '60s', '5m'],
  '--retry-for': ['30s', '60s', '5m'],
  '--every': ['5s', '10s', '30s'],
  '--older-than': ['30d', '90d', '365d'],
  '--confirm': ['2/3', '3/5'],
  '--max-size': ['4M', '16M', '64M'],
  '--pan': ['mask', 'pseudonym'],
  '--template': TEMPLATES,
  '--only': ['card'],
  '--dialect': ['iso87-ascii', 'iso87-binary', 'iso87-ebcdic', 'iso93', 'unionpay-pos'],
  '--framing': ['len2-binary', 'len2-bcd', 'len4-ascii', 'len4-hex', 'len4-binary', 'len4-ascii-tpdu', 'none'],
  '--tz': ['UTC', '+08:00', 'Asia/Shanghai'],
};

async function valuesOf({ name, value, choices }: KnownFlag, [command, ...args]: readonly string[], names: Names): Promise<Candidates> {
  if (name === '--set') return command === 'check' ? await names('parameters', args[0]) : await names('inputs', args[0]);
  if (name === '--format') return plain(FORMATS[`${command} ${args[0]}`] ?? FORMATS[command ?? ''] ?? REPORT_FORMATS);
  const kind = VALUES[name];
  if (kind) return await names(kind);
  const words = choices.length > 0 ? choices : WORDS[name];
  if (words) return plain(words);
  return /^(?:file|dir)/.test(value ?? '') ? FILES : [];
}

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  sessions: ['list', 'show', 'delete'],
  bundle: ['create', 'verify', 'inspect', 'analyze', 'diff', 'extract', 'merge'],
  playbook: ['list', 'show', 'lint', 'graph', 'test', 'record', 'new', 'schema', 'coverage'],
  sandbox: ['faults', 'start', 'control'],
  completion: ['bash', 'zsh', 'fish'],
};

async function argumentsOf(command: string, args: readonly string[], { commands }: Known, names: Names): Promise<Candidates> {
  const [action] = args;
  if (action === undefined && ACTIONS[command]) return plain(ACTIONS[command]);
  switch (command) {
    case 'run':
      return args.length === 0 ? await names('playbooks') : [];
    case 'check':
      return (await names('checks')).filter(({ value }) => !args.includes(value));
    case 'resume':
    case 'follow':
      return args.length === 0 ? await names('sessions') : [];
    case 'note':
      return args.length === 0 ? [] : await names('sessions');
    case 'report':
      return args.length === 0 ? await names('sessions') : FILES;
    case 'sessions':
      return action === 'list' || args.length > 1 ? [] : await names('sessions');
    case 'bundle':
      return action === 'create' ? await names('sessions') : FILES;
    case 'playbook':
      if (action === 'record') return await names('sessions');
      if (action === 'schema') return plain(['playbook', 'profile']);
      return action !== undefined && ['show', 'graph', 'test'].includes(action) ? await names('playbooks') : FILES;
    case 'notify':
      return (await names('told')).filter(({ value }) => !args.includes(value));
    case 'sandbox':
    case 'completion':
    case 'doctor':
      return [];
    case 'help':
      return args.length > 0 ? [] : await topicsOf(commands, names);
    default:
      return FILES;
  }
}

async function topicsOf(commands: readonly KnownCommand[], names: Names): Promise<readonly Candidate[]> {
  const [topics, checks, causes] = await Promise.all([names('topics'), names('checks'), names('causes')]);
  return [...topics, ...commands.map(({ name, text }) => ({ value: name, text })), ...checks, ...causes];
}

function plain(words: readonly string[]): readonly Candidate[] {
  return words.map((value) => ({ value }));
}

function withPrefix(prefix: string, all: readonly Candidate[]): readonly Candidate[] {
  return all.map(({ value, ...rest }) => ({ ...rest, value: prefix + value }));
}

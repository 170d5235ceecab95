/** What may stand where the cursor is: commands, flags, and the names of this site. Pure but for the names, which are asked for. */

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
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

export type NameKind = 'playbooks' | 'checks' | 'sessions' | 'fixes' | 'faults' | 'tables' | 'phases' | 'causes';
type Names = (kind: NameKind) => Promise<readonly Candidate[]>;

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
  const pending = flagOf(before.at(-1));
  if (pending?.takesValue && pending.name !== '--sandbox') return await valuesOf(pending, names);
  if (current.startsWith('--sandbox=')) return withPrefix('--sandbox=', [...(await names('faults')), { value: 'none', text: 'healthy' }]);
  if (current.startsWith('-')) return flagsFor(before, known).map(({ name, text }) => ({ value: name, text }));
  const given = before.filter((word, index) => !word.startsWith('-') && !takesWord(flagOf(before[index - 1])));
  const [command, ...args] = given;
  if (command === undefined) return known.commands.map(({ name, text }) => ({ value: name, text }));
  return await argumentsOf(command, args, known, names);
}

function flagsFor(before: readonly string[], { commands, flags }: Known): readonly KnownFlag[] {
  const command = commands.find(({ name }) => before.includes(name));
  return [...(command?.flags ?? []), ...flags];
}

function takesWord(flag: KnownFlag | undefined): boolean {
  return flag?.takesValue === true && flag.name !== '--sandbox';
}

const VALUES: Readonly<Record<string, NameKind>> = {
  '--allow-fix': 'fixes',
  '--playbook': 'playbooks',
  '--table': 'tables',
  '--phase': 'phases',
  '--fault': 'faults',
  '--cause': 'causes',
};
const WORDS: Readonly<Record<string, readonly string[]>> = {
  '--lang': ['en', 'zh-CN'],
  '--color': ['auto', 'always', 'never'],
  '--format': [
    'text',
    'json',
    'jsonl',
    'md',
    'html',
    'junit',
    'csv',
    'tap',
    'nagios',
    'prometheus',
    'markdown',
    'github',
    'sarif',
    'mermaid',
    'svg',
  ],
  '--report': ['html=', 'md=', 'json=', 'junit=', 'csv='],
  '--since': ['15m', '30m', '1h', '3h', '24h'],
};

async function valuesOf({ name, choices }: KnownFlag, names: Names): Promise<Candidates> {
  const kind = VALUES[name];
  if (kind) return await names(kind);
  const words = choices.length > 0 ? choices : WORDS[name];
  return words ? plain(words) : FILES;
}

async function argumentsOf(command: string, args: readonly string[], { commands }: Known, names: Names): Promise<Candidates> {
  const [action] = args;
  switch (command) {
    case 'run':
      return args.length === 0 ? await names('playbooks') : [];
    case 'check':
      return (await names('checks')).filter(({ value }) => !args.includes(value));
    case 'resume':
    case 'follow':
    case 'report':
      return args.length === 0 ? await names('sessions') : [];
    case 'sessions':
      return action === undefined ? plain(['list', 'show', 'delete']) : await names('sessions');
    case 'bundle':
      if (action === undefined) return plain(['create', 'verify', 'inspect', 'analyze', 'diff', 'extract', 'merge']);
      return action === 'create' ? await names('sessions') : FILES;
    case 'playbook':
      if (action === undefined) return plain(['list', 'show', 'lint', 'graph', 'test', 'record', 'new', 'schema', 'coverage']);
      if (action === 'record') return await names('sessions');
      if (action === 'schema') return plain(['playbook', 'profile']);
      return ['show', 'graph', 'test'].includes(action) ? await names('playbooks') : FILES;
    case 'sandbox':
      return action === undefined ? plain(['faults', 'start', 'control']) : [];
    case 'completion':
      return action === undefined ? plain(['bash', 'zsh', 'fish']) : [];
    case 'help':
      return [...commands.map(({ name, text }) => ({ value: name, text })), ...(await names('checks')), ...(await names('causes'))];
    default:
      return FILES;
  }
}

function plain(words: readonly string[]): readonly Candidate[] {
  return words.map((value) => ({ value }));
}

function withPrefix(prefix: string, all: readonly Candidate[]): readonly Candidate[] {
  return all.map(({ value, ...rest }) => ({ ...rest, value: prefix + value }));
}

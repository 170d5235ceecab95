/** `oor completion SHELL`: a script for the shell, which asks `oor complete WORDS` at each key. */
import { STEP_PHASES } from '../checks/check.ts';
import { checkIds } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import { CODE_TABLES } from '../payments/codes/codes.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Language } from '../ports.ts';
import { jsonLine } from '../report/json-text.ts';
import { type Candidate, complete, FILES, type KnownCommand, type KnownFlag, type NameKind } from './complete.ts';
import { type GlobalOptions, usage } from './options.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import type { Services } from './services.ts';
import { languageOf } from './terminal-policy.ts';

/** bash cuts words at `=`; zsh and fish show the text beside a value. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# oor completion bash > /etc/bash_completion.d/oor    or    source <(oor completion bash)
_oor() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" value text
  COMPREPLY=()
  while IFS=$'\\t' read -r value text; do
    if [ "$value" = :files ]; then
      compopt -o default
      return
    fi
    if [ "$cur" = = ] || [ "\${COMP_WORDS[COMP_CWORD - 1]}" = = ]; then value=\${value#*=}; fi
    case $value in *=) compopt -o nospace ;; esac
    COMPREPLY+=("$value")
  done < <("\${COMP_WORDS[0]}" complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _oor oor
`,
  zsh: `#compdef oor
# oor completion zsh > "\${fpath[1]}/_oor"    or    source <(oor completion zsh)
_oor() {
  local -a items
  local value text
  while IFS=$'\\t' read -r value text; do
    if [[ $value == :files ]]; then
      _files
      return
    fi
    items+=("\${value//:/\\\\:}:$text")
  done < <($words[1] complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe oor items
}
# Out of a folder of fpath this file is the function itself the first time, and has to answer that key, too.
if [[ $funcstack[1] == _oor ]]; then _oor "$@"; else compdef _oor oor; fi
`,
  fish: `# oor completion fish > ~/.config/fish/completions/oor.fish
function __oor_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] complete $words[2..-1] 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c oor -f -a '(__oor_complete)'
`,
};

export async function completionCommand(
  services: Services,
  [shell = '']: readonly string[],
  { json }: Pick<GlobalOptions, 'json'>,
): Promise<number> {
  const script = SCRIPTS[shell];
  if (script === undefined) throw usage(`completion ${shell}: no such shell`, `one of: ${Object.keys(SCRIPTS).join(', ')}`);
  await services.out(json ? jsonLine({ schema_version: 1, shell, script }, 2) : script);
  return ExitCode.healthy;
}

/** As commander holds a command; its class is not needed here. */
interface Declared {
  name(): string;
  description(): string;
  readonly options: readonly {
    readonly long?: string | undefined;
    readonly flags: string;
    readonly description: string;
    readonly argChoices?: string[] | undefined;
    readonly hidden: boolean;
  }[];
}

export interface DeclaredProgram {
  readonly program: Declared;
  /** Those that are shown. */
  readonly commands: readonly Declared[];
}

export async function completeCommand(
  services: Services,
  words: readonly string[],
  { program, commands }: DeclaredProgram,
): Promise<number> {
  const known = { commands: commands.map(describeCommand), flags: program.options.flatMap(describeFlag) };
  const language = languageOf(undefined, services.env);
  const found = await complete(joinAssigned(words), known, (kind, of) => namesOf({ services, language }, kind, of));
  const lines = found === FILES ? [':files'] : found.map(({ value, text }) => `${value}\t${text ?? ''}`);
  if (lines.length > 0) await services.out(`${lines.join('\n')}\n`);
  return ExitCode.healthy;
}

function describeCommand(command: Declared): KnownCommand {
  return { name: command.name(), text: firstClause(command.description()), flags: command.options.flatMap(describeFlag) };
}

function describeFlag({ long, flags, description, argChoices, hidden }: Declared['options'][number]): readonly KnownFlag[] {
  if (long === undefined || hidden) return [];
  const value = /<([^>]+)>/.exec(flags)?.[1];
  return [{ name: long, text: firstClause(description), value, choices: argChoices ?? [] }];
}

function firstClause(text: string): string {
  return text.split(/[;:(；：（]/)[0]?.trim() ?? '';
}

/** bash hands `--sandbox=tls` over as three words. */
function joinAssigned(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const [index, word] of words.entries()) {
    const last = joined.at(-1);
    if (last !== undefined && (word === '=' || words[index - 1] === '=')) joined[joined.length - 1] = last + word;
    else joined.push(word);
  }
  return joined;
}

interface Asking {
  readonly services: Services;
  /** Of the texts beside the names. */
  readonly language: Language;
}

async function namesOf({ services, language }: Asking, kind: NameKind, of: string | undefined): Promise<readonly Candidate[]> {
  switch (kind) {
    case 'checks':
      return checkIds.map((value) => ({ value }));
    case 'phases':
      return STEP_PHASES.map((value) => ({ value }));
    case 'tables':
      return CODE_TABLES.map(({ id }) => ({ value: id }));
    case 'faults':
      return (await services.sandbox.faults()).map(({ id, cause }) => ({ value: id, text: cause }));
    case 'sessions':
      return (await (await services.store(services.env['OOR_STATE_DIR'])).list()).map(({ id }) => ({ value: id }));
    case 'topics':
      return (await import('./help-notify.ts')).ALL_TOPICS.map(({ id, title }) => ({ value: id, text: title[language] }));
    case 'parameters':
      return await parametersOf(of);
    case 'told':
      return await toldInProfile(services);
    default:
      return await namesInPlaybooks({ services, language }, kind, of);
  }
}

async function parametersOf(id: string | undefined): Promise<readonly Candidate[]> {
  if (id === undefined || !checkIds.includes(id)) return [];
  const [{ loadChecks }, { describeParams }] = await Promise.all([import('../checks/index.ts'), import('./check-params.ts')]);
  const check = (await loadChecks([id]))[id];
  return check ? describeParams(check.params).map(({ name }) => ({ value: `${name}=` })) : [];
}

/** A profile with a mistake names nobody here; whoever runs it is told of the mistake. */
async function toldInProfile(services: Services): Promise<readonly Candidate[]> {
  try {
    const [{ loadProfile }, { targetsIn }] = await Promise.all([import('./prepare.ts'), import('./notices.ts')]);
    return targetsIn((await loadProfile(services, services.env['OOR_PROFILE'])).data).map(({ name }) => ({ value: name }));
  } catch {
    return [];
  }
}

async function namesInPlaybooks(
  { services, language }: Asking,
  kind: 'playbooks' | 'fixes' | 'causes' | 'answers' | 'inputs',
  of: string | undefined,
): Promise<readonly Candidate[]> {
  const found = new Map<string, string>();
  for (const { file } of await services.shippedPlaybooks()) {
    if (of !== undefined && of !== nameOf(file)) continue;
    const { playbook } = await loadPlaybook(services, nameOf(file), {});
    for (const { value, text } of namesIn(playbook, kind, language)) found.set(value, text);
  }
  return [...found].map(([value, text]) => ({ value, text }));
}

function namesIn(
  playbook: Playbook,
  kind: 'playbooks' | 'fixes' | 'causes' | 'answers' | 'inputs',
  language: Language,
): readonly Required<Candidate>[] {
  if (kind === 'inputs') return playbook.inputs.map(({ name }) => ({ value: `${name}=`, text: playbook.id }));
  if (kind === 'answers')
    return playbook.steps.flatMap((step) =>
      step.kind === 'ask'
        ? step.options.map(({ value, label }) => ({ value: `${step.id}=${value}`, text: label[language] ?? label.en }))
        : [],
    );
  return (kind === 'playbooks' ? [playbook] : playbook[kind]).map(({ id, title }) => ({ value: id, text: title[language] ?? title.en }));
}

/** `oor completion SHELL`: a script for the shell, which asks `oor complete WORDS` at each key. */
import { STEP_PHASES } from '../checks/check.ts';
import { checkIds } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import { CODE_TABLES } from '../payments/codes/codes.ts';
import { type Candidate, complete, FILES, type KnownCommand, type KnownFlag, type NameKind } from './complete.ts';
import { usage } from './options.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import type { Services } from './services.ts';

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
compdef _oor oor
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

export async function completionCommand(services: Services, [shell = '']: readonly string[]): Promise<number> {
  const script = SCRIPTS[shell];
  if (script === undefined) throw usage(`completion ${shell}: no such shell`, `one of: ${Object.keys(SCRIPTS).join(', ')}`);
  await services.out(script);
  return ExitCode.healthy;
}

/** As commander holds a command; its class is not needed here. */
interface Declared {
  name(): string;
  description(): string;
  readonly options: readonly {
    readonly long?: string | undefined;
    readonly description: string;
    readonly required: boolean;
    readonly argChoices?: string[] | undefined;
    readonly hidden: boolean;
  }[];
  readonly commands: readonly Declared[];
}

export async function completeCommand(services: Services, words: readonly string[], program: Declared): Promise<number> {
  const commands = program.commands.map(describeCommand).filter(({ name }) => name !== 'soak');
  const found = await complete(joinAssigned(words), { commands, flags: program.options.flatMap(describeFlag) }, (kind) =>
    namesOf(services, kind),
  );
  const lines = found === FILES ? [':files'] : found.map(({ value, text }) => `${value}\t${text ?? ''}`);
  if (lines.length > 0) await services.out(`${lines.join('\n')}\n`);
  return ExitCode.healthy;
}

function describeCommand(command: Declared): KnownCommand {
  return { name: command.name(), text: firstClause(command.description()), flags: command.options.flatMap(describeFlag) };
}

function describeFlag({ long, description, required, argChoices, hidden }: Declared['options'][number]): readonly KnownFlag[] {
  if (long === undefined || hidden) return [];
  return [{ name: long, text: firstClause(description), takesValue: required, choices: argChoices ?? [] }];
}

function firstClause(text: string): string {
  return text.split(/[;:(]/)[0]?.trim() ?? '';
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

async function namesOf(services: Services, kind: NameKind): Promise<readonly Candidate[]> {
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
    default:
      return await namesInPlaybooks(services, kind);
  }
}

async function namesInPlaybooks(services: Services, kind: 'playbooks' | 'fixes' | 'causes'): Promise<readonly Candidate[]> {
  const found = new Map<string, string>();
  for (const { file } of await services.shippedPlaybooks()) {
    const { playbook } = await loadPlaybook(services, nameOf(file), {});
    const entries = kind === 'playbooks' ? [playbook] : playbook[kind];
    for (const { id, title } of entries) found.set(id, title.en);
  }
  return [...found].map(([value, text]) => ({ value, text }));
}

/** Which commands there are. Each is loaded when it is asked for; the help, the man page and the completion are made of this. */
import { Command } from 'commander';
import { addBundleCommand, addExportOptions } from './bundle-options.ts';
import { MAPPING_HELP } from './mapping-example.ts';
import { addGlobalOptions, asDuration, collect, type GlobalOptions } from './options.ts';
import type { Services } from './services.ts';

export type Action = (
  services: Services,
  args: readonly string[],
  options: GlobalOptions & Readonly<Record<string, unknown>>,
) => Promise<number>;
/** What commander calls: `this` is the command that was asked for. */
type Acts = (action: Action) => (this: Command) => Promise<void>;

interface ProgramTexts {
  readonly version: string;
  readonly acts: Acts;
  readonly epilogue?: string | undefined;
  readonly mapping?: string | undefined;
}

export function createProgram({ version, acts, epilogue = HELP, mapping = MAPPING_HELP }: ProgramTexts): Command {
  const program = new Command('oor');
  addGlobalOptions(program);
  program
    .description('from "payments are failing" to a proven cause, a verified fix and an evidence bundle')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError()
    .addHelpText('after', epilogue)
    .action(acts(async (...given) => (await import('./welcome.ts')).welcomeCommand(...given)));
  addCommands(program, acts);
  addTools(program, acts, mapping);
  addTelling(program, acts);
  addLearning(program, acts);
  for (const command of [program, ...program.commands]) command.showHelpAfterError(`  ${helpHint(command)}`);
  return program;
}

/** Where to look when a command line is wrong. */
export function helpHint(command: Command): string {
  return `see: oor${command.parent ? ` ${command.name()}` : ''} --help`;
}

/** Without those that a run starts for itself. */
export function visibleCommands(program: Command): Command[] {
  return program.createHelp().visibleCommands(program);
}

function addCommands(program: Command, acts: Acts): void {
  const sandboxFlag = ['--sandbox <fault>', 'run against the embedded stack; --sandbox[=FAULT|none], FAULT only after ='] as const;
  program
    .command('init [file]')
    .description('look at this machine, ask little, write oor.yaml (the site profile)')
    .option('--force', 'replace the file if it exists')
    .action(acts(async (...given) => (await import('./init.ts')).initCommand(...given)));
  addExportOptions(program.command('run [playbook]'))
    .description('walk the eight steps: confirm, evidence, hardware, software, network, verify, fix, validate')
    .option(...sandboxFlag)
    .action(acts(async (...given) => (await import('./run.ts')).runCommand(...given)));
  program
    .command('check [check...]')
    .description('only the automatic checks: for cron, monitoring, CI')
    .option(...sandboxFlag)
    .option('--playbook <playbook>', 'the checks of this playbook: a shipped name or a file (default: payment-gateway)')
    .option('--list', 'every check there is')
    .option('--explain', 'what a check looks at and where its thresholds come from')
    .option('--tag <tag>', 'only checks with this tag: area, phase, list, name, kind or role of the target (repeatable)', collect, [])
    .option('--phase <phase>', 'only checks of this phase (repeatable)', collect, [])
    .option('--retry-for <duration>', 'run what failed again until it is good, at most this long', asDuration('--retry-for'))
    .option('--every <duration>', 'with --retry-for: how often (default 5s)', asDuration('--every'))
    .option('--confirm <n/m>', 'a failure counts when n of at most m probes see it, for example 2/3 or 2/3@500ms')
    .option('--output <file>', 'write the result there, in one step, instead of stdout')
    .option('--snapshot <file>', 'on a healthy day: keep packages, configuration, units, listeners, routes, certificates, names, versions')
    .option('--compare <file>', 'in an incident: what changed since that snapshot')
    .action(acts(async (...given) => (await import('./check.ts')).checkCommand(...given)));
  addExportOptions(program.command('resume [session]'))
    .description('go on where a session stopped')
    .action(acts(async (...given) => (await import('./resume.ts')).resumeCommand(...given)));
  program
    .command('sessions [action] [id]')
    .description('list, show ID, delete ID')
    .option('--older-than <duration>', 'with delete: every session older than this')
    .action(acts(async (...given) => (await import('./sessions.ts')).sessionsCommand(...given)));
  program
    .command('follow [session]')
    .description('what happens in a session, from a second terminal, as it happens; the newest one by default; --jsonl: its records')
    .action(acts(async (...given) => (await import('./follow.ts')).followCommand(...given)));
  program
    .command('report <session>')
    .description('the report of a session or a bundle: --format text, json, md, html, junit, csv; --report FORMAT=FILE')
    .option('--identity <file>', 'opens an encrypted bundle: an age identity file')
    .option(
      '--template <name>',
      'a letter filled from the session: customer-sms, customer-banner, customer-mail, merchant-notice, provider-ticket, bank-limit-request, regulator-report, compensation, handover, postmortem, audit, vip-queue',
    )
    .action(acts(async (...given) => (await import('./report.ts')).reportCommand(...given)));
}

function addTools(program: Command, acts: Acts, mapping: string): void {
  addBundleCommand(program).action(acts(async (...given) => (await import('./bundle.ts')).bundleCommand(...given)));
  program
    .command('decode [input...]')
    .description('explain an ISO 8583 message (hex, base64, dump, file, -) or an answer code; --jsonl FILE: one hex a line')
    .option('--dialect <id>', 'iso87-ascii, iso87-binary, iso87-ebcdic, iso93, unionpay-pos or a YAML file; default: found out')
    .option('--framing <id>', 'len2-binary, len4-ascii-tpdu, none, ...; default: found out')
    .option('--table <id>', 'for a code: whose code it is')
    .action(acts(async (...given) => (await import('./decode.ts')).decodeCommand(...given)));
  program
    .command('reconcile')
    .description('orders against provider statements: omissions, double charges, repairs')
    .option('--orders <file...>', 'what this side believes: CSV, TSV or JSON lines')
    .option('--statements <file...>', 'what the providers say; all channels together')
    .option('--mapping <file...>', 'YAML that tells what the columns of a table mean')
    .option('--tz <zone>', 'of times that name none: +08:00, Asia/Shanghai (default: UTC)')
    .option('--print-sql', 'print the SQL instead of running it')
    .option('--repairs <file>', 'write what is to be done of each difference there, for two people to approve; nothing is ever sent')
    .option('--check-repairs <file>', 'is it unchanged, and is each repair approved by two people?')
    .addHelpText('after', `\n${mapping}\n`)
    .action(acts(async (...given) => (await import('./reconcile.ts')).reconcileCommand(...given)));
  program
    .command('redact [file...]')
    .description('clean standard input, files or folders of card data and secrets; the cleaned text goes to stdout')
    .option('--out <dir>', 'write each file there under its own name instead')
    .option('--pseudonyms', 'hosts, addresses, phones, identity numbers and accounts too, each under one name throughout')
    .option('--pan <how>', 'card numbers as mask (first six and last four digits) or pseudonym', 'mask')
    .option('--incident <name>', 'pseudonyms stay the same within it; the key stays in the state folder')
    .option('--only <what>', 'card: leave secrets alone')
    .option('--ledger <file>', 'what was removed: a JSON line each with item, line and rule')
    .action(acts(async (...given) => (await import('./redact.ts')).redactCommand(...given)));
  program
    .command('playbook <action> [file...]')
    .description('list, show NAME, lint [FILE...], graph NAME, test [FILE...], record SESSION, new NAME, schema [profile], coverage')
    .option('--cause <id>', 'with graph: only this cause, with what leads to it and what repairs it')
    .option('--mutate', 'with test: which evidence and which checks no incident needs')
    .option('--out <file>', 'with graph, record and new: the file to write')
    .option('--force', 'with new: replace the file if it exists')
    .action(
      acts(async (services, args, options) =>
        (await import('./playbook.ts')).playbookCommand(services, args, options, { program, commands: visibleCommands(program) }),
      ),
    );
  program
    .command('drill [scenario]')
    .description('practise on a recorded or simulated incident, scored; --answers FILE: the moves, without a terminal')
    .option('--list', 'every drill, with what you scored')
    .option('--speed <factor>', 'minutes of the incident for a minute of thinking (default 1)')
    .option('--seed <n>', 'the order in which moves are offered')
    .option('--expert', "the expert's moves, in the form that --answers takes")
    .action(acts(async (...given) => (await import('./drill.ts')).drillCommand(...given)));
  program
    .command('sandbox [action] [verb] [word...]')
    .description('the embedded payment stack: faults (list them), start, control')
    .option('--fault <id>', 'with start: switch this fault on')
    .option('--dir <dir>', 'the folder of the stack')
    .action(acts(async (...given) => (await import('./sandbox.ts')).sandboxCommand(...given)));
  program
    .command('doctor')
    .description('what oor cannot see on this machine and what would let it')
    .action(acts(async (...given) => (await import('./doctor.ts')).doctorCommand(...given)));
}

/** Of an incident to people, and what a run starts for itself. */
function addTelling(program: Command, acts: Acts): void {
  program
    .command('note <text...>')
    .description(
      'into the journal of a session, also while another terminal runs it: oor note "the bank calls back" [SESSION]; - reads a pipe',
    )
    .option(
      '--classified <when>',
      'it was called a major incident then: now, 20m (ago), 2026-01-31T03:10+08:00; limits of regulators count from it',
    )
    .option('--notified <when>', 'the regulator first heard of it then')
    .action(acts(async (...given) => (await import('./note.ts')).noteCommand(...given)));
  program
    .command('notify [name...]')
    .description('whom a run tells of an incident (notify: in oor.yaml; nobody without it)')
    .option('--test', 'send each of them a message that nothing is wrong; with --dry-run only show it')
    .action(acts(async (...given) => (await import('./notify.ts')).notifyCommand(...given)));
  const hidden = { hidden: true };
  program.command('soak <session>', hidden).action(acts(async (...given) => (await import('./soak.ts')).soakCommand(...given)));
  program.command('deliver <session>', hidden).action(acts(async (...given) => (await import('./deliver.ts')).deliverCommand(...given)));
}

function addLearning(program: Command, acts: Acts): void {
  program
    .helpCommand(false)
    .command('help [topic]')
    .description('a topic, a command, a check or a cause: oor help exit-codes, oor help tls.expired')
    .option('--man', 'the manual page oor(1): oor help --man | man -l -')
    .action(
      acts(async (services, args, options) =>
        (await import('./help.ts')).helpCommand(services, args, options, { program, commands: visibleCommands(program) }),
      ),
    );
  program
    .command('completion <shell>')
    .description('bash, zsh or fish: a script that completes commands, flags, playbooks, checks, sessions')
    .action(acts(async (...given) => (await import('./completion.ts')).completionCommand(...given)));
}

const HELP = `
Exit codes: 0 healthy or fixed, 1 fault found, 2 usage, 3 an answer is needed, 4 aborted, 5 fix failed and rolled back, 6 rollback failed,
  7 inconclusive, 8 card data or a secret would have left, 9 record altered or damaged, 10 not signed, 11 signed by an unknown key,
  12 untrusted playbook, 65 invalid file, 70 internal error, 129/130/143 interrupted

Topics: oor help exit-codes | environment | profile | sessions | playbooks | redaction | fixes | notify

Examples:
  oor run                              find out why payments fail, with ./oor.yaml
  oor run --sandbox=tls-expired        the same on the embedded stack, with a real fault
  oor check --json                     for monitoring`;

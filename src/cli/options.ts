/** Global flags and their environment twins, once for all commands. */
import { type Command, Option } from 'commander';
import { parseDuration } from '../checks/duration.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Services } from './services.ts';
import { type TerminalPolicy, terminalPolicy } from './terminal-policy.ts';

export interface GlobalOptions {
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly input: boolean;
  readonly symptom?: string;
  readonly answers?: string;
  readonly answer: Readonly<Record<string, string>>;
  readonly set: Readonly<Record<string, string>>;
  readonly profile?: string;
  readonly lang?: string;
  readonly color?: string;
  readonly ascii?: boolean;
  readonly accessible?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly dryRun?: boolean;
  readonly deadline?: number;
  readonly since: number;
  readonly until?: number;
  /** `--since` was typed, and is not the default. */
  readonly sinceGiven?: boolean;
  readonly bundle?: string;
  readonly allowFix: readonly string[];
  readonly trust?: string;
  readonly format?: string;
  readonly report: readonly string[];
  readonly failOn?: 'warn' | 'fail' | 'unknown';
  readonly gentle?: boolean;
  readonly stateDir?: string;
}

export function addGlobalOptions(program: Command): void {
  const options = [
    flag('--json', 'print one JSON object and nothing else', 'OOR_JSON'),
    flag('--jsonl', 'print every event as one JSON line', 'OOR_JSONL'),
    flag('--no-input', 'never ask; a missing answer that decides the outcome exits 3', undefined),
    flag('--symptom <text>', 'what people see; chooses the playbook, at most weak evidence', 'OOR_SYMPTOM'),
    flag('--answers <file>', 'answers by question id (YAML or JSON)', 'OOR_ANSWERS'),
    flag('--answer <id=value>', 'one answer (repeatable)', undefined).argParser(collectPairs('--answer')).default({}, 'none'),
    flag('--set <input=value>', 'one input of the playbook, or parameter of the one check named (repeatable)', undefined)
      .argParser(collectPairs('--set'))
      .default({}, 'none'),
    flag('--profile <file>', 'the site profile, oor.yaml', 'OOR_PROFILE'),
    flag('--lang <language>', 'en or zh-CN', 'OOR_LANG'),
    flag('--color <when>', 'auto, always or never', 'OOR_COLOR'),
    flag('--ascii', 'no characters beyond ASCII', 'OOR_ASCII'),
    flag('--accessible', 'plain lines, nothing is redrawn', 'OOR_ACCESSIBLE'),
    flag('--quiet', 'only the result', 'OOR_QUIET'),
    flag('--debug', 'stack traces of errors', 'OOR_DEBUG'),
    flag('--dry-run', 'plan fixes, apply none', 'OOR_DRY_RUN'),
    flag('--deadline <duration>', 'end the whole run by then', 'OOR_DEADLINE').argParser(asDuration('--deadline')),
    flag('--since <duration>', 'how far back logs are read', 'OOR_SINCE')
      .argParser(asDuration('--since'))
      .default(30 * 60_000, '30m'),
    flag('--until <duration>', 'how long ago the window of the logs ends; default: now', 'OOR_UNTIL').argParser(asDuration('--until')),
    flag('--bundle <file>', 'with run and resume: pack the evidence into this .tar.gz, redacted and signed', 'OOR_BUNDLE'),
    flag('--allow-fix <id>', 'consent to this fix (repeatable)', undefined).argParser(collect).default([], 'none'),
    flag('--trust <sha256>', 'run a playbook file that another user could have written', 'OOR_TRUST'),
    flag(
      '--format <format>',
      'of the result: text, json, md, html, junit, csv; `oor check` knows text, json, jsonl, junit, tap, nagios, prometheus, markdown, github; `oor playbook`: sarif, github, mermaid, svg, md',
      'OOR_FORMAT',
    ),
    flag('--report <format=file>', 'write the report there too: html=incident.html (repeatable)', undefined)
      .argParser(collect)
      .default([], 'none'),
    flag(
      '--fail-on <status>',
      'lowest status that makes `oor check` exit 1; warn: `oor playbook lint` exits 65 for warnings too',
      'OOR_FAIL_ON',
    ).choices(['warn', 'fail', 'unknown']),
    flag('--gentle', 'few probes at once', 'OOR_GENTLE'),
    flag('--state-dir <dir>', 'where sessions are kept', 'OOR_STATE_DIR'),
  ];
  for (const option of options) program.addOption(option);
}

function flag(flags: string, description: string, env: string | undefined): Option {
  const option = new Option(flags, description);
  return env === undefined ? option : option.env(env);
}

export function policyOf(options: GlobalOptions, { env, terminal }: Services): TerminalPolicy {
  return terminalPolicy({ flags: options, env, ...terminal });
}

export function collect(value: string, previous: unknown): readonly string[] {
  return [...(previous as readonly string[]), value];
}

function collectPairs(name: string): (value: string, previous: unknown) => Readonly<Record<string, string>> {
  return (value, previous) => {
    const at = value.indexOf('=');
    if (at < 1) throw usage(`${name} ${value}: expected id=value`, `for example ${name} symptom=timeouts`);
    return { ...(previous as Record<string, string>), [value.slice(0, at)]: value.slice(at + 1) };
  };
}

export function asDuration(name: string): (value: string) => number {
  return (value) => {
    const ms = parseDuration(value);
    if (ms === undefined) throw usage(`${name} ${value}: expected a duration`, `for example ${name} 10m (ms, s, m, h, d)`);
    return ms;
  };
}

export function usage(message: string, hint: string): OorError {
  return new OorError({ code: 'usage', message, hint, exitCode: ExitCode.usage });
}

/** The instant at which the window of interest ends; undefined: now. */
export function windowEnd({ since, until }: Pick<GlobalOptions, 'since' | 'until'>, nowMs: number): number | undefined {
  if (until === undefined) return undefined;
  if (until < since) return nowMs - until;
  throw usage('--until lies before --since', 'for example --since 3h --until 2h: the hour that began three hours ago');
}

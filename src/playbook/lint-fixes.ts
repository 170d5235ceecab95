/** Fixes: what they change, when, and how one knows that it helped. */
import { below, type Spot } from './build.ts';
import type { Entry } from './entries.ts';
import { canonical, isLost, type Lint, warn, warnAtKey } from './lint-kit.ts';
import { isFalse } from './never.ts';
import type { Fix } from './playbook.ts';
import type { RawFix } from './shape.ts';
import { listOf } from './shape-kit.ts';

export function lintFix(lint: Lint, fix: Fix, { spot, raw }: Entry<RawFix>): void {
  const { id, manual, effect, confirm, signal, mitigates } = fix;
  const runs = raw.run !== undefined;
  if (!runs && !manual) warnAtKey(lint, spot, { code: 'fix-empty', message: `${id} has neither run nor manual` });
  if (runs && signal.steps.length === 0)
    warnAtKey(lint, spot, {
      code: 'fix-signal',
      message: `nothing tells whether ${id} worked`,
      hint: 'signal: {steps: [...], within: 1m}',
    });
  if (effect === 'destructive' && confirm === 'yes-no')
    warnAtKey(lint, spot, {
      code: 'fix-confirm',
      message: `${id} is destructive and asks only yes or no`,
      hint: 'confirm: {type: "${{ target.name }}"}',
    });
  if (fix.if && isFalse(fix.if)) warn(lint, below(spot, 'if'), { code: 'unreachable', message: `${id} is never offered: its if is false` });
  if (!mitigates && !lint.playbook.causes.some(({ fixes }) => fixes.includes(id)) && !isLost(lint, id))
    warnAtKey(lint, spot, { code: 'fix-unused', message: `no cause offers ${id}` });
  lintEffects(lint, id, raw, spot);
}

/** Nothing may change before a person has consented: what is kept before the fix, and its trial, only look. */
function lintEffects(lint: Lint, id: string, raw: RawFix, spot: Spot): void {
  const changing = new Set(raw.effect === 'read' ? [] : listOf(raw.run).map(({ argv }) => canonical(argv)));
  const looksAt = (key: 'before' | 'dry_run', argv: unknown, at: Spot): void => {
    if (!changing.has(canonical(argv)) && !writes(argv)) return;
    const when = key === 'dry_run' ? 'its dry_run' : 'what it keeps before';
    warn(lint, at, {
      code: 'early-write',
      message: `${when} changes something before the fix itself is applied`,
      hint: key === 'dry_run' ? 'a trial only shows what would be done' : 'before only reads: the changing command belongs into run',
    });
  };
  if (raw.dry_run) looksAt('dry_run', raw.dry_run.argv, below(spot, 'dry_run', 'argv'));
  listOf(raw.before).forEach(({ argv }, index) => {
    looksAt('before', argv, Array.isArray(raw.before) ? below(spot, 'before', index, 'argv') : below(spot, 'before', 'argv'));
  });
  if (raw.effect !== 'read') return;
  const writing = listOf(raw.run).find(({ argv }) => writes(argv));
  if (writing)
    warn(lint, below(spot, 'effect'), {
      code: 'fix-effect',
      message: `${id} says that it only reads, and its command changes something`,
      hint: 'effect: write, and a rollback',
    });
}

/** Programs whose only use is to change something; of the others the word that makes them do it. */
const WRITERS = /^(rm|rmdir|mv|cp|dd|tee|truncate|kill|pkill|killall|chmod|chown|ln|mkdir|mount|umount|reboot|shutdown|poweroff|mkfs\S*)$/;
const VERBS: readonly (readonly [program: RegExp, verb: RegExp])[] = [
  [/^(systemctl|service|rc-service|supervisorctl)$/, /^(start|stop|restart|reload|try-restart|kill|enable|disable|mask|isolate)$/],
  [/^(docker|podman)$/, /^(start|stop|restart|kill|rm|run|exec)$/],
  [/^kubectl$/, /^(apply|delete|scale|patch|rollout|drain|cordon|uncordon|edit|replace|create)$/],
  [/^(iptables|ip6tables)$/, /^(-A|-I|-D|-F|-R|-P|--append|--insert|--delete|--flush)$/],
  [/^nft$/, /^(add|delete|insert|flush|replace)$/],
  [/^(ip|tc)$/, /^(add|del|delete|set|flush|replace|change)$/],
  [/^nginx$/, /^(stop|quit|reload|reopen)$/],
  [/^sed$/, /^(-i.*|--in-place.*)$/],
  [/^git$/, /^(checkout|reset|push|pull|commit|clean|revert)$/],
  [/^(apt|apt-get|dnf|yum|apk)$/, /^(install|remove|upgrade|purge|dist-upgrade)$/],
];

/** Words before the program that matters: it runs what follows. */
const CARRIERS = /^(?:sudo|doas|nice|ionice|nohup|setsid|timeout|env|exec|time|xargs|-\S*|\d+[smh]?|\w+=.*)$/;
const SHELLS = /^(?:sh|bash|dash|ash|zsh|ksh)$/;

/** Known by its words; a program of the site says nothing of itself. */
function writes(argv: unknown): boolean {
  return Array.isArray(argv) && runsWriter(argv.map(String));
}

function runsWriter(words: readonly string[]): boolean {
  const at = words.findIndex((word) => !CARRIERS.test(word));
  const program = words[at]?.replace(/^.*\//, '') ?? '';
  const rest = words.slice(at + 1);
  if (SHELLS.test(program)) return rest.some((word) => !word.startsWith('-') && scriptWrites(word));
  // What runs on another machine stands after its name, as words or as one script.
  if (program === 'ssh') return rest.some((_, index) => index > 0 && (runsWriter(rest.slice(index)) || scriptWrites(rest[index] ?? '')));
  if (WRITERS.test(program)) return true;
  return VERBS.some(([name, verb]) => name.test(program) && rest.some((word) => verb.test(word)));
}

function scriptWrites(script: string): boolean {
  const commands = script.split(/[;&|\n(){}]+/).map((command) =>
    command
      .trim()
      .split(/\s+/)
      .filter((word) => word !== ''),
  );
  return /(?:^|[^0-9&>])>{1,2}\s*(?!\/dev\/null|&)\S/.test(script) || commands.some((words) => words.length > 0 && runsWriter(words));
}

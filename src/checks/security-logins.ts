import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, gradeAbove, type Judgement, type ProbeContext, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type LogWindow, readLogWindow } from './log-window.ts';
import { readProcesses } from './processes.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 10, crit: 120, unit: '/min', source: 'own' };
/** So many failures and then a success from one address look like a guessed password. */
const GUESSES = 5;
/** Lines without a time: only the newest are of now. */
const TAIL_BYTES = 64 * 1024;
/** Nobody mistypes this many names: they come from a list. */
const NAMES_TRIED = 10;
const LOGS = ['/var/log/auth.log', '/var/log/secure'];
const JOURNAL = ['journalctl', '--no-pager', '--output=short-iso', '--identifier=sshd', '--identifier=sshd-session'];

const params = strictObject({
  /** Default: /var/log/auth.log, /var/log/secure, where sshd writes its errors to, else the journal. */
  file: v.nullish(v.string()),
  since: v.nullish(duration),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  source: v.string(),
  minutes: v.number(),
  failed: v.number(),
  accepted: v.number(),
  perMinute: v.number(),
  /** The addresses with most failures. */
  addresses: v.array(v.object({ address: v.string(), failed: v.number(), unknownNames: v.optional(v.number(), 0) })),
  /** Where a success followed at least five failures; null: nowhere. */
  guessed: v.nullable(v.object({ address: v.string(), user: v.string(), failed: v.number(), at: v.number() })),
});
type Facts = Infer<typeof facts>;

export const securityLogins = defineCheck<Params, Facts>({
  id: 'security.logins',
  phase: 'evidence',
  title: { en: 'Failed logins', 'zh-CN': '登录失败' },
  params,
  facts,
  thresholds: THRESHOLDS,
  timeoutMs: 20_000,
  messages: {
    ok: {
      en: '{failed|failed login|failed logins} within {minutes} min, {accepted} accepted ({source})',
      'zh-CN': '{minutes} 分钟内 {failed} 次登录失败、{accepted} 次成功（{source}）',
    },
    attack: {
      en: '{rate|failed login|failed logins} per minute, most from {address} ({source})',
      'zh-CN': '每分钟 {rate} 次登录失败，多来自 {address}（{source}）',
    },
    'names-tried': {
      en: '{address} tried {names} user names that do not exist ({source})',
      'zh-CN': '{address} 尝试了 {names} 个不存在的用户名（{source}）',
    },
    guessed: {
      en: '{user} logged in from {address} at {at} after {failed|failure|failures}',
      'zh-CN': '{user} 于 {at} 从 {address} 登录成功，此前失败 {failed} 次',
    },
  },
  example: { since: '1h' },
  probe,
  judge,
});

async function probe({ file, since }: Params, context: ProbeContext): Promise<Facts> {
  const { host } = context;
  requireLinux(host);
  const observedAt = host.now().wallMs;
  const from = since == null ? context.since : observedAt - since;
  const window = await readLog(file == null ? undefined : [file], from, context);
  const minutes = Math.max(1, (observedAt - Math.max(from, window.coveredFrom)) / 60_000);
  const counted = countLogins(window);
  return { observedAt, source: window.source, minutes: round(minutes), perMinute: round(counted.failed / minutes), ...counted };
}

async function readLog(named: readonly string[] | undefined, from: number, context: ProbeContext): Promise<LogWindow> {
  const found =
    (await readFirst(
      (named ?? LOGS).map((file) => ({ file })),
      from,
      context,
    )) ?? (named ? undefined : await readFirst(await findErrorStream(context.host), from, context));
  if (found) return found;
  if (named !== undefined) throw new HostError('not-found', `there is no log ${named.join(', ')}`, 'name the log that sshd writes to');
  const window = await readLogWindow({ argv: [...JOURNAL, `--since=@${Math.floor(from / 1_000)}`] }, from, context);
  // journalctl prints nothing where it may not read, so silence proves nothing.
  if (!window.lines.some(({ text }) => text.includes('sshd')))
    throw new HostError(
      'no-permission',
      'the journal shows no line of sshd',
      'run as root or as a member of the group systemd-journal, or name the log',
    );
  return window;
}

type Source = { readonly file: string } | { readonly argv: string[] };

async function readFirst(sources: readonly Source[], from: number, context: ProbeContext): Promise<LogWindow | undefined> {
  for (const source of sources) {
    const window = await readLogWindow(source, from, context);
    if (!window.missing) return window;
  }
  return undefined;
}

/** Under a supervisor sshd runs with -D -e: its log is whatever its error stream was opened on, or what supervisord keeps of it. */
async function findErrorStream(host: Host): Promise<readonly Source[]> {
  try {
    const [sshd] = (await readProcesses(host)).filter(({ name }) => name === 'sshd').sort((one, other) => one.pid - other.pid);
    if (!sshd) return [];
    const { stdout } = await host.run(['readlink', `/proc/${sshd.pid}/fd/2`], { timeoutMs: 2_000 });
    const path = stdout.trim();
    if (path.startsWith('/') && !path.startsWith('/dev/')) return [{ file: path }];
    const status = await host.run(['supervisorctl', 'status'], { timeoutMs: 3_000 });
    const program = new RegExp(`^(\\S+)\\s+RUNNING\\s+pid ${sshd.pid},`, 'm').exec(status.stdout)?.[1];
    return program === undefined ? [] : [{ argv: ['supervisorctl', 'tail', `-${TAIL_BYTES}`, program, 'stderr'] }];
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

/** Lines of sshd, with its name before them where it writes through syslog. */
const LOGIN = /(?:^|sshd(?:-session)?\[\d+\]: )(Failed|Accepted) (?!none)\S+ for (?:invalid user )?(.*) from (\S+) port \d+/;
const UNKNOWN_NAME = /(?:^|sshd(?:-session)?\[\d+\]: )Invalid user (\S*) from (\S+)/;

function countLogins({ lines }: LogWindow): Pick<Facts, 'failed' | 'accepted' | 'addresses' | 'guessed'> {
  const failures = new Map<string, number>();
  const names = new Map<string, Set<string>>();
  let accepted = 0;
  let guessed: Facts['guessed'] = null;
  for (const { at, text } of lines) {
    const [, unknown, from = ''] = UNKNOWN_NAME.exec(text) ?? [];
    if (unknown !== undefined) names.set(from, (names.get(from) ?? new Set()).add(unknown));
    const [, outcome, user = '', address = ''] = LOGIN.exec(text) ?? [];
    const before = failures.get(address) ?? 0;
    if (outcome === 'Failed') failures.set(address, before + 1);
    if (outcome !== 'Accepted') continue;
    accepted++;
    if (before >= GUESSES) guessed = { address, user, failed: before, at };
  }
  const addresses = [...new Set([...failures.keys(), ...names.keys()])].map((address) => {
    const unknownNames = names.get(address)?.size ?? 0;
    // With keys only, a name that does not exist is refused without a line of its own failure.
    return { address, failed: Math.max(failures.get(address) ?? 0, unknownNames), unknownNames };
  });
  addresses.sort((one, other) => other.failed - one.failed);
  return { failed: addresses.reduce((sum, each) => sum + each.failed, 0), accepted, addresses: addresses.slice(0, 5), guessed };
}

function judge(
  { source, minutes, failed, accepted, perMinute, addresses, guessed }: Facts,
  _params: Params,
  limits: Thresholds = THRESHOLDS,
): Judgement {
  const status = gradeAbove(perMinute, limits);
  const lister = addresses.find(({ unknownNames }) => unknownNames >= NAMES_TRIED);
  if (lister && status !== 'fail') {
    const shown = { value: lister.unknownNames, unit: 'names', threshold: NAMES_TRIED, thresholdSource: 'own' };
    return { status: 'fail', code: 'names-tried', data: { address: lister.address, names: lister.unknownNames, source }, ...shown };
  }
  if (guessed && status !== 'fail')
    return {
      status: 'warn',
      code: 'guessed',
      data: { ...guessed, at: new Date(guessed.at).toISOString() },
      value: guessed.failed,
      unit: 'failures',
      threshold: GUESSES,
      thresholdSource: 'own',
    };
  const data = { source, minutes, failed, accepted, rate: perMinute, address: addresses[0]?.address ?? '-' };
  return { status, code: status === 'ok' ? 'ok' : 'attack', data, ...showLimit(perMinute, limits, status) };
}

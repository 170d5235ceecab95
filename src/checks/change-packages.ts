import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { readLogWindow } from './log-window.ts';
import { duration, type Infer, strictObject, v } from './schema.ts';

const DAY_MS = 86_400_000;
const KEPT = 50;

const params = strictObject({
  /** How far back; default one day. */
  within: v.nullish(duration),
  /** Only packages whose name starts so. */
  prefix: v.nullish(v.string()),
});
type Params = Infer<typeof params>;

const change = v.object({ at: v.number(), action: v.string(), name: v.string(), from: v.string(), to: v.string() });
const facts = v.object({
  observedAt: v.number(),
  from: v.number(),
  /** null: neither dpkg nor rpm keeps the packages here. */
  source: v.nullable(v.picklist(['dpkg', 'rpm'])),
  count: v.number(),
  /** Newest first. */
  changes: v.array(change),
});
type Facts = Infer<typeof facts>;
type Change = Infer<typeof change>;

export const changePackages = defineCheck<Params, Facts>({
  id: 'change.packages',
  phase: 'evidence',
  title: { en: 'Packages changed', 'zh-CN': '软件包变更' },
  params,
  facts,
  timeoutMs: 15_000,
  messages: {
    unchanged: { en: 'no package changed since {since}', 'zh-CN': '自 {since} 以来软件包没有变更' },
    changed: {
      en: '{count|package|packages} changed since {since}, last {name} ({at}): {names}',
      'zh-CN': '自 {since} 以来 {count} 个软件包有变更，最近为 {name}（{at}）：{names}',
    },
    none: { en: 'packages are kept by neither dpkg nor rpm here', 'zh-CN': '此主机不使用 dpkg 或 rpm' },
  },
  example: { within: '2d', prefix: 'nginx' },
  probe,
  judge,
});

async function probe({ within, prefix }: Params, context: ProbeContext): Promise<Facts> {
  const { host } = context;
  requireLinux(host);
  const observedAt = host.now().wallMs;
  const from = observedAt - (within ?? DAY_MS);
  const log = await readLogWindow({ file: '/var/log/dpkg.log' }, from, context);
  const found = log.missing ? await askRpm(host, from) : log.lines.flatMap(({ at, text }) => parseDpkgLine(at, text) ?? []);
  if (found === null && (await isThere(host, '/var/lib/dpkg/status')))
    throw new HostError(
      'not-found',
      '/var/log/dpkg.log is not there',
      'dpkg writes it again with "log /var/log/dpkg.log" in /etc/dpkg/dpkg.cfg',
    );
  const changes = (found ?? []).filter(({ name }) => name.startsWith(prefix ?? '')).toSorted((a, b) => b.at - a.at);
  return {
    observedAt,
    from,
    source: found === null ? null : log.missing ? 'rpm' : 'dpkg',
    count: changes.length,
    changes: changes.slice(0, KEPT),
  };
}

/** `2026-01-15 14:36:25 upgrade libssl3:amd64 3.0.11-1 3.0.12-1`; lines of status and startup say nothing new. */
function parseDpkgLine(at: number, text: string): Change | undefined {
  const match = /^\S+ \S+ (install|upgrade|remove|purge) (\S+) (\S+) (\S+)$/.exec(text);
  return match ? { at, action: match[1] ?? '', name: match[2] ?? '', from: match[3] ?? '', to: match[4] ?? '' } : undefined;
}

/** null: there is no rpm, or nothing was installed with it. */
async function askRpm(host: Host, from: number): Promise<readonly Change[] | null> {
  try {
    const { exitCode, stdout } = await host.run(['rpm', '-qa', '--qf', '%{INSTALLTIME} %{NAME} %{VERSION}-%{RELEASE}\\n'], {
      timeoutMs: 10_000,
    });
    const all = [...stdout.matchAll(/^(\d+) (\S+) (\S+)$/gm)];
    if (exitCode !== 0 || all.length === 0) return null;
    const changes = all.map(([, seconds, name = '', to = '']) => ({ at: Number(seconds) * 1_000, action: 'install', name, from: '', to }));
    return changes.filter(({ at }) => at >= from);
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') return null;
    throw error;
  }
}

async function isThere(host: Host, path: string): Promise<boolean> {
  try {
    await host.stat(path);
    return true;
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return false;
    throw error;
  }
}

function judge({ source, from, count, changes }: Facts): Judgement {
  const since = new Date(from).toISOString();
  if (source === null) return { status: 'not-applicable', code: 'none' };
  const limit = { value: count, unit: 'packages', threshold: 0, thresholdSource: 'own' };
  const [last] = changes;
  if (!last) return { status: 'ok', code: 'unchanged', data: { since }, ...limit };
  const names = [...new Set(changes.map(({ name }) => name))].slice(0, 8).join(', ');
  const data = { count, since, name: `${last.action} ${last.name} ${last.to}`, at: new Date(last.at).toISOString(), names };
  return { status: 'warn', code: 'changed', data, ...limit };
}

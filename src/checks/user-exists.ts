import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { type Entry, findEntry } from './accounts.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux, tryRead } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const params = strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z_A-Z0-9][\w.@-]*\$?$/, 'expected the name of an account')),
  uid: v.nullish(v.pipe(v.number(), v.integer())),
  /** Groups it must be a member of. */
  groups: v.nullish(v.array(v.string())),
  shell: v.nullish(v.string()),
  home: v.nullish(v.string()),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  /** null: there is no such account. */
  account: v.nullable(v.object({ uid: v.number(), gid: v.number(), groups: v.array(v.string()), home: v.string(), shell: v.string() })),
});
type Facts = Infer<typeof facts>;

const ACCOUNTS_IN_FILES = /^passwd:\s*files(?:\s+systemd)?\s*$/m;
const GROUPS_IN_FILES = /^group:\s*files(?:\s+systemd)?\s*$/m;
/** Where systemd answers for accounts of its own; without it nss-systemd adds none to those in the files. */
const MANAGED = '/run/systemd/userdb';

export const userExists = defineCheck<Params, Facts>({
  id: 'user.exists',
  phase: 'software',
  title: { en: 'Account', 'zh-CN': '系统账号' },
  params,
  facts,
  messages: {
    ok: { en: 'the account {name} is as wanted (uid {uid})', 'zh-CN': '账号 {name} 符合要求（uid {uid}）' },
    missing: { en: 'there is no account {name}', 'zh-CN': '没有账号 {name}' },
    differs: {
      en: 'the account {name} has {property} {value}, wanted {wanted}',
      'zh-CN': '账号 {name} 的 {property} 为 {value}，应为 {wanted}',
    },
  },
  example: { name: 'paygw', groups: ['ssl-cert'] },
  probe,
  judge,
});

async function probe({ name }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const entry = (await lookUp(host, name)) ?? (await askGetent(host, name));
  const observedAt = host.now().wallMs;
  if (entry === 'missing') return { observedAt, account: null };
  const { uid, gid, home, shell } = entry;
  const groups =
    entry.groups ?? (await host.run(['id', '-nG', '--', name], { timeoutMs: 5_000 })).stdout.trim().split(/\s+/).filter(Boolean);
  return { observedAt, account: { uid, gid, groups: [...groups], home, shell } };
}

/** undefined: accounts are kept elsewhere too, so getent and id have to be asked. Out of files alone they read the same. */
async function lookUp(host: Host, name: string): Promise<Entry | undefined> {
  const sources = (await tryRead(host, '/etc/nsswitch.conf')) ?? '';
  if (!ACCOUNTS_IN_FILES.test(sources) || !GROUPS_IN_FILES.test(sources) || /^initgroups:/m.test(sources)) return undefined;
  const [passwd, group, managed] = await Promise.all([
    tryRead(host, '/etc/passwd'),
    tryRead(host, '/etc/group'),
    /^(?:passwd|group):.*systemd/m.test(sources) ? exists(host, MANAGED) : false,
  ]);
  return passwd === null || group === null || managed ? undefined : findEntry(name, passwd, group);
}

async function exists(host: Host, path: string): Promise<boolean> {
  try {
    return (await host.stat(path)) !== null;
  } catch (error) {
    if (error instanceof HostError) return error.reason !== 'not-found';
    throw error;
  }
}

async function askGetent(host: Host, name: string): Promise<Entry | 'missing'> {
  const found = await host.run(['getent', 'passwd', name], { timeoutMs: 5_000 });
  // getent(1): 2 is "not found".
  if (found.exitCode === 2) return 'missing';
  const entry = findEntry(name, found.stdout);
  if (found.exitCode !== 0 || entry === undefined)
    throw new HostError('io', `getent passwd ${name} ended with ${found.exitCode ?? 'a signal'}`, 'check /etc/nsswitch.conf');
  return entry;
}

function judge({ account }: Facts, { name, uid, groups, shell, home }: Params): Judgement {
  if (!account) return { status: 'fail', code: 'missing', data: { name } };
  const absent = (groups ?? []).filter((group) => !account.groups.includes(group));
  const wrong = (
    [
      ['uid', String(account.uid), uid == null ? null : String(uid)],
      ['shell', account.shell, shell],
      ['home', account.home, home],
      ['groups', account.groups.join(' '), absent.length > 0 ? absent.join(' ') : account.groups.join(' ')],
    ] as const
  ).find(([, value, wanted]) => wanted != null && wanted !== value);
  if (!wrong) return { status: 'ok', code: 'ok', data: { name, uid: account.uid } };
  const [property, value, wanted] = wrong;
  return {
    status: 'fail',
    code: 'differs',
    data: { name, property, value, wanted: wanted ?? '' },
    value,
    threshold: wanted ?? '',
    thresholdSource: 'playbook',
  };
}

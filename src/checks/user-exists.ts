import { HostError } from '../errors.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
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

export const userExists = defineCheck<Params, Facts>({
  id: 'user.exists',
  phase: 'software',
  title: { en: 'Account', 'zh-CN': '系统账号' },
  docs:
    'Does an account exist, with the uid, groups, shell and home that are wanted? Asks as programs do (getent passwd, id), so accounts of a directory server count. A missing account or another property fails. ' +
    'When the directory server does not answer, getent says the same as for no such account: check its service too.',
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
  const found = await host.run(['getent', 'passwd', name], { timeoutMs: 5_000 });
  const observedAt = host.now().wallMs;
  // getent(1): 2 is "not found".
  if (found.exitCode === 2) return { observedAt, account: null };
  const [, , uid, gid, , home = '', shell = ''] = found.stdout.trim().split(':');
  if (found.exitCode !== 0 || uid === undefined)
    throw new HostError('io', `getent passwd ${name} ended with ${found.exitCode ?? 'a signal'}`, 'check /etc/nsswitch.conf');
  const groups = (await host.run(['id', '-nG', '--', name], { timeoutMs: 5_000 })).stdout.trim().split(/\s+/).filter(Boolean);
  return { observedAt, account: { uid: Number(uid), gid: Number(gid), groups, home, shell } };
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

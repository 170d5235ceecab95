import { HostError } from '../errors.ts';
import type { FileStat, Host } from '../ports.ts';
import { type Account, findAccount, mayAccess, type Permission } from './accounts.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux, tryRead } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const NEEDS: Readonly<Record<string, readonly Permission[]>> = { read: ['r'], write: ['w'], execute: ['x'], 'read-write': ['r', 'w'] };
const absolute = v.pipe(v.string(), v.regex(/^\//, 'expected an absolute path'));

const params = strictObject({
  path: v.union([absolute, v.pipe(v.array(absolute), v.minLength(1))]),
  /** Name or number; without it any account that is named on the file will do. */
  user: v.nullish(v.union([v.string(), v.number()])),
  /** A word, or letters of `rwx`. On a folder, write is to create files in it and implies x. */
  need: v.nullish(
    v.union([
      v.picklist(['read', 'write', 'execute', 'read-write']),
      v.pipe(v.string(), v.regex(/^(?!.*(.).*\1)[rwx]{1,3}$/, 'expected read, write, execute, read-write or letters of rwx')),
    ]),
    'read',
  ),
  kind: v.nullish(v.picklist(['file', 'directory', 'socket', 'fifo', 'device'])),
});
type Params = Infer<typeof params>;

const STATES = ['accessible', 'missing', 'no-permission', 'wrong-kind', 'unreadable'] as const;
const facts = v.object({
  observedAt: v.number(),
  user: v.string(),
  userExists: v.boolean(),
  paths: v.array(
    v.object({
      path: v.string(),
      state: v.picklist(STATES),
      /** Where it ends: the path itself, or the first folder above that is missing or closed. */
      at: v.string(),
      kind: v.string(),
      mode: v.string(),
      owner: v.string(),
      modifiedAt: v.nullable(v.number()),
    }),
  ),
});
type Facts = Infer<typeof facts>;
type PathFacts = Facts['paths'][number];

export const fileAccess = defineCheck<Params, Facts>({
  id: 'file.access',
  phase: 'software',
  title: { en: 'File permission', 'zh-CN': '文件权限' },
  params,
  facts,
  messages: {
    accessible: { en: '{user} has {need} on {path}', 'zh-CN': '{user} 对 {path} 具有 {need} 权限' },
    missing: { en: '{at} does not exist', 'zh-CN': '{at} 不存在' },
    'no-permission': {
      en: '{user} cannot {need} {path}: {at} is {mode}, owned by {owner}',
      'zh-CN': '{user} 对 {path} 无 {need} 权限：{at} 权限为 {mode}，属主 {owner}',
    },
    'wrong-kind': { en: '{path} is a {kind}, not a {wanted}', 'zh-CN': '{path} 的类型是 {kind}，而不是 {wanted}' },
    'no-such-user': { en: 'there is no user {user}', 'zh-CN': '用户 {user} 不存在' },
    unreadable: { en: '{at} could not be looked at', 'zh-CN': '无法查看 {at}' },
  },
  timeoutMs: 8_000,
  example: { path: '/var/lib/paygw', user: 'paygw', need: 'write', kind: 'directory' },
  probe,
  judge,
});

async function probe(params: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const account = params.user == null ? undefined : await readAccount(host, String(params.user));
  const paths = await Promise.all([params.path].flat().map((path) => walk(host, path, params, account)));
  return {
    observedAt: host.now().wallMs,
    user: params.user == null ? '' : String(params.user),
    userExists: params.user == null || account !== undefined,
    paths,
  };
}

/** A name needs the table of accounts; a number is an account even without one. */
async function readAccount(host: Host, user: string): Promise<Account | undefined> {
  const [passwd, group] = await Promise.all([
    /^\d+$/.test(user) ? tryRead(host, '/etc/passwd') : host.readFile('/etc/passwd').then(({ text }) => text),
    tryRead(host, '/etc/group'),
  ]);
  return findAccount(user, passwd ?? '', group ?? '');
}

/** From the root down, as the kernel does: each folder must be there and may be searched. */
async function walk(host: Host, path: string, params: Params, account: Account | undefined): Promise<PathFacts> {
  const parts = path.split('/').filter((part) => part !== '');
  const folders = parts.map((_, index) => `/${parts.slice(0, index).join('/')}`);
  for (const folder of folders) {
    const stat = await look(host, folder);
    if (typeof stat === 'string') return describe({ path, at: folder, state: stat });
    if (account && !mayAccess(account, stat, ['x'])) return describe({ path, at: folder, state: 'no-permission', stat });
  }
  const stat = await look(host, path);
  if (typeof stat === 'string') return describe({ path, at: path, state: stat });
  if (params.kind != null && stat.kind !== params.kind) return describe({ path, at: path, state: 'wrong-kind', stat });
  const needs = listNeeds(params.need, stat.kind);
  const allowed = account ? mayAccess(account, stat, needs) : needs.every((need) => anyoneMay(stat, need));
  return describe({ path, at: path, state: allowed ? 'accessible' : 'no-permission', stat });
}

async function look(host: Host, path: string): Promise<FileStat | 'missing' | 'unreadable'> {
  try {
    return await host.stat(path);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return error.reason === 'not-found' ? 'missing' : 'unreadable';
  }
}

/** Entries of a folder cannot be made or removed without searching it. */
function listNeeds(need: string, kind: FileStat['kind']): readonly Permission[] {
  const needs = NEEDS[need] ?? ([...need] as Permission[]);
  return kind === 'directory' && needs.includes('w') ? [...needs, 'x'] : needs;
}

function anyoneMay({ mode }: FileStat, need: Permission): boolean {
  const bit = need === 'r' ? 0o444 : need === 'w' ? 0o222 : 0o111;
  return (mode & bit) !== 0;
}

function describe({ path, at, state, stat }: { path: string; at: string; state: PathFacts['state']; stat?: FileStat }): PathFacts {
  return {
    path,
    state,
    at,
    kind: stat?.kind ?? '',
    mode: stat ? stat.mode.toString(8).padStart(3, '0') : '',
    owner: stat ? `${stat.uid}:${stat.gid}` : '',
    modifiedAt: stat?.modifiedAt ?? null,
  };
}

function judge({ user, userExists, paths }: Facts, { need, kind }: Params): Judgement {
  if (!userExists) return { status: 'fail', code: 'no-such-user', data: { user } };
  const worst = (['missing', 'no-permission', 'wrong-kind', 'unreadable'] as const)
    .map((state) => paths.find((path) => path.state === state))
    .find((path) => path !== undefined);
  const shown = worst ?? paths[0];
  const data = {
    path: worst ? worst.path : paths.map(({ path }) => path).join(', '),
    user: user || 'any account',
    need,
    at: shown?.at ?? '',
    kind: shown?.kind ?? '',
    mode: shown?.mode ?? '',
    owner: shown?.owner ?? '',
    wanted: kind ?? '',
  };
  if (!worst) return { status: 'ok', code: 'accessible', data };
  if (worst.state === 'unreadable') return { status: 'unknown', code: 'unreadable', data, unlock: 'run as root' };
  return { status: 'fail', code: worst.state, data };
}

/** Accounts of /etc/passwd and /etc/group, and what the classic permission bits let them do. Pure. */
import type { FileStat } from '../ports.ts';

export type Permission = 'r' | 'w' | 'x';

export interface Account {
  readonly uid: number;
  readonly gids: readonly number[];
}

/** By name or number; a number without an entry is an account all the same. */
export function findAccount(user: string, passwd: string, group: string): Account | undefined {
  const fields = readTable(passwd).find(([name, , uid]) => name === user || uid === user);
  if (!fields) return /^\d+$/.test(user) ? { uid: Number(user), gids: [] } : undefined;
  const [name = '', , uid, gid] = fields;
  const extra = readTable(group).filter(([, , , members]) => members?.split(',').includes(name));
  return { uid: Number(uid), gids: [Number(gid), ...extra.map(([, , id]) => Number(id))] };
}

export interface Entry {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  /** Its own group first; absent when the groups are not known. */
  readonly groups?: readonly string[];
}

/** One line of passwd(5), by name; a group without an entry goes by its number. */
export function findEntry(user: string, passwd: string, group?: string): Entry | undefined {
  const fields = readTable(passwd).find(([name]) => name === user);
  if (!fields || fields.length < 7) return undefined;
  const [, , uid, gid, , home = '', shell = ''] = fields;
  const entry = { uid: Number(uid), gid: Number(gid), home, shell };
  if (group === undefined) return entry;
  const all = readTable(group);
  const own = all.find(([, , id]) => id === gid)?.[0] ?? String(gid);
  const others = all.filter(([, , id, members]) => id !== gid && members?.split(',').includes(user)).map(([name = '']) => name);
  return { ...entry, groups: [own, ...others] };
}

/** path_resolution(7): the owner's bits count for the owner alone, even when the group's would allow more. */
export function mayAccess(
  { uid, gids }: Account,
  { kind, uid: owner, gid, mode }: Pick<FileStat, 'kind' | 'uid' | 'gid' | 'mode'>,
  needs: readonly Permission[],
): boolean {
  // Root reads, writes and searches everything, but executes only what somebody may.
  if (uid === 0) return !needs.includes('x') || kind === 'directory' || (mode & 0o111) !== 0;
  const bits = uid === owner ? mode >> 6 : gids.includes(gid) ? mode >> 3 : mode;
  return needs.every((need) => (bits & (need === 'r' ? 4 : need === 'w' ? 2 : 1)) !== 0);
}

function readTable(text: string): readonly (readonly string[])[] {
  return text.split('\n').map((line) => line.split(':'));
}

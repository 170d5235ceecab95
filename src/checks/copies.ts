/** Earlier copies that somebody left beside a file: an editor, a package manager, whoever changed it. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { listIfThere } from './linux.ts';

/** A folder of a thousand files is not searched through in an incident. */
const MOST_LOOKED_AT = 40;
/** Words of cp by hand, vim, emacs, sed -i, dpkg and rpm; a date or a number of a version. */
const COPY_NAME =
  /(^|[._~-])(bak|backup|old|orig|original|prev|previous|saved?|good|last|copy|rpmsave|rpmorig|dpkg-old|dpkg-dist|\d+)([._~-]|$)|~$/i;

/** Regular files beside `path` that `isGood` accepts, the newest first; what cannot be looked at is none. */
export async function copiesBeside(
  host: Host,
  path: string,
  { isGood, anyName = false }: { readonly isGood: (candidate: string) => Promise<boolean>; readonly anyName?: boolean },
): Promise<readonly string[]> {
  const cut = path.lastIndexOf('/');
  const [folder, own] = [path.slice(0, cut), path.slice(cut + 1)];
  const names = (await forgiven(listIfThere(host, folder === '' ? '/' : folder))) ?? [];
  const likely = names.filter((name) => name !== own && (anyName || isCopyName(name, own)));
  const found: { readonly path: string; readonly at: number }[] = [];
  for (const name of likely.slice(0, MOST_LOOKED_AT)) {
    const candidate = `${folder}/${name}`;
    const stat = await forgiven(host.stat(candidate));
    if (stat?.kind === 'file' && (await forgiven(isGood(candidate)))) found.push({ path: candidate, at: stat.modifiedAt });
  }
  return found.sort((one, other) => other.at - one.at).map((copy) => copy.path);
}

/** `paygw.env.bak`, `.prev`, `paygw-2026-11-27.env`; the settings of another service beside it are none. */
function isCopyName(name: string, own: string): boolean {
  const rest = name.includes(own) ? name.replace(own, '') : name;
  return COPY_NAME.test(rest) || (name.startsWith(own) && name !== own);
}

async function forgiven<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

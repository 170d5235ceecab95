/** The file of `ssh-keygen -Y verify -f` (ssh-keygen(1), ALLOWED SIGNERS): whose keys count for a bundle, and when. Pure. */

export interface AllowedSigner {
  /** `ssh-ed25519 AAAA...` */
  readonly key: string;
  readonly name: string;
  /** Its options let it sign bundles at that time. */
  readonly counts: boolean;
}

/** What a signature of a bundle is made for. */
export const NAMESPACE = 'oor-bundle';
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const LINE = new RegExp(`^\\s*(${QUOTED}|[^#\\s"]\\S*)\\s+(?:((?:${QUOTED}|[^\\s"])+)\\s+)?(ssh-ed25519\\s+[A-Za-z0-9+/]+={0,2})(?:\\s|$)`);
const OPTION = new RegExp(`([a-z-]+)(?:=(${QUOTED}|[^,]*))?(?:,|$)`, 'giy');

/** Keys of other kinds sign no bundle and are left out. `now`: epoch ms. */
export function readAllowedSigners(text: string, now: number): readonly AllowedSigner[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, options = '', key] = LINE.exec(line) ?? [];
    if (name === undefined || key === undefined) return [];
    return [{ key: key.replace(/\s+/, ' '), name: unquote(name), counts: allows(options, now) }];
  });
}

/** One that is not known may be a restriction, so the key does not count; ssh-keygen refuses the line too. */
function allows(options: string, now: number): boolean {
  let end = 0;
  const met = [...options.matchAll(OPTION)].every(([whole, name = '', value = '']) => {
    end += whole.length;
    return allowsOption(name.toLowerCase(), unquote(value), now);
  });
  return met && end === options.length;
}

function allowsOption(name: string, value: string, now: number): boolean {
  if (name === 'namespaces') return matchesList(value, NAMESPACE);
  if (name === 'valid-after') return (readTime(value) ?? Number.POSITIVE_INFINITY) <= now;
  if (name === 'valid-before') return (readTime(value) ?? Number.NEGATIVE_INFINITY) >= now;
  // The key of an authority signs certificates, and no bundle carries one.
  return false;
}

/** Patterns of ssh_config(5): `*`, `?`, and `!` for what is not meant even if another matches. */
function matchesList(list: string, text: string): boolean {
  const patterns = list.split(',');
  const matches = (pattern: string): boolean =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    ).test(text);
  if (patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}

/** YYYYMMDD[HHMM[SS]], in the zone of this machine, with a Z in UTC. */
function readTime(text: string): number | undefined {
  const [, year, month, day, hour = '0', minute = '0', second = '0', utc] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const parts = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  return utc === 'Z' ? Date.UTC(...parts) : new Date(...parts).getTime();
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

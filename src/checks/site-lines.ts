/** What of a file differs, told without a word of what it holds but the names of settings. Pure. */
import type { Text } from '../ports.ts';

const NAMED = 4;
const OTHER: Text = { en: 'content differs', 'zh-CN': '内容不同' };

/** undefined: no line is on one side only. */
export function describeLines(path: string, here: readonly string[], there: readonly string[]): Text | undefined {
  const sides = [
    { lines: here, differing: only(here, there) },
    { lines: there, differing: only(there, here) },
  ];
  const differing = sides.flatMap((side) => side.differing);
  if (differing.length === 0) return undefined;
  if (isSecret(path, [...here, ...there])) return OTHER;
  const names = [...new Set(sides.flatMap((side) => namesOf(side.differing).filter((name) => isSetting(name, [here, there], side.lines))))];
  if (names.length === 0) return OTHER;
  const rest = differing.some((line) => !names.includes(nameOf(line) ?? line.replace(EMPTY_VALUE, '')));
  const shown = `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ', ...' : ''}`;
  return {
    en: `${shown} differ${rest ? '; other lines too' : ''}`,
    'zh-CN': `${shown} 不同${rest ? '；另有其他行不同' : ''}`,
  };
}

function only(lines: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line));
}

const SECRET_FILE =
  /\.(?:key|pem|p8|p12|pfx|jks|jceks|keystore|keytab|kdb|der|ppk|gpg|asc|token|secret|passwd)$|(?:^|[./_-])(?:tokens?|secrets?|password|passwd|passphrase|pgpass|netrc|htpasswd|id_\w+)$/i;

/** Its lines are one secret, so that no part of any may be told. */
function isSecret(path: string, lines: readonly string[]): boolean {
  return SECRET_FILE.test(path) || lines.some((line) => /----\s?BEGIN/.test(line));
}

/** A secret may look like `name=value` by chance: where a file has one such line, its name is one only if the other side has it too. */
function isSetting(name: string, [here, there]: readonly [readonly string[], readonly string[]], own: readonly string[]): boolean {
  return namesOf(own).length > 1 || [here, there].every((lines) => namesOf(lines).includes(name));
}

function namesOf(lines: readonly string[]): readonly string[] {
  return [...new Set(lines.flatMap((line) => nameOf(line) ?? []))];
}

const WORD = '[A-Za-z_][\\w.-]{0,40}';
/** Each with a value behind it: a line of base64 ends with `=`, and no name is followed by two. */
const FORMS = [
  new RegExp(`^(?:export )?(${WORD}) ?= ?[^\\s=]`),
  new RegExp(`^(${WORD}): [^\\s=]`),
  new RegExp(`^"(${WORD})" ?[:=] ?[^\\s=]`),
  new RegExp(`^'(${WORD})' ?[:=] ?[^\\s=]`),
  // nginx: words of its own only, for what stands first in a map may be a key of a customer.
  /^((?:(?:proxy|fastcgi|uwsgi|grpc|ssl|client|keepalive|worker|send|access|error|limit|gzip|real_ip|set_real_ip|add|open_file|large_client|server)_[a-z_]+)|listen|server|location|upstream|resolver|root|alias|include|return|rewrite|allow|deny|user|pid|gzip|index|expires|zone|keepalive)(?: \S.*[;{]| ?\{)$/,
];
const EMPTY_VALUE = / ?[:=] ?(?:""|'')?,?$/;

function nameOf(line: string): string | undefined {
  const name = FORMS.flatMap((form) => form.exec(line)?.[1] ?? [])[0];
  return name === undefined || looksRandom(name) ? undefined : name;
}

function looksRandom(name: string): boolean {
  return (/[A-Z]/.test(name) && /[a-z]/.test(name) && /\d/.test(name)) || (name.match(/\d/g) ?? []).length > 3;
}

import { type Span, secretSpan } from './span.ts';

/** Credentials that only the place in a command gives away. The group is what goes. */
const COMMANDS: readonly (readonly [word: string, pattern: RegExp])[] = [
  ['curl', /\bcurl\b[^\n]{0,400}?\s(?:-u|--user|-U|--proxy-user)[ =]?["']?[^\s:"']{1,64}:([^\s"']{1,128})/g],
  ['wget', /\bwget\b[^\n]{0,400}?\s--(?:http-|ftp-|proxy-)?password[ =]["']?([^\s"']{1,128})/g],
  ['mysql', /\b(?:mysql|mysqldump|mysqladmin|mysqlimport)\b[^\n]{0,400}?\s-p(?!\s)["']?([^\s"']{3,128})/g],
  ['mariadb', /\bmariadb(?:-\w+)?\b[^\n]{0,400}?\s-p(?!\s)["']?([^\s"']{3,128})/g],
  ['sshpass', /\bsshpass\s+-p\s?["']?([^\s"']{1,128})/g],
  ['redis-cli', /\bredis-cli\b[^\n]{0,400}?\s(?:-a|--pass)\s?["']?([^\s"']{3,128})/g],
  ['docker', /\b(?:docker|podman|buildah|skopeo)\s+login\b[^\n]{0,400}?\s-p\s?["']?([^\s"']{1,128})/g],
  ['helm', /\b(?:helm|oc)\s[^\n]{0,400}?\s(?:-p|--password)\s?["']?([^\s"']{3,128})/g],
  ['mongo', /\bmongo(?:sh|dump|restore)?\b[^\n]{0,400}?\s-p\s?["']?([^\s"'-][^\s"']{2,127})/g],
  ['ldap', /\bldap(?:search|modify|add|delete)\b[^\n]{0,400}?\s-w\s?["']?([^\s"']{1,128})/g],
  ['pass:', /\bpass:([^\s"']{1,128})/g],
  ['pass ', /\s-(?:store|key|src|dest|deststore|srcstore)pass\s+["']?([^\s"']{3,128})/g],
  ['AccountKey', /\bSharedAccessSignature=([^\s;"']{16,512})/g],
  ['sig=', /[?&;]sig=([A-Za-z0-9%+/]{40,64}={0,2})/g],
  ['SharedAccess', /\bSharedAccessSignature[ =](?:sr=[^\s"']{1,200}&)?sig=([^\s&"']{20,128})/g],
];

/** A variable, a file's name or one of our marks is no password. */
const STAND_IN = /^(?:[$%[<*{]|x{3,}|\*+|-)/;

export function findInCommands(text: string, places: readonly number[]): readonly Span[] {
  const spans: Span[] = [];
  for (const [word, pattern] of COMMANDS) {
    if (!places.some((place) => text.startsWith(word, place))) continue;
    for (const match of text.matchAll(pattern)) {
      const value = match[1] ?? '';
      const end = match.index + match[0].length;
      if (!STAND_IN.test(value)) spans.push(secretSpan('password', end - value.length, end));
    }
  }
  return spans;
}

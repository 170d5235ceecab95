import { type Span, secretSpan } from './span.ts';

/** In a web address the last `@` before the path ends the password. */
const WEB_USER_INFO = /[^\s:/?#@[\]"'`<>\\]{0,256}:([^\s/?#"'`<>]{1,256})@/y;
/** Others have no `@` in their path: a slash in the password should be escaped, and often is not. */
const OTHER_USER_INFO = /[^\s:/?#@[\]"'`<>\\]{0,256}:([^\s?"'`<>]{1,256})@/y;
const LAX_USER_INFO = /[^\s:/?#@[\]"'`<>\\]{0,256}:([^\s"'`<>]{1,256}?)@/y;
const WEB_SCHEME = /(?:https?|wss?|ftps?|git|svn)$/i;
/** `https://token@host`: no user name is that long. */
const LONE_TOKEN = /([A-Za-z0-9_-]{20,256})@/y;
/** What follows a host is a port, never a password. */
const PORT = /^\d{1,5}(?:[/?#,]|$)/;
/** Oracle's and Go's connection strings: `user/password@host`, `user:password@tcp(host)`. */
const DRIVER_DSN =
  /(?:thin:|oci:|userid=|sqlplus[ \t]{1,4}(?:-\w{1,4}[ \t]{1,4}){0,4})\w{1,64}\/([^\s@"'/[\]]{1,128})@|\b\w{1,64}:([^\s@"':/[\]]{1,128})@(?:(?:tcp|unix|\/\/)\(?|([A-Za-z\d][\w.-]{0,100}:\d{2,5})(?!\w))/g;
/** Without a scheme before it many things look like a name and a password: what is one has a digit and a letter. */
const OF_BARE_DSN = /^(?!\d+$)(?=.*\d)(?=.*[A-Za-z]).{7,}$/;
const OTHER_SCHEME = /^(?:sips?|mailto|xmpp|acct|from|to|ssh|scp|git|peer|client|remote|host)$/i;

/** Passwords in URLs and connection strings. The user name stays. */
export function findUrlPasswords(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const span = passwordAt(text, at + 3);
    if (span !== undefined) spans.push(span);
  }
  if (text.includes('@')) {
    for (const match of text.matchAll(DRIVER_DSN)) {
      const password = match[1] ?? match[2] ?? '';
      if (match[3] !== undefined && (!OF_BARE_DSN.test(password) || OTHER_SCHEME.test(match[0].split(':', 1)[0] ?? ''))) continue;
      const start = match.index + match[0].lastIndexOf(password, match[0].indexOf('@', match[0].indexOf(password)) - 1);
      if (!isMark(password)) spans.push(secretSpan('url-password', start, start + password.length));
    }
  }
  return spans;
}

function passwordAt(text: string, start: number): Span | undefined {
  const isWeb = WEB_SCHEME.test(text.slice(Math.max(0, start - 8), start - 3));
  for (const pattern of [isWeb ? WEB_USER_INFO : OTHER_USER_INFO, LAX_USER_INFO]) {
    pattern.lastIndex = start;
    const password = pattern.exec(text)?.[1];
    if (password === undefined || PORT.test(password)) continue;
    const end = pattern.lastIndex - 1;
    return isMark(password) ? undefined : secretSpan('url-password', end - password.length, end);
  }
  LONE_TOKEN.lastIndex = start;
  const token = LONE_TOKEN.exec(text)?.[1];
  return token === undefined ? undefined : secretSpan('url-token', start, start + token.length);
}

function isMark(password: string): boolean {
  return /^(?:\[[^\]]*\]|[*x]+|<[^>]*>|[#$]?\{[^}]*\}\}?|%[sdv])$/i.test(password);
}

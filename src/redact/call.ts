import { type Span, secretSpan } from './span.ts';

/** Functions and types of many languages that take a name and a password: the last of the words in quotes is the secret. */
const TAKES_PASSWORD =
  /(?:(?:Network|PS|Sql|Plain|Password|UsernamePassword)Credentials?|(?:Username)?PasswordAuthentication(?:Token)?|(?:HTTP|Http)(?:Basic|Digest|Proxy|Ntlm)Auth(?:entication)?|[bB]asic_?[aA]uth(?:entication)?|DirectoryEntry|PlainAuth|getConnection|mysqli?(?:_p?connect)?|PDO(?:->__construct)?|DBI(?:->|\.|::)connect|ftp_login|ssh2_auth_password|[.>:](?:login|auth|authenticate))\s{0,2}$/;
/** What comes first, a name and a password come next, and more may follow: `mysqli_connect(host, user, password, database)`. */
const PASSWORD_IS_THIRD = /(?:mysqli?(?:_p?connect)?|PDO(?:->__construct)?|DBI(?:->|\.|::)connect|PlainAuth)\s{0,2}$/;
/** `NetworkCredential(user, password, domain)`. */
const PASSWORD_IS_SECOND = /NetworkCredential\s{0,2}$/;
/** Those of OAuth 1 take four secrets. */
const TAKES_TOKENS = /(?:OAuth\w{0,16}|[sS]et_?[aA]ccess_?[tT]oken)\s{0,2}$/;
const MAX_NAME = 40;
const MAX_ARGUMENTS = 600;
const QUOTED = /"((?:[^"\\\n]|\\.){0,200})"|'((?:[^'\\\n]|\\.){0,200})'/g;
/** Nothing but arguments: constants, names, commas. */
const ONLY_ARGUMENTS = /^[\w\s,.$:>=-]*$/;
const RANDOM = /^(?=\D*\d)(?=[^A-Za-z]*[A-Za-z])[\w-]{16,128}$/;
/** A variable in a string, a hole. */
const STAND_IN = /^(?:[$#%<{[]|x+$|\*+$)/i;

/** Secrets that a program hands to a function, without a name of their own. */
export function findInCalls(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const quote of ['("', "('"]) {
    for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 2)) {
      const name = text.slice(Math.max(0, at - MAX_NAME), at);
      const takesTokens = TAKES_TOKENS.test(name);
      if (takesTokens || TAKES_PASSWORD.test(name)) spans.push(...secretsIn(text, at + 1, takesTokens ? 'all' : placeOfPassword(name)));
    }
  }
  return spans;
}

interface Argument {
  readonly value: string;
  readonly at: number;
  /** Commas before it. */
  readonly place: number;
}

/** Counted from none; undefined: the last. */
function placeOfPassword(name: string): number | undefined {
  if (PASSWORD_IS_THIRD.test(name)) return 2;
  return PASSWORD_IS_SECOND.test(name) ? 1 : undefined;
}

function secretsIn(text: string, start: number, which: number | 'all' | undefined): Span[] {
  const found = argumentsAt(text, start);
  const last = found.length > 1 ? found.slice(-1) : [];
  const counted = found.filter(({ place }) => place === which);
  const secrets = which === 'all' ? found.filter(({ value }) => RANDOM.test(value)) : counted.length > 0 ? counted : last;
  return secrets
    .filter(({ value }) => value.length > 2 && !STAND_IN.test(value))
    .map(({ value, at }) => secretSpan('password', at, at + value.length));
}

/** Those in quotes. */
function argumentsAt(text: string, start: number): readonly Argument[] {
  const within = text.slice(start, start + MAX_ARGUMENTS);
  const found: Argument[] = [];
  let end = 0;
  let place = 0;
  for (const match of within.matchAll(QUOTED)) {
    const between = within.slice(end, match.index);
    if (!ONLY_ARGUMENTS.test(between)) break;
    end = match.index + match[0].length;
    place += between.split(',').length - 1;
    found.push({ value: match[1] ?? match[2] ?? '', at: start + match.index + 1, place });
  }
  return found;
}

import type { KeyKind } from './key.ts';
import type { Place } from './walk.ts';

/** A value, and what stands between it and its key. */
export interface KeyedValue {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  /** The rest of the line. */
  readonly line: boolean;
  readonly gap: string;
}

/** Secrets have the names of other things, too: parts of a path with colons, objects of Kubernetes, programs, verdicts of tests. */
export function isOtherUse(text: string, key: Place, value: KeyedValue, kind: KeyKind): boolean {
  const written = text.slice(value.start, value.end);
  // `--no-ask-password  Do not ask`: an option without a value.
  if (text.startsWith('--no-', key.start)) return true;
  if (value.line) return kind === 'password' && isOtherLine(text.slice(key.start, key.end), written);
  const before = text.slice(Math.max(0, key.start - 64), key.start);
  if (SECRET_OF_ARN.test(before) || OF_A_PARSER.test(before)) return true;
  if (value.quoted) return kind === 'secret' && /^[ \t]+$/.test(value.gap) && NAME_OF_OBJECT.test(written);
  if (text.slice(key.start, key.end) === 'PASS' && TEST_FILE.test(written)) return true;
  if (NEXT_KEY.test(written) && /["']/.test(text[value.end] ?? '')) return true;
  if (/^\d+$/.test(written)) return /^ bytes\b/.test(text.slice(value.end, value.end + 7));
  if (kind === 'secret' && /^: +$/.test(value.gap) && /^[a-z]+(?:-[a-z]+)+$/.test(written)) return true;
  return kind !== 'password' && value.gap === ':' && (text[key.start - 1] === ':' || NAMESPACE.test(written));
}

/** `arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf`. */
const SECRET_OF_ARN = /arn:[\w-]{1,16}:secretsmanager:[\w-]{0,24}:\d{0,12}:$/;
/** `unrecognized token: "'''"`. */
const OF_A_PARSER = /(?:unrecogni[sz]ed|unexpected)[ _]$/i;
/** `secret "paygw-tls" not found`, `of secret 'default-token-x7k2p'`: words, and the five signs that Kubernetes adds. */
const NAME_OF_OBJECT = /^[a-z]{1,30}\d{0,3}(?:[-.](?:[a-z]{1,30}\d{0,3}|\d{1,3})){1,8}(?:-[bcdfghjklmnpqrstvwxz2456789]{5})?$/;
/** `PASS src/auth/token.test.ts`: Jest. */
const TEST_FILE = /^(?:[\w.@-]{1,60}\/){1,12}[\w.@-]{1,80}\.[a-z]{1,4}$/;
/** `renewing token: error="..."`. */
const NEXT_KEY = /^[a-z_.]{2,40}=$/;
/** `token:bucket:acq1`, `auth::token::tests::expired`. */
const NAMESPACE = /^:|^[a-z]{2,20}:[\w{}*.-]{1,40}(?:[:=][\w{}*.-]{1,40}){0,6}$/;

/** Lines that a name begins as a program, a database or a verdict. */
function isOtherLine(name: string, line: string): boolean {
  if (name === 'passwd') return NAME_SERVICES.test(line) || TALK_OF_PASSWD.test(line);
  return /^PASS$/i.test(name) && (/^\d+\b.*\bfail/i.test(line) || (name === 'PASS' && VERDICT.test(line)));
}

/** Of nsswitch.conf. */
const NAME_SERVICES =
  /^\s*(?:(?:files|systemd|compat|sss|ldap|nis|nisplus|winbind|db|hesiod|dns|mymachines|altfiles|extrausers|\[[!=\w ]{1,40}\])(?:\s+|$))+$/;
const TALK_OF_PASSWD = /^(?:password|authentication|permission|user|you|the) [a-z ]/i;
/** `PASS: gdb.base/attach.exp: load file`, `PASS: test_login (0.41s)`. */
const VERDICT = /^[\w./:+-]{0,120}(?:\/[\w.+-]+|\.exp|\.sh|\.py|\.t)(?::|$)|^test[\w./:-]*(?: |$)| \(\d[\d.]* ?m?s\)$/;

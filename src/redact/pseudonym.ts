import type { Detector, Span } from './span.ts';

/** Stands for a value: the same for the same value, and of no use without the key. */
export type Pseudonym = (kind: string, value: string) => string;

interface Personal {
  readonly kind: string;
  readonly pattern: RegExp;
  /** One of these stands in any text that has it. */
  readonly signs?: readonly string[];
  /** What two writings of one value have in common; undefined: it is none. */
  readonly normal?: (value: string) => string | undefined;
}

const TLD =
  'com|net|org|edu|gov|mil|int|info|biz|io|dev|app|cloud|tech|shop|online|site|bank|pay|cn|hk|tw|jp|kr|sg|in|de|uk|fr|it|es|nl|be|ch|at|se|no|fi|dk|pl|ru|us|ca|au|nz|br|mx|za|eu|local|internal|intranet|lan|corp|home|localdomain|test|example|invalid|svc|consul|arpa';
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const KEY_END = '\\\\{0,3}["\'\\]]?[ \\t]{0,2}(?:=>|=|:)[ \\t]{0,2}\\\\{0,3}["\']?';
const ACCOUNT_KEY =
  '(?:user(?:_?name|_?id)?|login(?:_?name|_?id)?|account(?:_?(?:name|id|no))?|acct(?:_?no)?|uid|open_?id|union_?id|buyer_?(?:id|logon_?id|user_?id)|payer(?:_?(?:id|name))?|payee(?:_?(?:id|name))?|customer(?:_?(?:id|name|no))?|member_?id|owner|operator|card_?holder(?:_?name)?|holder_?name|full_?name|real_?name|first_?name|last_?name|姓名|用户名?|账号|户名)';

/** In this order: what one of them takes the next no longer sees. */
const PERSONAL: readonly Personal[] = [
  {
    kind: 'email',
    signs: ['@'],
    pattern: new RegExp(`[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:${LABEL}\\.)+[A-Za-z]{2,24}`, 'g'),
    normal: (value) => value.toLowerCase(),
  },
  {
    kind: 'id-number',
    pattern: /(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])/g,
    normal: identityNumber,
  },
  {
    kind: 'phone',
    pattern: /(?<![0-9A-Za-z.])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z])/g,
    normal: (value) => value.replace(/\D/g, '').slice(-11),
  },
  {
    kind: 'phone',
    signs: ['+'],
    pattern: /(?<![0-9A-Za-z])\+[1-9]\d{0,2}(?:[ -]?\(?\d{1,4}\)?){2,5}(?![0-9A-Za-z:])/g,
    normal: international,
  },
  {
    kind: 'account',
    pattern: new RegExp(`(?<![A-Za-z[])${ACCOUNT_KEY}${KEY_END}([^\\s"'\\\\,;&<>(){}[\\]=:]{2,64})`, 'gi'),
    normal: accountName,
  },
  {
    kind: 'account',
    pattern:
      /\b(?:for (?:invalid user |user )?|for user |session (?:opened|closed) for user |user )([a-z_][a-z0-9_.-]{1,31})(?= (?:from|by|\(|authenticated|logged)|$)/gm,
    normal: accountName,
  },
  {
    kind: 'ip',
    pattern: new RegExp(`(?<![0-9A-Za-z.-])${OCTET}(?:\\.${OCTET}){3}(?![0-9A-Za-z]|\\.\\d)`, 'g'),
    normal: (value) => (/^(?:127\.|0\.0\.0\.0$|255\.)/.test(value) ? undefined : value),
  },
  {
    kind: 'ip',
    signs: ['::', ':'],
    pattern:
      /(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,7}(?![0-9A-Za-z:])|(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{1,4}:){1,6}:(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,5})?(?![0-9A-Za-z:])/g,
    normal: ipv6,
  },
  {
    kind: 'host',
    signs: ['.'],
    pattern: new RegExp(`(?<![A-Za-z0-9@_./-])(?:${LABEL}\\.){1,8}(?:${TLD})(?![A-Za-z0-9_-]|\\.[A-Za-z0-9])`, 'g'),
    normal: (value) => value.toLowerCase(),
  },
  {
    kind: 'host',
    signs: ['://'],
    pattern: /(?<=:\/\/(?:[^\s/@]{1,128}@)?)[A-Za-z][A-Za-z0-9.-]{0,252}(?=[:/?#\s"'])/g,
    normal: (value) => (value === 'localhost' ? undefined : value.toLowerCase()),
  },
  {
    kind: 'host',
    pattern:
      /(?<=^(?:<\d{1,3}>\d? ?)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,15}(?:Z|[+-]\d\d:?\d\d)?) )[A-Za-z][A-Za-z0-9.-]{0,252}(?= [\w./()-]{1,64}(?:\[\d{1,8}\])?:)/gm,
    normal: (value) => value.toLowerCase(),
  },
];
const MIN_NAME = 2;

/** Whose it is: names of hosts, addresses, people. The names are found wherever they stand as a word. */
export function personalDetector(pseudonym: Pseudonym, names: readonly string[]): Detector {
  const known = names.filter((name) => name.length >= MIN_NAME).map((name) => name.replace(/[$.*+?^(){}|[\]\\/-]/g, '\\$&'));
  const hosts =
    known.length === 0 ? undefined : new RegExp(`(?<![A-Za-z0-9_.-])(?:${known.join('|')})(?![A-Za-z0-9_-]|\\.[A-Za-z0-9])`, 'gi');
  const rules =
    hosts === undefined ? PERSONAL : [...PERSONAL, { kind: 'host', pattern: hosts, normal: (value: string) => value.toLowerCase() }];
  return (text) => {
    const spans: Span[] = [];
    for (const { kind, pattern, signs, normal } of rules) {
      if (signs !== undefined && !signs.some((sign) => text.includes(sign))) continue;
      for (const match of text.matchAll(pattern)) {
        const value = match[1] ?? match[0];
        const same = normal === undefined ? value : normal(value);
        if (same === undefined) continue;
        const start = match.index + match[0].length - value.length;
        spans.push({ start, end: start + value.length, kind, replacement: `[${kind.toUpperCase()}:${pseudonym(kind, same)}]` });
      }
    }
    return spans;
  };
}

/** GB 11643: the last sign is a check digit, mod 11-2. */
function identityNumber(value: string): string | undefined {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(value[index]), 0);
  return '10X98765432'[sum % 11] === value[17]?.toUpperCase() ? value.toUpperCase() : undefined;
}

function international(value: string): string | undefined {
  const digits = value.replace(/\D/g, '');
  return digits.length >= 8 && digits.length <= 15 ? digits : undefined;
}

function ipv6(value: string): string | undefined {
  const groups = value.split(':');
  const isTime = groups.length <= 4 && groups.every((group) => /^\d{1,2}$/.test(group));
  if (isTime || groups.length > 8 || value === '::1') return undefined;
  // Without a gap there are eight of them: six are a hardware address.
  return value.includes('::') || groups.length === 8 ? value.toLowerCase() : undefined;
}

const NO_ACCOUNT =
  /^(?:null|none|nil|undefined|true|false|unknown|anonymous|root|nobody|-|\*+|n\/a|id|name|is|not|the|and|was|from|invalid)$/i;

function accountName(value: string): string | undefined {
  return NO_ACCOUNT.test(value) || /^[$%]/.test(value) ? undefined : value;
}

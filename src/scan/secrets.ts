import type { Hit } from './numbers.ts';

interface Form {
  readonly kind: string;
  /** One of these stands in it; without any the pattern is not tried. */
  readonly words: readonly string[];
  readonly pattern: RegExp;
}

/** What issuers promise of their credentials, in the widest sense: the second look may be coarse where the form is unmistakable. */
const FORMS: readonly Form[] = [
  {
    kind: 'secret:private-key',
    words: ['PRIVATE KEY'],
    pattern: /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----\s*(?:\\[nr])*\s*[A-Za-z0-9+/=\s:,-]{16}/g,
  },
  { kind: 'secret:jwt', words: ['eyJ'], pattern: /(?<![A-Za-z0-9])eyJ[\w-]{10,}\.eyJ[\w-]{4,}\.[\w-]{10,}/g },
  {
    kind: 'secret:payment',
    words: ['_live_', '_test_', 'whsec_', 'sq0', 'EAAA', 'access-', 'access_token$', 'AQE'],
    pattern:
      /\b[srk]k_(?:live|test)_\w{10,}|\bwhsec_[\w+/=]{16,}|\bsq0[a-z]{3}-[\w-]{20,}|\bEAAA[\w-]{58,}|\baccess-(?:sandbox|development|production)-[0-9a-f-]{36}|\baccess_token\$\w+\$\w+\$[0-9a-f]{32}|\brzp_(?:live|test)_\w{14}|\bAQE[a-z][\w+/*.~=|-]{60,}/g,
  },
  {
    kind: 'secret:cloud',
    words: ['AKIA', 'ASIA', 'LTAI', 'AIza', 'ya29.', 'AKID', 'GOCSPX-', 'hvs.', 'dop_v1_'],
    pattern:
      /(?<![A-Za-z0-9])(?:A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9])|LTAI[A-Za-z0-9]{12,26}(?![A-Za-z0-9])|AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])|AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|hvs\.[\w-]{20,}|dop_v1_[a-f0-9]{64})/g,
  },
  {
    kind: 'secret:code',
    words: ['gh', 'github_pat_', 'glpat-', 'npm_', 'pypi-', 'dckr_'],
    pattern:
      /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}|glpat-[\w.-]{20,}|npm_[A-Za-z0-9]{36}|pypi-AgEI[\w-]{40,}|dckr_[po]at_[\w-]{20,})/g,
  },
  {
    kind: 'secret:chat',
    words: ['xox', 'xapp-', 'hooks.slack', 'SG.'],
    pattern:
      /\bxox[abceoprs](?:\.xox[bp])?-[\w%/+-]{10,}|\bxapp-\d-[\w-]{10,}|hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/]{16,}|\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  },
  {
    kind: 'secret:authorization',
    words: ['earer', 'EARER', 'asic', 'ASIC'],
    pattern: /\b(?:bearer\s+(?=[A-Za-z._~+/-]*\d)[\w.~+/-]{20,}|basic\s+(?=[A-Za-z+/]*\d)[A-Za-z0-9+/]{12,}={0,2}(?![\w-]))/gi,
  },
  {
    kind: 'secret:url',
    words: ['://'],
    pattern:
      /:\/\/[^\s:/?#@[\]"'`<>\\{}$]{0,128}:(?![$*[<%{])(?!pass(?:word|wd)?@|pwd@|secret@)(?!\w{0,3}\*)([^\s/@"'`<>{}*[\]]{3,128})@[\w.-]/g,
  },
];

/** The value's own form must tell, too: marks, references, variables, words and paths are none. */
const KEYED =
  /(?:passw(?:or)?d|passphrase|\bpwd|_pwd|secret(?:[_-]?key)?|(?:access|auth|refresh|session|api|bearer)[_-]?token|api[_-]?key|(?:secret[_-]?)?access[_-]?key|private[_-]?key|client[_-]?secret)\\{0,7}["'\]]?\s{0,2}(?:=>|:=|=|:)\s{0,2}(\\{0,7}["'])?([^\s"'`\\,;&<>(){}[\]$*%]{6,256})/gi;

export function* secrets(text: string): Generator<Hit> {
  for (const { kind, words, pattern } of FORMS) {
    if (!words.some((word) => text.includes(word))) continue;
    for (const { index } of text.matchAll(pattern)) yield { kind, at: index };
  }
  for (const { 1: quote, 2: value = '', index } of text.matchAll(KEYED))
    if (looksSecret(value, quote !== undefined)) yield { kind: 'secret:keyed', at: index };
}

function looksSecret(value: string, quoted: boolean): boolean {
  if (
    /^[.~]{0,2}\/|^[\w.-]+\.(?:pem|key|crt|cer|p12|pfx|jks|pub|ya?ml|json|txt|env)$|^x+$|^(?:env|file|vault|secret|ref|arn|sha256)[:=]|^[a-z-]+:$/i.test(
      value,
    )
  )
    return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9._-]/].filter((one) => one.test(value)).length;
  return /\d/.test(value) ? classes >= 2 && (quoted || value.length >= 8) : classes >= 3;
}

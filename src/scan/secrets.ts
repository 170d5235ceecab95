import type { Hit } from './numbers.ts';

/** What issuers promise of their credentials, in the widest sense: the second look may be coarse where the form is unmistakable. */
const TOKENS: readonly (readonly [kind: string, forms: string])[] = [
  [
    'payment',
    String.raw`[srk]k_(?:live|test|prod)_\w{10} whsec_[\w+/=]{16} sq0[a-z]{3}-[\w-]{20} EAAA[\w-]{58} access-(?:sandbox|development|production)-[0-9a-f-]{36} access_token\$\w+\$\w{16} rzp_(?:live|test)_\w{14} AQE(?![A-Za-z0-9+/]{61}(?:\s|\\))[A-Za-z0-9][\w+/*.~=|-]{58} FLWSECK(?:_TEST)?-?[A-Za-z0-9]{12} pdl_(?:live|sdbx)_apikey_\w{26} APP_USR-\d{10}\d*-\d{6}-[0-9a-f]{32} shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32} EZ[AT]K\w{54} xnd_(?:production|development)_\w{20} skapi_(?:cert|prod)_[\w-]{20}`,
  ],
  [
    'cloud',
    String.raw`A[KSBC]IA[A-Z2-7]{16}\b LTAI[A-Za-z0-9]{12,26}\b AKID[A-Za-z0-9]{32}\b AIza[\w-]{35} ya29\.[\w-]{20} GOCSPX-[\w-]{20} 1//0[\w-]{40} hv[sbr]\.[\w-]{20} do[opr]_v1_[a-f0-9]{64} dapi[a-f0-9]{32} dp\.[a-z]{2,5}\.[\w.-]{40} AGE-SECRET-KEY-1[A-Z0-9]{58} ops_eyJ[\w+/=-]{100} A3-[A-Z0-9]{6}-[A-Z0-9]{6}(?:[A-Z0-9-]{15,24}) tskey-[\w-]{16} pul-[a-f0-9]{40} pscale_[a-z]{2,5}_[\w.-]{32} sha256~[\w-]{40} amzn1?\.mws\.[0-9a-f-]{36} AVNS_[\w-]{16} HRKU-[\w-]{36} 00D\w{9,15}![\w.]{60} v1\.0-[0-9a-f]{24}-[0-9a-f]{146}`,
  ],
  [
    'code',
    String.raw`gh[pousr]_[A-Za-z0-9]{30} github_pat_\w{22} gl(?:pat|dt|rt|rtr|cbt|ptt|ft|agent|oas|imt|soat|ffct)-[\w.-]{20} GR1348941[\w-]{20} npm_[A-Za-z0-9]{36} pypi-Ag[\w-]{40} rubygems_[a-f0-9]{48} dckr_[po]at_[\w-]{20} ATATT3[\w=-]{30} ATBB[A-Za-z0-9]{24} BBDC-[\w+/@-]{40} AKCp[A-Za-z0-9]{60} cmVmd[A-Za-z0-9]{59}\b sq[upa]_[A-Za-z0-9]{40} oy2[a-z0-9]{43}\b CCIP(?:AT|RJ)_\w{20} bkua_\w{32} sk-(?:ant|proj|svcacct|admin)-[\w-]{20} sk-[A-Za-z0-9]{40} PMAK-[a-f0-9]{24}-[a-f0-9]{34} pat\.[\w-]{22}\.\w{24}\.\w{20} API-(?=[A-Z]*\d)[A-Z0-9]{26}\b`,
  ],
  [
    'chat',
    String.raw`xox[abceoprs](?:\.xox[bp])?-(?=[\w%/+-]*\d)[\w%/+-]{10} xapp-\d+-[\w/+-]{10} hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]{16} outlook\.office(?:365)?\.com/webhook/[\w@/-]{60} webhook\.office\.com/webhookb2/[\w@/-]{60} SG\.[\w-]{16,32}\.[\w-]{16} NR(?:AK|II|IQ|AA|RA|SP)-[\w-]{19} gl(?:sa|c)_[\w=+/]{30} dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64} sntry[sua]_[\w+/=-]{40} SK[0-9a-f]{32}\b key-[0-9a-f]{32}\b \d{8,10}:AA[\w-]{32} eyJrIjoi[\w+/-]{40} xkeysib-[0-9a-f]{64}`,
  ],
];

const FORMS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ...TOKENS.map(([kind, forms]) => [`secret:${kind}`, new RegExp(`(?<![A-Za-z0-9])(?:${forms.split(' ').join('|')})`, 'g')] as const),
  ['secret:private-key', /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----\s*(?:\\[nr])*\s*[A-Za-z0-9+/=\s:,-]{16}/g],
  ['secret:jwt', /(?<![A-Za-z0-9])eyJ[\w-]{10,}\.eyJ[\w-]{4,}\.[\w-]{10,}/g],
  [
    'secret:cloud',
    /(?<![\w~.-])[\w~.]{3}\dQ~(?![\w~.-]*[xX]{8})[\w~.-]{31,34}(?![\w~-])|(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60}/g,
  ],
  [
    'secret:hash',
    /\$(?:(?:1|apr1|[56](?:\$rounds=\d+)?)\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22}|2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|y\$[./A-Za-z0-9$]{40}|argon2id?\$[\w=,$+/.-]{40})|\{SSHA\d*\}[A-Za-z0-9+/=]{24}/g,
  ],
  [
    'secret:authorization',
    /\b(?:bearer\s+(?=[A-Za-z._~+/-]*\d)[\w.~+/-]{20,}|basic\s+(?=[A-Za-z+/]*\d)[A-Za-z0-9+/]{12,}={0,2}(?![\w-]))/gi,
  ],
  [
    'secret:url',
    /:\/\/[^\s:/?#@[\]"'`<>\\{}$]{0,128}:(?![$*[<%{])(?!pass(?:word|wd)?@|pwd@|secret@)(?!\w{0,3}\*)([^\s/@"'`<>{}*[\]]{3,128})@[\w.-]/g,
  ],
  [
    'secret:command',
    /\bcurl\b(?:[^\n\\]|\\[\s\S]){0,300}?\s(?:-u|--user)[ =]{1,3}["']?[^\s:"'$<{]{0,64}:(?![$<[{*])(?=[^\s"']*\d)[^\s"'$]{6,}/g,
  ],
  [
    'secret:command',
    /\b(?:sshpass\s+-p\s?|(?:mysql|mariadb)[\w-]{0,10}\b[^\n]{0,200}?\s-p(?=\S)|redis-cli\b[^\n]{0,120}?\s-a\s|docker login\b[^\n]{0,120}?\s-p\s|SecureString\s+(?=["'])|IDENTIFIED BY\s+(?=["'])|psk=(?="))["']?(?![$*[<{%`(])(?=[^\s"']{0,127}\d)[^\s"'$]{6,128}/gi,
  ],
  ['secret:signature', /[?&]X-(?:Amz|Goog)-Signature=[0-9a-f]{64}/gi],
  ['secret:account-key', /\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}=/g],
];

/** What stands between the name of a secret and its value: a sign, a type, a pair of arguments, the words `name` and `value`, a tag. */
const GAP = String.raw`\d{0,3}(?:\\{0,7}["'\]]{1,2}\s{0,16}|[ \t]{1,24})?(?:(?:=>|:{0,3}=|[?.+]{1,2}=|:[ \t]{0,2}[a-z]{3,10} = |[a-z]{3,10} = |:|>)\s{0,4}@?|,\s{0,24}(?:["']?value["']?\s{0,3}:\s{0,3})?(?=["'])|value=(?=["'])|:[ \t]*[|>]-?\n[ \t]+)`;
const NAMES =
  'passw(?:or)?ds?|passwd|passphrase|(?<![a-z])pwd|(?<![a-z])pw|_pass|[a-z]_pwd|dbpwd|secret(?:[_-]?key)?|token|api[_-]?key|(?:auth|license|account|access|encryption|signing|service)[_-]?key|private[_-]?key|client[_-]?secret|credentials?|(?:[_-]cloud|_iam|ibm)[_-]key';
/** The value's own form must tell, too: marks, references, variables, words and paths are none. */
const KEYED = new RegExp(String.raw`(?:${NAMES})${GAP}(?:(\\{0,7}["'])([^"'\r\n\\]{6,256})|([^\s"'${'`'}\\,;&<>(){}[\]$*%]{6,256}))`, 'gi');

/** `arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf` is where one is kept; `unrecognized token: "4f2d"` is what a parser says. */
const NONE_BEHIND = /arn:[\w-]{1,16}:secretsmanager:[\w-]{0,24}:\d{0,12}:$|(?:unrecogni[sz]ed|unexpected)[ _]$/i;

/** `token:bucket:acq1` names an entry of a cache. */
const NAMESPACE = /^(?!pass|pw)[a-z_]+:[a-z]{2,20}:[\w{}*.-]{1,40}(?:[:=][\w{}*.-]{1,40}){0,6}$/;

/** An argument behind the name. */
const ARGUMENT = /["'],\s{0,24}["'][^"']*$/;

/** `data:` of a Secret of Kubernetes, near its kind. */
const KUBERNETES = /\bkind["']?:\s{0,4}["']?Secret\b/gi;
const DATA =
  /(?:^|\n)[ \t]*["']?data["']?:[ \t]*\n(?:[ \t]*#[^\n]*\n)*[ \t]+["']?[\w.-]+["']?:[ \t]*(?:[|>]-?[ \t]*\n[ \t]+)?["']?[A-Za-z0-9+/]{8,}={0,2}["']?[ \t]*(?:\n|$)/;
const NEAR = 4096;

/** The marks that redaction leaves are no values. */
const MARK = /\[SECRET:[a-z0-9-]{1,40}\]/g;

export function* secrets(written: string): Generator<Hit> {
  const text = written.includes('[SECRET:') ? written.replace(MARK, (mark) => '*'.repeat(mark.length)) : written;
  for (const [kind, pattern] of FORMS)
    for (const { 0: form, index } of text.matchAll(pattern)) if (!isHole(form)) yield { kind, at: index };
  for (const { 0: whole, 2: quoted, 3: bare = '', index } of text.matchAll(KEYED)) {
    if (NAMESPACE.test(whole) || NONE_BEHIND.test(text.slice(Math.max(0, index - 64), index))) continue;
    const isCall = quoted === undefined && text[index + whole.length] === '(';
    // Beside a name in a list of arguments stands anything: `'mysql_native_password', 'latin1'`.
    const isShort = (quoted ?? bare).length < 8 && ARGUMENT.test(whole);
    if (!isCall && !isShort && looksSecret(quoted ?? bare, quoted !== undefined)) yield { kind: 'secret:keyed', at: index };
  }
  let done = 0;
  for (const { index } of text.matchAll(KUBERNETES)) {
    if (index < done) continue;
    const before = Math.max(text.lastIndexOf('\n---', index), index - NEAR, 0);
    const behind = text.slice(index, index + NEAR).split('\n---', 1)[0] ?? '';
    done = index + behind.length;
    if (DATA.test(text.slice(before, index) + behind)) yield { kind: 'secret:kubernetes', at: index };
  }
}

/** `sk_live_xxxxxxxxxxxx` of a manual. */
function isHole(form: string): boolean {
  return /x{8}|X{8}|\*{4}|\.{4}/.test(form);
}

/** Paths, files, references, addresses, versions, masks, holes of a template, constants by their names. */
const STAND_IN =
  /^[.~]{0,2}\/|^(?:hmac-)?sha\d{1,3}:[0-9a-f]{32}|^0x(?:f{4})?[0-9a-f]{1,12}$|^(?:scram-)?sha-?\d{1,3}(?:-plus)?$|^(?:[a-z]\w{0,30}\.){2,8}[A-Z][\w$]+$|^[\w.-]+\.(?:pem|key|crt|cer|p12|pfx|jks|pub|ya?ml|json|txt|env)$|^x+$|^(?:env|file|vault|secret|ref|arn|sha256)[:=]|^[a-z-]+:$|:\/\/|x{8}|^[~^]?\d+\.\d+\.\d+|^\d{6}\*{4}|^[$*<%[!#,;:?)\]}+]|^ENC\[|\{\{|\$\{|^\{[\w .-]*\}|^[a-z]+(?:\.[a-z]+)+$/i;

function looksSecret(value: string, quoted: boolean): boolean {
  if (STAND_IN.test(value) || (quoted && /[{}()]/.test(value) && !/\d/.test(value))) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9._-]/].filter((one) => one.test(value)).length;
  if (/\s/.test(value)) return classes === 4 && value.length >= 32;
  if (/\d/.test(value)) return classes >= 2 && (quoted || value.length >= 8);
  return classes >= 3 || (value.length >= 20 && /^[\w+/=-]+$/.test(value) && /[a-z][A-Z]/.test(value) && /[A-Z]{2}/.test(value));
}

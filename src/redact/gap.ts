import type { KeyKind } from './key.ts';
import { isSadKind } from './span.ts';
import type { Place } from './walk.ts';

const ASSIGN = String.raw`(?:=>|->|\u2192|:{1,3}=|(?:\?\??|\|\||[.+])?==?|:|：|%3[Dd]|%3[Aa])`;
/** Between a key and its value: `key=`, `"key": `, `\"key\":\"`, `key]=`. */
const ASSIGNED = new RegExp(
  String.raw`(?:\\{0,6}["'${'`'}])?(?::(?:[A-Z]\w{0,40}:)?(?:private|protected))?(?:\[?\]|%5[Dd])?[ \t]{0,24}${ASSIGN}[ \t]{0,8}(?:@(?=")|[bBuUrR]{1,2}(?=["'])|(?:Some|Just|SecretStr|Secret|Sensitive|Optional)\(\\{0,6}(?=["']))?`,
  'y',
);
/** `"name": "password", "value": "x"`, `name="password" value="x"`. */
const NAME_VALUE =
  /\\{0,6}["'][ \t]{0,4},?[ \t\r\n]{0,24}(?:\\{0,6}["'])?(?:value|val|data|text|content|input|raw)(?:\\{0,6}["'])?[ \t]{0,4}[=:][ \t]{0,4}(?:\{[ \t]{0,4}\\{0,6}["']\w{1,12}value\\{0,6}["'][ \t]{0,4}:[ \t]{0,4})?/iy;
/** `<input name="cvv" maxlength="4" value="123">`, and a part of a form with its empty line. */
const FIELD_OF_FORM =
  /\]?\\{0,6}["'](?:(?:[ \t]{1,4}[\w-]{1,24}=\\{0,6}["'][^"'\r\n<>]{0,80}["']){0,6}[ \t]{1,4}(?:[\w-]{0,16}-)?(?:value|model)=\\{0,6}["']?|(?:;[^\r\n\\]{0,80})?(?:(?:\r?\n|\\{1,6}r\\{1,6}n)[\w-]{1,40}:[^\r\n\\]{1,80}){0,6}(?:\r?\n|(?:\\{1,6}r)?\\{1,6}n){2})/iy;
/** `"cvc": {"value": "123"}`, `"pin": {"format": "ISO0", "block": "1A2B..."}`. */
const NESTED_GAP =
  /\\{0,6}"\s{0,4}:\s{0,4}\{\s{0,8}(?:\\{0,6}"[\w-]{1,24}\\{0,6}"\s{0,3}:\s{0,3}(?:\\{0,6}"[^"\\\r\n]{0,40}\\{0,6}"|[\w.-]{1,24})\s{0,3},\s{0,8}){0,3}\\{0,6}"(?:value|raw|text|plain|code|number|data|block|blk|encrypted)\\{0,6}"\s{0,3}:\s{0,3}/y;
/** `["cvc"]=> string(3) "123"`, `s:3:"cvc";s:3:"123";` of PHP. */
const PHP_GAP = /\\{0,6}["'](?:\]=>\s{1,24}(?:string\(\d{1,6}\)[ \t](?=\\{0,6}")|int\((?=\d))|;(?:s:\d{1,6}:(?=\\{0,6}")|i:(?=\d)))/y;
/** `CVV: (string) (len=3) "123"`, `Cvv:(*string)("123")` of Go. */
const GO_GAP = /["']?:[ \t]{0,3}\(\*?[a-z][\w.]{0,20}\)[ \t]{0,3}(?:\(len=\d{1,6}[^()\r\n]{0,20}\)[ \t]{0,3})?\(?(?=["'\d])/y;
/** `安全码123`. */
const NO_GAP = /(?=\d{3,4}(?!\d))/y;
/** `cvv | 123`. */
const CELL_GAP = /[ \t]{0,12}\|[ \t]{0,12}(?=[0-9A-Fa-f]{3})/y;
/** `<password>x</password>`, after `<` or a name space. */
const ELEMENT = /(?:[ \t][^<>\r\n]{0,80})?>/y;
/** `<entry key="db.password">x</entry>`. */
const ENTRY = /\\{0,6}["'](?:[ \t][^<>\r\n]{0,60})?>(?=[^<>\s][^<>\n]{0,512}<\/)/y;
/** `- name: API_KEY`, and in the line below `value: x`. */
const VALUE_BELOW = /["']?[ \t]{0,4}\r?\n[ \t]{1,24}["']?value["']?:[ \t]{1,8}/y;
/** `<property name="connection.password">`, and the value in a line of its own. */
const ENTRY_BELOW = /\\{0,6}["'](?:[ \t][^<>\r\n]{0,60})?>[ \t]{0,8}\r?\n[ \t]{0,40}(?=[^<>\s]{1,512}[ \t]{0,8}\r?\n[ \t]{0,40}<\/)/y;
/** `ENV.fetch("DB_PASSWORD") { "x" }`, `process.env.DB_PASSWORD || 'x'`: what is taken where the environment has none. */
const OTHERWISE_GAP = /(?:\\{0,6}["'`])?[\])]{0,2}[ \t]{1,3}(?:\|\||\?\?|or|\{)[ \t]{1,3}(?=["'])/y;
/** `token "x" expired`, `api key x`: only what has no meaning. */
const BESIDE_GAP = /[ \t]{1,4}(?=["']?(?=[A-Za-z_-]{0,40}\d)[A-Za-z0-9_-]{20,128}["']?(?![A-Za-z0-9_./:-]))/y;
/** `/v DefaultPassword /t REG_SZ /d x`. */
const REGISTRY_GAP = /[ \t]{1,4}\/t[ \t]{1,4}REG_\w{2,12}[ \t]{1,4}\/d[ \t]{1,4}(?=\S)/iy;
/** `secret_id   x` of a table. */
const COLUMN_GAP = /[ \t]{1,24}(?=[0-9a-f]{8}-)/y;
/** `ZPK under LMK: U1A2B...`, `CVK A: 1A2B...`, `MAC key 1A2B...`. */
const HSM_GAP =
  /(?:明文|密文)?(?:[ \t：]{1,3}(?:\(\w{1,8}\)|under|encrypted|component|comp|part|cryptogram|value|is|key|[A-Z]{1,4}|\d)){0,4}[ \t]{0,3}[:=：]?[ \t]{0,3}(?=[UTXRS]?[0-9A-Fa-f]{16,64}(?![0-9A-Za-z]))/y;
/** `--password x`, and as items of a list: `'--password', 'x'`. */
const FLAG_GAP = /[ \t]{1,8}(?!-)|\\{0,6}["'][ \t]{0,4},[ \t\r\n]{0,24}(?=\\{0,6}["'])/y;
/** `PASSWORD 'x'` of SQL and configuration files. */
const QUOTED_GAP = /[ \t]{1,8}(?=\\{0,6}["'])/y;
/** `CVV 123`, `pin is 1234`. */
const SPOKEN_GAP = /[ \t]{1,3}(?:[-\u2013][ \t]{1,3})?(?:(?:is|was|code|value|val|data|no\.?|number|#)[ \t]{0,2}:?[ \t]{0,2}){0,2}(?=\d)/iy;
/** `cvv=[123]`, `"cvv":["123"]`, `CVV(123)`, `cvv=Optional[123]`, `cvv: Some("123")`. */
const WRAPPED_GAP = /(?:\\{0,6}["'])?[ \t]{0,2}(?:[=:][ \t]{0,2})?(?:[A-Z][A-Za-z]{2,20})?[[(]\\{0,6}["']?(?=\d{3,12}\\{0,6}["']?[\])])/y;
/** `(PIN data): 1A2B...`. */
const CLOSED_GAP = /\)[ \t]{0,3}[:=]>?[ \t]{0,3}(?=["']?[0-9A-Fa-f]{2})/y;
/** What a switch notes between the field and its value: `DE052 [LEN=8] 1A2B...`, `Bit 52 (PIN data): 1A2B...`. */
const NOTE_GAP = /[ \t]{0,3}(?:\[[^\]\r\n]{1,24}\]|\([^()\r\n]{1,24}\))[ \t]{0,3}(?:[:=]>?[ \t]{0,3})?(?=["']?[0-9A-Fa-f;%]{2})/y;
/** `F052 [1A2B...]`. */
const BLOCK_GAP = /[ \t]{0,3}\[[ \t]{0,2}(?=[0-9A-Fa-f]{16}[ \t]{0,2}\])/y;
/** What people and pages put between a code's name and the code: marks, tags, brackets, a few words. What was taken once is not taken otherwise: the number of ways would double with each. */
const MARKED_GAP =
  /(?:(?=(\\{1,4}t(?=\d)|\/[ ]?(?:cv[vcn]2?|cid|csc)(?![a-z0-9])|\\{0,6}["'*_`»”)\]}]|<\/?[a-z]\w{0,15}(?:\s[^<>\n]{0,40})?>\s{0,12}(?=[<\d])|<\/?[a-z]\w{0,15}>|\[\/?[a-z]\w{0,7}\]|[ \t]|->|<-|<<|-(?=[ \t])|[:=#/|([{<«“?\u2192\uff1a\uff1f]|;(?=\d)|,(?=["']|<<|\d{3,4},|[ \t]it)|\.(?=[ \t])|(?<![a-z])(?:is|was|are|as|got|given|entered|received|sent|code|value|val|number|no|in|like|mismatch,?|of|on|my|the|his|her|their|your|card|customer|back|front|reads|says|shows|equals|still|being|now|it['’]?s|es|son|est|ist|sind|lautet|lauten|è|é|são|sono|zijn|jest|är|là|adalah|ialah|ay|el|le|il|die|atm|saya|anda|kartu)(?![a-z])|[是为码はを는은이가을]|客户|用户|顾客|번호|코드|コード|番号))\1){1,12}(?=\d{3,12}(?!\d)|\d(?:[ -]\d){2,5}(?![ -]?\d))/iy;
/** `cvv:` and the code in the line below, as YAML has it; a field of a form with its content. */
const BELOW_GAP =
  /[ \t]{0,2}:[ \t]{0,2}[|>]?[-+]?\r?\n[ \t]{1,24}(?=["']?\d{3,12}["']?[ \t]{0,8}(?:\r?\n|$))|\\{0,6}["'][^<>\n]{0,60}>(?=\d{3,12}<\/)/y;
/** `密码为7316`, `密码 7316`, `| 密码 | 731642 |`. */
const CHINESE_GAP =
  /(?:键盘)?(?:输入)?的?(?:[为是：:][ \t]?)(?=[0-9A-Za-z])|[ \t]{0,12}\|[ \t]{0,12}`?(?=\d{6}(?!\d))|(?=\d{6}(?!\d))|[为是][ \t]?(?=[0-9A-Za-z])|[ \t]{1,3}(?=\d{4,6}(?![\d.:/-]))/y;
/** `密码：[731642]`. */
const CHINESE_BRACKETS = /[：:][ \t]?[[【](?=\d{6}[\]】])/y;
/** `var token string = "x"`, `token: &str = "x"`, `api_key varchar(40) := 'x'`. */
const TYPED_GAP = /(?:[ \t]{0,2}:[ \t]{0,3}|[ \t]{1,3})[&*]?[A-Za-z][\w.<>?&*()[\]]{1,30}[ \t]{1,3}:?=[ \t]{1,3}(?=["'`])/y;
/** `env('API_TOKEN', 'x')`, `setProperty("db.password", "x")`; in `"pass", "check": ` it is the next key. */
const ARGUMENT_GAP = /\\{0,6}["'`][ \t]{0,4},[ \t\r\n]{0,24}(?=\\{0,6}["'`])(?!\\{0,6}["'`][\w.-]{1,64}\\{0,6}["'`][ \t]{0,4}:)/y;
/** `client.setApiToken("x")`, `builder.password("x")`. */
const SETTER_GAP = /\([ \t]{0,2}(?=["'`])/y;
/** `client.setPassword("x")`: there is no other reason to call it; an empty one, a sentence and a name of a field are none. */
const SETS_PASSWORD = /(?:^|\.)set\w{0,24}(?:Password|Passwd|Pwd|Passphrase)$/;
const SETTER_OF_PASSWORD_GAP = /\([ \t]{0,2}(?=(["'])[^"'\s$%{<]{3,128}\1[ \t]{0,2}\))/y;
/** `password for batch: x`, `pwd of batch is x`, `PASS - x`, `pw(x)`, `password(default:x)`, `Password x`. */
const SAID_GAP =
  /[ \t]{0,2}(?:\((?:\w{1,16}[:=][ \t]?)?|(?:for|of|in|on)[ \t]{1,2}[\w.@-]{1,40}[ \t]{0,2}(?:[:=]|is(?=[ \t]))[ \t]{0,2}|is generated for \S{1,64}:[ \t]{1,2}|is:?[ \t]{1,2}|-[ \t]{1,2}|\)(?=[A-Za-z0-9])|(?<=[ \t])(?=\S))(?=[^\s"'`])/iy;
/** `apiToken,x,` of a table without a head. */
const COMMA_GAP = /,(?=[A-Za-z0-9])/y;
/** `password:`, and in the line below the value in quotes. */
const BELOW_QUOTED_GAP = /["']?[ \t]{0,4}[:=][ \t]{0,4}\r?\n[ \t]{1,48}(?=(["'`])[^"'`\n]{4,4096}\1[ \t]{0,4}(?:[,;)}\]]|\r?\n|$))/y;
/** `<key>password</key> <string>x</string>`, `<name>secret.key</name> <value>x</value>`, `<td>password</td><td>x</td>`. */
const PAIR_OF_ELEMENTS =
  /<\/(?:key|name|param-name|property|dt|td|th|label|b|strong)>\s{0,60}<(?:string|value|param-value|dd|td|span|code)>(?=[^<>\n]{4,512}<\/)/y;
/** `variable "api_token" { default = "x"`. */
const DEFAULT_GAP = /["'][ \t]{0,4}\{[ \t]{0,4}\r?\n(?:[^\n{}]{0,160}\n){0,4}?[ \t]{1,16}(?:default|value)[ \t]{0,16}=[ \t]{0,4}(?=["'])/y;
/** `The password is 'x'`, `password for user "pay" is "x"`. */
const PROSE_GAP =
  /[ \t]{1,3}(?:for[ \t](?:the[ \t])?(?:user|username|account)[ \t]{1,2}["'`][^"'`\n]{1,64}["'`][ \t]{1,2})?(?:is|was)(?:[ \t]{0,2}:)?[ \t]{1,3}(?=(["'])[^"'\n]{4,128}\1)/iy;
/** `password  ----  x` of a list. */
const RULE_GAP = /[ \t]{1,24}-{2,8}[ \t]{1,8}(?=\S)/y;
/** `ENV API_KEY x`, `SetEnv DB_PASSWORD x`, `fastcgi_param SECRET x;`. */
const PAIRED_WORDS =
  /(?:^|[\n;"])[ \t]{0,12}(?:ENV|ARG|SetEnv|setenv|set -x|setx|env|fastcgi_param|uwsgi_param|proxy_set_header|property|config set)[ \t]{1,4}["']?$/;
/** Keys of configuration files that take a bare word. */
const BARE_WORD_KEYS = /^(?:requirepass|masterauth|IDENTIFIED BY|bindpw)$/;
/** `create user pay identified by x`, of Oracle. */
const BEFORE_IDENTIFIED = /\b(?:user|role|connect to)[ \t]{1,4}\S{1,64}[ \t]{1,4}$/i;
/** `> PASS x` of FTP, POP and IRC. */
const PASS_COMMAND = /(?:^|[\n>"] ?)$/;
const BARE_GAP = /[ \t]{1,8}(?=\S)/y;

/** What stands between a key and its value. */
export interface Gap {
  readonly end: number;
  /** What stands between key and value. */
  readonly text: string;
  readonly element: boolean;
  /** So little of a sign that only what looks like a secret is one. */
  readonly weak: boolean;
}

/** The first of the notations that fits. */
export function gapAfter(text: string, key: Place, kind: KeyKind): Gap | undefined {
  const name = text.slice(key.start, key.end);
  const isElement =
    text[key.start - 1] === '<' || (text[key.start - 1] === ':' && /<\w{1,20}:$/.test(text.slice(Math.max(0, key.start - 22), key.start)));
  const patterns = [
    ...(isSadKind(kind) ? [NESTED_GAP, WRAPPED_GAP, BELOW_GAP, MARKED_GAP] : []),
    ...(kind === 'pin-block' ? [BLOCK_GAP] : []),
    ...(/密/.test(name) ? [CHINESE_BRACKETS] : []),
    PHP_GAP,
    GO_GAP,
    ...(isSadKind(kind) ? [] : [BELOW_QUOTED_GAP, TYPED_GAP]),
    ASSIGNED,
    NAME_VALUE,
    VALUE_BELOW,
    ...(kind === 'vault-id' ? [COLUMN_GAP] : []),
    ...(kind === 'hsm-key' || kind === 'cipher-key' ? [HSM_GAP, QUOTED_GAP] : []),
    ...(isElement ? [] : [ENTRY, ENTRY_BELOW]),
    FIELD_OF_FORM,
    ...(isElement ? [ELEMENT] : [PAIR_OF_ELEMENTS]),
    ...(name.startsWith('-') ? [FLAG_GAP] : []),
    ...(/(?:word|passwd|pwd|phrase|identified by|(?:api|private|secret|access)_?key|secret|auth_?token)$/i.test(name) ? [QUOTED_GAP] : []),
    ...(isSadKind(kind) ? [SPOKEN_GAP, CELL_GAP, NOTE_GAP, CLOSED_GAP] : []),
    ...(/[密口]/.test(name) ? [CHINESE_GAP] : []),
    ...(kind === 'cvv' && /[码位字数碼코드]$/.test(name) ? [NO_GAP] : []),
    ...(BARE_WORD_KEYS.test(name) ||
    (name === 'PASS' && PASS_COMMAND.test(text.slice(Math.max(0, key.start - 2), key.start))) ||
    isNetrc(text, key.start, kind) ||
    (/^identified by$/i.test(name) && BEFORE_IDENTIFIED.test(text.slice(Math.max(0, key.start - 90), key.start)))
      ? [BARE_GAP]
      : []),
    ...(isSadKind(kind) || kind === 'track' || kind === 'pan' || kind === 'otp' ? [] : secretGaps(text, key, kind)),
  ];
  for (const pattern of patterns) {
    pattern.lastIndex = key.end;
    if (pattern.test(text))
      return {
        end: pattern.lastIndex,
        text: text.slice(key.end, pattern.lastIndex),
        element: pattern === ELEMENT || pattern === ENTRY || pattern === PAIR_OF_ELEMENTS,
        weak: WEAK.has(pattern),
      };
  }
  return undefined;
}

const WEAK: ReadonlySet<RegExp> = new Set([BESIDE_GAP, SETTER_GAP, SAID_GAP, ARGUMENT_GAP, COMMA_GAP, RULE_GAP, PAIR_OF_ELEMENTS]);

const OF_ONE_WORD: ReadonlySet<KeyKind> = new Set(['token', 'api-key', 'secret', 'private-key']);

/** Of secrets: the less usual notations. */
function secretGaps(text: string, key: Place, kind: KeyKind): readonly RegExp[] {
  const isPassword = kind === 'password';
  const before = text.slice(Math.max(0, key.start - 32), key.start);
  const name = text.slice(key.start, key.end);
  const isMember = /\.\w{1,64}$|^(?:set|with)[A-Z]/.test(name);
  return [
    PROSE_GAP,
    ...(isPassword && SETS_PASSWORD.test(name) ? [SETTER_OF_PASSWORD_GAP] : []),
    ...(isMember || name === 'PASSWORD' ? [SETTER_GAP] : []),
    ...(/^(?:ENV\.fetch\()?["'`]?[A-Z][A-Z0-9_]*$|\.[A-Z][A-Z0-9_]*$/.test(name) ? [OTHERWISE_GAP] : []),
    ARGUMENT_GAP,
    DEFAULT_GAP,
    RULE_GAP,
    COMMA_GAP,
    ...(PAIRED_WORDS.test(before) ? [BARE_GAP] : []),
    ...(isPassword ? [REGISTRY_GAP, SAID_GAP] : []),
    ...(OF_ONE_WORD.has(kind) ? [BESIDE_GAP] : []),
  ];
}

/** `machine h login u password p`. */
function isNetrc(text: string, start: number, kind: KeyKind): boolean {
  return kind === 'password' && /\blogin\s{1,4}\S{1,64}\s{1,4}$/.test(text.slice(Math.max(0, start - 80), start));
}

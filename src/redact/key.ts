import { authenticationKind } from './authentication-name.ts';
import { findCredentials } from './authorization.ts';
import { isSadKind, type SadKind, type Span, sadSpan, secretSpan } from './span.ts';
import { isRemark, standsIn } from './stand-in.ts';

/** What a key says that its value is. */
export type KeyKind = SadKind | 'track' | 'pan' | SecretKind;

type SecretKind =
  | 'password'
  | 'secret'
  | 'token'
  | 'api-key'
  | 'private-key'
  | 'hsm-key'
  | 'cookie'
  | 'session'
  | 'otp'
  | 'authorization'
  | 'credentials'
  | 'basic-auth'
  | 'vault-id'
  | 'cipher-key'
  | 'made-up'
  | 'key';

/** The last one to three words of a key, joined: `dbPassword`, `X-Api-Key`, `card.cvv2`. */
const WORDS: Readonly<Record<KeyKind, string>> = {
  cvv: 'cvv cvv2 cvc cvc2 cvn cvn2 cvd cvd2 cv2 csc csc2 cav cav2 cvx2 securitycode securitynumber cardsecuritycode cardsecurity securityvalue verificationvalue verificationnumber cardverificationcode cardverificationvalue cardverification cardverificationdata cardverifycode cardverifyvalue cardverif cardvalidation cardvalidationcode cardvalidationvalue cardcode securityno kbvanswer cardidentificationnumber cardidentificationcode amexcid cardcid cccid seccode cve2 cvnumber kbv 4dbc 3csc signaturepanelcode codigoseguridad codigodeseguridad cryptogramme cryptogrammevisuel codicesicurezza kartenpruefnummer kartenprüfnummer pruefnummer prüfnummer pruefziffer prüfziffer codesecurite securite sécurité vérification códigoseguridad códigodeseguridad セキュリティコード セキュリティ番号 安全码 卡验证码 校验码',
  pin: 'pin pincode userpin cardpin atmpin debuggerpin pin码',
  'pin-block': 'pinblock pinblk epb encryptedpin encryptedpinblock encpin pindata f52 f052 de52 de052 df52 field52 field052 bit52',
  track1: 'track1 track1data trackone tracki',
  track2: 'track2 track2data track2equivalentdata track2equivalent tracktwo trackii f35 f035 de35 field35 二磁 二磁道 磁道2',
  track3: 'track3 track3data trackthree trackiii f36 de36 f45 de45',
  track: 'track trackdata magstripe magstripedata magneticstripe magneticstripedata swipedata msr msrdata 磁道 磁道数据',
  pan: 'pan dpan fpan card cardno cardnum cardnumber cardpan cc ccno ccnum ccnumber creditcard creditcardnumber creditcardno debitcard accountnumber primaryaccountnumber paycardno 卡号',
  password:
    'password passwords passwd passwrd pwd pswd psw pass passphrase passcode pw userpwd userpass requirepass masterauth identifiedby keypass storepass dbpass rootpass adminpass smtppass mailpass ftppass ldappass redispass proxypass mysqlpass sqlpass pgpassword bindpw authtok communitystring communitystrings snmpcommunity 密码 口令 密碼 passwort kennwort contraseña contrasena passe motdepasse senha parola şifre sifre пароль hasło haslo heslo wachtwoord lösenord adgangskode passord salasana パスワード 비밀번호 비번 패스워드',
  secret: 'secret secretkey clientsecret appsecret sharedsecret signingsecret webhooksecret apisecret secretstring secretkeybase 密钥',
  token: 'token jwt authtoken accesstoken refreshtoken idtoken sessiontoken csrftoken bearertoken bearer apitoken',
  'api-key':
    'apikey accesskey accesskeyid secretaccesskey subscriptionkey accountkey sharedaccesskey sharedkey signaturekey authkey mchkey apiv3key apiv2key partnerkey signkey md5key merchantkey licensekey servicekey writekey',
  'private-key': 'privatekey privkey rsaprivatekey appprivatekey signingkey sshkey',
  'hsm-key': 'zmk zpk tmk tpk tak zak bdk ipek pvk cvk cvka cvkb mackey pinkey dek kek pik mak tdk tek deskey tdeskey datakey secretkeyhex',
  'cipher-key': 'masterkey encryptionkey decryptionkey aeskey hmackey',
  cookie: 'cookie setcookie cookies',
  session: 'jsessionid phpsessid connectsid netsessionid sessioncookie',
  otp: 'otp totp otpcode smscode mfacode onetimepassword onetimecode verificationcode 验证码',
  authorization: 'authorization proxyauthorization xauthorization',
  credentials: 'credential credentials creds basicauth',
  'basic-auth': 'auth dockerauth',
  'vault-id': 'secretid',
  // Of these only a value that somebody or something made up is a secret: a letter and a digit at least, and no counted name.
  'made-up': 'authenticationkey privacykey community rocommunity rwcommunity appkey',
  // Of these only a value without meaning is a secret.
  key: 'key keys api auth login pat crumb session sessionid sessionkey license salt secrets tokens',
};

const KIND_BY_WORDS = new Map(
  (Object.entries(WORDS) as [KeyKind, string][]).flatMap(([kind, words]) =>
    words.split(' ').map((word): [string, KeyKind] => [word, kind]),
  ),
);
/** Words that also end others written in one: `dbpassword`, `mytoken`. */
/** Memory is swapped in, and windows pop in, by blocks. */
const OTHER_PIN = /(?:swa|po)pinblock$/;
const GLUED: readonly (readonly [string, KeyKind])[] = [
  ['password', 'password'],
  ['passwd', 'password'],
  ['passphrase', 'password'],
  ['pwd', 'password'],
  ['secret', 'secret'],
  ['apikey', 'api-key'],
  ['accesskey', 'api-key'],
  ['privatekey', 'private-key'],
  ['token', 'token'],
  ['pinblock', 'pin-block'],
  ['cardnumber', 'pan'],
  ['key', 'key'],
];

/** It has names and shells of accounts, and says nothing of what stands beside its own name. */
const ACCOUNTS_FILE = /(?:^|\/)etc\/passwd-?$/;

/** The verification code where nobody speaks English, and by where it stands on a card. */
export const CODE_NAMES = [
  'sicherheitscode|(?:kaart)?beveiligingscode|veiligheidscode|säkerhetskod|sikkerhetskode|sikkerhedskode|turvakoodi',
  'c[oó]digo[ _-](?:de[ _-])?(?:verificaci[oó]n|seguran[cç]a)|codice[ _-](?:di[ _-])?sicurezza',
  'kod(?:e keamanan| zabezpieczaj[aą]cy)|g[uü]venlik kodu|код (?:безопасности|проверки)|보안 ?코드|(?:背面|背后|签名栏|签名条)的?(?:[后末最]后?)?[三四34]位的?(?:数字?|(?:安全|验证|校验)?码)?',
].join('|');
const CODE_NAME = new RegExp(`^(?:${CODE_NAMES})$`, 'i');

/** undefined: a key like any other. */
export function classifyKey(key: string): KeyKind | undefined {
  if (CODE_NAME.test(key)) return 'cvv';
  if (key.includes('[SECRET:') || ACCOUNTS_FILE.test(key)) return undefined;
  const words = key
    .replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2')
    .toLowerCase()
    .split(/[^a-z0-9\u00df-\u1fff\u3040-\ufaff]+/)
    .filter((word) => word !== '');
  const kind = ofSecret(words, key) ?? lookUpSad(words) ?? authenticationKind(key) ?? ofItsParts(words);
  const before = words.at(-2) ?? '';
  if (kind === 'credentials' && OF_A_UNIT.test(before)) return undefined;
  if (kind !== 'key') return kind;
  if (HARMLESS_KEY.test(before)) return undefined;
  return words[0] === 'x' && words.at(-1) === 'key' ? 'made-up' : kind;
}

/** `LoadCredential=` of a unit names one; `SetCredential=` has it. */
const OF_A_UNIT = /^(?:load|import|condition|assert)$/;

/** A password of a card is its PIN; a name that ends in a card or a key may say what of it or under it is meant. */
function ofSecret(words: readonly string[], key: string): KeyKind | undefined {
  const kind = lookUp(words) ?? lookUp(withoutNumber(words));
  return kind === 'password' || kind === 'hsm-key' || kind === 'cipher-key' || (kind === 'pan' && words.length > 1)
    ? (authenticationKind(key) ?? kind)
    : kind;
}

/** `password_mysql`, `todo_secret_do_not_commit`, `password_old_db`: a value that looks like a secret under such a name is one. */
function ofItsParts(words: readonly string[]): KeyKind | undefined {
  if (words.length < 2 || OF_A_SECRET.test(words.at(-1) ?? '')) return undefined;
  if (words.length === 2 && /^(?:passw(?:or)?d|passphrase|pwd)$/.test(words[0] ?? '')) return 'made-up';
  return words.slice(0, -1).some((word) => SECRET_WORD.test(word)) ? 'key' : undefined;
}

const SECRET_WORD = /^(?:passw(?:or)?d|passphrase|secrets?|token|apikey|credentials?|creds)$/;
/** What is told about a secret: its name, its place, its age. */
const OF_A_SECRET =
  /^(?:ids?|names?|arns?|ur[iln]s?|paths?|files?|dirs?|types?|hash|fingerprint|thumbprint|version|length|size|endpoint|refs?|references?|store|manager|expiry|expires|expiration|ttl|count|at|time|date|policy|provider|fields?|alias|kind|class|status|state|issuer|audience|scopes?|mounts?|volumes?|digest|checksum|sha|sha256|server|host|namespace|engine|accessor|number|index|reset|request|response|error|format|enabled|key)$/;

function withoutNumber(words: readonly string[]): readonly string[] {
  return [...words.slice(0, -1), (words.at(-1) ?? '').replace(/\d+$/, '')].filter((word) => word !== '');
}

/** What a code is called beside its name, and what is told about one. */
const SUFFIX = /^(?:code|value|val|number|num|no|nr|data|digits|field|input|text|plain|clear|raw|in|entered)\d?$/;
const ABOUT =
  /result|resp|status|match|check|verif|indicator|present|flag|length|count|retr|tries|attempt|error|time|valid|provided|required|mode|type(?!d)|format|method|version|policy|pad|change|enabled|supported|capab|fail|total|bucket|latency|duration/;

/** Authentication data is worth a second look: `cvv_code`, `CVVCVCSecurity`, `pin.value`, `securityCodeValue`. */
function lookUpSad(words: readonly string[]): KeyKind | undefined {
  for (let end = words.length; end > 0; end--) {
    const before = words.slice(0, end);
    const kind = lookUp(before) ?? lookUp(withoutNumber(before));
    if (kind !== undefined && (isSadKind(kind) || kind === 'track')) return kind;
    if (!SUFFIX.test(words[end - 1] ?? '')) break;
  }
  const flat = words.join('');
  return ((/cv[vcn]/.test(flat) && !DOES.test(flat)) || CARD_ID.test(flat)) && !ABOUT.test(flat) ? 'cvv' : undefined;
}

/** What does something with a code: a verifier, a server. */
const DOES = /cv[vcn]\w{0,24}(?:(?:er|or)(?<!num[bm]?er)$|serv|svc|verif|cache|queue|topic|worker|proxy|gateway|pod)/;

/** American Express calls its code a card identification number; a `cid` by itself is often that of a connection. */
const CARD_ID =
  /(?:amex|americanexpress|card|^cc|credit|debit|payment)cid(?:code|value|val|number|num|no)?$|^cid(?:code|value|val|number|num|no)$/;

function lookUp(words: readonly string[]): KeyKind | undefined {
  for (let count = Math.min(3, words.length); count > 0; count--) {
    const kind = KIND_BY_WORDS.get(words.slice(-count).join(''));
    if (kind !== undefined) return kind;
  }
  const last = words.at(-1) ?? '';
  // `x-rapidapi-key`.
  if (words.slice(-2).join('').endsWith('apikey')) return 'api-key';
  return GLUED.find(([word]) => last.endsWith(word) && !OTHER_PIN.test(last))?.[1];
}

const HEX_KEY = /^[0-9A-Fa-f]{16,96}$/;
const TRACK_DATA = /^(?![A-Za-z_][\w.]*\()(?=.*(?:\d|[a-z][A-Z]|[+/=])).{12,}$/s;
/** What a value of the kind must look like. Secrets of other kinds: four characters or more. */
const SHAPES: Partial<Record<KeyKind, RegExp>> = {
  cvv: /^\d{3,4}$/,
  pin: /^(?:\d{4,12}|\d{3}-\d{3}-\d{3}|[0-9A-Fa-f]{16})$/,
  // Encrypted and encoded: no word, and no call of a function.
  'pin-block': /^[0-9A-Fa-f]{16,32}$|^(?![A-Za-z_][\w.]*\()(?=\S*(?:\d|[a-z][A-Z]|[+/=]))\S{8,}$/,
  track: /^(?![A-Za-z_][\w.]*\()(?=.*\d).{13,}$/s,
  track1: TRACK_DATA,
  track2: TRACK_DATA,
  track3: TRACK_DATA,
  password: /^(?!\d{1,3}$).+$/s,
  'hsm-key': /^[A-Za-z0-9+/=_-]{16,512}$/,
  otp: /^\d{3,8}$|^[A-Z2-7]{16,64}$/,
  'basic-auth': /^[A-Za-z0-9+/]{8,}={0,2}$|^\S{20,}$/,
  'vault-id': /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  // Sixteen to nineteen letters and digits only where they take turns.
  key: /^(?=\S*\d)(?=\S*[A-Za-z])(?:base64:)?[A-Za-z0-9+/=_.~-]{20,512}$|^(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d[A-Za-z]+\d)[A-Za-z0-9]{16,19}$|^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])(?=.*[!#$%^&*<>|;@])(?!.*:\/\/)[^\r\n]{32,128}$/,
};
const ANY_SECRET = /^.{4,}$/s;

/** Where a key is kept, for kinds that are often given as a file. */
const PATH = /^(?:~|\.{1,2}|\$\w{1,40}|\$\{\w{1,40}\})?\/[\w.-]+(?:\/[\w.@-]+)+$|^[\w.-]+\.(?:pem|key|crt|cer|der|p12|pfx|jks|pub)$/;
/** `ACQUIRER_API_SECRET`, `Get this from the vault`: where to find it. */
const NAME_OR_SENTENCE = /^(?:[A-Z]+(?:_[A-Z]+){1,8}|[A-Z]{2,12}[=:[]{1,2}[A-Z]{2,12}|[A-Za-z]+(?: [a-z]+){2,})$/;
/** How a program prints an object that is called a token. */
const OBJECT = /^[A-Z][A-Za-z.$]{1,60}[{(@]/;
/** `PWD` of an environment is the working directory. */
const WORKING_DIRECTORY = /^\/(?:root|home|tmp|app|srv|opt|var|usr|etc|run|mnt|data|work|workspace|build)?(?:\/[\w.@-]+)*$/;

/** The span of a value under a key of that kind; undefined when the value is none of it. */
export function keyedSpan(kind: KeyKind, value: string, start: number): Span | undefined {
  // `pinData: 1234`.
  if (kind === 'pin-block' && /^\d{4,6}$/.test(value)) return sadSpan('pin', start, start + value.length);
  const end = start + value.length;
  if (kind === 'pan' || standsIn(value) || !(SHAPES[kind] ?? ANY_SECRET).test(value)) return undefined;
  if (kind === 'authorization') return findCredentials(value, start);
  if (kind === 'basic-auth' && !isUserAndPassword(value)) return keyedSpan('key', value, start);
  if ((kind === 'key' || (kind === 'hsm-key' && !HEX_KEY.test(value))) && !looksRandom(value)) return undefined;
  if (kind === 'cipher-key') return HEX_KEY.test(value) || looksLikeSecret(value) ? secretSpan('hsm-key', start, end) : undefined;
  if (kind === 'made-up') return looksLikeSecret(value) && !COUNTED_NAME.test(value) ? secretSpan('secret', start, end) : undefined;
  if (kind === 'track') return sadSpan(value.includes('^') ? 'track1' : 'track2', start, end);
  if (kind === 'pin' && value.length === 16) return sadSpan('pin-block', start, end);
  if (isSadKind(kind)) return sadSpan(kind, start, end);
  if ((kind === 'token' || kind === 'session') && OBJECT.test(value)) return undefined;
  if (kind !== 'password' && NAME_OR_SENTENCE.test(value)) return undefined;
  if (isRemark(value) || (kind === 'password' ? WORKING_DIRECTORY : PATH).test(value)) return undefined;
  return secretSpan(kind, start, end);
}

/** `user:password` in base64, as container registries are given them. */
function isUserAndPassword(value: string): boolean {
  try {
    return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(atob(value));
  } catch {
    return false;
  }
}

/** Bits per character that random letters and digits of this length have, and names and numbers have not. */
const MIN_ENTROPY = 3;

/** `License: Apache-2.0-with-LLVM-exception`, as SPDX and Debian name them. */
const LICENSE_NAME =
  /^(?:[AL]?GPL|GFDL|BSD|MIT|Apache|MPL|EPL|CDDL|ISC|Expat|Zlib|Artistic|PSF|OFL|CC)(?:[-_+.]?[A-Za-z\d.+]{1,24}){0,12}$/;

/** A key of anything: only a value without meaning is a secret. Hashes, UUIDs, counted and dated names are none. */
function looksRandom(value: string): boolean {
  if (
    LICENSE_NAME.test(value) ||
    /^(?:[0-9a-f]{8}-[0-9a-f]{4}-|(?:19|20)\d\d-?[01]\d-?[0-3]\d(?![0-9])|sha\d{1,3}[:-]|arn:|\d[\d-]*$)/i.test(value) ||
    (value.length < 32 || /^[\w+/=.~-]+$/.test(value) ? /[a-z]{6}[_.-][a-z]{3}|=[^=]/ : / [a-z]{3,} /).test(value)
  )
    return false;
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / value.length) * Math.log2(count / value.length);
  return entropy >= MIN_ENTROPY && /\d/.test(value) && !/^[\d.-]+$/.test(value);
}

/** Letters and digits, with signs between them, that are neither a word nor a place: what people and programs make up to keep others out. */
export function looksLikeSecret(value: string): boolean {
  if (/^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])(?=.*[!#$%^&*<>|;@]).{32,128}$/.test(value)) return true;
  if (!/^\S{8,4096}$/.test(value) || VERSION.test(value) || /^(?:https?:|\/|\.{1,2}\/)|^[\w-]+(?:\.[\w-]+)+$|[()<>{}]/.test(value))
    return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value);
}

/** `4.13+dfsg1-1+deb12u2`. */
const VERSION = /^\d{1,4}(?:\.\d{1,6}){1,4}[+~-][\w.+~-]+$/;

/** `pay-web-01`, `min8`, `v2.1`, and what was counted or measured. */
const COUNTED_NAME =
  /^(?:[A-Za-z]+[-_.:/])*[A-Za-z]+[-_.]?\d{1,4}[a-z]{0,2}$|^\d[\d.,:-]*[A-Za-z]{1,4}$|^[A-Za-z]+(?:[-_.][A-Za-z]+)*(?:[-_.]\d{1,4})+$/;

/** Keys of maps, tables and caches lock nothing. */
const HARMLESS_KEY =
  /^(?:primary|foreign|public|pub|publishable|idempotency|cache|partition|sort|row|object|routing|redis|map|lookup|unique|index|hash|search|order|group|sharding|shard|message|event|i18n|translation|column|host|known|ssh|site|s3|file|dedup|dedupe|correlation|request|trace|transaction|license|natural|surrogate|join|range|pk|fk|ck)$/;

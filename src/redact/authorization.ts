import { type Span, secretSpan } from './span.ts';

const BEARER = /bearer(?:[ \t]{1,4}|%20|\+)([A-Za-z0-9._~+/=-]{16,8192})/iy;
/** A shorter one, where nothing but it is said: letters and digits both, to the end. */
const SHORT_BEARER = /bearer[ \t]{1,4}((?=[A-Za-z_-]{0,14}\d)(?=[\d_-]{0,14}[A-Za-z])[A-Za-z0-9_-]{8,15})(?=["'`\\,;)}\]]|\s*$|\r?\n)/iy;
const BASIC = /basic(?:[ \t]{1,4}|%20|\+)([A-Za-z0-9+/]{6,1024}={0,2})/iy;
/** `Authorization: <scheme> `; what follows to the end of the line, or of the string around it, are the credentials. */
const HEADER =
  /authorization\\{0,6}["']?[\])]?[ \t]{0,4}[=:][ \t]{0,4}\\{0,6}["']?[ \t]{0,4}([A-Za-z][A-Za-z0-9_-]{1,40})[ \t]{1,4}(?![[$])/iy;
const PARAMETERS = /[^\r\n"'\\]{4,8192}/y;
const VALUE = /^([A-Za-z][A-Za-z0-9_-]{1,40})[ \t]{1,4}(?![[$])(?=.{4})/;
const SCHEMES =
  /^(?:bearer|basic|digest|token|api-?token|apikey|api-key|key|ssws|geniekey|zoho-oauthtoken|pveapitoken|klaviyo-api-key|deepl-auth-key|bot|user-token|access-token|jwt|sso-key|macaroon|negotiate|ntlm|hawk|oauth|signature|hmac|hmac-.*|aws4-.*|aws|wechatpay2-.*|sharedkey|sharedkeylite|scram-.*|dpop|gnap|splunk|vapid|mutual)$/i;

/** A mask, or the hole that a manual leaves for the credentials. */
const STAND_IN = /^(?:[xX*.]{3,}|<[^<>\r\n]{0,60}>|\{[A-Za-z_{][^{}\r\n]{0,60}\}{1,2})(?=["'\s]|$)/;
const MAX_STAND_IN = 64;

/** Credentials of HTTP, with or without their header's name. */
export function findAuthorization(text: string, start: number): Span | undefined {
  return headerAt(text, start) ?? bearerAt(text, start) ?? basicAt(text, start);
}

/** The credentials in the value of an `Authorization` header. */
export function findCredentials(value: string, start: number): Span | undefined {
  const match = VALUE.exec(value);
  const scheme = match?.[1] ?? '';
  if (match !== null && DIGEST.test(scheme)) return movedBy(start, digestAt(value, match[0].length));
  if (match !== null && SCHEMES.test(scheme)) return secretSpan(kindOf(scheme), start + match[0].length, start + value.length);
  return !SCHEMES.test(value) && /^[^\s[$<{]\S{19,}$/.test(value) ? secretSpan('authorization', start, start + value.length) : undefined;
}

function headerAt(text: string, stem: number): Span | undefined {
  HEADER.lastIndex = stem;
  const scheme = HEADER.exec(text)?.[1];
  if (scheme === undefined || !SCHEMES.test(scheme) || STAND_IN.test(text.slice(HEADER.lastIndex, HEADER.lastIndex + MAX_STAND_IN)))
    return undefined;
  if (DIGEST.test(scheme)) return digestAt(text, HEADER.lastIndex);
  PARAMETERS.lastIndex = HEADER.lastIndex;
  return PARAMETERS.test(text) ? secretSpan(kindOf(scheme), HEADER.lastIndex, PARAMETERS.lastIndex) : undefined;
}

/** RFC 7616: among user, realm and path one parameter is made of the password. */
function digestAt(text: string, start: number): Span | undefined {
  RESPONSE.lastIndex = start;
  const value = RESPONSE.exec(text)?.[1];
  return value === undefined ? undefined : secretSpan('authorization', RESPONSE.lastIndex - value.length, RESPONSE.lastIndex);
}

function movedBy(start: number, span: Span | undefined): Span | undefined {
  return span && { ...span, start: span.start + start, end: span.end + start };
}

const DIGEST = /^digest$/i;
const RESPONSE = /[^\r\n]{0,2000}?\bresponse=\\{0,6}["']?([^\s"',\\]{1,256})/iy;

function kindOf(scheme: string): string {
  if (/^bearer$/i.test(scheme)) return 'bearer';
  return /^basic$/i.test(scheme) ? 'basic-auth' : 'authorization';
}

/** "bearer authentication" is no token: a digit tells, or a length that no word has. */
function bearerAt(text: string, start: number): Span | undefined {
  BEARER.lastIndex = start;
  const token = BEARER.exec(text)?.[1];
  if (token === undefined) {
    SHORT_BEARER.lastIndex = start;
    const short = SHORT_BEARER.exec(text)?.[1];
    return short === undefined ? undefined : secretSpan('bearer', SHORT_BEARER.lastIndex - short.length, SHORT_BEARER.lastIndex);
  }
  if (STAND_IN.test(token) || (!/\d/.test(token) && token.length < 32)) return undefined;
  return secretSpan('bearer', BEARER.lastIndex - token.length, BEARER.lastIndex);
}

/** Base64 of `user:password`, or it is a word. */
function basicAt(text: string, start: number): Span | undefined {
  BASIC.lastIndex = start;
  const credentials = BASIC.exec(text)?.[1];
  if (credentials === undefined || !/^[\t\x20-\x7e\x80-\xff]*:[\t\x20-\x7e\x80-\xff]*$/.test(decodeBase64(credentials))) return undefined;
  return secretSpan('basic-auth', BASIC.lastIndex - credentials.length, BASIC.lastIndex);
}

function decodeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}

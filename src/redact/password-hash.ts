import { type Span, secretSpan } from './span.ts';

/**
 * Passwords as systems keep them: crypt(5) with its methods, Apache's, Cisco's types 8 and 9, Argon2 and others in the PHC string format,
 * Django's and Werkzeug's, LDAP's (RFC 2307), PostgreSQL's (SCRAM-SHA-256). A hash, and what a password has sealed, can be tried against words for as long as one likes.
 */
const IN_DOLLARS =
  /\$(?:(?:1|apr1|md5|[56](?:\$rounds=\d{1,9})?)\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|(?:y|gy|7)\$[./A-Za-z0-9$]{20,160}|[89]\$[./A-Za-z0-9]{8,16}\$[./A-Za-z0-9]{43}|argon2(?:id|[id])\$[A-Za-z0-9=,$+/.-]{40,300}|(?:scrypt|pbkdf2(?:-sha\d{1,3})?|bcrypt-sha256)\$[A-Za-z0-9=,$+/.-]{40,300}|S\$[./A-Za-z0-9]{52}|[PH]\$[./A-Za-z0-9]{31})(?![./A-Za-z0-9])/g;
/** A file that Ansible has sealed with a password: rows of hexadecimal digits below its head, as they stand or further in. */
const VAULT = /\$ANSIBLE_VAULT;\d\.\d;[A-Z0-9]{3,12}(?:;[\w.-]{1,64})?(?:(?:\s|\\n){1,24}[0-9a-f]{16,80}(?![0-9A-Za-z])){1,2000}/g;
const NAMED =
  /(?<![A-Za-z0-9])(?:pbkdf2(?:_|:)sha\d{1,3}[$:]\d{3,8}\$[^\s$"'`<>]{4,64}\$[A-Za-z0-9+/=]{32,128}|(?:scrypt:\d{1,8}:\d{1,3}:\d{1,3}|argon2)\$[^\s"'`<>]{32,300}|SCRAM-SHA-(?:1|256|512)\$\d{1,8}:[A-Za-z0-9+/=]{16,64}\$[A-Za-z0-9+/=]{20,90}:[A-Za-z0-9+/=]{20,90})/g;
const IN_BRACES = /\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2(?:-SHA\d{1,3})?)\}[A-Za-z0-9+/=$.]{22,200}/g;

export function findPasswordHashes(text: string): readonly Span[] {
  return [
    ...(text.includes('$') ? [...all(text, IN_DOLLARS), ...all(text, NAMED)] : []),
    ...(text.includes('$ANSIBLE_VAULT') ? all(text, VAULT) : []),
    ...(text.includes('{') ? all(text, IN_BRACES) : []),
  ];
}

function all(text: string, pattern: RegExp): Span[] {
  return Array.from(text.matchAll(pattern), ({ 0: hash, index }) => secretSpan('password-hash', index, index + hash.length));
}

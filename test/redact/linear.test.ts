import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

/** Texts made to keep a scanner busy: with a quadratic step one of them takes minutes. */
const PIECES = [
  'passwords:\n - a\n',
  'passwords: [a, ',
  'password = <<EOT\n',
  'name":"password","value":"',
  ' -u a -p ',
  'user a on >',
  "->connect(Array, 'a', 'b', ",
  'LoginModule user_a="b" ',
  'pay:a1b2c3d@h:1',
  ':*:*:a:',
  ';Pwd={a}}',
  '$ANSIBLE_VAULT;1.1;AES256\n0123456789abcdef\n',
  'X-Amz-Signature=',
  'password is generated for ',
  'mysql -p',
  '4',
  '4 ',
  '41 ',
  '34 ',
  '4111 ',
  '1111-',
  '4.',
  '4%20',
  '4\u200b',
  '4\u001b[0m',
  '4111111111111111^',
  '4111111111111111=',
  '4111111111111111*',
  '0200',
  '0200F',
  'password=',
  'password="',
  'password: ',
  'password", "value": ',
  'token',
  'key ',
  'a_',
  'authorization: zzzz ',
  'authorization: basic ',
  'bearer ',
  'eyJ',
  'eyJaaaaaaaa.',
  'MIIxIBAAKC',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  '://a:',
  '://a:b@',
  'a:b@',
  'a:',
  'thin:a/',
  '\\',
  '"',
  'Cookie: ',
  '<password>',
  '--password ',
  'hooks.slack.com/',
  'sk_live_',
  '123456789:AA',
  '&key=',
  'cvv 1',
  'B4111111111111111^A^',
  ' ',
  '\n',
];
const LENGTH = 80_000;

describe('a text of one piece over and over', () => {
  const redactor = createRedactor({ secrets: ['known-value'] });
  it.each(PIECES)('%j is cleaned in a time that its length bounds', (piece) => {
    const text = piece.repeat(LENGTH / piece.length);
    const once = redactor.text(text).text;
    expect(redactor.text(once).text).toBe(once);
    redactor.text(`password=${text}`);
    redactor.text(`"password":"${text}`);
    redactor.text(`https://user:${text}`);
  });

  // Each name looks for its column: to the ends of such a text that takes over a minute, and a second where it stops in time.
  it.each(['cvv ', 'pin|'])('%j, as long as a log is read at once', { timeout: 45_000 }, (piece) => {
    const text = piece.repeat(600_000 / piece.length);
    expect(redactor.text(text).text).toBe(text);
  });
});

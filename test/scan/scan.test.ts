import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { authenticationData } from '../../src/scan/authentication.ts';
import { mayBePacked, toHex } from '../../src/scan/bytes.ts';
import { findSensitive, type ScanOptions } from '../../src/scan/index.ts';
import { packedNumbers } from '../../src/scan/numbers.ts';
import { chanceOf, ebcdic, RENDERINGS, sample } from '../redact/renderings.ts';
import { tarOf } from './tar-of.ts';

const OPTIONS: ScanOptions = {
  depth: 2,
  gunzip: (bytes, maxBytes) => {
    try {
      return gunzipSync(bytes, { maxOutputLength: maxBytes });
    } catch {
      return undefined;
    }
  },
};

function scan(content: string | Uint8Array, name = 'app.log', options: Partial<ScanOptions> = {}) {
  return findSensitive(name, typeof content === 'string' ? Buffer.from(content) : content, { ...OPTIONS, ...options });
}

function kinds(content: string | Uint8Array): readonly string[] {
  return scan(content).map(({ kind }) => kind);
}

describe('card numbers', () => {
  it.each(Object.keys(RENDERINGS))('%s', (rendering) => {
    const chance = chanceOf(20261128);
    for (let round = 0; round < 60; round++) {
      const { text } = sample(rendering, chance);
      expect({ text, kinds: kinds(text) }).toEqual({ text, kinds: expect.arrayContaining([expect.stringMatching(/^(?:pan|track)$/)]) });
    }
  });

  it.each([
    ['UTF-16', Buffer.from('card 4111111111111111 paid', 'utf16le')],
    ['UTF-16 with its mark, other order', Buffer.from('\ufeffcard 4111111111111111 paid', 'utf16le').swap16()],
    ['EBCDIC', ebcdic('pan=4111111111111111 amount=1')],
    ['packed in a message', Buffer.from('0200723a800128a08000164111111111111111000000000000100011221530000001', 'hex')],
    ['chip data', Buffer.from('9f02060000000010005a08411111111111111182025900', 'hex')],
    ['zero bytes between', Buffer.from([...'4111111111111111'].map((digit) => `${digit}\0`).join(''))],
    ['not UTF-8 around', Buffer.concat([Buffer.from([0xff, 0xc3, 0x28]), Buffer.from('4111111111111111'), Buffer.from([0xfe])])],
  ])('%s', (_, bytes) => expect(kinds(bytes)).toContain('pan'));
});

describe('names of the code', () => {
  it.each(['card valid: 2026', 'card valid=200', 'sec code: 200', 'cid value: 123', 'payment cid=7317', 'card number: 1486'])(
    '%s is another thing',
    (text) => {
      expect([...authenticationData(text)]).toEqual([]);
    },
  );

  it.each(['amexCid=7317', '{"cvv2_value":"731"}', 'card_verification: 731', 'cvd=731', 'kbv=731'])('%s', (text) =>
    expect(kinds(text)).toContain('sad'),
  );
});

describe('what redaction leaves is clean', () => {
  it.each([
    '411111******1111',
    'pan=411111******1111&cvv=[CVV]&track2=[TRACK2]',
    '[PAN:k7m2x9qd4w5t]',
    'cvv=[CVV] 200 OK; [CVV] // 4931 [PIN] (1234) pin [PIN]: done',
    'password=[SECRET:password] token: [SECRET:token] "pin":"[PIN]" pinBlock=[PIN-BLOCK]',
    'https://ops:[SECRET:url-password]@db.example.test/pay',
    'Authorization: Bearer [SECRET:bearer]',
  ])('%s', (text) => expect(scan(text)).toEqual([]));
});

describe('packed digits', () => {
  const bytes = fc.uint8Array({ minLength: 6, maxLength: 40 });
  const packed = fc.constantFrom('5a084111111111111111', '4111111111111111d2912101', '0378282246310005ff', 'f4111111111111111000000ff');

  it('are looked for wherever they can be', () => {
    fc.assert(
      fc.property(bytes, packed, bytes, fc.boolean(), (before, digits, after, shifted) => {
        const hex = `${toHex(before)}${shifted ? 'a' : ''}${digits}${toHex(after)}`;
        const all = Uint8Array.from({ length: hex.length >> 1 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
        const seen = [...packedNumbers(toHex(all))];
        expect(mayBePacked(all) || seen.length === 0).toBe(true);
        expect(mayBePacked(all)).toBe(true);
      }),
    );
    expect(mayBePacked(Uint8Array.from([0x12, 0x34, 0x56, 0x78, 0x90, 0xa1, 0x12, 0x34, 0x5f, 0x11]))).toBe(false);
  });
});

describe('what is no card, no code and no secret', () => {
  // The bytes of these digits hold a packed number by chance; so they may in anything that is taken for binary.
  it.each(['进程启动时间：', 'время запуска процесса: ', '프로세스 시작 시간: '])(
    'an instant in a text of letters beyond ASCII: %s',
    (words) => {
      expect(scan(`${words.repeat(3)}\n   "owner": "root",\n   "startedAt": 1795861781420,\n   "ageMs": 3842243`)).toEqual([]);
    },
  );

  it.each([
    'blk_4111111111111111 blk_-4111111111111111',
    'took 0.4111111111111111 s, sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'trace=4bf92f3577b34da6a3ce929d0e0e4736 id 41111111-1111-1111-8111-111111111111',
    'epoch 1748503543012 at 20261123143807, 1849374625118937088',
    '4111111111111112 9111111111111111 0000000000000000',
    '2026-11-23 14:38:07,123 10.77.20.2 4096\n2026-11-23 14:38:07,124 10.77.20.2 8192',
    'read 411123\n1748503543 next\n1748503544 next',
    'code: 500 status code=404 value: 120 cvv_result=M pinned=1234 shipping: 1234 pin 17',
    'password: required, token=${TOKEN} secret=<redacted> api_key: {env: KEY} password=/run/secrets/db',
    'Basic authentication failed; bearer token missing',
    'usage: https://user:password@host/ or //${USER}:${PASSWORD}@db',
    'usernameLabel:"User name:",passwordLabel:"Password:",rememberLabel:"Remember me:"',
    'kind: Secret\ndata:\n  extra: ""\n---\nkind: ConfigMap\ndata:\n  extra: cm9zZS1HYXJkZW43\n',
    'key sk_live_xxxxxxxxxxxxxxxx of the manual, token: "[SECRET:1password-token]" [SECRET:token]',
    'curl -u "$USER:$PASS" https://pay.example',
    "packet.writeString('mysql_native_password', 'latin1'); const authKey = xsalsa20(key, nonce)",
  ])('%s', (text) => expect(scan(text)).toEqual([]));
});

describe('authentication data', () => {
  it.each([
    'cvv=123',
    'CVV2: 1234',
    '{"securityCode":"123"}',
    '{\\"cvn2\\":\\"123\\"}',
    '<cvv>123</cvv>',
    'billingCvv=123',
    '安全码：123',
    '"name":"cvc","value":"123"',
    'pin=1234',
    '"userPin":"123456"',
    'pinBlock=1A2B3C4D5E6F7788',
    'DE52: 1A2B3C4D5E6F7788',
  ])('%s', (text) => expect(kinds(text)).toContain('sad'));

  it.each(['%B4111111111111111^DOE/JOHN^25121011000?', ';4111111111111111=25121011000?', '57114111111111111111D25121011000012345F'])(
    '%s',
    (text) => expect(kinds(text)).toContain('track'),
  );
});

describe('secrets', () => {
  it.each([
    `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(4)}`,
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P',
    `sk_live_${'4eC39HqLyjWDarjtT1zdp7dc'}`,
    `AKIA${'IOSFODNN7QRSTUVW'}`,
    `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'}`,
    'postgres://app:tul1p-Rose@db.example.test/pay',
    'Authorization: Bearer 7f3a9c1e5b8d2f4a6c0e',
    'DB_PASSWORD=Tul1pRose99',
    '{"clientSecret":"a8Kx02pQ"}',
    'var gatewayToken string = "h7Kq2mXv9LpT"',
    "env('ACQUIRER_API_TOKEN', 'h7Kq2mXv9LpT4nB8')",
    '{"name": "acquirer_token", "value": "h7Kq2mXv9LpT4nB8"}',
    '<gatewayPassword>rose-Garden7</gatewayPassword>',
    'acquirer_token: |\n  h7Kq2mXv9LpT4nB8',
    'batch:$6$52450745$k5ka2p8bFuSmoVT1tzOyyuaREkkKBcCNqoDKzYiJL9RaE8yMnPgh2XzzF0NDrUhgrcLwg78xs1w5pJiypEdFX/:19000:',
    'value GN.7Q~4AkLZBNEbz4Jxlm~O5G6SsyFxYg6zMR expired',
    'curl -u terminal:rose-Garden7 https://pay.example',
    'kind: Secret\ndata:\n  extra: cm9zZS1HYXJkZW43\n',
  ])('%s', (text) => expect(kinds(text)).toEqual([expect.stringMatching(/^secret:/)]));

  it('a value that the caller names, in whatever writing', () => {
    const text = `x ${Buffer.from('let tulip-rose in').toString('base64')} y`;
    expect(scan(text, 'a', { literals: ['tulip-rose'] })).toMatchObject([{ kind: 'literal', place: 'a:1 (base64)' }]);
    expect(scan('tulip%2Drose', 'a', { literals: [Buffer.from('tulip-rose')] })).toMatchObject([{ kind: 'literal' }]);
  });
});

describe('places', () => {
  it('name the containers, the line and the writing, never the value', () => {
    const inner = gzipSync(`one\ntwo\n${Buffer.from('{"pan":"4111111111111111"}').toString('base64')}\n`);
    const outer = gzipSync(
      tarOf([
        ['report.html', 'clean'],
        ['logs/app.log.gz', inner],
      ]),
    );
    const findings = findSensitive('case.tar.gz', outer, OPTIONS);
    expect(findings).toEqual([{ place: 'case.tar.gz > logs/app.log.gz:3 (base64)', kind: 'pan', offset: 8 }]);
    expect(JSON.stringify(findings)).not.toContain('4111');
  });

  it('of a name that holds something are numbers', () => {
    expect(
      scan(
        tarOf([
          ['a', ''],
          ['pay-4111111111111111.log', 'x'],
        ]),
        'c.tar',
      ),
    ).toEqual([{ place: 'c.tar > #2 (name)', kind: 'pan', offset: 0 }]);
  });

  it('count lines beyond the first piece', () => {
    const text = `${`${'x'.repeat(99)}\n`.repeat(60_000)}4111111111111111\n`;
    expect(scan(text)).toEqual([{ place: 'app.log:60001', kind: 'pan', offset: 6_000_000 }]);
  });

  it.each([-9, -1, 0, 7])('a number across the border of two pieces, at %i', (shift) => {
    const text = `${'x'.repeat(4 * 1024 * 1024 + shift)} 4111111111111111 ${'y'.repeat(100_000)}`;
    expect(kinds(text)).toEqual(['pan']);
  });
});

describe('limits', () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  it.each([
    ['too well packed', bomb],
    ['damaged', gzipSync('hello').subarray(0, 12)],
    ['a zip', Buffer.from([0x50, 0x4b, 3, 4, 1, 2])],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])],
    ['a tar cut short', tarOf([['a', 'x'.repeat(2000)]]).subarray(0, 1600)],
    ['too deep', Array.from({ length: 9 }).reduce<Uint8Array>((bytes) => gzipSync(bytes), Buffer.from('x'))],
    ['base64 of a bomb', Buffer.from(bomb.toString('base64'))],
  ])('%s is a finding', (_, bytes) => expect(kinds(bytes)).toEqual(['unread']));

  it('counts items and all bytes together', () => {
    const tar = tarOf(Array.from({ length: 30 }, (_, index) => [`f${index}`, 'x']));
    expect(scan(tar, 'a', { limits: { items: 10 } }).map(({ kind }) => kind)).toEqual(['unread']);
    const members = tarOf([
      ['a', gzipSync(Buffer.alloc(3_000_000))],
      ['b', gzipSync(Buffer.alloc(3_000_000))],
    ]);
    expect(scan(members, 'a', { limits: { bytes: 5_000_000 } })).toEqual([{ place: 'a > b', kind: 'unread', offset: 0 }]);
  });

  it('decodes as often as it is told', () => {
    const twice = Buffer.from(Buffer.from('{"pan":"4111111111111111"}').toString('base64')).toString('base64');
    expect(scan(twice)).toMatchObject([{ kind: 'pan', place: 'app.log:1 (base64, base64)' }]);
    expect(scan(twice, 'a', { depth: 1 })).toEqual([]);
  });
});

describe('secrets by their place in a command', () => {
  it.each([
    'sshpass -p rose-Garden7 ssh batch@db1',
    'mysqldump -uroot -prose-Garden7 pay',
    'redis-cli -a rose-Garden7 ping',
    'docker login -u batch -p rose-Garden7 registry.example',
    'ConvertTo-SecureString "rose-Garden7" -AsPlainText -Force',
    "CREATE USER batch IDENTIFIED BY 'rose-Garden7';",
    '  psk="rose-Garden7"',
    'GET /x?X-Amz-Signature=8d4b6697712b6ca2cbd9ac01eb608e9a02be119abc71b9155a624e73cf4bfde0&x=1',
  ])('%s', (text) => {
    expect(kinds(text)).toEqual([expect.stringMatching(/^secret:/)]);
    expect(kinds(createRedactor().text(text).text)).toEqual([]);
  });

  it.each([
    'sshpass -p "$PAY_PW2" ssh batch@db1',
    'mysql -u root -p pay2 < update.sql',
    'redis-cli -a [SECRET:password] ping',
    'api_key: "ENC[PKCS7,MIIBeQYJKoZIhvc7]"',
    '${API_KEY:?set-in-vault2}',
  ])('nothing in: %s', (text) => expect(kinds(text)).toEqual([]));
});

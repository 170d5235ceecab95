import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

function clean(text: string): string {
  return createRedactor().text(text).text;
}

describe('values that their keys give away', () => {
  it.each([
    ['password=hunter2', 'password=[SECRET:password]'],
    ['no answer with password=hunter2: refused', 'no answer with password=[SECRET:password] refused'],
    ['PASS: Hunter2 !', 'PASS: [SECRET:password]'],
    ['passwd: correct horse battery', 'passwd: [SECRET:password]'],
    ['secret: hunter2x9', 'secret: [SECRET:secret]'],
    ['secret "kX92hTq0"', 'secret "[SECRET:secret]"'],
    ['token:abc123def', 'token:[SECRET:token]'],
    ['SetCredential=db:hunter2', 'SetCredential=[SECRET:credentials]'],
    ['password = hunter2', 'password = [SECRET:password]'],
    ['passwd:hunter2', 'passwd:[SECRET:password]'],
    ['Password: hunter2', 'Password: [SECRET:password]'],
    ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=[SECRET:password] psql'],
    ['DB_PASS=abc', 'DB_PASS=[SECRET:password]'],
    ['MYSQL_PWD="ab c"', 'MYSQL_PWD="[SECRET:password]"'],
    ["db.password='it''s'", "db.password='[SECRET:password]'"],
    ['spring.datasource.password=p,q&r s', 'spring.datasource.password=[SECRET:password] s'],
    ['user=a&password=p%40ss&x=1', 'user=a&password=[SECRET:password]&x=1'],
    ['user[password]=abc&x=1', 'user[password]=[SECRET:password]&x=1'],
    ['user%5Bpassword%5D%3Dabc', 'user%5Bpassword%5D%3D[SECRET:password]'],
    ['password => "abc"', 'password => "[SECRET:password]"'],
    ['password := abc', 'password := [SECRET:password]'],
    ['  password: correct horse battery # mine', '  password: [SECRET:password] # mine'],
    ['- passphrase: correct horse', '- passphrase: [SECRET:password]'],
    ['{"password":"hunter2"}', '{"password":"[SECRET:password]"}'],
    ['{"password" : "hun\\"ter2"}', '{"password" : "[SECRET:password]"}'],
    ['{"password":1234567}', '{"password":"[SECRET:password]"}'],
    ['{\\"password\\":\\"hunter2\\"}', '{\\"password\\":\\"[SECRET:password]\\"}'],
    ['{\\\\\\"password\\\\\\":\\\\\\"hunter2\\\\\\"}', '{\\\\\\"password\\\\\\":\\\\\\"[SECRET:password]\\\\\\"}'],
    ["{'dbPassword': 'hunter2'}", "{'dbPassword': '[SECRET:password]'}"],
    ['{"name":"DB_PASSWORD","value":"hunter2"}', '{"name":"DB_PASSWORD","value":"[SECRET:password]"}'],
    ['<password>hunter2</password>', '<password>[SECRET:password]</password>'],
    ['<password><![CDATA[a<b]]></password>', '<password><![CDATA[[SECRET:password]]]></password>'],
    ['<password>cut off', '<password>[SECRET:password]'],
    ['IDENTIFIED BY hunter2;', 'IDENTIFIED BY [SECRET:password];'],
    ['<ns:password type="text">hunter2</ns:password>', '<ns:password type="text">[SECRET:password]</ns:password>'],
    ['<property name="password" value="hunter2"/>', '<property name="password" value="[SECRET:password]"/>'],
    ['mysql --password hunter2 -h db', 'mysql --password [SECRET:password] -h db'],
    ['mysql --password=hunter2 -h db', 'mysql --password=[SECRET:password] -h db'],
    ["['--password', 'hunter2']", "['--password', '[SECRET:password]']"],
    ['["--api-key","abcd1234"]', '["--api-key","[SECRET:api-key]"]'],
    ["ALTER ROLE app PASSWORD 'hunter2'", "ALTER ROLE app PASSWORD '[SECRET:password]'"],
    ["CREATE USER a IDENTIFIED BY 'hunter2'", "CREATE USER a IDENTIFIED BY '[SECRET:password]'"],
    ['requirepass hunter2', 'requirepass [SECRET:password]'],
    ['machine h login u password hunter2', 'machine h login u password [SECRET:password]'],
    ['host=db user=app password=hunter2 dbname=pay', 'host=db user=app password=[SECRET:password] dbname=pay'],
    ['Server=db;User Id=a;Password=hunter2;Timeout=5', 'Server=db;User Id=a;Password=[SECRET:password];Timeout=5'],
    ['Config(user=a, password=hunter2, port=1)', 'Config(user=a, password=[SECRET:password], port=1)'],
    ['密码：abc123', '密码：[SECRET:password]'],
    ['api_key=abcd1234', 'api_key=[SECRET:api-key]'],
    ['apiKey: "abcd1234"', 'apiKey: "[SECRET:api-key]"'],
    ['X-Api-Key: abcd1234', 'X-Api-Key: [SECRET:api-key]'],
    ['API key: abcd-1234', 'API key: [SECRET:api-key]'],
    ['APIKEY=abcd1234', 'APIKEY=[SECRET:api-key]'],
    ['apiv3_key=abcd1234abcd1234', 'apiv3_key=[SECRET:api-key]'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'aws_secret_access_key = [SECRET:api-key]'],
    ['AccountKey=abcd1234==;EndpointSuffix=x', 'AccountKey=[SECRET:api-key];EndpointSuffix=x'],
    ['client_secret=abcd1234', 'client_secret=[SECRET:secret]'],
    ['"clientSecret":"abcd1234"', '"clientSecret":"[SECRET:secret]"'],
    ['JWT_SECRET=abcd1234', 'JWT_SECRET=[SECRET:secret]'],
    ['secret key = abcd1234', 'secret key = [SECRET:secret]'],
    ['access_token=abcd1234&expires=1', 'access_token=[SECRET:token]&expires=1'],
    ['"refreshToken":"abcd1234"', '"refreshToken":"[SECRET:token]"'],
    ['x-auth-token: abcd1234', 'x-auth-token: [SECRET:token]'],
    ['//registry.example.test/:_authToken=abcd1234', '//registry.example.test/:_authToken=[SECRET:token]'],
    ['private_key=abcd1234', 'private_key=[SECRET:private-key]'],
    ['ZMK=0123456789ABCDEF0123456789ABCDEF', 'ZMK=[SECRET:hsm-key]'],
    ['Cookie: sid=abc; theme=dark', 'Cookie: [SECRET:cookie]'],
    ["-H 'Cookie: sid=abc; theme=dark' -v", "-H 'Cookie: [SECRET:cookie]' -v"],
    ['Set-Cookie: sid=abc; Path=/; HttpOnly', 'Set-Cookie: [SECRET:cookie]'],
    [';jsessionid=ABCDEF0123', ';jsessionid=[SECRET:session]'],
    ['otp=123456', 'otp=[SECRET:otp]'],
    ['验证码: 123456', '验证码: [SECRET:otp]'],
    ['line one\\npassword=hunter2\\nline', 'line one\\npassword=[SECRET:password]\\nline'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'Failed password for root from 10.0.0.5 port 22 ssh2',
    'using password: YES',
    'password authentication failed for user "app"',
    'password: required',
    'token: expired',
    'Invalid token: rejected by issuer',
    'token_type=bearer&expires_in=3600',
    'max_tokens=4096',
    'password_file=/run/secrets/db',
    'secret_name=db-credentials',
    'passwordPolicy: strong1',
    'compass=north-1 bypass=yes-1',
    'key=order:1234 keys=5 keyspace=db0 monkey=banana1',
    'tests pass: 12 fail: 3',
    '{"password":null,"token":true}',
    '{"password":{"env":"DB_PASSWORD"}}',
    'url: {env: OOR_DB_URL}',
    'password=${DB_PASSWORD}',
    'password=$DB_PASSWORD',
    'password={{ vault_password }}',
    'password=********',
    'password=<redacted>',
    'PWD=/root OLDPWD=/home/ops/pay',
    'a curve is identified by its name',
    'learned to pass "--quiet" down',
    'usage: adduser <user> <password> <role>',
    '(token) => token.length > 4',
    'openssl x509 -signkey ca.pem',
    'use `password=` and `user=` here',
    'password=[FILTERED]',
    'api_key=xxxx',
    'ssl_certificate_key /etc/nginx/tls/pay.key;',
    'private_key: /etc/paygw/tls/key.pem',
    'author=jane1234 authority=example.test',
    'authorization=831000',
    'authorization: approved',
    'auth_code=831000',
    'tokenizer=bpe-2 secretary=jane-1',
    'turkey: 4 pieces',
    'foreign_key=orders.id1 primary_key=id12',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});

describe('HTTP credentials', () => {
  it.each([
    ['Authorization: Bearer abcdefghijklmnop1234', 'Authorization: Bearer [SECRET:bearer]'],
    ['"Authorization":"Bearer abc.def-ghi"', '"Authorization":"Bearer [SECRET:bearer]"'],
    ['{\\"authorization\\":\\"Bearer abc.def-ghi\\"}', '{\\"authorization\\":\\"Bearer [SECRET:bearer]\\"}'],
    ['curl -H "Authorization: Bearer abc.def" https://x.test', 'curl -H "Authorization: Bearer [SECRET:bearer]" https://x.test'],
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [SECRET:basic-auth]'],
    ['Proxy-Authorization: Basic dXNlcjpwYXNz', 'Proxy-Authorization: Basic [SECRET:basic-auth]'],
    [
      'Authorization: Digest username="a", uri="/", response="b"',
      'Authorization: Digest username="a", uri="/", response="[SECRET:authorization]"',
    ],
    ['Authorization: WECHATPAY2-SHA256-RSA2048 mchid=1,signature=abc', 'Authorization: WECHATPAY2-SHA256-RSA2048 [SECRET:authorization]'],
    ['Authorization: 0123456789abcdef0123456789abcdef', 'Authorization: [SECRET:authorization]'],
    ['sent bearer abcdefghijklmnop1234 to bank', 'sent bearer [SECRET:bearer] to bank'],
    ['got Basic dXNlcjpwYXNz from proxy', 'got Basic [SECRET:basic-auth] from proxy'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'bearer authentication failed',
    'Bearer misconfiguration',
    'WWW-Authenticate: Basic realm="pay"',
    'basic authentication',
    'Basic information',
    'Authorization: Bearer $TOKEN',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});

describe('URLs and connection strings', () => {
  it.each([
    ['postgres://app:hunter2@db.example.test:5432/pay', 'postgres://app:[SECRET:url-password]@db.example.test:5432/pay'],
    ['postgres://app:p@ss/w0rd#1@db/pay', 'postgres://app:[SECRET:url-password]@db/pay'],
    ['redis://:hunter2@cache:6379/0', 'redis://:[SECRET:url-password]@cache:6379/0'],
    ['amqp://u:p%40ss@mq/vhost', 'amqp://u:[SECRET:url-password]@mq/vhost'],
    ['https://u:p@host/path?mail=a@b.c', 'https://u:[SECRET:url-password]@host/path?mail=a@b.c'],
    ['"jdbc:postgresql://db/pay?user=a&password=b1c2"', '"jdbc:postgresql://db/pay?user=a&password=[SECRET:password]"'],
    ['mongodb+srv://u:p@a.test,b.test/db', 'mongodb+srv://u:[SECRET:url-password]@a.test,b.test/db'],
    ['https://abcdefghijklmnopqrstuvwx@git.example.test/r', 'https://[SECRET:url-token]@git.example.test/r'],
    ['app:hunter2@tcp(db:3306)/pay', 'app:[SECRET:url-password]@tcp(db:3306)/pay'],
    ['jdbc:oracle:thin:app/hunter2@db:1521:pay', 'jdbc:oracle:thin:app/[SECRET:url-password]@db:1521:pay'],
  ])('%s', (text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    'http://10.0.0.1:8080/path?mail=a@b.c',
    'https://pay.example.test/health',
    'http://[::1]:8080/a@b',
    'ssh://git@git.example.test/r',
    'postgres://app@db/pay',
    'mail a@b.test now',
    'see http://a.test: then mail c@d.test',
    'postgres://app:${DB_PASSWORD}@db/pay',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});

describe('tokens and keys by their form', () => {
  const word = (length: number) => 'aB3dE5fG7hJ9kL2mN4pQ6rS8tU0vW1xY'.repeat(8).slice(0, length);
  const hex = (length: number) => '0a1b2c3d4e5f6789'.repeat(8).slice(0, length);
  it.each([
    ['stripe-key', `sk_live_${word(24)}`],
    ['stripe-key', `rk_test_${word(24)}`],
    ['stripe-webhook-secret', `whsec_${word(32)}`],
    ['stripe-client-secret', `pi_${word(24)}_secret_${word(24)}`],
    ['paypal-token', `access_token$production$${hex(16)}$${hex(32)}`],
    ['square-token', `sq0atp-${word(22)}`],
    ['plaid-token', `access-production-${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
    ['adyen-key', `AQEy${word(80)}`],
    ['razorpay-key', `rzp_live_${word(14)}`],
    ['flutterwave-key', `FLWSECK-${word(32)}-X`],
    ['shopify-token', `shpat_${hex(32)}`],
    ['aws-access-key', 'AKIAIOSFODNN7EXAMPLE'],
    ['alibaba-access-key', `LTAI${word(20)}`],
    ['google-api-key', `AIza${word(35)}`],
    ['google-oauth', `ya29.${word(60)}`],
    ['possible-github-token', `ghp_${word(36)}`],
    ['github-token', `github_pat_${word(60)}`],
    ['gitlab-token', `glpat-${word(20)}`],
    ['possible-npm-token', `npm_${word(36)}`],
    ['slack-token', `xoxb-${word(40)}`],
    ['slack-webhook', `hooks.slack.com/services/T00000000/B00000000/${word(24)}`],
    ['sendgrid-key', `SG.${word(22)}.${word(43)}`],
    ['vault-token', `hvs.${word(40)}`],
    ['digitalocean-token', `dop_v1_${hex(64)}`],
    ['telegram-token', `123456789:AA${word(33)}`],
    ['openai-key', `sk-proj-${word(40)}`],
    ['grafana-token', `glsa_${word(32)}_${hex(8)}`],
    ['jwt', `eyJ${word(20)}.eyJ${word(30)}.${word(43)}`],
  ])('%s', (kind, token) => {
    expect(clean(token)).toBe(`[SECRET:${kind}]`);
    expect(clean(`used "${token}", then`)).toBe(`used "[SECRET:${kind}]", then`);
    expect(clean(`line\\n${token}`)).toBe(`line\\n[SECRET:${kind}]`);
    expect(createRedactor().text(token).counts).toEqual({ [kind]: 1 });
  });

  it.each([
    `pk_live_${word(24)}`,
    'sk_live_short',
    'AKIA is a prefix',
    `xAKIA${'A'.repeat(16)}`,
    'com.example.payments.gateway.PaymentService',
    'risk-assessment-of-the-task-queue',
    'eyJ is how JWTs begin',
    `sha256:${hex(64)}`,
    'Desk-proj-management',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));

  it('the key of a signed string, as the older payment interfaces build it', () => {
    expect(clean(`a=1&b=2&key=${hex(32)}`)).toBe('a=1&b=2&key=[SECRET:signing-key]');
  });
});

describe('private keys', () => {
  const body = Array.from({ length: 12 }, () => 'MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MhgwMbRvI0MBZhpI').join('\n');
  it.each([
    ['whole', `a\n-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\nb`, 'a\n[SECRET:private-key]\nb'],
    ['OpenSSH', `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----`, '[SECRET:private-key]'],
    [
      'in a JSON string',
      `{"k":"-----BEGIN PRIVATE KEY-----\\n${body.replaceAll('\n', '\\n')}\\n-----END PRIVATE KEY-----\\n"}`,
      '{"k":"[SECRET:private-key]\\n"}',
    ],
    ['without its end', `x -----BEGIN EC PRIVATE KEY-----\n${body}\nno more`, 'x [SECRET:private-key]\nno more'],
    ['without its beginning', `log: ${body}\n-----END PRIVATE KEY-----\nmore`, 'log:[SECRET:private-key]\nmore'],
    [
      'two of them',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY----- and -----BEGIN PRIVATE KEY-----\nBBBB\n-----END PRIVATE KEY-----',
      '[SECRET:private-key] and [SECRET:private-key]',
    ],
    ['PGP', `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${body}\n-----END PGP PRIVATE KEY BLOCK-----`, '[SECRET:private-key]'],
    ['bare base64', `app key ${body.replaceAll('\n', '')} end`, 'app key [SECRET:private-key] end'],
  ])('%s', (_, text, expected) => expect(clean(text)).toBe(expected));

  it.each([
    `-----BEGIN CERTIFICATE-----\n${'MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ'}\n-----END CERTIFICATE-----`,
    'no PRIVATE KEY found',
  ])('%s stays', (text) => expect(clean(text)).toBe(text));
});

describe('where two kinds meet', () => {
  it.each([
    ['a secret is removed whole, also when it is a card number', 'password=4111 1111 1111 1111', 'password=[SECRET:password]'],
    ['a track is removed whole', 'token=;4111111111111111=25121011000012345678?', 'token=[TRACK2]'],
    [
      'what a removal lays bare is removed',
      'sk_live_abcdefghijklmnopeyJhbGciOiJI.eyJzdWIiOiI.eyJzdWIiOiI.c2ln',
      '[SECRET:stripe-key].[SECRET:jwt]',
    ],
    ['neighbours stay apart', 'cvv=123,password=hunter2; 4111111111111111', 'cvv=[CVV],password=[SECRET:password]; 411111******1111'],
  ])('%s', (_, text, expected) => expect(clean(text)).toBe(expected));
});

describe('known values', () => {
  const redactor = createRedactor({ secrets: ['s3cr3t/val+ue', 'short', 'quo"ted\\value', 's3cr3t/val+ue-2', 'lone\ud800surrogate'] });

  it.each([
    ['x s3cr3t/val+ue y', 'x [SECRET:known] y'],
    ['s3cr3t/val+ue-2', '[SECRET:known]'],
    ['s3cr3t%2Fval%2Bue', '[SECRET:known]'],
    ['{"a":"quo\\"ted\\\\value"}', '{"a":"[SECRET:known]"}'],
    ['a lone\ud800surrogate', 'a [SECRET:known]'],
    ['too short', 'too short'],
  ])('%j', (text, expected) => expect(redactor.text(text).text).toBe(expected));
});

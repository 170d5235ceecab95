import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const { text } = createRedactor();

/** Between the marks stands what must go; all else stays. */
function gone(marked: string): void {
  const cleaned = text(marked.replace(/[«»]/g, '')).text;
  expect(cleaned.replace(/\[SECRET:[a-z0-9-]+\]/g, '[]')).toBe(marked.replace(/«[^»]*»/g, '[]'));
}

const kept = (line: string): void => expect(text(line).text).toBe(line);

describe('names of secrets', () => {
  it.each([
    'community_string: «rose-Garden7»',
    'privacy_key: «rose7garden»',
    'password_mysql: «rose7garden»',
    'X-Functions-Key: «rose7Garden»',
    'x-rapidapi-key: «rose7garden»',
    'ldap_default_authtok = «rose-Garden»',
    'ENCRYPTION_KEY = "«rose-garden-2026»"',
    'signature_key=«rose7Garden»',
    'smtppass=«roseGarden»',
    'vault write auth/approle/login role_id=pay secret_id=«6a174c20-f6de-a53c-74d2-6018fcceff64»',
    'APP_KEY=«base64:l8zokC1nTu/3QXVy8du4MfgFfhrHX43nUN8njCMIFKp=»',
  ])('%s', gone);

  it.each([
    'privacy_key: key-17',
    'X-Functions-Key: pay-web-01',
    'community: open-source',
    'community: pay-users-2026',
    'password_mysql: enabled',
    'secret_id: payments/db',
    'x-trace-key: 4bf92f3577b34da6a3ce929d0e0e4736',
  ])('nothing in: %s', kept);
});

describe('where values stand', () => {
  it.each([
    'community_strings:\n  - \'«rose7Garden»\'\n  - "«tulip8Garden»"\nport: 161',
    "api_tokens: ['«rose7Garden»', '«tulip8Garden»']",
    'Driver=ODBC;Uid=pay;Pwd={«r0se;g}}7»};Encrypt=yes',
    'db_password = <<EOT\n«rose7Garden!»\nEOT\nuser = 1',
    '{"value":"«rose7Garden»","name":"DB_PASSWORD"}',
    '<property name="connection.password">\n   «rose7»\n</property>',
    'password: <%= ENV.fetch("DB_PASSWORD") { "«roseGarden»" } %>',
    "const pass = process.env.DB_PASSWORD || '«roseGarden»'",
    "app.secret_key = b'«_5#y2L-F4Q8z»'",
    'Config { password: Some("«rose7Garden»"), host: "db" }',
    'reg add HKLM\\pay /v DefaultPassword /t REG_SZ /d «rose7Garden» /f',
    'encryptor.setPassword("«r0se»");',
    "SET PASSWORD FOR 'pay'@'%' = PASSWORD('«rose7Garden»');",
    'create user pay identified by «rose7»;',
    'auth.go:52] token "«YCA6D7zNZCYpF6JBWh6Rf5Ev»" expired',
    'gateway api key «cf98e9f043d7ac2a1e8baf4c6b7841fe»',
    'A temporary password is generated for root@localhost: «rose7Garden!»',
    'dsn: pay:«rose7garden»@db1:5432',
    'exp userid=pay/«rose7»@orcl file=x.dmp',
    'Authorization was =Bearer «rose7garden»',
  ])('%s', gone);

  it.each([
    'tokens: [4, 17, 93]',
    "keys: ['id', 'name']",
    'passwords:\n  - required\n  - rotated',
    'Driver=ODBC;Uid=pay;Pwd={password};Encrypt=yes',
    'peer: from:alice7x1@relay:2525',
    'sip:alice7x1@proxy:5060',
    'pods by owner: pay@node1:8080',
    'secret "pay-tls" not found',
    'MountVolume.SetUp failed: secret "db-credentials-2" not found',
    'setPassword("");',
  ])('nothing in: %s', kept);
});

describe('commands, calls and lines of configuration', () => {
  it.each([
    'test: ["CMD", "redis-cli", "-a", "«rose7Garden»", "ping"]',
    'test: ["CMD", "mysqladmin", "ping", "-u", "root", "-p«rose7Garden»"]',
    'paycli -h pay.example -P 443 -u batch -p «rose7Garden» --ssl',
    '7z a -p«rose7Garden» out.7z dir',
    'zip -P «rose7Garden» -r out.zip dir',
    'htpasswd -b -c /etc/nginx/users batch «rose7Garden»',
    "wpa_passphrase payfloor '«rose garden 7»'",
    'openssl enc -aes-256-cbc -d -K «21831cadc4b65507624bec978cf7d02424a7ea708da5176225b132566b34ce14» -in x',
    'net use \\\\nas\\pay «rose7Garden» /user:batch',
    'vncpasswd -f <<< "«rose7»"',
    'Unseal Key 1: «Ue0mZx0uJ4Nq8Lr2Wb6Tc9Pd5Sf1Gh3Jk7LmNo2Pq4R=»',
    "requests.get(url, auth=('batch', '«rose7Garden»'))",
    '> AUTH «rose7Garden»',
    '{"method":"auth.login","id":6,"params":["batch","«rose7»"]}',
    'rootpw «rose7Garden»',
    'crypto isakmp key «rose7Garden» address 203.0.113.7',
    ' pre-shared-key address 203.0.113.7 key «rose7Garden»',
    'network={\n  psk="«rose garden 7»"\n}',
    ': PSK "«rose7»"',
    'smtp_sasl_password_maps = static:batch:«rose7Garden»',
    '[smtp.example]:587 batch@pay.example:«rose7Garden»',
    'user batch on >«rose7Garden» ~* +@all',
    '*:*:*:batch:«rose7Garden»',
    "mysqli_connect('db1', 'batch', '«rose7Garden»', 'pay')",
    'new NetworkCredential("batch", "«rose7Garden»", "PAY");',
    'my $dbh = DBI->connect("dbi:Pg:dbname=pay", "batch", "«rose7Garden»");',
    "credentials = pika.PlainCredentials('batch', '«rose7Garden»')",
    "#2 Connection.php(356): Driver->connect(Array, 'batch', '«rose7Garden»', Array)",
    'PlainLoginModule required username="a" password="«rose-Garden»" user_a="«rose-Garden»" user_b="«tulip-Garden»";',
    'GET /x?X-Amz-Date=20261129T031201Z&X-Amz-Signature=«8d4b6697712b6ca2cbd9ac01eb608e9a02be119abc71b9155a624e73cf4bfde0»&x=1',
    'SignedHeaders=host;x-amz-date, Signature=«c59dc381f2134a618a9669bd1560811bee874b27293b9a3dd9c3aaeaaaa49929»',
    'code=«4/0AcTxJ0B4DubsiXxBRgmZ46fQvS0EFZs1bg1KnOhyZYlNtf_NFDNsLd1aLc71Z»&scope=pay',
    'https://«qyapi.weixin.qq.com/cgi-bin/webhook/send?key=224bb010-6e7a-9d58-2da3-6bbca92aacd6»',
    '«$ANSIBLE_VAULT;1.1;AES256\n1cdd950e47299b905b795001041c3650a07a7da315485ace43cdee4a555d04ec9f7e1172392dc6b5\n0d6b8329d528e85d84418a01b7807f72»\n',
  ])('%s', gone);

  it.each([
    'mysql -u root -p pay < update.sql',
    'psql -U pay -p 5432 -d pay',
    'paycli -u batch -p 8443:443 up',
    'paycli -u batch -p /etc/pay/pw',
    'auth: ["oauth", "basic"]',
    'AUTH PLAIN LOGIN CRAM-MD5',
    'openssl enc -aes-256-cbc -pass env:PAY_PASSPHRASE -in x',
    'login on > 3 hosts',
    'zip -r out.zip dir',
    '&Signature=v4&x=1',
  ])('nothing in: %s', kept);
});

describe('what stands for a secret, or tells of one', () => {
  it.each([
    'api_key: ENC[my_secret1]',
    "HasPassword: !Not [!Equals [!Ref DBPassword, '']]",
    'Ocp-Apim-Subscription-Key: 00000000000000000000000000000000',
    "sed -i 's/^# requirepass .*$/requirepass ${PW}/' redis.conf",
    'let accountKey= EntityIds.uniqueAccountIdValue heldAt.AccountKey',
    'SecretKey::default() of the crate',
    'aws_secret_access_key=aws_secret_key',
    '"client_secret":"\'+ CLIENT_SECRET +\'"',
    'STRIPE_WEBHOOK_SECRET=whsec_...',
    'STRIPE_SECRET_KEY=sk_live_xxx',
    "export const CHANGE_PASSWORD = 'changePassword'",
    'WRONG_PASSWORD: "Your password is incorrect. Please try again."',
    'API_KEY=${API_KEY:?required}',
    'passwd: password updated successfully',
  ])('nothing in: %s', kept);

  it('a phrase of several words is a password all the same', () => {
    gone('PGPASSWORD="«my awesome password»"');
    gone('passphrase: «correct horse battery staple»');
  });
});

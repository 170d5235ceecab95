import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';

const { text } = createRedactor();

/** Between the marks stands what must go; all else stays. */
function gone(marked: string): void {
  const cleaned = text(marked.replace(/[«»]/g, '')).text;
  expect(cleaned.replace(/\[SECRET:[a-z0-9-]+\]/g, '[]')).toBe(marked.replace(/«[^»]*»/g, '[]'));
}

describe('notations of a name and its value', () => {
  it.each([
    'var gatewayToken string = "«h7Kq2mXv9LpT»"',
    'let api_token: &str = "«h7Kq2mXv9LpT4nB8»";',
    'dbPassword .= "«rose-Garden7»"',
    'DB_PASSWORD ?= «rose-Garden7»',
    'MQ_PASSWORD :::= "«rose-Garden7»"',
    "'token' => env('ACQUIRER_API_TOKEN', '«h7Kq2mXv9LpT4nB8»'),",
    'acquirerToken,«h7Kq2mXv9LpT4nB8sWdYh1Jc»,EUR',
    'acquirer_password: |\n  «rose Garden 7\n  and more»\nhost: pay.example',
    'variable "acquirer_api_token" {\n  type = string\n  default = "«h7Kq2mXv9LpT4nB8»"\n}',
    'The password is "«rose-Garden7»" until Monday',
    'The password for user "pay" is "«rose-Garden7»".',
    '<key>acquirerPassword</key>\n  <string>«rose-Garden7»</string>',
    '<name>gateway.secret.key</name>\n<value>«h7Kq2mXv9LpT»</value>',
    'ENV ACQUIRER_SECRET «h7Kq2mXv9LpT4nB8»',
    'fastcgi_param DB_PASSWORD «rose-Garden7»;',
    'access_token:\n    "«h7Kq2mXv9LpT4nB8sWdYh1Jc»",',
    'Cookie of the console: _pay_session=«9f86d081884c7d659a2feaa0c55ad015»',
    'todo_secret_before_release = «Vb8nM2kQz0XpLm4TrC7sYd»',
    'sonar.login=«5524bf449ca45fcace54698371466398321f3a82»',
  ])('%s', gone);

  it.each([
    'fetch("token", "expired", 401)',
    'session: 20261129-065056-cf19e6, key=2026-11-29T06-backup-Kq2mXv9LpT4nB8',
    'columns: ["password", "username", "email"]',
    'secret_name = payments-db-primary-2',
    'the password is incorrect',
    'password = var.db_password',
    '$pwd = $_POST["password"];',
    'login: ok, session: opened, api: v2',
    'GET /api/v1/charges 200 12ms',
    'Auth: mechanism=SCRAM-SHA-256 method=publickey',
    'secretKeyRef:\n  name: payments-db\n  key: password',
  ])('nothing in: %s', (line) => expect(text(line).text).toBe(line));
});

describe('commands and lines of configuration', () => {
  it.each([
    'wget -q --http-password=«rose-Garden7» https://pay.example/report',
    'mysqladmin -u root password «rose-Garden7»',
    'cqlsh -u pay -p «rose-Garden7» 10.0.0.7',
    'mongosh --host db1 -u pay -p «rose-Garden7»',
    'ldapsearch -x -D cn=pay -w «rose-Garden7» -b dc=example',
    'openssl rsa -in tls.key -passin pass:«rose-Garden7»',
    'keytool -list -keystore pay.jks -storepass «rose-Garden7»',
    'ipmitool -I lanplus -U admin -P «rose-Garden7» sel list',
    'smbclient //files/settlement -U pay%«rose-Garden7»',
    'xfreerdp /u:pay /p:«rose-Garden7» /v:10.0.0.7',
    'lftp -u pay,«rose-Garden7» sftp.bank.example',
    'net user pay «rose-Garden7» /add',
    'cmdkey /add:files /user:pay /pass:«rose-Garden7»',
    "echo '«rose-Garden7»' | sudo -S systemctl restart paygw",
    'htpasswd -cb /etc/nginx/users pay «rose-Garden7»',
    'rabbitmqctl add_user pay «rose-Garden7»',
    'vault login «rose-Garden7-of-the-vault»',
    'aws configure set aws_secret_access_key «wJalrXUtnFEMI-rose-K7MDENG-bPxRfiCY»',
    'ConvertTo-SecureString -String "«rose-Garden7»" -AsPlainText -Force',
    'BlobEndpoint=https://pay.example/;SharedAccessSignature=«sv=2021-08-06-se=2026-rose7»',
    'SharedAccessSignature sr=sb%3a%2f%2fpay&sig=«h7Kq2mXv9LpT4nB8sWdYh1JcQ%3d»&se=1',
    'com2sec readonly default «rose-Garden7»',
    'enable secret «rose-Garden7»',
    'haproxy: user pay insecure-password «rose-Garden7»',
    'stats auth pay:«rose-Garden7»',
    'C: AUTH PLAIN «AHBheQByb3NlLUdhcmRlbjc=»',
    'curl -k -X POST https://pay.example/v1 \\\n  -u terminal:«rose-Garden7»',
    "curl --user 'terminal:«rose Garden 7»' https://pay.example",
    'curl -u ":«rose-Garden7»" https://pay.example',
    'psexec \\\\10.0.0.9 -u Administrator -p «rose-Garden7» cmd',
    'snmpwalk -v2c -c «rose-Garden7» 10.0.0.9 sysDescr',
    'sqlcmd -S db -U sa -P «rose-Garden7» -Q "select 1"',
    'net use Z: \\\\nas\\settlement /user:PAY\\batch «rose-Garden7»',
    'echo "batch:«rose-Garden7»" | sudo chpasswd',
    'rocommunity «rose-Garden7» 10.0.0.0/8',
    'snmp-server community «rose-Garden7» RO',
    'username ops password 7 «0822455D0A16»',
    'tacacs-server key «rose-Garden7»',
    'db.internal:5432:pay:batch:«rose-Garden7»',
    '1732370000.123 [0 10.0.0.9:5000] "AUTH" "«rose-Garden7»"',
  ])('%s', gone);

  it.each([
    'curl -u "$USER:$PASS" https://pay.example',
    'curl -u <user:password> https://pay.example',
    'snmpwalk -c $COMMUNITY host',
    'password 7 days old',
  ])('nothing in: %s', (line) => expect(text(line).text).toBe(line));
});

describe('arguments of calls', () => {
  it.each([
    'new NetworkCredential("batch@pay.example", "«rose-Garden7»");',
    "session.auth = HTTPBasicAuth('batch', '«rose-Garden7»')",
    'new DirectoryEntry("LDAP://PAY.EXAMPLE",\n  "batch",\n  "«rose-Garden7»");',
    "OAuth1('«MjuHWoGbzYmJv3ZuHaBvSENf»', '«anJLBCOALCXl7aXeybmNA5oa»')",
  ])('%s', gone);

  it('one word in quotes is a name, a variable is none', () => {
    for (const line of ['login("batch")', "client.login('batch', '${PASSWORD}')", 'print("user", "batch job 7")'])
      expect(text(line).text).toBe(line);
  });
});

describe('secrets of Kubernetes', () => {
  it('whatever their names, before the kind and behind it, in blocks and in JSON', () => {
    gone(
      'apiVersion: v1\nkind: Secret\nmetadata:\n  name: pay\ndata:\n  # how it was made\n  extra: «cm9zZS1HYXJkZW43»\n  other: "«cm9zZS1HYXJkZW44»"\ntype: Opaque',
    );
    gone('data:\n  .dockercfg: |\n    «eyJhdXRocyI6e30K»\nkind: Secret\nmetadata:\n  name: pull');
    gone('{"kind": "Secret", "data": {"extra": "«cm9zZS1HYXJkZW43»"}, "metadata": {"name": "pay"}}');
  });

  it('not in another document, nor where nothing stands', () => {
    const others =
      'kind: ConfigMap\ndata:\n  mode: "fast"\n---\nkind: Secret\ndata:\n  token: ""\n  other: {{ .Values.other }}\n---\nkind: ConfigMap\ndata:\n  size: "9"';
    expect(text(others).text).toBe(others);
    const external = 'kind: ExternalSecret\nspec:\n  data:\n    - remoteRef:\n        name: pay';
    expect(text(external).text).toBe(external);
  });
});

describe('forms without a name', () => {
  it.each([
    'batch:«$6$52450745$k5ka2p8bFuSmoVT1tzOyyuaREkkKBcCNqoDKzYiJL9RaE8yMnPgh2XzzF0NDrUhgrcLwg78xs1w5pJiypEdFX/»:19000:',
    'admin:«$apr1$qHDFfhPC$nITSVHgYbDAK1Y0acGRnY0»',
    '«{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3»',
    'value «GN.7Q~4AkLZBNEbz4Jxlm~O5G6SsyFxYg6zMR» expired',
    'key «LWAbVFLuaWyDlI.atlasv1.1DPkN6sT0TdoQdJ71lwg4iWeK_6EZJ3863YkcRW9Mec85Us0V4zY71SezebsH7Ki7-k» revoked',
    'pair «AKIAR7Q2LM4K5N6P7T2X» «wJalrXUtnFEMIK7MDENGbPxRfiCYzQ9mLp4TnB8s»',
    'under TMK: «D0080P0AE00E00009F86D081884C7D659A2FEAA0C55AD0159F86D081884C7D659A2FEAA0C55AD015»',
  ])('%s', gone);

  it.each([
    'order D0112P0AE00E0000 is short',
    'B0016P0TE00N0000 is a header and no key',
    'xoxb-xxxxxxxxx-xxxxxxxxxx-xxxxxxxxxxxx',
    'Authorization: Bearer <your token here>',
    'Authorization: Token **********',
    'cost is $2 and $5, in all $7',
  ])('nothing in: %s', (line) => expect(text(line).text).toBe(line));
});

/** Credentials in the forms that issuers document, made up here, in the notations that logs and files have. For tests and the bench. */
import { type Chance, pick } from './renderings.ts';

export interface SecretCase {
  readonly text: string;
  /** While it is there the secret is. */
  readonly value: string;
}

const ALPHABETS: Readonly<Record<string, string>> = {
  a: 'abcdefghijklmnopqrstuvwxyz0123456789',
  A: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  h: '0123456789abcdef',
  m: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  u: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  l: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
};

/** `{m24}`: so many of that alphabet. */
const TOKENS: Readonly<Record<string, string>> = {
  'Stripe secret key': 'sk_live_{m24}',
  'Stripe restricted key': 'rk_live_{m99}',
  'Stripe test key': 'sk_test_{m24}',
  'Stripe webhook secret': 'whsec_{m32}',
  'PayPal Braintree': 'access_token$production${a16}${h32}',
  'Square access token': 'EAAA{u60}',
  'Square OAuth secret': 'sq0csp-{u43}',
  Plaid: 'access-production-{h8}-{h4}-{h4}-{h4}-{h12}',
  Adyen: 'AQE{a2}{m80}-{m40}',
  Razorpay: 'rzp_live_{m14}',
  Mollie: 'live_{m30}',
  Shopify: 'shpat_{h32}',
  Flutterwave: 'FLWSECK-{h32}-X',
  'AWS access key': 'AKIA{A16}',
  'AWS session key': 'ASIA{A16}',
  'Google API key': 'AIza{u35}',
  'Google OAuth secret': 'GOCSPX-{u28}',
  'Google access token': 'ya29.{u120}',
  'Google refresh token': '1//0{u60}',
  Alibaba: 'LTAI{m20}',
  Tencent: 'AKID{m32}',
  DigitalOcean: 'dop_v1_{h64}',
  Vault: 'hvs.{u90}',
  Doppler: 'dp.st.prd.{m43}',
  Databricks: 'dapi{h32}',
  'GitHub personal': 'ghp_{m36}',
  'GitHub server': 'ghs_{m36}',
  'GitHub fine-grained': 'github_pat_{m22}_{m59}',
  'GitLab personal': 'glpat-{u20}',
  'GitLab deploy': 'gldt-{u20}',
  'GitLab runner': 'glrt-{u20}',
  npm: 'npm_{m36}',
  PyPI: 'pypi-AgEIcHlwaS5vcmc{u140}',
  Docker: 'dckr_pat_{u27}',
  Atlassian: 'ATATT3{u180}',
  CircleCI: 'CCIPAT_{m22}_{h40}',
  Buildkite: 'bkua_{h40}',
  Sonar: 'sqp_{h40}',
  Artifactory: 'AKCp{m69}',
  'Hugging Face': 'hf_{l34}',
  'Slack bot': 'xoxb-263594206564-2343594206574-{m24}',
  'Slack user': 'xoxp-263594206564-2343594206574-2343594206574-{h32}',
  'Slack webhook': 'https://hooks.slack.com/services/T{A8}/B{A8}/{m24}',
  SendGrid: 'SG.{u22}.{u43}',
  Mailgun: 'key-{h32}',
  Twilio: 'SK{h32}',
  Telegram: '263594206:AA{u33}',
  Grafana: 'glsa_{m32}_{h8}',
  'New Relic': 'NRAK-{A27}',
  Sentry: 'sntryu_{h64}',
  Dynatrace: 'dt0c01.{A24}.{A64}',
  Notion: 'ntn_{m46}',
  OpenAI: 'sk-proj-{u60}',
  Anthropic: 'sk-ant-api03-{u93}AA',
  JWT: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{m30}.{u43}',
};

/** Where tokens stand. */
const PLACES: readonly ((token: string) => string)[] = [
  (token) => `2026-11-28 06:41:13 INFO using ${token} for the call`,
  (token) => `export API_SECRET="${token}"`,
  (token) => `{"token":"${token}","ok":true}`,
  (token) => `config: token=${token}, retries=3`,
  (token) => `curl -H 'X-Key: ${token}' https://api.example.test/`,
  (token) => JSON.stringify({ body: JSON.stringify({ value: token }) }),
  (token) => `  - value: ${token}\n`,
  (token) => `<entry>${token}</entry>`,
  (token) => `GET /v1/x?k=${encodeURIComponent(token)}&y=1`,
  (token) => `line\\n${token}\\nline`,
];

const random = (chance: Chance, pattern: string) =>
  pattern.replace(/\{([aAhmul])(\d+)\}/g, (_, alphabet: string, count: string) =>
    Array.from({ length: Number(count) }, () => pick(chance, [...(ALPHABETS[alphabet] ?? '')])).join(''),
  );

/** Secrets that only what stands around them gives away. `§` is the secret. */
const SITUATIONS: Readonly<Record<string, readonly [around: string, secret: string]>> = {
  'AWS secret key': ['aws_secret_access_key = §', '{m40}'],
  'AWS secret key in JSON': ['{"SecretAccessKey": "§", "SessionToken": null}', '{m40}'],
  'Azure storage': ['DefaultEndpointsProtocol=https;AccountName=pay;AccountKey=§;EndpointSuffix=core.windows.net', '{m86}=='],
  'Azure SAS': ['https://pay.blob.core.windows.net/c?sv=2022-11-02&se=2026-12-01&sr=b&sp=r&sig=§', '{m43}%3D'],
  'PostgreSQL URL': ['postgresql://app:§@db.example.test:5432/pay?sslmode=require', '{m12}'],
  'MySQL URL': ['mysql://app:§@10.0.0.5/pay', '{m12}!'],
  'MongoDB URL': ['mongodb+srv://app:§@cluster0.example.test/pay', '{m12}'],
  'Redis URL': ['redis://:§@cache.example.test:6379/0', '{m16}'],
  'AMQP URL': ['amqps://pay:§@mq.example.test/vhost', '{m16}'],
  'JDBC parameters': ['jdbc:mysql://db/pay?user=app&password=§&useSSL=true', '{m12}'],
  'JDBC Oracle': ['jdbc:oracle:thin:app/§@//db:1521/PAY', '{m12}'],
  'ADO.NET': ['Server=db;Database=pay;User Id=app;Password=§;Encrypt=true', '{m12}'],
  libpq: ['host=db user=app password=§ dbname=pay', '{m12}'],
  'Go DSN': ['app:§@tcp(db:3306)/pay?parseTime=true', '{m12}'],
  'basic auth in a URL': ['GET https://ops:§@metrics.example.test/', '{m12}'],
  'Basic header': ['Authorization: Basic §', 'b3BzOn{m10}=='],
  'Bearer header': ['authorization: Bearer §', '{u40}'],
  'Token header': ['Authorization: Token §', '{h40}'],
  'API key header': ['X-API-Key: §', '{m32}'],
  cookie: ['Cookie: session=§; theme=dark', '{m32}'],
  'curl -u': ['curl -s -u ops:§ https://api.example.test/', '{m12}'],
  'mysql -p': ['mysqldump -u root -p§ pay > dump.sql', '{m12}'],
  sshpass: ["sshpass -p '§' ssh ops@gw1", '{m12}'],
  'redis-cli': ['redis-cli -h cache -a § ping', '{m16}'],
  'docker login': ['docker login -u ci -p § registry.example.test', '{m20}'],
  'docker config': ['{"auths":{"r.example.test":{"auth":"§"}}}', 'b3BzOnR1bGlwLXJvc2UtMTc='],
  'npm config': ['//registry.npmjs.org/:_authToken=§', '{h8}-{h4}-{h4}-{h4}-{h12}'],
  'npm password': ['//registry.example.test/:_password=§', '{m16}=='],
  netrc: ['machine api.example.test login ops password §', '{m12}'],
  pgpass: ['PGPASSWORD=§ psql -h db', '{m12}'],
  'environment file': ['DB_PASSWORD=§', '{m12}'],
  'YAML password': ['  password: §', '{m12}'],
  'Spring datasource': ['spring.datasource.password=§', '{m12}'],
  'Kubernetes secret': ['kind: Secret\ndata:\n  db-password: §\n', '{m24}=='],
  'Kubernetes secret of a key': ['data:\n  tls.key: §\n', 'LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFcEFJQkFBS0NBUUVB{m60}'],
  'service account token': ['token: §', 'eyJhbGciOiJSUzI1NiIsImtpZCI6Ij{m20}.eyJpc3MiOiJrdWJlcm5ldGVzL3{m60}.{u86}'],
  'client secret': ['"client_secret": "§"', '{u40}'],
  'OAuth body': ['grant_type=client_credentials&client_id=pay&client_secret=§', '{u32}'],
  'refresh token': ['{"refresh_token":"§","expires_in":3600}', '{u64}'],
  'PHP array': ["'db_password' => '§',", '{m12}'],
  'XML password': ['<dbPassword>§</dbPassword>', '{m12}'],
  'XML property': ['<property name="password" value="§"/>', '{m12}'],
  'SQL user': ["CREATE USER app IDENTIFIED BY '§';", '{m12}'],
  'SQL role': ["ALTER ROLE app WITH PASSWORD '§';", '{m12}'],
  keystore: ['keytool -list -keystore k.jks -storepass §', '{m12}'],
  'HSM key': ['zpk=§', '{h32}'],
  'signing key of WeChat': ['stringSignTemp=appid=wx1&mch_id=10&nonce_str=a&key=§', '{m32}'],
  'APIv3 key': ['wechat.apiV3Key: §', '{m32}'],
  'Alipay private key': ['alipay.app_private_key=§', 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ{m200}'],
  'PayPal secret': ['PAYPAL_CLIENT_SECRET=§', 'E{u79}'],
  'Plaid secret': ['PLAID_SECRET=§', '{h30}'],
  'Datadog key': ['DD_API_KEY=§', '{h32}'],
  'Twilio token': ['TWILIO_AUTH_TOKEN: "§"', '{h32}'],
  'Heroku key': ['HEROKU_API_KEY=§', '{h8}-{h4}-{h4}-{h4}-{h12}'],
  'Cloudflare key': ['CLOUDFLARE_API_TOKEN=§', '{u40}'],
  'Algolia key': ['ALGOLIA_ADMIN_KEY=§', '{h32}'],
  'a key with no name': ['encryption.key = "§"', '{m32}'],
  'Django secret': ["SECRET_KEY = '§'", '{m50}'],
  'Rails key': ['secret_key_base: §', '{h128}'],
  'webhook secret': ['webhookSecret: "§"', '{m32}'],
  'private key': ['-----BEGIN RSA PRIVATE KEY-----\n§\n-----END RSA PRIVATE KEY-----', 'MIIEpAIBAAKCAQEA{m48}'],
  'private key in JSON': ['{"private_key":"-----BEGIN PRIVATE KEY-----\\n§\\n-----END PRIVATE KEY-----\\n"}', 'MIIEvQIBADANBgkq{m48}'],
  'OpenSSH key': ['-----BEGIN OPENSSH PRIVATE KEY-----\n§\n-----END OPENSSH PRIVATE KEY-----', 'b3BlbnNzaC1rZXktdjEAAAAA{m46}'],
  'PGP key': ['-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n§\n-----END PGP PRIVATE KEY BLOCK-----', 'lQOYBF{m58}'],
  'PuTTY key': ['PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n§\n', '{m64}'],
  'Java toString': ["DataSource{user='app', password='§'}", '{m12}'],
};

export const SECRET_KINDS: Readonly<Record<string, (chance: Chance) => SecretCase>> = {
  ...Object.fromEntries(
    Object.entries(TOKENS).map(([name, pattern]) => [
      name,
      (chance: Chance) => {
        const token = random(chance, pattern);
        const text = pick(chance, PLACES)(token);
        return { text, value: token.slice(-8) };
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(SITUATIONS)
      .filter(([, [, secret]]) => secret !== '')
      .map(([name, [around, pattern]]) => [
        name,
        (chance: Chance) => {
          const secret = random(chance, pattern);
          return { text: around.replace('§', () => secret), value: secret };
        },
      ]),
  ),
};

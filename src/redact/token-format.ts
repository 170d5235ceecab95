/** A format that its issuer documents: the letters it starts with, and what follows them. */
export interface TokenFormat {
  readonly kind: string;
  readonly prefixes: readonly string[];
  /** Of the rest, as a regular expression without unbounded nesting. */
  readonly body: string;
}

const ID = '[A-Za-z0-9]';
const URL_SAFE = '[A-Za-z0-9_-]';
const BASE64 = '[A-Za-z0-9+/=]';

/** Written from the issuers' documentation of their keys. Publishable keys (`pk_`) and account ids are no secrets. */
export const TOKEN_FORMATS: readonly TokenFormat[] = [
  // payments
  { kind: 'stripe-key', prefixes: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'], body: `${ID}{10,247}` },
  { kind: 'stripe-webhook-secret', prefixes: ['whsec_'], body: `${BASE64}{16,128}` },
  { kind: 'stripe-client-secret', prefixes: ['pi_', 'seti_', 'cs_'], body: `${ID}{8,64}_secret_${ID}{8,64}` },
  { kind: 'paypal-token', prefixes: ['access_token$production$', 'access_token$sandbox$'], body: '[a-z0-9]{8,32}\\$[a-f0-9]{32}' },
  { kind: 'paypal-token', prefixes: ['A21AA'], body: `${URL_SAFE}{50,256}` },
  { kind: 'square-token', prefixes: ['sq0atp-', 'sq0csp-', 'sq0asp-', 'sandbox-sq0csb-', 'sandbox-sq0atb-'], body: `${URL_SAFE}{20,64}` },
  { kind: 'square-token', prefixes: ['EAAA'], body: `${URL_SAFE}{58,128}` },
  {
    kind: 'plaid-token',
    prefixes: ['access-sandbox-', 'access-development-', 'access-production-'],
    body: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  },
  { kind: 'adyen-key', prefixes: ['AQE'], body: '[a-z][A-Za-z0-9+/*.~_=|-]{60,512}' },
  { kind: 'razorpay-key', prefixes: ['rzp_live_', 'rzp_test_'], body: `${ID}{14}` },
  { kind: 'flutterwave-key', prefixes: ['FLWSECK-', 'FLWSECK_TEST-'], body: `${ID}{12,64}(?:-X)?` },
  { kind: 'checkout-key', prefixes: ['sk_sbox_'], body: '[a-z0-9]{20,64}[a-z0-9*#$=]?' },
  { kind: 'shopify-token', prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], body: '[A-Fa-f0-9]{32}' },
  // clouds
  { kind: 'aws-access-key', prefixes: ['AKIA', 'ASIA', 'ABIA', 'ACCA'], body: '[A-Z2-7]{16}(?![A-Za-z0-9])' },
  { kind: 'alibaba-access-key', prefixes: ['LTAI'], body: `${ID}{12,26}(?![A-Za-z0-9])` },
  { kind: 'tencent-secret-id', prefixes: ['AKID'], body: `${ID}{32}(?![A-Za-z0-9])` },
  { kind: 'google-api-key', prefixes: ['AIza'], body: `${URL_SAFE}{35}` },
  { kind: 'google-oauth', prefixes: ['ya29.', 'GOCSPX-'], body: `${URL_SAFE}{20,1024}` },
  { kind: 'digitalocean-token', prefixes: ['dop_v1_', 'doo_v1_', 'dor_v1_'], body: '[a-f0-9]{64}' },
  { kind: 'vault-token', prefixes: ['hvs.', 'hvb.', 'hvr.'], body: `${URL_SAFE}{20,300}` },
  { kind: 'doppler-token', prefixes: ['dp.pt.', 'dp.st.', 'dp.sa.'], body: '[A-Za-z0-9.]{40,64}' },
  { kind: 'databricks-token', prefixes: ['dapi'], body: '[a-f0-9]{32}' },
  { kind: 'tailscale-key', prefixes: ['tskey-'], body: '[A-Za-z0-9-]{16,128}' },
  { kind: 'age-key', prefixes: ['AGE-SECRET-KEY-1'], body: '[A-Z0-9]{58}' },
  // code and packages
  { kind: 'github-token', prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], body: `${ID}{30,251}` },
  { kind: 'github-token', prefixes: ['github_pat_'], body: '[A-Za-z0-9_]{22,255}' },
  {
    kind: 'gitlab-token',
    prefixes: ['glpat-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glft-', 'glagent-', 'gloas-'],
    body: '[A-Za-z0-9_.-]{20,128}',
  },
  { kind: 'npm-token', prefixes: ['npm_'], body: `${ID}{36}` },
  { kind: 'pypi-token', prefixes: ['pypi-AgEI'], body: `${URL_SAFE}{40,512}` },
  { kind: 'rubygems-key', prefixes: ['rubygems_'], body: '[a-f0-9]{48}' },
  { kind: 'docker-token', prefixes: ['dckr_pat_', 'dckr_oat_'], body: `${URL_SAFE}{20,64}` },
  { kind: 'atlassian-token', prefixes: ['ATATT3', 'ATCTT3'], body: '[A-Za-z0-9_=-]{30,256}' },
  { kind: 'huggingface-token', prefixes: ['hf_'], body: `${ID}{34}` },
  // messages and operations
  {
    kind: 'slack-token',
    prefixes: ['xoxa-', 'xoxb-', 'xoxc-', 'xoxd-', 'xoxe-', 'xoxe.xoxp-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    body: '[A-Za-z0-9%/+-]{10,256}',
  },
  {
    kind: 'slack-webhook',
    prefixes: ['hooks.slack.com/services/', 'hooks.slack.com/workflows/', 'hooks.slack.com/triggers/'],
    body: '[A-Za-z0-9/]{16,128}',
  },
  {
    kind: 'discord-webhook',
    prefixes: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    body: `\\d{10,24}/${URL_SAFE}{20,128}`,
  },
  { kind: 'sendgrid-key', prefixes: ['SG.'], body: `${URL_SAFE}{16,32}\\.${URL_SAFE}{16,64}` },
  { kind: 'mailgun-key', prefixes: ['key-'], body: '[0-9a-f]{32}(?![A-Za-z0-9])' },
  { kind: 'twilio-key', prefixes: ['SK'], body: '[0-9a-f]{32}(?![A-Za-z0-9])' },
  { kind: 'grafana-token', prefixes: ['glsa_', 'glc_'], body: '[A-Za-z0-9_=+/]{30,512}' },
  { kind: 'newrelic-key', prefixes: ['NRAK-', 'NRII-', 'NRJS-'], body: '[A-Za-z0-9_-]{19,64}' },
  { kind: 'sentry-token', prefixes: ['sntrys_', 'sntryu_'], body: '[A-Za-z0-9+/=_-]{40,512}' },
  { kind: 'postman-key', prefixes: ['PMAK-'], body: '[a-f0-9]{24}-[a-f0-9]{34}' },
  { kind: 'linear-key', prefixes: ['lin_api_'], body: `${ID}{40}` },
  { kind: 'openai-key', prefixes: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-ant-'], body: `${URL_SAFE}{20,256}` },
  { kind: 'openai-key', prefixes: ['sk-'], body: `${ID}{20,64}(?![A-Za-z0-9])` },
];

import type { TokenFormat } from './token-format.ts';

/** Keys and tokens of payment providers. Publishable keys (`pk_`) and account ids are no secrets. */
export const PAYMENT_FORMATS: readonly TokenFormat[] = [
  {
    kind: 'stripe-key',
    source: 'docs.stripe.com/keys',
    prefixes: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'sk_prod_', 'rk_prod_'],
    body: '[A-Za-z0-9]{10,247}',
  },
  {
    kind: 'stripe-webhook-secret',
    source: 'docs.stripe.com/webhooks#verify-official-libraries',
    prefixes: ['whsec_'],
    body: '[A-Za-z0-9+/=]{16,128}',
  },
  {
    kind: 'stripe-client-secret',
    source: 'docs.stripe.com/api/payment_intents/object',
    prefixes: ['pi_', 'seti_', 'cs_'],
    body: '[A-Za-z0-9]{8,64}_secret_[A-Za-z0-9]{8,64}',
  },
  {
    kind: 'paypal-token',
    source: 'developer.paypal.com/braintree/docs/guides/extend/oauth/access-tokens',
    prefixes: ['access_token$production$', 'access_token$sandbox$'],
    body: '[a-z0-9]{8,32}\\$[a-f0-9]{32}',
  },
  { kind: 'paypal-token', source: 'developer.paypal.com/api/rest/authentication', prefixes: ['A21AA'], body: '[A-Za-z0-9_-]{50,256}' },
  {
    kind: 'square-token',
    source: 'developer.squareup.com/docs/build-basics/access-tokens',
    prefixes: ['sq0atp-', 'sq0csp-', 'sq0asp-', 'sq0idp-', 'sandbox-sq0csb-', 'sandbox-sq0atb-'],
    body: '[A-Za-z0-9_-]{20,64}',
  },
  {
    kind: 'square-token',
    source: 'developer.squareup.com/docs/build-basics/access-tokens',
    prefixes: ['EAAA'],
    body: '[A-Za-z0-9_-]{58,128}',
  },
  {
    kind: 'plaid-token',
    source: 'plaid.com/docs/api/items',
    prefixes: ['access-sandbox-', 'access-development-', 'access-production-', 'public-sandbox-', 'public-production-'],
    body: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  },
  {
    kind: 'adyen-key',
    source: 'docs.adyen.com/development-resources/api-credentials',
    prefixes: ['AQE'],
    body: '[A-Za-z0-9][A-Za-z0-9+/*.~_=|-]{60,512}',
  },
  { kind: 'razorpay-key', source: 'razorpay.com/docs/api/authentication', prefixes: ['rzp_live_', 'rzp_test_'], body: '[A-Za-z0-9]{14}' },
  {
    kind: 'flutterwave-key',
    source: 'developer.flutterwave.com/docs/api-keys',
    prefixes: ['FLWSECK-', 'FLWSECK_TEST-', 'FLWSECK_TEST'],
    body: '[A-Za-z0-9]{12,64}(?:-X)?',
  },
  {
    kind: 'checkout-key',
    source: 'checkout.com/docs/get-started/secure-your-integration',
    prefixes: ['sk_sbox_'],
    body: '[a-z0-9]{20,64}[a-z0-9*#$=]?',
  },
  {
    kind: 'checkout-key',
    source: 'checkout.com/docs/get-started/secure-your-integration',
    prefixes: ['sk_'],
    body: '[a-z0-9]{26,64}[a-z0-9*#$=]?(?![A-Za-z0-9])',
  },
  {
    kind: 'shopify-token',
    source: 'shopify.dev/docs/apps/build/authentication-authorization/access-tokens',
    prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'],
    body: '[A-Fa-f0-9]{32}',
  },
  {
    kind: 'mollie-key',
    source: 'docs.mollie.com/docs/authentication',
    prefixes: ['live_', 'test_'],
    body: '[A-Za-z0-9]{30,48}(?![A-Za-z0-9])',
  },
  {
    kind: 'gocardless-token',
    source: 'developer.gocardless.com/api-reference#making-requests',
    prefixes: ['live_'],
    body: '[A-Za-z0-9_-]{40}(?![A-Za-z0-9])',
  },
  { kind: 'lob-key', source: 'docs.lob.com/#section/Authentication', prefixes: ['live_', 'test_'], body: '[a-f0-9]{35}(?![A-Za-z0-9])' },
  {
    kind: 'klarna-key',
    source: 'docs.klarna.com/api/authentication',
    prefixes: ['klarna_live_api_', 'klarna_test_api_'],
    body: '[A-Za-z0-9_-]{20,200}',
  },
  {
    kind: 'coinbase-key',
    source: 'docs.cdp.coinbase.com/get-started/docs/cdp-api-keys',
    prefixes: ['organizations/'],
    body: '[a-f0-9-]{36}/apiKeys/[a-f0-9-]{36}',
  },
  {
    kind: 'shippo-token',
    source: 'docs.goshippo.com/docs/guides_general/authentication',
    prefixes: ['shippo_live_', 'shippo_test_'],
    body: '[a-fA-F0-9]{40}',
  },
  { kind: 'easypost-key', source: 'docs.easypost.com/docs/authentication', prefixes: ['EZAK', 'EZTK'], body: '[A-Za-z0-9]{54}' },
  {
    kind: 'duffel-token',
    source: 'duffel.com/docs/api/overview/authentication',
    prefixes: ['duffel_live_', 'duffel_test_'],
    body: '[A-Za-z0-9_=-]{43}',
  },
];

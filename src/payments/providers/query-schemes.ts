/**
 * How each provider is asked for one order, as data. This list is all that a probe can say to a provider: there is no entry that
 * charges, captures, refunds, voids or closes, and none can be made from a profile, which fills in names, keys and the order number only.
 */

export const SCHEMES = ['wechat-v3', 'alipay', 'unionpay-online', 'stripe', 'adyen', 'paypal', 'http'] as const;
export type Scheme = (typeof SCHEMES)[number];

export interface QueryScheme {
  /** Where it is asked unless the profile says otherwise; '' where every merchant has a host of its own. */
  readonly base: string;
  readonly method: 'GET' | 'POST';
  /** `{order}` and `{merchant}` are filled in. */
  readonly path: string;
  /** How the request proves who asks. */
  readonly signing: 'wechatpay2' | 'alipay-rsa2' | 'unionpay-rsa' | 'bearer' | 'api-key' | 'oauth' | 'templates';
  /** Credentials of the profile that it needs, by name. */
  readonly credentials: readonly string[];
  readonly needsMerchant: boolean;
  readonly needsSerial: boolean;
  /** The number of an order that nobody makes, in the characters that this API allows. */
  readonly order: string;
  /** Form fields of a question by POST, besides order, merchant, time and signature. */
  readonly form: Readonly<Record<string, string>>;
  /** Whose codes it answers with (src/payments/codes). */
  readonly table: string;
  /** Answers that say "no such order", or 200 where there is no order to ask for. */
  readonly healthy: readonly string[];
  /** Answers that mean something special; all others by their outcome in the table. */
  readonly words: Readonly<Record<string, QueryWord>>;
}

export const QUERY_WORDS = [
  'healthy',
  'found',
  'signature',
  'clock',
  'permission',
  'suspended',
  'rate-limited',
  'maintenance',
  'provider-error',
  'parameter',
] as const;
export type QueryWord = (typeof QUERY_WORDS)[number];

const ORDER = 'OORPROBE0000000000';
const plain = { needsMerchant: false, needsSerial: false, order: ORDER, form: {}, words: {} } as const;

/** From the providers' API references: the query of one payment each, and the answers documented for it. */
export const QUERY_SCHEMES: Readonly<Record<Scheme, QueryScheme>> = {
  'wechat-v3': {
    ...plain,
    base: 'https://api.mch.weixin.qq.com',
    method: 'GET',
    path: '/v3/pay/transactions/out-trade-no/{order}?mchid={merchant}',
    signing: 'wechatpay2',
    credentials: ['private_key'],
    needsMerchant: true,
    needsSerial: true,
    table: 'wechat-v3',
    healthy: ['ORDER_NOT_EXIST', 'ORDERNOTEXIST'],
    words: {
      SIGN_ERROR: 'signature',
      NO_AUTH: 'permission',
      NOAUTH: 'permission',
      MCH_NOT_EXISTS: 'permission',
      ACCOUNT_ERROR: 'suspended',
      ACCOUNTERROR: 'suspended',
      FREQUENCY_LIMITED: 'rate-limited',
      RATELIMIT_EXCEEDED: 'rate-limited',
      SYSTEM_ERROR: 'provider-error',
      PARAM_ERROR: 'parameter',
      INVALID_REQUEST: 'parameter',
    },
  },
  alipay: {
    ...plain,
    base: 'https://openapi.alipay.com',
    method: 'GET',
    path: '/gateway.do',
    signing: 'alipay-rsa2',
    credentials: ['private_key'],
    needsMerchant: true,
    table: 'alipay',
    healthy: ['40004/ACQ.TRADE_NOT_EXIST'],
    words: {
      '10000': 'found',
      '40002/isv.invalid-timestamp': 'clock',
      '40002/isv.invalid-app-id': 'permission',
      '40003/isv.missing-signature-config': 'signature',
      '40004/ACQ.SELLER_BEEN_BLOCKED': 'suspended',
      '40004/ACQ.PARTNER_ERROR': 'permission',
      '40005': 'rate-limited',
      '40006': 'permission',
      '20000': 'provider-error',
      '20000/isp.unknow-error': 'provider-error',
      '20000/aop.unknow-error': 'provider-error',
      '40004/ACQ.SYSTEM_ERROR': 'provider-error',
    },
  },
  'unionpay-online': {
    ...plain,
    base: 'https://gateway.95516.com',
    method: 'POST',
    path: '/gateway/api/queryTrans.do',
    signing: 'unionpay-rsa',
    credentials: ['private_key'],
    needsMerchant: true,
    needsSerial: true,
    form: {
      version: '5.1.0',
      encoding: 'UTF-8',
      signMethod: '01',
      // 00/00: the query of one transaction. No other pair is ever sent.
      txnType: '00',
      txnSubType: '00',
      bizType: '000000',
      accessType: '0',
    },
    table: 'unionpay-online',
    healthy: ['34'],
    words: {
      '00': 'found',
      '06': 'provider-error',
      '10': 'parameter',
      '11': 'signature',
      '13': 'parameter',
      '31': 'suspended',
      '32': 'permission',
      '37': 'rate-limited',
      '39': 'maintenance',
    },
  },
  stripe: {
    ...plain,
    base: 'https://api.stripe.com',
    method: 'GET',
    path: '/v1/payment_intents/pi_{order}',
    signing: 'bearer',
    credentials: ['api_key'],
    table: 'stripe',
    healthy: ['resource_missing'],
    words: {
      api_key_expired: 'signature',
      secret_key_required: 'permission',
      platform_api_key_expired: 'signature',
      account_invalid: 'suspended',
      rate_limit: 'rate-limited',
      lock_timeout: 'provider-error',
      api_error: 'provider-error',
    },
  },
  adyen: {
    ...plain,
    base: '',
    method: 'POST',
    // Asks what could be paid with; there is no payment in it.
    path: '/v71/paymentMethods',
    signing: 'api-key',
    credentials: ['api_key'],
    needsMerchant: true,
    table: 'adyen',
    healthy: ['200'],
    words: { '901': 'permission', '010': 'permission', '000': 'signature', '905': 'provider-error', '702': 'parameter' },
  },
  paypal: {
    ...plain,
    base: 'https://api-m.paypal.com',
    method: 'GET',
    path: '/v2/checkout/orders/{order}',
    signing: 'oauth',
    credentials: ['client_id', 'client_secret'],
    table: 'paypal',
    healthy: ['RESOURCE_NOT_FOUND', 'INVALID_RESOURCE_ID'],
    words: {
      invalid_client: 'signature',
      invalid_token: 'signature',
      AUTHENTICATION_FAILURE: 'signature',
      NOT_AUTHORIZED: 'permission',
      PERMISSION_DENIED: 'permission',
      PAYEE_ACCOUNT_RESTRICTED: 'suspended',
      RATE_LIMIT_REACHED: 'rate-limited',
      INTERNAL_SERVER_ERROR: 'provider-error',
      INTERNAL_SERVICE_ERROR: 'provider-error',
      SERVICE_UNAVAILABLE: 'maintenance',
    },
  },
  http: { ...plain, base: '', method: 'GET', path: '', signing: 'templates', credentials: [], table: '', healthy: ['404'] },
};

/** A path of a profile that changes something by a mere GET is no query, whoever wrote such an API. */
export function isQueryPath(path: string): boolean {
  return (
    path.startsWith('/') &&
    !/(refund|close|cancel|capture|void|revers|revoke|charge|authori[sz]|payout|transfer|sign[-_]?(on|off|in|out)|delete|confirm)/i.test(
      path,
    )
  );
}

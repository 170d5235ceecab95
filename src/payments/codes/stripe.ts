import { buildTable, type CodeRow, inField, PRACTICE, say } from './build-table.ts';

const SAVED = say(
  'the same Idempotency-Key returns the saved answer, a 500 included; keys may be pruned after 24 hours, and a replay after that can charge twice',
  '相同 Idempotency-Key 会返回已保存的应答,包括 500;密钥 24 小时后可能被清除,此后重放会重复扣款',
);

const STATUSES: readonly CodeRow[] = [
  [
    '200',
    'the call succeeded',
    '请求成功',
    'unknown',
    { action: say('Read status: only succeeded is paid.', '查看 status:仅 succeeded 为已支付。') },
  ],
  ['400', 'bad request', '请求无效', 'request'],
  ['401', 'no valid API key', '无有效 API 密钥', 'signature'],
  ['402', 'request failed although valid (see code)', '参数有效但请求失败(见 code)', 'issuer'],
  ['403', 'API key without this permission', 'API 密钥无此权限', 'permission'],
  ['404', 'no such resource', '资源不存在', 'not-found'],
  [
    '409',
    'conflict with another request, or the key is in use',
    '与另一请求冲突(或幂等键使用中)',
    'unknown-same-request',
    { outcome: 'DUPLICATE' },
  ],
  ['424', 'an external dependency failed', '外部依赖失败', 'unknown', { who: 'provider' }],
  ['429', 'too many requests', '请求过多', 'rate'],
  ['500', 'server error, outcome unknown', '服务器错误,结果未知', 'unknown', { who: 'provider', trap: SAVED }],
  ['502', 'server error, outcome unknown', '服务器错误,结果未知', 'unknown', { who: 'provider', trap: SAVED }],
  ['503', 'server error, outcome unknown', '服务器错误,结果未知', 'unknown', { who: 'provider', trap: SAVED }],
  ['504', 'server error, outcome unknown', '服务器错误,结果未知', 'unknown', { who: 'provider', trap: SAVED }],
];

const TYPES: readonly CodeRow[] = [
  ['api_error', 'error inside the provider', 'Stripe 内部错误', 'unknown', { who: 'provider', trap: SAVED }],
  ['card_error', 'the card cannot be charged (see decline_code)', '无法从该卡扣款(见 decline_code)', 'issuer'],
  ['idempotency_error', 'the key was used with other parameters', '幂等键与不同参数重复使用', 'duplicate', { trap: SAVED }],
  ['invalid_request_error', 'parameters not valid (see code)', '参数无效(见 code)', 'request'],
];

const CODES: readonly CodeRow[] = [
  ['card_declined', 'declined (see decline_code)', '卡被拒绝(见 decline_code)', 'issuer'],
  ['resource_missing', 'no such object', '对象不存在', 'not-found'],
  ['rate_limit', 'too many requests', '请求过多', 'rate'],
  ['lock_timeout', 'object in use by another request', '对象正被另一请求占用', 'unknown-same-request'],
  ['idempotency_key_in_use', 'the first request with this key is still running', '该幂等键的首个请求仍在处理', 'unknown-same-request'],
  ['api_key_expired', 'API key expired', 'API 密钥已过期', 'signature'],
  ['amount_too_large', 'amount too large', '金额过大', 'request'],
  ['amount_too_small', 'amount too small', '金额过小', 'request'],
  ['charge_already_captured', 'captured already', '已请款', 'paid'],
  ['charge_already_refunded', 'refunded already', '已退款', 'reversed'],
  ['payment_intent_unexpected_state', 'payment in another state than expected', 'PaymentIntent 状态与预期不符', 'original'],
  ['payment_intent_authentication_failure', 'authentication failed', '身份验证失败', 'credentials'],
];

const BOTH: readonly CodeRow[] = [
  ['authentication_required', 'authentication (3-D Secure) required', '需要身份验证(3DS)', 'customer-must-confirm'],
  ['expired_card', 'expired card', '卡已过期', 'card'],
  ['incorrect_cvc', 'wrong security code', '安全码错误', 'credentials'],
  ['incorrect_number', 'wrong card number', '卡号错误', 'credentials'],
  ['incorrect_zip', 'wrong postal code', '邮编错误', 'credentials'],
  ['invalid_cvc', 'security code not valid', '安全码无效', 'credentials'],
  ['invalid_expiry_month', 'expiry month not valid', '有效期月份无效', 'credentials'],
  ['invalid_expiry_year', 'expiry year not valid', '有效期年份无效', 'credentials'],
  ['invalid_number', 'card number not valid', '卡号无效', 'credentials'],
  ['processing_error', 'error while the card was processed', '处理卡时出错', 'provider-down'],
];

const DECLINES: readonly CodeRow[] = [
  ['approve_with_id', 'cannot be authorised as it is', '无法授权,可重试', 'issuer'],
  ['call_issuer', 'declined, reason unknown', '被拒,原因未知', 'card'],
  ['card_not_supported', 'card does not support this purchase', '卡不支持此类消费', 'card'],
  ['card_velocity_exceeded', 'balance, credit or count limit of the card', '超出卡的余额、额度或次数限制', 'customer-limit'],
  ['currency_not_supported', 'card does not support the currency', '卡不支持该货币', 'card'],
  ['do_not_honor', 'declined, reason unknown', '被拒,原因未知', 'issuer'],
  ['do_not_try_again', 'declined, do not try again', '被拒,请勿重试', 'issuer', { retry: 'never' }],
  [
    'duplicate_transaction',
    'same amount and card shortly before',
    '短时间内有相同金额和卡的交易',
    'duplicate',
    { trap: say('look for the first payment before a second', '先查是否已有首笔支付') },
  ],
  [
    'fraudulent',
    'the provider suspects fraud',
    '疑似欺诈',
    'risk',
    { trap: say('show the customer a generic decline only', '仅向客户显示一般性拒绝') },
  ],
  ['generic_decline', 'declined, reason unknown', '被拒,原因未知', 'issuer'],
  ['incorrect_pin', 'wrong PIN', 'PIN 错误', 'credentials'],
  ['insufficient_funds', 'not sufficient funds', '资金不足', 'card'],
  ['invalid_account', 'card or account not valid', '卡或账户无效', 'card'],
  ['invalid_amount', 'amount not valid or over the limit', '金额无效或超限', 'customer-limit'],
  ['invalid_pin', 'wrong PIN', 'PIN 错误', 'credentials'],
  ['issuer_not_available', 'issuer could not be reached', '无法联系发卡行', 'issuer-down'],
  [
    'lost_card',
    'lost card',
    '卡已挂失',
    'card-capture',
    { trap: say('show the customer a generic decline only', '仅向客户显示一般性拒绝') },
  ],
  ['merchant_blacklist', 'on a block list of the merchant', '命中商户黑名单', 'risk', { who: 'us' }],
  ['new_account_information_available', 'card or account not valid any more', '卡或账户信息已变更', 'card'],
  ['no_action_taken', 'declined, reason unknown', '被拒,原因未知', 'issuer'],
  ['not_permitted', 'payment not permitted', '不允许该支付', 'card'],
  ['offline_pin_required', 'PIN required', '需要 PIN', 'credentials'],
  ['online_or_offline_pin_required', 'PIN required', '需要 PIN', 'credentials'],
  ['pickup_card', 'card cannot be used, pick up', '卡不可用,没收', 'card-capture'],
  ['pin_try_exceeded', 'PIN tries exceeded', 'PIN 次数超限', 'card'],
  ['reenter_transaction', 'issuer could not process it', '发卡行未能处理', 'issuer-down'],
  ['restricted_card', 'card restricted', '卡受限制', 'card-capture'],
  ['revocation_of_all_authorizations', 'all authorisations revoked', '已撤销全部授权', 'issuer', { retry: 'never' }],
  ['revocation_of_authorization', 'authorisation revoked', '已撤销授权', 'issuer', { retry: 'never' }],
  ['security_violation', 'declined, reason unknown', '被拒,原因未知', 'issuer'],
  ['service_not_allowed', 'declined, reason unknown', '被拒,原因未知', 'issuer'],
  [
    'stolen_card',
    'stolen card',
    '被窃卡',
    'card-capture',
    { trap: say('show the customer a generic decline only', '仅向客户显示一般性拒绝') },
  ],
  ['stop_payment_order', 'payments stopped by the customer', '客户已停止付款', 'issuer', { retry: 'never' }],
  ['testmode_decline', 'a test card number', '使用了测试卡号', 'request'],
  ['transaction_not_allowed', 'declined, reason unknown', '被拒,原因未知', 'issuer'],
  ['try_again_later', 'declined for now, reason unknown', '暂时被拒,原因未知', 'issuer-down', { outcome: 'NOT_PAID_FINAL' }],
  ['withdrawal_count_limit_exceeded', 'limit of the card', '超出卡的额度或次数限制', 'customer-limit'],
];

const STATES: readonly CodeRow[] = [
  ['requires_payment_method', 'failed or not begun, a payment method is needed', '未支付,需要支付方式', 'customer-must-confirm', PRACTICE],
  ['requires_action', 'the customer must act', '需要客户操作', 'customer-is-paying', PRACTICE],
  ['processing', 'under way', '处理中', 'unknown', PRACTICE],
  [
    'requires_capture',
    'authorised, not captured',
    '已授权,未请款',
    'paid',
    { ...PRACTICE, action: say('Money is reserved: capture it or cancel.', '资金已冻结:请款或取消。') },
  ],
  ['succeeded', 'paid', '支付成功', 'paid', PRACTICE],
  ['canceled', 'cancelled', '已取消', 'closed-unpaid', PRACTICE],
];

export const STRIPE = buildTable(
  {
    id: 'stripe',
    aliases: ['stripe-v1'],
    title: say('Stripe HTTP status, type, code, decline_code and status', 'Stripe HTTP 状态码、type、code、decline_code 与 status'),
    field: 'code',
    source: 'Stripe API reference, error and decline codes',
  },
  [
    ...inField('HTTP status', STATUSES),
    ...inField('type', TYPES),
    ...CODES,
    ...inField('code, decline_code', BOTH),
    ...inField('decline_code', DECLINES),
    ...inField('status', STATES),
  ],
);

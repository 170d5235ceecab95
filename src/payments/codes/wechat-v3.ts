import { buildTable, type CodeRow, inField, PRACTICE, say } from './build-table.ts';

const STATUSES: readonly CodeRow[] = [
  [
    '200',
    'the call succeeded',
    '请求成功',
    'unknown',
    { action: say('Read trade_state: only SUCCESS is paid.', '查看 trade_state:仅 SUCCESS 为已支付。') },
  ],
  ['202', 'taken, not finished', '已接受,处理中', 'unknown'],
  ['204', 'the call succeeded, no body', '处理成功,无返回内容', 'no-payment'],
  ['400', 'protocol or parameter not valid (see code)', '协议或者参数非法(见 code)', 'request'],
  ['401', 'signature not verified', '签名验证失败', 'signature'],
  ['403', 'not permitted (see code)', '权限异常(见 code)', 'permission'],
  ['404', 'resource does not exist (see code)', '请求的资源不存在(见 code)', 'not-found'],
  ['429', 'too many requests', '请求超过频率限制', 'rate', { moneyMoved: 'unknown', retry: 'after-query' }],
  ['500', 'system error (see code)', '系统错误(见 code)', 'unknown-same-request'],
  ['502', 'service offline for now', '服务下线,暂时不可用', 'unknown-same-request', { who: 'provider' }],
  ['503', 'service overloaded', '服务不可用,过载保护', 'unknown-same-request', { who: 'provider' }],
];

const CODES: readonly CodeRow[] = [
  ['PARAM_ERROR', 'parameter not valid', '参数错误', 'request'],
  [
    'INVALID_REQUEST',
    'request against the interface rules',
    'HTTP 请求不符合接口规则',
    'request',
    {
      moneyMoved: 'unknown',
      retry: 'after-query',
      trap: say('also when an order number comes again with other parameters', '同一单号参数不一致时也会返回'),
    },
  ],
  [
    'SIGN_ERROR',
    'signature not verified',
    '签名错误',
    'signature',
    {
      trap: say(
        'the body tells what was signed there; a timestamp in milliseconds instead of seconds reads "5 minutes"',
        '应答体含对方的待签名串;时间戳误用毫秒也会报“5 分钟”错误',
      ),
    },
  ],
  [
    'SYSTEM_ERROR',
    'system error, repeat with the same parameters',
    '系统异常,请用相同参数重新调用',
    'unknown-same-request',
    {
      trap: say(
        'a wrong merchant id or certificate serial gives it too: if it never stops, check mchid, serial and key before calling the provider',
        '商户号或证书序列号错误也会返回此码:若持续不断,先核对 mchid、序列号与私钥',
      ),
    },
  ],
  [
    'FREQUENCY_LIMITED',
    'called too often',
    '频率超限',
    'rate',
    {
      moneyMoved: 'unknown',
      retry: 'after-query',
      trap: say(
        'at tiny traffic it is re-entrancy: the order is being paid while it is closed or asked again. Query before anything else',
        '流量很小时是重入:用户正在支付而订单被关闭或重复操作;先查询',
      ),
    },
  ],
  ['RATELIMIT_EXCEEDED', 'called too often, not taken', '频率超限,请求未受理', 'rate'],
  ['RATELIMIT_EXCEED', 'called too often, not taken', '频率超限,请求未受理', 'rate', PRACTICE],
  ['NO_AUTH', 'merchant not permitted', '商户无权限', 'permission', PRACTICE],
  ['RULE_LIMIT', 'stopped by a business rule', '业务规则限制', 'merchant-limit', PRACTICE],
  ['OUT_TRADE_NO_USED', 'order number used already', '商户订单号重复', 'duplicate', PRACTICE],
  ['ORDER_NOT_EXIST', 'no such order', '订单不存在', 'not-found'],
  ['RESOURCE_NOT_EXISTS', 'no such order or refund', '订单或退款单不存在', 'not-found', PRACTICE],
  ['ORDER_CLOSED', 'order closed', '订单已关闭', 'unknown', PRACTICE],
  ['ORDERPAID', 'order paid already', '订单已支付', 'paid', PRACTICE],
  ['ORDER_PAID', 'order paid already', '订单已支付', 'paid', PRACTICE],
  ['USERPAYING', 'the customer is paying', '用户支付中,需要输入密码', 'customer-is-paying'],
  ['NOT_ENOUGH', 'balance not sufficient', '余额不足', 'card', PRACTICE],
  ['NOTENOUGH', 'balance not sufficient', '余额不足', 'card', PRACTICE],
  ['AUTH_CODE_EXPIRE', 'payment code expired', '付款码已过期', 'credentials', PRACTICE],
  ['AUTH_CODE_INVALID', 'payment code not valid', '付款码无效', 'credentials', PRACTICE],
  ['BANK_ERROR', 'bank system error', '银行系统异常', 'unknown', { ...PRACTICE, who: 'provider' }],
  ['TRADE_ERROR', 'trade error', '交易错误', 'unknown', PRACTICE],
  ['APPID_MCHID_NOT_MATCH', 'appid and mchid do not belong together', 'appid 和 mchid 不匹配', 'permission'],
  ['MCH_NOT_EXISTS', 'no such merchant', '商户号不存在', 'permission'],
  ['OPENID_MISMATCH', 'openid and appid do not belong together', 'openid 和 appid 不匹配', 'request'],
  ['ACCOUNT_ERROR', 'account in a wrong state', '账号异常', 'card', PRACTICE],
  ['SERVICE_UNAVAILABLE', 'service offline or overloaded', '服务不可用', 'unknown-same-request', { who: 'provider' }],
];

const TRADE_STATES: readonly CodeRow[] = [
  ['SUCCESS', 'paid', '支付成功', 'paid', PRACTICE],
  ['REFUND', 'refunded, in part or in full', '转入退款', 'original', { ...PRACTICE, moneyMoved: 'yes', retry: 'never', outcome: 'PAID' }],
  [
    'NOTPAY',
    'not paid yet',
    '未支付',
    'customer-is-paying',
    { ...PRACTICE, trap: say('the customer can still pay: close the order before another', '客户仍可支付:新建订单前先关单') },
  ],
  ['CLOSED', 'closed unpaid', '已关闭', 'closed-unpaid', PRACTICE],
  ['REVOKED', 'revoked (payment code only)', '已撤销(仅付款码支付)', 'closed-unpaid', PRACTICE],
  ['PAYERROR', 'payment failed (payment code only)', '支付失败(仅付款码支付)', 'card', PRACTICE],
];

export const WECHAT_V3 = buildTable(
  {
    id: 'wechat-v3',
    aliases: ['wechat', 'wechatpay', 'wechat-pay', 'wxpay', 'weixin'],
    title: say('WeChat Pay API v3, HTTP status, code and trade_state', '微信支付 APIv3 HTTP 状态码、code 与 trade_state'),
    field: 'code',
    source: 'WeChat Pay API v3 documentation',
  },
  [...inField('HTTP status', STATUSES), ...CODES, ...inField('trade_state', TRADE_STATES)],
);

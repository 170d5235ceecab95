import { buildTable, type CodeRow, inField, PRACTICE, say } from './build-table.ts';

const CODES: readonly CodeRow[] = [
  [
    '10000',
    'the call succeeded',
    '接口调用成功',
    'unknown',
    {
      certainty: 'documented',
      action: say(
        'Read trade_status: only TRADE_SUCCESS and TRADE_FINISHED are paid.',
        '查看 trade_status:仅 TRADE_SUCCESS、TRADE_FINISHED 为已支付。',
      ),
      trap: say(
        'for alipay.trade.pay it is a payment; for query and precreate only the call succeeded',
        '对 alipay.trade.pay 表示支付成功;对查询、预下单仅表示调用成功',
      ),
    },
  ],
  ['10003', 'waiting for the customer to pay', '等待用户付款', 'customer-is-paying', PRACTICE],
  [
    '20000',
    'service not available (see sub_code)',
    '服务不可用(见 sub_code)',
    'unknown',
    {
      who: 'provider',
      trap: say(
        'it also comes for wrong parameters: if every request of one kind gets it, check ours first. Query or cancel for 1 minute, then by hand; only precreate may use a new out_trade_no',
        '参数错误也会返回此码:同类请求全部如此时先查我方参数。查询或撤销重试 1 分钟后转人工;仅预下单可换新的 out_trade_no',
      ),
    },
  ],
  ['20001', 'authorisation token not sufficient', '授权权限不足', 'permission'],
  ['40001', 'mandatory parameter missing', '缺少必选参数', 'request'],
  ['40002', 'invalid parameter (see sub_code)', '非法的参数(见 sub_code)', 'request'],
  ['40003', 'condition not met (see sub_code)', '条件异常(见 sub_code)', 'signature', PRACTICE],
  ['40004', 'business processing failed: the sub_code decides', '业务处理失败:以 sub_code 为准', 'unknown'],
  ['40006', 'permission not sufficient', '权限不足', 'permission'],
];

const GATEWAY_SUB_CODES: readonly CodeRow[] = [
  [
    'isp.unknow-error',
    'business system not available',
    '服务暂不可用(业务系统不可用)',
    'unknown',
    { who: 'provider', trap: say('wrong parameters can hide behind it', '可能由参数错误引起') },
  ],
  [
    'aop.unknow-error',
    'gateway error',
    '服务暂不可用(网关自身的未知错误)',
    'unknown',
    { who: 'provider', trap: say('wrong parameters can hide behind it', '可能由参数错误引起') },
  ],
  ['aop.invalid-auth-token', 'invalid access token', '无效的访问令牌', 'permission'],
  ['aop.auth-token-time-out', 'access token expired', '访问令牌已过期', 'permission'],
  ['aop.invalid-app-auth-token', 'invalid application token', '无效的应用授权令牌', 'permission'],
  ['aop.app-auth-token-time-out', 'application token expired', '应用授权令牌已过期', 'permission'],
  ['isv.missing-signature', 'signature missing', '缺少签名参数', 'signature'],
  ['isv.missing-signature-key', 'no public key uploaded', '缺少签名配置(未上传公钥)', 'signature'],
  ['isv.missing-signature-config', 'public key or certificate not uploaded', '验签出错,缺少签名配置', 'signature', PRACTICE],
  ['isv.missing-app-id', 'app_id missing', '缺少 appId 参数', 'request'],
  ['isv.missing-timestamp', 'timestamp missing', '缺少时间戳参数', 'request'],
  [
    'isv.invalid-signature',
    'signature does not verify',
    '无效签名',
    'signature',
    {
      trap: say(
        'also: RSA2 with a short key, certificate mode mixed up, a query string in notify_url',
        '另见:RSA2 与密钥长度不符、证书模式混用、notify_url 带参数',
      ),
    },
  ],
  [
    'isv.invalid-timestamp',
    'timestamp not valid',
    '非法的时间戳参数',
    'signature',
    { trap: say('our clock or time zone', '检查我方时钟与时区') },
  ],
  ['isv.invalid-app-id', 'app_id not valid', '无效的 appId 参数', 'permission'],
  ['isv.invalid-parameter', 'parameter not valid', '参数无效', 'request'],
  ['isv.insufficient-isv-permissions', 'the application may not call this', 'ISV 权限不足', 'permission'],
  ['isv.insufficient-user-permissions', 'the user did not allow this', '用户权限不足', 'permission'],
];

const TRADE_SUB_CODES: readonly CodeRow[] = [
  ['ACQ.SYSTEM_ERROR', 'system error, such as a timeout', '接口返回错误(系统超时等)', 'unknown'],
  ['ACQ.INVALID_PARAMETER', 'parameter not valid', '参数无效', 'request'],
  ['ACQ.ACCESS_FORBIDDEN', 'no contract for this interface', '无权限使用接口', 'permission'],
  ['ACQ.EXIST_FORBIDDEN_WORD', 'forbidden word in the order', '订单信息中包含违禁词', 'request'],
  ['ACQ.PARTNER_ERROR', 'wrong APP_ID', '应用 APP_ID 填写错误', 'permission'],
  ['ACQ.TOTAL_FEE_EXCEED', 'order amount out of range', '订单总金额不在允许范围内', 'merchant-limit'],
  [
    'ACQ.TRADE_HAS_SUCCESS',
    'the trade is paid already',
    '交易已被支付',
    'paid',
    {
      trap: say(
        'an error answer for a paid order: check that it is this buyer and amount, never pay again',
        '已支付订单的错误应答:核对买家与金额,绝不重付',
      ),
    },
  ],
  [
    'ACQ.TRADE_HAS_CLOSE',
    'the trade is closed',
    '交易已经关闭',
    'unknown',
    { trap: say('closed unpaid, or paid and refunded in full: query it', '可能是未付款关闭,也可能是付款后全额退款:先查询') },
  ],
  ['ACQ.TRADE_NOT_EXIST', 'no such trade', '交易不存在', 'not-found'],
  ['ACQ.TRADE_STATUS_ERROR', 'trade in a wrong state for this', '交易状态不合法', 'original'],
  ['ACQ.CONTEXT_INCONSISTENT', 'differs from the stored trade', '交易信息被篡改(与已存交易不一致)', 'duplicate'],
  ['ACQ.TRADE_BUYER_NOT_MATCH', 'another buyer than before', '交易买家不匹配', 'duplicate'],
  ['ACQ.BUYER_SELLER_EQUAL', 'buyer and seller are the same', '买卖家不能相同', 'card'],
  ['ACQ.BUYER_BALANCE_NOT_ENOUGH', 'balance not sufficient', '买家余额不足', 'card'],
  ['ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH', 'bank card balance not sufficient', '用户银行卡余额不足', 'card'],
  ['ACQ.BUYER_ENABLE_STATUS_FORBID', 'buyer may not pay', '买家状态非法', 'card'],
  ['ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR', 'daily limit of the buyer', '买家付款日限额超限', 'customer-limit'],
  ['ACQ.BEYOND_PAY_RESTRICTION', 'limit of the merchant', '商户收款额度超限', 'merchant-limit'],
  ['ACQ.PAYMENT_AUTH_CODE_INVALID', 'payment code not valid any more', '支付授权码无效', 'credentials'],
  ['ACQ.SELLER_BEEN_BLOCKED', 'merchant account frozen', '商家账号被冻结', 'permission'],
  ['ACQ.SELLER_BALANCE_NOT_ENOUGH', 'merchant balance too small for the refund', '商户余额不足(退款)', 'original'],
];

export const ALIPAY = buildTable(
  {
    id: 'alipay',
    aliases: ['zhifubao', 'alipay-openapi'],
    title: say('Alipay open platform, code and sub_code', '支付宝开放平台 code 与 sub_code'),
    field: 'code',
    source: 'Alipay open platform, common and trade error codes',
  },
  [...CODES, ...inField('sub_code', [...GATEWAY_SUB_CODES, ...TRADE_SUB_CODES])],
);

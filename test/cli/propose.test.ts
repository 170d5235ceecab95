import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Proposable, proposePlaybooks } from '../../src/cli/propose.ts';
import { parseYaml } from '../../src/playbook/yaml.ts';

/** All that say for what they are made, the default one first. */
const PLAYBOOKS = [
  'payment-gateway.yaml',
  ...readdirSync('playbooks').filter((name) => name.endsWith('.yaml') && name !== 'payment-gateway.yaml'),
]
  .map((file) => {
    const parsed = parseYaml({ file, text: readFileSync(`playbooks/${file}`, 'utf8') });
    if (!parsed.ok) throw new Error(`${file} cannot be read`);
    return parsed.yaml.value as unknown as { id: string; symptoms?: string[]; title: Record<string, string> };
  })
  .flatMap(({ id, symptoms, title }): Proposable[] => (symptoms ? [{ id, symptoms, titles: Object.values(title) }] : []));

const GATEWAY = [
  'customers cannot pay',
  'customer cant pay on the website',
  'checkout hangs',
  'payments time out',
  'paymnet gatway down',
  'HTTP 502 from the gateway',
  'the site is slow',
  'certificate expired',
  'database is unreachable',
  'everyting fails since 3 am',
  'API returns 500',
  'online payments do not work',
  '客户付不了款',
  '网站打不开',
  '收银台超时',
  '支付页面很慢',
  '网关５０２',
  '服务器宕机了',
  '支付接口连接失败',
  '证书过期了',
];
const EXCEPTIONS = [
  'customer was charged twice',
  'double charges after a retry',
  'order paid but still pending',
  'wrong ammount on the order',
  'refund is missing',
  'settlement does not match the statement',
  'alipay signature invalid',
  'limit exceeded for one customer',
  'stuck orders',
  '重复扣款',
  '订单已扣款但是显示未支付',
  '对账不平',
  '退款没到账',
  '金额不对',
  '单笔超过限额',
  '掉单',
  '微信验签失败',
];
const POS = [
  'cards are declined at the terminals',
  'POS cannot sign on',
  'response code 91',
  'teminals offline in one store',
  'swipe fails',
  'unionpay cards rejected',
  'wrong PIN message on all cards',
  '刷卡失败',
  '刷不了卡',
  'POS机签到失败',
  '门店终端不能用',
  '银行卡被拒绝，应答码 96',
  '交换中心异常',
  '银联卡插卡没反应',
];

describe.each([
  ['payment-gateway', GATEWAY],
  ['payment-exceptions', EXCEPTIONS],
  ['pos-switch', POS],
])('%s comes first for', (id, phrases) => {
  it.each(phrases)('%s', (said) => {
    const proposals = proposePlaybooks(said, PLAYBOOKS);
    expect(proposals.map((each) => [each.id, each.heard])[0]).toEqual([id, expect.arrayContaining([expect.any(String)])]);
  });
});

it('nothing that is understood: the order in which they were given', () => {
  for (const said of ['', '   ', 'zzz qqq', '???', 'the of and'])
    expect(proposePlaybooks(said, PLAYBOOKS).map(({ id, score }) => [id, score])).toEqual(PLAYBOOKS.map(({ id }) => [id, 0]));
});

it('a very long text is heard in no time', () => {
  const said = 'cards at terminals '.repeat(2_000);
  expect(proposePlaybooks(said, PLAYBOOKS)[0]?.id).toBe('pos-switch');
});

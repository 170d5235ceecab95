import { describe, expect, it } from 'vitest';
import { buildQuery } from '../../../src/payments/providers/build-query.ts';
import { SCHEMES, type Scheme } from '../../../src/payments/providers/query-schemes.ts';
import { readAnswer } from '../../../src/payments/providers/read-answer.ts';

const NOTHING = { codeAt: undefined, notFound: [] };
const read = (scheme: Scheme, status: number, body: unknown, offset: number | null = null) =>
  readAnswer(scheme, { status, body: typeof body === 'string' ? body : JSON.stringify(body) }, NOTHING, offset).word;

describe('answers', () => {
  it.each<[Scheme, number, unknown, string | undefined]>([
    ['wechat-v3', 404, { code: 'ORDER_NOT_EXIST' }, 'healthy'],
    ['wechat-v3', 401, { code: 'SIGN_ERROR', message: '签名错误' }, 'signature'],
    ['wechat-v3', 401, { code: 'SIGN_ERROR', message: 'timestamp expired' }, 'clock'],
    ['wechat-v3', 502, '<html>Bad Gateway</html>', 'provider-error'],
    ['wechat-v3', 404, '<html>no such page</html>', undefined],
    ['alipay', 200, { alipay_trade_query_response: { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' } }, 'healthy'],
    ['alipay', 200, { error_response: { code: '40002', sub_code: 'isv.invalid-signature' } }, 'signature'],
    ['alipay', 200, { alipay_trade_query_response: { code: '10000', trade_status: 'TRADE_SUCCESS' } }, 'found'],
    ['unionpay-online', 200, 'respCode=34', 'healthy'],
    ['unionpay-online', 200, 'respCode=39', 'maintenance'],
    ['stripe', 404, { error: { type: 'invalid_request_error', code: 'resource_missing' } }, 'healthy'],
    ['stripe', 401, { error: { type: 'invalid_request_error' } }, 'signature'],
    ['adyen', 200, { paymentMethods: [] }, 'healthy'],
    ['adyen', 200, 'a page', undefined],
    ['paypal', 404, { name: 'RESOURCE_NOT_FOUND' }, 'healthy'],
    ['http', 404, '', 'healthy'],
    ['http', 503, 'scheduled downtime', 'maintenance'],
    ['http', 403, 'account suspended', 'suspended'],
    ['http', 200, 'hello', undefined],
  ])('%s %i %j: %s', (scheme, status, body, word) => {
    expect(read(scheme, status, body)).toBe(word);
  });

  it('a refused signature and clocks that differ by more than 5 min are a wrong clock', () => {
    expect(read('stripe', 401, { error: {} }, 299_000)).toBe('signature');
    expect(read('stripe', 401, { error: {} }, -301_000)).toBe('clock');
  });
});

describe('requests', () => {
  it.each(SCHEMES)('%s: nothing in it changes an order, and no name breaks out of its place', (scheme) => {
    const input = {
      scheme,
      base: 'https://api.example.test',
      merchant: 'a/../b?x=1&method=alipay.trade.refund',
      serial: '1',
      at: 0,
      nonce: 'n',
      path: '/q/{order}',
    };
    const { url, question } = buildQuery(input).finish('s');
    const { origin, pathname, searchParams } = new URL(url);
    expect(origin).toBe('https://api.example.test');
    expect(pathname).not.toMatch(/refund|\.\./i);
    if (scheme === 'adyen') expect(Object.keys(JSON.parse(question?.body ?? '{}'))).toEqual(['merchantAccount']);
    if (scheme === 'wechat-v3') expect([...searchParams.keys()]).toEqual(['mchid']);
    if (scheme === 'alipay') expect(searchParams.getAll('method')).toEqual(['alipay.trade.query']);
    if (question && scheme === 'unionpay-online') expect(new URLSearchParams(question.body).getAll('txnType')).toEqual(['00']);
  });
});

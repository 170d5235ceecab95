import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { providerQuery } from '../../src/checks/provider-query.ts';
import { v } from '../../src/checks/schema.ts';
import { isQueryPath, QUERY_SCHEMES, SCHEMES } from '../../src/payments/providers/query-schemes.ts';
import { probeAndJudge } from './judge.ts';
import { hasProgram, type Lab, makeLab } from './openssl-lab.ts';
import { type Mood, type ProviderServer, startProvider } from './payment-provider.ts';
import { realContext } from './real-context.ts';

const RSA = ['-newkey', 'rsa:2048'];
const WECHAT = { scheme: 'wechat-v3', merchant: '1900000001', serial: '5157F09E' };
const ALIPAY = { scheme: 'alipay', merchant: '2021000000000001' };
const UNIONPAY = { scheme: 'unionpay-online', merchant: '777290058110097', serial: '69629715588' };
const OWN = {
  scheme: 'http',
  path: '/payments/{order}',
  headers: { 'X-Bank-Key': 'key {credential.api_key}' },
  code_at: 'result.code',
  not_found: ['NO_SUCH_PAYMENT'],
};

type Peer = 'wechat' | 'alipay' | 'unionpay' | 'stripe' | 'adyen' | 'paypal' | 'own';

describe.skipIf(!hasProgram('openssl'))('provider.query of a real server', () => {
  let lab: Lab;
  let server: ProviderServer;
  beforeAll(async () => {
    lab = makeLab();
    lab.issue('root', { ca: true, key: RSA });
    lab.issue('server', { by: 'root', names: 'DNS:localhost', key: RSA });
    for (const name of ['client', 'other', 'platform']) lab.issue(name, { by: 'root', key: RSA });
    for (const [name, secret] of Object.entries({ stripe: 'rk_live_loopback', adyen: 'AQE-loopback', paypal: 's3cret', bank: 'shop-key' }))
      writeFileSync(lab.path(`${name}.secret`), `${secret}\n`);
    // As the tools of Alipay hand it out: base64 of PKCS#1 without a frame.
    lab.openssl('rsa', '-in', 'client.key', '-traditional', '-out', 'client.rsa');
    writeFileSync(lab.path('client.bare'), readFileSync(lab.path('client.rsa'), 'utf8').replace(/-----[^-]+-----|\s/g, ''));
    server = await startProvider(lab);
  });
  afterEach(() => {
    server.mood = 'well';
    server.clockMs = 0;
    server.asked.length = 0;
  });
  afterAll(() => {
    server?.stop();
    lab?.stop();
  });

  const key = (name = 'client.key') => ({ private_key: { file: lab.path(name) } });
  const ask = (query: object, credentials: object, more: object = {}, context = realContext()) =>
    probeAndJudge(providerQuery, context, {
      name: 'peer',
      url: `${server.url}/health`,
      query: { ...query, url: server.url },
      credentials,
      ca_file: lab.path('root.pem'),
      ...more,
    });

  const peers = (): Record<Peer, readonly [object, object]> => ({
    wechat: [WECHAT, key()],
    alipay: [ALIPAY, key('client.bare')],
    unionpay: [UNIONPAY, key()],
    stripe: [{ scheme: 'stripe' }, { api_key: { file: lab.path('stripe.secret') } }],
    adyen: [{ scheme: 'adyen', merchant: 'ShopECOM' }, { api_key: { file: lab.path('adyen.secret') } }],
    paypal: [{ scheme: 'paypal' }, { client_id: 'shop', client_secret: { file: lab.path('paypal.secret') } }],
    own: [OWN, { api_key: { file: lab.path('bank.secret') } }],
  });

  it.each(['wechat', 'alipay', 'unionpay', 'stripe', 'adyen', 'paypal', 'own'] as const)(
    '%s does not know the order, and that is well',
    async (peer) => {
      const { judgement, facts } = await ask(...peers()[peer]);
      expect(judgement).toMatchObject({ status: 'ok', code: 'healthy' });
      expect(JSON.stringify(facts)).not.toMatch(/loopback|s3cret|shop-key|BEGIN/);
    },
  );

  it.each<[Peer, Mood, string]>([
    ['wechat', 'busy', 'provider-error'],
    ['wechat', 'limited', 'answered-rate'],
    ['wechat', 'no-permission', 'permission'],
    ['wechat', 'suspended', 'suspended'],
    ['wechat', 'maintenance', 'maintenance'],
    ['alipay', 'busy', 'provider-error'],
    ['alipay', 'limited', 'answered-rate'],
    ['alipay', 'no-permission', 'permission'],
    ['alipay', 'suspended', 'suspended'],
    ['unionpay', 'busy', 'provider-error'],
    ['unionpay', 'limited', 'answered-rate'],
    ['unionpay', 'no-permission', 'permission'],
    ['unionpay', 'suspended', 'suspended'],
    ['unionpay', 'maintenance', 'maintenance'],
    ['stripe', 'busy', 'provider-error'],
    ['stripe', 'limited', 'answered-rate'],
    ['stripe', 'no-permission', 'permission'],
    ['adyen', 'no-permission', 'permission'],
    ['paypal', 'busy', 'provider-error'],
    ['paypal', 'limited', 'answered-rate'],
    ['paypal', 'no-permission', 'permission'],
    ['own', 'limited', 'answered-rate'],
  ])('%s is %s: %s', async (peer, mood, code) => {
    server.mood = mood;
    expect((await ask(...peers()[peer])).judgement).toMatchObject({ status: 'fail', code });
  });

  it.each(['wechat', 'alipay', 'unionpay'] as const)('%s refuses the key of another', async (peer) => {
    expect((await ask(peers()[peer][0], key('other.key'))).judgement).toMatchObject({ status: 'fail', code: 'signature' });
  });

  it.each(['stripe', 'adyen', 'paypal', 'own'] as const)('%s refuses another secret', async (peer) => {
    const wrong = { file: lab.path('root.pem') };
    writeFileSync(lab.path('wrong.secret'), 'wrong');
    const named = { ...wrong, file: lab.path('wrong.secret') };
    const credentials = { api_key: named, client_id: 'shop', client_secret: named };
    expect((await ask(peers()[peer][0], credentials)).judgement).toMatchObject({ status: 'fail', code: 'signature' });
  });

  it.each(['wechat', 'alipay'] as const)('%s tells a wrong clock from a wrong key', async (peer) => {
    server.clockMs = -1_000_000;
    const { judgement } = await ask(...peers()[peer]);
    expect(judgement).toMatchObject({ status: 'fail', code: 'clock' });
    expect(judgement.data?.['offset']).toBeCloseTo(-1_000, -1);
  });

  it('an order that is known, and an answer that nobody documents', async () => {
    server.mood = 'known';
    expect((await ask(...peers().wechat)).judgement).toMatchObject({ status: 'ok', code: 'found' });
    server.mood = 'strange';
    for (const peer of ['wechat', 'alipay', 'stripe', 'own'] as const)
      expect((await ask(...peers()[peer])).judgement).toMatchObject({ status: 'unknown', code: 'unexpected' });
  });

  it('the signature of the answer: verified, forged, by a certificate that is not here', async () => {
    const query = () => ({ ...WECHAT, platform_certificates: [lab.path('platform.pem')] });
    expect((await ask(query(), key())).facts['answerSignature']).toBe('verified');
    server.mood = 'forged';
    expect((await ask(query(), key())).judgement).toMatchObject({ status: 'fail', code: 'answer-forged' });
    server.mood = 'other-certificate';
    expect((await ask(query(), key())).judgement).toMatchObject({
      status: 'fail',
      code: 'platform-certificate',
      data: { serial: '7B00FFEE' },
    });
  });

  it('a certificate that does not verify gets no key', async () => {
    const { judgement } = await ask(...peers().stripe, { ca_file: lab.path('platform.pem') });
    expect(judgement).toMatchObject({ status: 'fail', code: 'tls-failed' });
    expect((await ask(...peers().alipay, { ca_file: lab.path('platform.pem') })).judgement).toMatchObject({ code: 'tls-failed' });
    expect(server.asked).toEqual([]);
  });

  it('silence and a closed port are told apart', async () => {
    server.mood = 'silent';
    expect((await ask(...peers().stripe, { timeout: '500ms' })).judgement).toMatchObject({ status: 'fail', code: 'no-response' });
    const query = { ...peers().stripe[0], url: 'https://127.0.0.1:1' };
    const { judgement } = await probeAndJudge(providerQuery, realContext(), { query, credentials: peers().stripe[1] });
    expect(judgement).toMatchObject({ status: 'fail', code: 'refused', data: { url: 'https://127.0.0.1:1' } });
    // The address of the profile goes before the public one of the scheme, which is never asked from here.
    const proxied = await probeAndJudge(providerQuery, realContext(), {
      query: WECHAT,
      url: 'https://127.0.0.1:1/health',
      credentials: key(),
    });
    expect(proxied.judgement).toMatchObject({ code: 'refused' });
  });

  it('asks with these requests and no others', async () => {
    for (const peer of Object.keys(peers()) as Peer[]) await ask(...peers()[peer]);
    expect(server.asked).toEqual([
      'GET /v3/pay/transactions/out-trade-no/OORPROBE0000000000',
      'GET /gateway.do',
      'POST /gateway/api/queryTrans.do',
      'GET /v1/payment_intents/pi_OORPROBE0000000000',
      'POST /v71/paymentMethods',
      'POST /v1/oauth2/token',
      'GET /v2/checkout/orders/OORPROBE0000000000',
      'GET /payments/OORPROBE0000000000',
    ]);
  });

  it('not again before its time; not without a way to ask; not without a key', async () => {
    const context = realContext({ pacer: { take: async () => ({ taken: false, lastAt: Date.now() - 5_000 }) } });
    expect((await ask(...peers().stripe, {}, context)).judgement).toMatchObject({ status: 'unknown', code: 'too-soon' });
    expect(server.asked).toEqual([]);
    expect((await probeAndJudge(providerQuery, realContext(), { name: 'bank', url: server.url })).judgement).toMatchObject({
      status: 'not-applicable',
    });
    await expect(ask(WECHAT, { private_key: { env: 'NOBODY_SET_IT' } })).rejects.toMatchObject({ name: 'HostError' });
    await expect(ask(WECHAT, { private_key: { file: lab.path('stripe.secret') } })).rejects.toThrow(/no private RSA key/);
    expect(server.asked).toEqual([]);
  });
});

describe('what can be asked', () => {
  const accepts = (query: object): boolean => v.safeParse(providerQuery.params, { query }).success;

  it.each(['/refund/{order}', '/orders/{order}/close', '/v1/charges/{order}', '/pay/cancel', '/void', '/sign-on', 'payments'])(
    'never %s',
    (path) => {
      expect(accepts({ ...OWN, path })).toBe(false);
    },
  );

  it('no key over plain http, no path for a scheme that has its own, no scheme that nobody knows', () => {
    expect(accepts(OWN)).toBe(true);
    expect(accepts({ ...OWN, url: 'http://bank.example.test' })).toBe(false);
    expect(accepts({ ...WECHAT, path: '/v3/pay/transactions' })).toBe(false);
    expect(accepts({ ...WECHAT, serial: '' })).toBe(false);
    expect(accepts({ scheme: 'refund' })).toBe(false);
  });

  it('every scheme is a query: by GET, or one of three questions that are asked by POST', () => {
    const posts = SCHEMES.filter((scheme) => QUERY_SCHEMES[scheme].method === 'POST');
    expect(posts).toEqual(['unionpay-online', 'adyen']);
    for (const scheme of SCHEMES) {
      const { path, form } = QUERY_SCHEMES[scheme];
      expect(path === '' || isQueryPath(path)).toBe(true);
      if (form['txnType']) expect([form['txnType'], form['txnSubType']]).toEqual(['00', '00']);
    }
  });
});

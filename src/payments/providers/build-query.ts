/** The request of a scheme, up to the secrets: those are put in by whoever sends it. Pure. */
import { QUERY_SCHEMES, type Scheme } from './query-schemes.ts';

export interface QueryInput {
  readonly scheme: Scheme;
  /** Scheme and host of a URL. */
  readonly base: string;
  readonly merchant: string;
  readonly serial: string;
  /** Epoch ms. */
  readonly at: number;
  /** Letters and digits that no other request has. */
  readonly nonce: string;
  /** For `http`. */
  readonly path: string;
}

export interface UnsignedQuery {
  readonly order: string;
  /** undefined: nothing is signed. */
  readonly toSign: { readonly text: string; readonly hashed: boolean } | undefined;
  finish(signature: string): SignedQuery;
}

export interface SignedQuery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly question: { readonly contentType: string; readonly body: string } | undefined;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded;charset=UTF-8';

export function buildQuery(input: QueryInput): UnsignedQuery {
  const { order, signing, path: ownPath } = QUERY_SCHEMES[input.scheme];
  const template = input.scheme === 'http' ? input.path : ownPath;
  const path = template.replaceAll('{order}', order).replaceAll('{merchant}', encodeURIComponent(input.merchant));
  const url = `${input.base}${path}`;
  const unsigned = (question: SignedQuery['question'] = undefined): UnsignedQuery => ({
    order,
    toSign: undefined,
    finish: () => ({ url, headers: { accept: JSON_TYPE }, question }),
  });
  switch (signing) {
    case 'wechatpay2':
      return signWechat(input, order, url, path);
    case 'alipay-rsa2':
      return signAlipay(input, order, url);
    case 'unionpay-rsa':
      return signUnionpay(input, order, url);
    case 'api-key':
      return unsigned({ contentType: JSON_TYPE, body: JSON.stringify({ merchantAccount: input.merchant }) });
    default:
      return unsigned();
  }
}

/** PayPal lets ask only who has fetched a token; a token is no payment. */
export function tokenQuestion(base: string): SignedQuery {
  return {
    url: `${base}/v1/oauth2/token`,
    headers: { accept: JSON_TYPE },
    question: { contentType: 'application/x-www-form-urlencoded', body: 'grant_type=client_credentials' },
  };
}

function signWechat({ merchant, serial, at, nonce }: QueryInput, order: string, url: string, path: string): UnsignedQuery {
  const timestamp = Math.floor(at / 1_000);
  return {
    order,
    toSign: { text: `GET\n${path}\n${timestamp}\n${nonce}\n\n`, hashed: false },
    finish: (signature) => ({
      url,
      headers: {
        accept: JSON_TYPE,
        authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${merchant}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`,
      },
      question: undefined,
    }),
  };
}

function signAlipay({ merchant, at }: QueryInput, order: string, url: string): UnsignedQuery {
  const fields = {
    app_id: merchant,
    biz_content: JSON.stringify({ out_trade_no: order }),
    charset: 'utf-8',
    format: 'JSON',
    method: 'alipay.trade.query',
    sign_type: 'RSA2',
    // Beijing time, without a zone.
    timestamp: new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' '),
    version: '1.0',
  };
  return {
    order,
    toSign: { text: joinSorted(fields), hashed: false },
    finish: (sign) => ({ url: `${url}?${new URLSearchParams({ ...fields, sign })}`, headers: { accept: JSON_TYPE }, question: undefined }),
  };
}

function signUnionpay({ merchant, serial, at }: QueryInput, order: string, url: string): UnsignedQuery {
  const fields = {
    ...QUERY_SCHEMES['unionpay-online'].form,
    certId: serial,
    merId: merchant,
    orderId: order,
    txnTime: new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace(/[-:T]/g, ''),
  };
  return {
    order,
    toSign: { text: joinSorted(fields), hashed: true },
    finish: (signature) => ({
      url,
      headers: {},
      question: { contentType: FORM_TYPE, body: String(new URLSearchParams({ ...fields, signature })) },
    }),
  };
}

function joinSorted(fields: Readonly<Record<string, string>>): string {
  return Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
}

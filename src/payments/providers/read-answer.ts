/** What the answer to a query says of key, clock, permission and provider. Pure. */
import type { Outcome } from '../codes/code-entry.ts';
import { outcomeOf } from '../codes/codes.ts';
import { QUERY_SCHEMES, type QueryWord, type Scheme } from './query-schemes.ts';

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

export interface QueryAnswer {
  /** undefined: no documented answer. */
  readonly word: QueryWord | undefined;
  readonly code: string;
  readonly message: string;
}

export interface OwnRules {
  /** Path in the JSON of the answer, for `http`. */
  readonly codeAt: string | undefined;
  readonly notFound: readonly string[];
}

/** WeChat Pay refuses what is 5 min off either way; the others publish no bound or the same. */
const CLOCK_BOUND_MS = 300_000;

export function readAnswer(scheme: Scheme, answer: RawAnswer, own: OwnRules, dateOffsetMs: number | null): QueryAnswer {
  const { code, message } = extract(scheme, answer, own);
  const word = nameAnswer(scheme, code, answer, own);
  const offClock = Math.abs(dateOffsetMs ?? 0) > CLOCK_BOUND_MS || /time_?stamp|时间戳|clock skew|not yet valid/i.test(message);
  return { word: word === 'signature' && offClock ? 'clock' : word, code, message: message.slice(0, 200) };
}

function nameAnswer(scheme: Scheme, code: string, { status, body }: RawAnswer, { notFound }: OwnRules): QueryWord | undefined {
  const { words, healthy, table } = QUERY_SCHEMES[scheme];
  const good = scheme === 'http' && notFound.length > 0 ? notFound : healthy;
  if (good.includes(code)) return 'healthy';
  if (scheme !== 'http' && status === 200 && code === '200') return 'found';
  const word = words[code];
  if (word) return word;
  // Types of error are coarser than these.
  if ([401, 403, 429].includes(status)) return byStatus(status, body);
  const outcome = table === '' ? undefined : outcomeOf(table, code);
  return (outcome && BY_OUTCOME[outcome]) ?? words[code.split('/')[0] ?? ''] ?? byStatus(status, body);
}

const BY_OUTCOME: Readonly<Partial<Record<Outcome, QueryWord>>> = {
  'SIGN/KEY/CERT': 'signature',
  'PERMISSION/CONTRACT': 'permission',
  RATE: 'rate-limited',
  PLANNED: 'maintenance',
  PROVIDER_DOWN: 'provider-error',
  PARAM: 'parameter',
  PAID: 'found',
  USER_ACTION: 'found',
};

/** Where the body says nothing known. A bare 404 is a wrong path as well as a missing order, so it says nothing. */
function byStatus(status: number, body: string): QueryWord | undefined {
  if (/maintenance|维护|scheduled downtime/i.test(body) && status >= 500) return 'maintenance';
  if (/suspend|frozen|deactivat|冻结|停用|封禁/i.test(body) && status >= 400) return 'suspended';
  if (status === 401) return 'signature';
  if (status === 403) return 'permission';
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'provider-error';
  if (status === 400 || status === 422) return 'parameter';
  return undefined;
}

function extract(scheme: Scheme, { status, body }: RawAnswer, { codeAt }: OwnRules): { readonly code: string; readonly message: string } {
  const json = parse(body);
  const at = (path: string): string => dig(json, path);
  switch (scheme) {
    case 'wechat-v3':
      return { code: at('code') || (at('trade_state') && '200'), message: at('message') };
    case 'alipay': {
      const root = json['alipay_trade_query_response'] ? 'alipay_trade_query_response' : 'error_response';
      const code = [at(`${root}.code`), at(`${root}.sub_code`)].filter((part) => part !== '').join('/');
      return { code, message: at(`${root}.sub_msg`) || at(`${root}.msg`) };
    }
    case 'unionpay-online': {
      const form = new URLSearchParams(body);
      return { code: form.get('respCode') ?? '', message: form.get('respMsg') ?? '' };
    }
    case 'stripe':
      return { code: at('error.code') || at('error.type') || (at('id') && '200'), message: at('error.message') };
    case 'adyen':
      return { code: status === 200 && json['paymentMethods'] ? '200' : at('errorCode'), message: at('message') };
    case 'paypal':
      return { code: at('name') || at('error') || (at('id') && '200'), message: at('message') || at('error_description') };
    default:
      return { code: codeAt === undefined ? String(status) : at(codeAt), message: at('message') };
  }
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function dig(value: unknown, path: string): string {
  const found = path.split('.').reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? (inner as Record<string, unknown>)[key] : undefined;
  }, value);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

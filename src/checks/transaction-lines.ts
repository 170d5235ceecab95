/** Lines of a transaction log -> fields, by the mapping of the profile, or by what switches usually write. */
import { isAcceptedEcho, type LinkEvent, type TrafficLine } from '../payments/iso8583/traffic.ts';
import { compilePattern, explainPattern, type Pattern } from './pattern.ts';
import { type Infer, v } from './schema.ts';

const FIELDS = [
  'time',
  'bin',
  'pan',
  'code',
  'terminal',
  'merchant',
  'amount',
  'currency',
  'ms',
  'order_no',
  'customer',
  'stan',
  'provider',
  'method',
] as const;
type Field = (typeof FIELDS)[number];

/** `transactions` of the profile. */
export const mappingParams = {
  format: v.nullish(v.picklist(['auto', 'regex', 'json', 'kv', 'csv']), 'auto'),
  /** For `regex`: named groups are the fields. */
  pattern: v.nullish(v.string()),
  delimiter: v.nullish(v.string()),
  /** Field -> name of the group, key or column (a number counts columns from 1). */
  fields: v.nullish(v.record(v.string(), v.nullable(v.union([v.string(), v.number()])))),
};
const mappingShape = v.object(mappingParams);
export type Mapping = Infer<typeof mappingShape>;

export type Values = Partial<Record<Field, string>>;

/** Reads one line; the mapping was proved by `usableMapping`. */
export function makeLineReader(mapping: Mapping): (line: string, at: number) => TrafficLine | undefined {
  const read = makeFieldReader(mapping);
  return (line, at) => {
    const values = read(line);
    const event = eventOf(line);
    const code = values.code?.toUpperCase();
    const echo = code !== undefined && ECHO.test(line);
    if (code === undefined && event === undefined) return undefined;
    return {
      at,
      ...(code !== undefined && !echo && { code }),
      ...(values.bin !== undefined || values.pan !== undefined ? { bin: (values.bin ?? values.pan ?? '').slice(0, 8) } : {}),
      ...(values.terminal !== undefined && { terminal: values.terminal }),
      ...(values.merchant !== undefined && { merchant: values.merchant }),
      ...(isNumber(values.stan) && { stan: Number(values.stan) }),
      ...(isNumber(values.ms) && { ms: Number(values.ms) }),
      ...(echo && event === undefined
        ? { event: isAcceptedEcho(code) ? ('echo-answered' as const) : ('echo-refused' as const) }
        : event !== undefined && { event }),
    };
  };
}

/** Why the mapping cannot be used, or undefined. */
function explainMapping({ format, pattern }: Pick<Mapping, 'format' | 'pattern'>): string | undefined {
  if (format !== 'regex') return undefined;
  return pattern == null ? 'format regex needs a pattern with named groups' : explainPattern(pattern);
}

/** For the parameters of a check: a mapping that can be used. */
export function usableMapping<Given extends Pick<Mapping, 'format' | 'pattern'>>() {
  return v.check(
    (given: Given) => explainMapping(given) === undefined,
    (issue) => explainMapping(issue.input) ?? '',
  );
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text);
}

/** The fields of a line, as text. */
export function makeFieldReader(mapping: Mapping): (line: string) => Values {
  const nameOf = (field: Field): string | number => mapping.fields?.[field] ?? field;
  switch (mapping.format) {
    case 'regex':
      return readByPattern(compilePattern(mapping.pattern ?? ''), nameOf);
    case 'json':
      return (line) => pick((name) => readPath(parseJson(line), String(name)), nameOf);
    case 'kv':
      return (line) => {
        const pairs = new Map(
          [...line.matchAll(/([\w.]+)=("[^"]*"|[^\s,;]+)/g)].map(([, key = '', value = '']) => [key, value.replaceAll('"', '')]),
        );
        return pick((name) => pairs.get(String(name)), nameOf);
      };
    case 'csv':
      return (line) => {
        const cells = line.split(mapping.delimiter ?? ',');
        return pick((name) => (typeof name === 'number' ? cells[name - 1]?.trim() : undefined), nameOf);
      };
    default:
      return readUsual;
  }
}

function readByPattern(pattern: Pattern, nameOf: (field: Field) => string | number): (line: string) => Values {
  return (line) => {
    const named = pattern.exec(line)?.named ?? {};
    return pick((name) => named[String(name)] ?? undefined, nameOf);
  };
}

function pick(take: (name: string | number) => string | undefined, nameOf: (field: Field) => string | number): Values {
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = take(nameOf(field));
      return value === undefined || value === '' ? [] : [[field, value]];
    }),
  );
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line.slice(Math.max(0, line.indexOf('{'))));
  } catch {
    return undefined;
  }
}

function readPath(value: unknown, path: string): string | undefined {
  const found = path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

/** What logs of switches and gateways call the fields. */
const USUAL: Readonly<Partial<Record<Field, RegExp>>> = {
  customer: /(?:^|[\s,;|("'[{])(?:customer(?:[_-]?(?:id|no))?|user[_-]?id|uid|member[_-]?id)["']?\s*[=:]\s*["']?([\w-]+)/i,
  code: /(?:^|[\s,;|("'[{])(?:rc|resp(?:onse)?[ _-]?code|respcode|de0?39|f(?:ield)?[ _]?0?39|action[ _]?code|answer[ _]?code)["']?\s*[=:]\s*["']?([0-9A-Z]{2,3})\b|->\s*([0-9A-Z]{2})\s*$/i,
  terminal: /(?:^|[\s,;|("'[{])(?:tid|terminal(?:[ _-]?id)?|de0?41|f(?:ield)?[ _]?0?41)["']?\s*[=:]\s*["']?([\w-]{1,16})/i,
  merchant: /(?:^|[\s,;|("'[{])(?:mid|merchant(?:[ _-]?id)?|de0?42|f(?:ield)?[ _]?0?42)["']?\s*[=:]\s*["']?([\w-]{1,20})/i,
  stan: /(?:^|[\s,;|("'[{])(?:stan|trace(?:[ _-]?no)?|de0?11|f(?:ield)?[ _]?0?11)["']?\s*[=:]\s*["']?(\d{1,12})\b/i,
  bin: /(?:^|[\s,;|("'[{])(?:bin|iin|pan|card|de0?02|f(?:ield)?[ _]?0?2)["']?\s*[=:]\s*["']?(\d{6,8})/i,
  pan: /(?:^|[\s,;|("'[{])(?:pan|card(?:[ _-]?(?:no|number))?|de0?02|f(?:ield)?[ _]?0?2)["']?\s*[=:]\s*["']?(\d{6}[\d*xX]{4,13})/i,
  ms: /\b(\d+(?:\.\d+)?) ?ms\b/i,
  amount: /(?:^|[\s,;|("'[{])(?:amount|amt|txn[ _-]?amt|total[ _-]?(?:fee|amount)|de0?04)["']?\s*[=:]\s*["']?(\d+(?:\.\d+)?)/i,
  currency: /(?:^|[\s,;|("'[{])(?:currency|ccy|cur|de0?49)["']?\s*[=:]\s*["']?([A-Za-z]{3}|\d{3})\b/i,
  order_no: /(?:^|[\s,;|("'[{])(?:order(?:[ _-]?(?:no|id|number))?|out_trade_no)["']?\s*[=:]\s*["']?([\w-]{1,64})/i,
  provider: /(?:^|[\s,;|("'[{])(?:provider|channel|psp|gateway|acquirer)["']?\s*[=:]\s*["']?([\w.-]{1,32})/i,
  method: /(?:^|[\s,;|("'[{])(?:method|pay[ _-]?(?:type|method|way))["']?\s*[=:]\s*["']?([\w.-]{1,32})/i,
};

function readUsual(line: string): Values {
  return Object.fromEntries(
    Object.entries(USUAL).flatMap(([field, pattern]) => {
      const match = pattern.exec(line);
      const value = match?.[1] ?? match?.[2];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

const ECHO = /\becho\b|\b(?:0800|0810|1804|1814|0820|0830)\b|heartbeat|network management/i;

/** The words of a link, the most telling first. */
const EVENTS: readonly (readonly [LinkEvent, RegExp])[] = [
  ['mac-failed', /\bmac\b.{0,40}\b(fail|error|mismatch|invalid|wrong|not (?:valid|verified))|(?:invalid|wrong|bad) mac\b/i],
  [
    'undecodable',
    /undecodable|(?:cannot|can't|could not|unable to|failed to|error|failure).{0,20}\b(?:decode|parse|unpack|decoding|parsing|unpacking)|(?:invalid|bad|unknown|malformed|illegal|corrupt).{0,16}\b(?:message|bitmap|mti|length|header|frame|framing)\b|not iso ?8583/i,
  ],
  ['refused', /connect.{0,60}\brefused\b|ECONNREFUSED/i],
  ['timed-out', /connect(?:ion|ing)?\b.{0,60}(?:timed? ?out|unreachable|no route)|ETIMEDOUT|EHOSTUNREACH/i],
  [
    'lost',
    /(?:link|line|connection|session|channel|socket).{0,30}\b(?:is |was )?(?:down|lost|closed|broken|dropped|reset|disconnected)\b|\bdisconnected\b|ECONNRESET|EPIPE|broken pipe|dropping (?:the )?link/i,
  ],
  ['late', /\blate (?:response|answer|reply)|(?:response|answer|reply) (?:came |arrived )?(?:too )?late\b/i],
  [
    'unanswered',
    /\bno (?:response|answer|reply|0[0-9]10|0[0-9]30|18?14)\b|\b(?:response|answer|reply|echo|request)\b.{0,30}(?:timed? ?out|missed|overdue)|unanswered|timed out waiting/i,
  ],
  ['connected', /\b(?:link|line|connection|session|channel)?.{0,12}\b(?:connected|established|is up|signed[- ]?on|sign-?on ok)\b/i],
];

function eventOf(line: string): LinkEvent | undefined {
  return EVENTS.find(([, pattern]) => pattern.test(line))?.[0];
}

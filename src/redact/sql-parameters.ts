import { type KeyKind, keyedSpan } from './key.ts';
import type { Span } from './span.ts';
import type { Place } from './walk.ts';

/** As far behind a statement its values are looked for. */
const REACH = 4_096;
const STATEMENT = /\b(?:insert\s+into|replace\s+into|merge\s+into|update|select|delete\s+from|call|exec(?:ute)?)\b/gi;
const PLACEHOLDER = /\?(?!\?)|%s|\$(\d{1,3})|:(\d{1,3})(?![\d:])|@[pP](\d{1,3})/g;
/** From its first word to the column. */
const MAX_STATEMENT = 1_500;

/** The values that a log of a database layer prints behind a statement: `(pan, cvv) VALUES (?, ?)` ... `binding parameter [2] as [VARCHAR] - [123]`. */
export function boundValue(text: string, key: Place, kind: KeyKind): Span | undefined {
  const byName = variableAfter(text, key, kind);
  if (byName !== undefined) return byName;
  const before = text.slice(Math.max(0, key.start - MAX_STATEMENT), key.start);
  const begins = [...before.matchAll(STATEMENT)].at(-1)?.index;
  if (begins === undefined) return undefined;
  const head = before.slice(begins);
  const named = namedParameter(head, text.slice(key.end, key.end + REACH), kind, key.end);
  if (named !== undefined) return named;
  const order = orderOfColumn(head, text.slice(key.end, key.end + REACH)) ?? orderOfCondition(head, text.slice(key.end, key.end + 40));
  if (order === undefined) return undefined;
  return boundTo(text, key.end, order, kind) ?? valueAhead(text, key.start - head.length, order, kind);
}

const VARIABLE = /["'`\]]?\s{0,3}[:=]\s{0,3}[$:@]([A-Za-z_]\w{0,39})(?!\w)/y;

/** `verify(pin: $p)` ... `"variables": {"p": "1234"}`, `cvv = :c1` ... `{c1=123}`: what the value is called instead. */
function variableAfter(text: string, key: Place, kind: KeyKind): Span | undefined {
  VARIABLE.lastIndex = key.end;
  const name = VARIABLE.exec(text)?.[1];
  if (name === undefined) return undefined;
  const from = VARIABLE.lastIndex;
  const value = new RegExp(String.raw`(?<![\w.])${name}\\{0,6}["']?\s{0,2}(?:=>|[:=])\s{0,2}\\{0,6}["'([]{0,2}([0-9A-Za-z=]{3,64})`).exec(
    text.slice(from, from + REACH),
  );
  return value?.[1] === undefined ? undefined : keyedSpan(kind, value[1], from + value.index + value[0].length - value[1].length);
}

/** `(cvv, pan) VALUES (:p0, :p1);:p0 = '123', :p1 = 'x'`: the parameter of the column has a name. */
function namedParameter(head: string, tail: string, kind: KeyKind, from: number): Span | undefined {
  const open = head.lastIndexOf('(');
  const values = /^[^()]*\)\s*VALUES\s*\(([^()]{1,2000})\)/i.exec(tail);
  if (open === -1 || values === null || head.slice(open).includes(')')) return undefined;
  const name = values[1]?.split(',')[head.slice(open).split(',').length - 1]?.trim() ?? '';
  if (!/^[:@]\w{1,40}$/.test(name)) return undefined;
  const value = new RegExp(`${name}(?![\\w])["']?\\s{0,2}(?:=>|[=:])\\s{0,2}["'([]{0,2}([0-9A-Za-z=]{3,64})`).exec(
    tail.slice(values[0].length),
  );
  if (value?.[1] === undefined) return undefined;
  return keyedSpan(kind, value[1], from + values[0].length + value.index + value[0].length - value[1].length);
}

/** `(amount, cvv) VALUES (?, ?)`: the second placeholder. */
function orderOfColumn(head: string, tail: string): number | undefined {
  const open = head.lastIndexOf('(');
  const values = /^[^()]*\)\s*VALUES\s*\(/i.exec(tail);
  if (open === -1 || values === null || head.slice(open).includes(')')) return undefined;
  const place = head.slice(open).split(',').length - 1;
  const list = splitList(tail.slice(values[0].length));
  const own = list[place];
  if (own === undefined) return undefined;
  const numbered = [...own.matchAll(PLACEHOLDER)][0];
  if (numbered === undefined) return undefined;
  return numberOf(numbered) ?? countPlaceholders(list.slice(0, place).join(',')) + 1;
}

/** `cvv = ?`: as many placeholders stand before it. */
function orderOfCondition(head: string, tail: string): number | undefined {
  const own = /^["'`\]]?\s{0,3}(?:=|<>|!=|like|in\s{0,2}\()\s{0,3}(\?|%s|\$\d{1,3}|:\d{1,3}|@[pP]\d{1,3})/i.exec(tail)?.[1];
  if (own === undefined) return undefined;
  const [numbered] = [...own.matchAll(PLACEHOLDER)];
  return (numbered === undefined ? undefined : numberOf(numbered)) ?? countPlaceholders(head) + 1;
}

/** `[Parameters=[@p0='10', @p1='123']]` and then the statement. */
function valueAhead(text: string, begins: number, order: number, kind: KeyKind): Span | undefined {
  const from = Math.max(0, begins - MAX_STATEMENT);
  const ahead = text.slice(from, begins);
  const found = [
    ...ahead.matchAll(new RegExp(`[@:$]p?${order}\\s?=\\s?'([0-9A-Za-z=]{3,64})'`, 'gi')),
    ...ahead.matchAll(new RegExp(`@p${order - 1}\\s?=\\s?'([0-9A-Za-z=]{3,64})'`, 'g')),
  ];
  for (const { 0: whole, 1: value = '', index } of found.reverse()) {
    const span = keyedSpan(kind, value, from + index + whole.length - 1 - value.length);
    if (span !== undefined) return span;
  }
  return undefined;
}

function numberOf([, dollar, colon, at]: RegExpMatchArray): number | undefined {
  if (dollar === undefined && colon === undefined && at === undefined) return undefined;
  return Number(dollar ?? colon ?? at);
}

function countPlaceholders(text: string): number {
  return [...text.matchAll(PLACEHOLDER)].length;
}

/** The items up to the bracket that closes them. */
function splitList(text: string): string[] {
  return spansOfItems(text).map(([from, to]) => text.slice(from, to));
}

/** `[10 123]` of Go has nothing but spaces between. */
function itemsFrom(text: string): readonly (readonly [number, number])[] {
  const items = spansOfItems(text);
  const [only] = items;
  if (items.length !== 1 || only === undefined) return items;
  return Array.from(text.slice(...only).matchAll(/\S+/g), ({ 0: word, index }) => [index, index + word.length] as const);
}

const CLOSED_BY: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function spansOfItems(text: string): (readonly [number, number])[] {
  const items: (readonly [number, number])[] = [];
  const stack: string[] = [];
  let quote = '';
  let from = 0;
  const limit = Math.min(text.length, REACH);
  let at = 0;
  for (; at < limit; at++) {
    const sign = text[at] ?? '';
    if (quote !== '') {
      if (sign === quote && text[at - 1] !== '\\') quote = '';
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (CLOSED_BY[sign] !== undefined) stack.push(CLOSED_BY[sign] ?? '');
    else if (sign === stack.at(-1)) stack.pop();
    else if (')]}\n'.includes(sign) && stack.length === 0) break;
    else if (sign === ',' && stack.length === 0) {
      items.push([from, at]);
      from = at + 1;
    }
  }
  items.push([from, at]);
  return items;
}

const LIST =
  /(?:\b(?:query_?)?(?:parameters?|params?|binds?|bindings?|args?|arguments|values|variables)\b["'*\\]{0,4}\s{0,2}(?:=>|[:=]|-|→)?\s{0,4}(?:[A-Za-z]\w{0,15}\s{0,2}(?=[[({]))?(?:[[{]|\((?!\w{1,16}\)))?|--\s{0,2}[[(]|\/\*\s{0,2}[[(]|\]\s{0,2}\n?[(](?=["'\d])|;\s{0,2}[[(](?=["'\d])|,\s{0,2}[[(](?=["'\d]))/gi;

function boundTo(text: string, from: number, order: number, kind: KeyKind): Span | undefined {
  const behind = text.slice(from, from + REACH);
  const n = String(order);
  const named = new RegExp(
    String.raw`(?:parameter\s{0,2}(?:index\s{0,2})?[[(#:]{0,2}\s{0,2}${n}\b[^\n\r]{0,60}?(?:<-|- |= ?|: )\s{0,2}|(?:\$|:|@p?|[?"'#]|\bparam(?:eter)?|\bP)${n}["']?\s{0,2}(?:=>|[=:])\s{0,2})(?:N(?='))?[[('"]{0,2}([0-9A-Za-z=]{3,64})`,
    'i',
  ).exec(behind);
  if (named?.[1] !== undefined) {
    const span = keyedSpan(kind, named[1], from + named.index + named[0].length - named[1].length);
    if (span !== undefined) return span;
  }
  for (const { 0: lead, index } of behind.matchAll(LIST)) {
    const start = index + lead.length;
    const [itemFrom, itemTo] = itemsFrom(behind.slice(start))[order - 1] ?? [0, 0];
    const item = behind.slice(start + itemFrom, start + itemTo);
    const [, before = '', value = ''] =
      /^((?:\s*\(\w{1,16}\))?[\s"'[({]*(?:\w{1,10}["']?\s?[:=]\s?["']?)?)([0-9A-Za-z=]{3,64})/.exec(item) ?? [];
    const span = value === '' ? undefined : keyedSpan(kind, value, from + start + itemFrom + before.length);
    if (span !== undefined) return span;
  }
  return undefined;
}

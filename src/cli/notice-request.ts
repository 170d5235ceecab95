/** A message and a template -> a request; an answer -> what came of it. Pure. */
import type { NoticeTemplate } from '../playbook/notice-templates.ts';
import type { NoticeTarget } from '../playbook/notify-shape.ts';
import type { NoticeMessage } from '../playbook/playbook.ts';
import type { Json, WebhookAnswer } from '../ports.ts';

/** `undefined`: this service is not told of such an event. */
export interface NoticeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RequestParts {
  readonly template: NoticeTemplate;
  /** In place of the template's. */
  readonly url?: string | undefined;
  readonly message: NoticeMessage;
  readonly credentials: Readonly<Record<string, string>>;
}

/** Is this service told of it? Not where it has no word for it, or was asked for other events only. */
export function wants({ events }: Pick<NoticeTarget, 'events'>, { words = {} }: NoticeTemplate, what: string): boolean {
  const asked = events === undefined || (events as readonly string[]).includes(what) || what.startsWith('test');
  const named = Object.values(words).every((word) => Object.hasOwn(word, what));
  return asked && named && (what !== 'test-over' || Object.keys(words).length > 0);
}

export function renderRequest({ template, url = template.url ?? '', message, credentials }: RequestParts): NoticeRequest {
  const fields = fieldsOf(template, message);
  const secrets = Object.fromEntries(Object.entries(credentials).map(([name, value]) => [`credential.${name}`, value]));
  const inText = { ...fields, ...secrets };
  const inUrl = Object.fromEntries(Object.entries(inText).map(([name, value]) => [name, encodeURIComponent(value)]));
  return {
    url: fill(url, inUrl),
    // A line break would end the header.
    headers: Object.fromEntries(
      Object.entries(template.headers ?? {}).map(([name, value]) => [name.toLowerCase(), fill(value, inText).replace(/[\r\n]+/g, ' ')]),
    ),
    body: JSON.stringify(fillBody(template.body, inText)),
  };
}

function fieldsOf({ words = {}, limits = {}, escape: escaped }: NoticeTemplate, message: NoticeMessage): Readonly<Record<string, string>> {
  const own = Object.entries(words).map(([name, byEvent]) => [name, byEvent[message.event] ?? ''] as const);
  const fields = Object.entries(message).map(([name, value]) => {
    const safe = escaped === 'html' ? value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : value;
    const limit = limits[name];
    return [name, limit === undefined ? safe : cutBytes(safe, limit)] as const;
  });
  return Object.fromEntries([...fields, ...own]);
}

const FIELD = /\{([a-z_][\w.-]*)\}/gi;
const ONLY_FIELD = /^\{([a-z_][\w.-]*)\}$/i;

function fill(text: string, fields: Readonly<Record<string, string>>): string {
  return text.replace(FIELD, (whole, name: string) => (Object.hasOwn(fields, name) ? (fields[name] as string) : whole));
}

function fillBody(value: Json, fields: Readonly<Record<string, string>>): Json | undefined {
  if (typeof value === 'string') {
    const name = ONLY_FIELD.exec(value)?.[1];
    return name !== undefined && fields[name] === '' ? undefined : fill(value, fields);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.flatMap((item: Json) => fillBody(item, fields) ?? []);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => {
      const filled = fillBody(child, fields);
      return filled === undefined ? [] : [[key, filled]];
    }),
  );
}

const MORE = '...';

/** At most so many bytes of UTF-8, cut between characters. */
export function cutBytes(text: string, limit: number): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= limit) return text;
  let used = MORE.length;
  let kept = '';
  for (const character of text) {
    used += encoder.encode(character).length;
    if (used > limit) break;
    kept += character;
  }
  return kept + MORE;
}

export type Reading =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'refused' | 'failed'; readonly why: string }
  /** Worth another try. */
  | { readonly outcome: 'later'; readonly why: string; readonly afterMs: number };

/** Where a service of that kind counts by the minute. */
const RATE_WINDOW_MS = 60_000;
const AGAIN = [408, 425, 429];

export function readAnswer(template: NoticeTemplate, answer: WebhookAnswer): Reading {
  if ('failed' in answer) {
    if (answer.failed === 'certificate')
      return {
        outcome: 'failed',
        why: `its certificate does not verify, so nothing was sent: ${answer.why} - ca_file names an authority of your own`,
      };
    if (answer.failed === 'request') return { outcome: 'failed', why: answer.why };
    return { outcome: 'later', why: answer.why, afterMs: 0 };
  }
  const { status, body, retryAfterMs } = answer;
  const said = reasonIn(template, body);
  if (status >= 500 || AGAIN.includes(status)) return { outcome: 'later', why: `HTTP ${status}${said}`, afterMs: retryAfterMs ?? 0 };
  if (status >= 300 && status < 400)
    return { outcome: 'refused', why: `HTTP ${status} to ${placeOf(answer.location)}: redirections are not followed, name the right url` };
  if (status < 200 || status >= 400) return { outcome: 'refused', why: `HTTP ${status}${said}` };
  return readOwnCode(template, body, said);
}

function readOwnCode({ answer }: NoticeTemplate, body: string, said: string): Reading {
  if (answer?.code === undefined) return { outcome: 'delivered' };
  const code = valueAt(parse(body), answer.code);
  if (typeof code !== 'number' && typeof code !== 'string')
    return { outcome: 'refused', why: `HTTP 2xx without ${answer.code}, so it is another service that answers${said}` };
  if ((answer.ok ?? []).includes(code)) return { outcome: 'delivered' };
  const why = `${answer.code} ${code}${said}`;
  return answer.later?.includes(code) ? { outcome: 'later', why, afterMs: RATE_WINDOW_MS } : { outcome: 'refused', why };
}

const MOST_REASON = 300;

/** `: what it says`, shortened; '' where it says nothing. */
function reasonIn({ answer }: NoticeTemplate, body: string): string {
  const parsed = parse(body);
  const told = ['message', 'errmsg', 'msg', 'error', 'detail']
    .map((key) => valueAt(parsed, key))
    .filter((value) => typeof value === 'string');
  const own = answer?.why === undefined ? undefined : valueAt(parsed, answer.why);
  const parts = [
    ...told,
    ...(own === undefined || told.includes(own as string) ? [] : [typeof own === 'string' ? own : JSON.stringify(own)]),
  ];
  const text = (parts.length > 0 ? parts.join(': ') : body).replace(/\s+/g, ' ').trim();
  return text === '' ? '' : `: ${text.length > MOST_REASON ? `${text.slice(0, MOST_REASON)}...` : text}`;
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined;
  }
}

function valueAt(value: Json | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((at, key) => {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined;
    return Object.hasOwn(at, key) ? (at as { readonly [key: string]: Json })[key] : undefined;
  }, value);
}

function placeOf(location: string | undefined): string {
  return location === undefined ? 'nowhere' : (hostIn(location) ?? 'another path');
}

/** The host of a URL alone: the rest may hold a token. */
export function hostIn(url: string): string | undefined {
  return /^[a-z][\w+.-]*:\/\/(?:[^/?#@\s]*@)?([^/?#@\s]+)(?:[/?#]|$)/i.exec(url)?.[1];
}

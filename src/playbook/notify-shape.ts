/** `notify:` of the site profile, and what a schema cannot say about it. */
import { secretRef, v } from '../checks/schema.ts';
import type { Json } from '../ports.ts';
import type { Complaint } from './build.ts';
import { NOTICE_TEMPLATES, type NoticeTemplate } from './notice-templates.ts';
import { NOTICE_FIELDS, NOTICE_KINDS } from './playbook.ts';
import { choose, isMap, optional, str, strictObject } from './shape-kit.ts';
import { suggestion } from './suggest.ts';
import type { Path } from './yaml-file.ts';

const word = v.union([v.number(), v.string()], 'expected a number or text');
const texts = v.record(v.string(), v.string());

export const templateShape = strictObject({
  url: optional(str),
  headers: optional(texts),
  body: v.record(v.string(), v.any()),
  words: optional(v.record(v.string(), texts)),
  limits: optional(v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(16)))),
  escape: optional(v.literal('html')),
  per_minute: optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  answer: optional(strictObject({ code: optional(str), ok: optional(v.array(word)), later: optional(v.array(word)), why: optional(str) })),
});

const events = NOTICE_KINDS.filter((kind) => kind !== 'test' && kind !== 'test-over');

export const noticeShape = strictObject({
  name: v.pipe(
    v.string(),
    v.regex(/^[\w.:@/-]+$/, (issue) => `expected a name without spaces, got ${issue.received}`),
  ),
  /** `pagerduty`, `wecom`, or the request of another service in one's own words. */
  template: choose((input) => (isMap(input) ? 1 : 0), str, templateShape),
  /** In place of the template's; as a secret where the whole of it is one. */
  url: optional(choose((input) => (isMap(input) ? 1 : 0), str, secretRef)),
  credentials: optional(v.record(v.string(), secretRef)),
  /** Only these. */
  events: optional(v.array(v.picklist(events))),
  lang: optional(v.picklist(['en', 'zh-CN'])),
  ca_file: optional(str),
  /** `http://host:port` of a proxy that connects. */
  proxy: optional(v.pipe(str, v.regex(/^http:\/\/[^/@\s]+\/?$/i, 'expected http://host:port'))),
});

export type NoticeTarget = v.InferOutput<typeof noticeShape>;

/** undefined: the profile names a template that does not exist. */
export function templateOf({ template }: Pick<NoticeTarget, 'template'>): NoticeTemplate | undefined {
  if (typeof template !== 'string') return template as NoticeTemplate;
  return Object.hasOwn(NOTICE_TEMPLATES, template) ? NOTICE_TEMPLATES[template] : undefined;
}

const URL_START = /^https?:\/\//i;
/** Parts of addresses and headers that let whoever has them send. */
const URL_SECRET = /[?&](?:key|token|access_token|secret|sign)=(?!\{)[^&]{6,}|\/services\/T\w+\/B\w+\/\w+|\/hooks?\/[\w-]{16,}/i;
const HEADER_SECRET = /^(?:authorization|proxy-authorization|cookie|x-.*(?:token|key|secret).*|.*api-?key)$/i;

interface Found {
  readonly path: Path;
  readonly complaint: Complaint;
}

export function complaintsOfNotices(targets: readonly NoticeTarget[]): readonly Found[] {
  return targets.flatMap((target, index) => complaintsOf(target).map(({ path, complaint }) => ({ path: [index, ...path], complaint })));
}

function complaintsOf(target: NoticeTarget): Found[] {
  const template = templateOf(target);
  const inline = typeof target.template !== 'string';
  if (!template) return [unknownTemplate(String(target.template))];
  const at: Path = inline ? ['template'] : [];
  const known = [
    ...NOTICE_FIELDS,
    ...Object.keys(template.words ?? {}),
    ...Object.keys(target.credentials ?? {}).map((name) => `credential.${name}`),
  ];
  const named = inline ? textsIn(template as unknown as Json, at) : [];
  return [
    ...placeOf(target, template),
    ...named.flatMap(({ path, text }) => unknownFields(path, text, known)),
    ...missingCredentials(target, template),
    ...Object.entries(template.headers ?? {}).flatMap(([name, value]) =>
      HEADER_SECRET.test(name) && !value.includes('{credential.') ? [written([...at, 'headers', name])] : [],
    ),
    ...(typeof target.url === 'string' && URL_SECRET.test(target.url) ? [written(['url'])] : []),
    ...(inline && URL_SECRET.test(template.url ?? '') ? [written([...at, 'url'])] : []),
  ];
}

function unknownTemplate(name: string): Found {
  const known = Object.keys(NOTICE_TEMPLATES);
  const hint = suggestion(name, known);
  return {
    path: ['template'],
    complaint: { code: 'unknown-name', message: `there is no request template ${name}`, ...(hint && { hint }) },
  };
}

function placeOf({ url }: NoticeTarget, template: NoticeTemplate): Found[] {
  const whole = url ?? template.url;
  if (whole === undefined)
    return [{ path: ['template'], complaint: { code: 'missing-key', message: 'url is missing: where shall it be sent?' } }];
  if (typeof whole !== 'string' || URL_START.test(whole)) return [];
  return [
    { path: url === undefined ? ['template', 'url'] : ['url'], complaint: { code: 'invalid-value', message: 'url: expected https://...' } },
  ];
}

function unknownFields(path: Path, text: string, known: readonly string[]): Found[] {
  return fieldsIn(text)
    .filter((name) => !known.includes(name) && !name.startsWith('credential.'))
    .map((name) => {
      const hint = suggestion(name, known);
      return { path, complaint: { code: 'unknown-name', message: `there is no field {${name}}`, ...(hint && { hint }) } };
    });
}

function missingCredentials({ credentials = {}, url }: NoticeTarget, template: NoticeTemplate): Found[] {
  const { url: usual, ...rest } = template;
  const used = [
    ...textsIn(rest as unknown as Json, []).map(({ text }) => text),
    typeof url === 'string' ? url : url === undefined ? (usual ?? '') : '',
  ];
  const wanted = new Set(used.flatMap(fieldsIn).filter((name) => name.startsWith('credential.')));
  return [...wanted].flatMap((name) => {
    const key = name.slice('credential.'.length);
    if (Object.hasOwn(credentials, key)) return [];
    const complaint = { code: 'missing-key', message: `credentials: ${key} is missing`, hint: `credentials: { ${key}: {env: NAME} }` };
    return [{ path: ['name'], complaint }];
  });
}

function written(path: Path): Found {
  return {
    path,
    complaint: {
      code: 'secret-in-profile',
      message: 'a secret is written here',
      hint: 'name it instead: credentials: { key: {env: NAME} } and {credential.key}',
    },
  };
}

const FIELD = /\{([a-z_][\w.-]*)\}/gi;

/** Names between braces, in order. */
function fieldsIn(text: string): readonly string[] {
  return [...text.matchAll(FIELD)].map(([, name]) => name as string);
}

function textsIn(value: Json, path: Path): readonly { readonly path: Path; readonly text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => textsIn(child as Json, [...path, Array.isArray(value) ? Number(key) : key]));
}

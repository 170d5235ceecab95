/** Request templates of services that tell people, as data: what the profile may also hold in its own words. Pure. */
import type { Json } from '../ports.ts';
import type { NoticeKind } from './playbook.ts';

export interface NoticeTemplate {
  readonly url?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Texts in it may name `{fields}`, `{words}` and `{credential.NAME}`; one that is a single field without a value is left out. */
  readonly body: { readonly [key: string]: Json };
  /** What this service calls an event: `{action}` of `action: { opened: trigger }`. An event that a word lacks is not sent. */
  readonly words?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** Most bytes of a field, as UTF-8. */
  readonly limits?: Readonly<Record<string, number>> | undefined;
  /** `html`: & < and > of fields are escaped. */
  readonly escape?: 'html' | undefined;
  readonly per_minute?: number | undefined;
  /** Where an answer says why; of a service that also says no with status 200, where its own code stands and what that means. */
  readonly answer?:
    | {
        readonly code?: string | undefined;
        readonly ok?: readonly (number | string)[] | undefined;
        /** Worth another try. */
        readonly later?: readonly (number | string)[] | undefined;
        readonly why?: string | undefined;
      }
    | undefined;
}

const PAGED: Readonly<Partial<Record<NoticeKind, string>>> = {
  opened: 'trigger',
  confirmed: 'trigger',
  closed: 'resolve',
  test: 'trigger',
  'test-over': 'resolve',
};

export const NOTICE_TEMPLATES: Readonly<Record<string, NoticeTemplate>> = {
  // Events API v2. The same key for all of a session: one alert, which the end resolves. A summary has at most 1024 characters.
  pagerduty: {
    url: 'https://events.pagerduty.com/v2/enqueue',
    body: {
      routing_key: '{credential.routing_key}',
      event_action: '{action}',
      dedup_key: 'oor-{session}',
      client: 'oor',
      payload: {
        summary: '{title}',
        source: '{host}',
        severity: '{severity}',
        timestamp: '{time}',
        component: '{component}',
        group: '{site}',
        class: '{cause}',
        custom_details: { text: '{text}', session: '{session}', state: '{state}', since: '{since}' },
      },
    },
    words: { action: PAGED },
    limits: { title: 1024, text: 16_384 },
    answer: { why: 'errors' },
  },
  // Robot of a group. A text has at most 2048 bytes; 20 messages a minute, then 45009; -1 is "busy".
  wecom: {
    url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={credential.key}',
    body: { msgtype: 'text', text: { content: '{text}' } },
    limits: { text: 2048 },
    per_minute: 20,
    answer: { code: 'errcode', ok: [0], later: [-1, 45_009], why: 'errmsg' },
  },
};

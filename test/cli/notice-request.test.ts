import { describe, expect, it } from 'vitest';
import { v } from '../../src/checks/schema.ts';
import { cutBytes, readAnswer, renderRequest, wants } from '../../src/cli/notice-request.ts';
import { NOTICE_TEMPLATES, type NoticeTemplate } from '../../src/playbook/notice-templates.ts';
import { templateShape } from '../../src/playbook/notify-shape.ts';
import { NOTICE_KINDS, type NoticeMessage } from '../../src/playbook/playbook.ts';

const MESSAGE: NoticeMessage = {
  title: 'acme: payments down',
  text: 'acme: payments down\npayments: down, since 03:12',
  event: 'opened',
  severity: 'critical',
  session: '20261128-031200-abc123',
  site: 'acme',
  state: 'down',
  cause: 'tls.expired',
  component: '',
  host: 'gw',
  time: '2026-11-28T03:12:00.000Z',
  since: '',
};
const { pagerduty, wecom } = NOTICE_TEMPLATES as { pagerduty: NoticeTemplate; wecom: NoticeTemplate };

describe('the shipped templates', () => {
  it.each(Object.entries(NOTICE_TEMPLATES))('%s is what a profile could hold too', (_name, template) => {
    expect(v.safeParse(templateShape, template).issues).toBeUndefined();
  });

  it('pagerduty: an event of version 2, without what has no value', () => {
    const { url, body } = renderRequest({ template: pagerduty, message: MESSAGE, credentials: { routing_key: 'R0' } });
    expect(url).toBe('https://events.pagerduty.com/v2/enqueue');
    expect(JSON.parse(body)).toEqual({
      routing_key: 'R0',
      event_action: 'trigger',
      dedup_key: 'oor-20261128-031200-abc123',
      client: 'oor',
      payload: {
        summary: 'acme: payments down',
        source: 'gw',
        severity: 'critical',
        timestamp: '2026-11-28T03:12:00.000Z',
        group: 'acme',
        class: 'tls.expired',
        custom_details: { text: MESSAGE.text, session: MESSAGE.session, state: 'down' },
      },
    });
  });

  it('pagerduty: one key for all of a session, and only the end of the incident resolves', () => {
    const actions = NOTICE_KINDS.filter((what) => wants({}, pagerduty, what)).map((event) => {
      const { body } = renderRequest({ template: pagerduty, message: { ...MESSAGE, event }, credentials: {} });
      const { event_action, dedup_key } = JSON.parse(body);
      return [event, event_action, dedup_key === `oor-${MESSAGE.session}`];
    });
    expect(actions).toEqual([
      ['opened', 'trigger', true],
      ['confirmed', 'trigger', true],
      ['closed', 'resolve', true],
      ['test', 'trigger', true],
      ['test-over', 'resolve', true],
    ]);
  });

  it('wecom: a text of at most 2048 bytes, cut between characters', () => {
    const text = `${'支付中断'.repeat(300)}`;
    const { url, body } = renderRequest({ template: wecom, message: { ...MESSAGE, text }, credentials: { key: 'a b/c' } });
    expect(url).toBe('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a%20b%2Fc');
    const { msgtype, text: sent } = JSON.parse(body);
    expect(msgtype).toBe('text');
    expect(Buffer.byteLength(sent.content)).toBeLessThanOrEqual(2048);
    expect(Buffer.byteLength(sent.content)).toBeGreaterThan(2040);
    expect(sent.content).toMatch(/^[支付中断]+\.\.\.$/);
  });
});

describe("a template of one's own", () => {
  const slack: NoticeTemplate = {
    url: 'https://hooks.example.test/x',
    escape: 'html',
    body: { text: '*{site}* {text}', list: ['{cause}', '{component}'] },
  };

  it('escapes fields, keeps unknown braces, drops what is empty', () => {
    const { body } = renderRequest({ template: slack, message: { ...MESSAGE, text: '<!channel> a & {b}' }, credentials: {} });
    expect(JSON.parse(body)).toEqual({ text: '*acme* &lt;!channel&gt; a &amp; {b}', list: ['tls.expired'] });
  });

  it('text in a field never becomes a field or a header', () => {
    const template: NoticeTemplate = { body: { text: '{title}' }, headers: { 'X-Token': 'k {credential.key} {title}' } };
    const message = { ...MESSAGE, title: '{credential.key}\r\nx-evil: 1' };
    const { headers, body } = renderRequest({ template, message, credentials: { key: 'SECRET' } });
    expect(body).not.toContain('SECRET');
    expect(headers).toEqual({ 'x-token': 'k SECRET {credential.key} x-evil: 1' });
  });

  it.each([
    [undefined, 'paused', true],
    [['opened'], 'paused', false],
    [['opened'], 'test', true],
    [undefined, 'test-over', false],
  ])('events %j: %s is told: %s', (events, what, told) => {
    expect(wants({ events: events as never }, slack, what)).toBe(told);
  });
});

describe('what an answer means', () => {
  it.each([
    ['pagerduty', { status: 202, body: '{"status":"success"}' }, { outcome: 'delivered' }],
    [
      'pagerduty',
      { status: 400, body: '{"status":"invalid event","message":"Event object is invalid","errors":["\'routing_key\' is missing"]}' },
      { outcome: 'refused', why: 'HTTP 400: Event object is invalid: ["\'routing_key\' is missing"]' },
    ],
    ['pagerduty', { status: 429, body: '', retryAfterMs: 7_000 }, { outcome: 'later', why: 'HTTP 429', afterMs: 7_000 }],
    ['pagerduty', { status: 503, body: 'busy' }, { outcome: 'later', why: 'HTTP 503: busy', afterMs: 0 }],
    [
      'pagerduty',
      { status: 302, body: '', location: 'https://login.example.test/?token=abc' },
      { outcome: 'refused', why: 'HTTP 302 to login.example.test: redirections are not followed, name the right url' },
    ],
    ['wecom', { status: 200, body: '{"errcode":0,"errmsg":"ok"}' }, { outcome: 'delivered' }],
    [
      'wecom',
      { status: 200, body: '{"errcode":93000,"errmsg":"invalid webhook url"}' },
      { outcome: 'refused', why: 'errcode 93000: invalid webhook url' },
    ],
    [
      'wecom',
      { status: 200, body: '{"errcode":45009,"errmsg":"freq"}' },
      { outcome: 'later', why: 'errcode 45009: freq', afterMs: 60_000 },
    ],
    [
      'wecom',
      { status: 200, body: '<html>Please log in</html>' },
      { outcome: 'refused', why: 'HTTP 2xx without errcode, so it is another service that answers: <html>Please log in</html>' },
    ],
    ['wecom', { failed: 'timed-out', why: 'no answer within 10 s' }, { outcome: 'later', why: 'no answer within 10 s', afterMs: 0 }],
    ['wecom', { failed: 'certificate', why: 'expired' }, { outcome: 'failed', why: expect.stringContaining('nothing was sent: expired') }],
  ] as const)('%s %j', (name, answer, reading) => {
    expect(readAnswer(NOTICE_TEMPLATES[name] as NoticeTemplate, answer)).toEqual(reading);
  });
});

it('a text that fits stays, and an emoji is never cut in two', () => {
  expect(cutBytes('支付', 6)).toBe('支付');
  expect(cutBytes('支付中断', 11)).toBe('支付...');
  expect(cutBytes('😀😀😀😀', 12)).toBe('😀😀...');
});

import { expect, it } from 'vitest';
import { parseProfile } from '../../src/playbook/profile.ts';
import { registry } from './support.ts';

function problemsOf(notify: unknown): string[] {
  const parsed = parseProfile({ file: 'oor.yaml', text: JSON.stringify({ oor: 1, notify }), registry });
  return (parsed.ok ? parsed.warnings : parsed.problems).map(({ message, hint }) =>
    hint === undefined ? message : `${message} (${hint})`,
  );
}

const credentials = { key: { env: 'KEY' } };

it.each([
  ['wecom', { template: 'wecom', credentials }],
  [
    'pagerduty, another region',
    { template: 'pagerduty', credentials: { routing_key: { file: '/etc/oor/pd' } }, url: 'https://events.eu.pagerduty.com/v2/enqueue' },
  ],
  ['a chat with a secret address', { template: { body: { text: '{text}' }, escape: 'html' }, url: { env: 'SLACK_URL' } }],
  [
    'a robot with a code of its own, by a proxy',
    {
      template: {
        url: 'https://hook.example.test/?token={credential.key}',
        body: { n: 1, words: ['{verb} {title}'] },
        words: { verb: { opened: 'down' } },
        answer: { code: 'code', ok: [0] },
      },
      credentials,
      proxy: 'http://proxy.example.test:3128',
      events: ['opened', 'closed'],
      lang: 'zh-CN',
    },
  ],
])('%s', (_what, target) => {
  expect(problemsOf([{ name: 'ops', ...target }])).toEqual([]);
});

it.each([
  ['a template that does not exist', { template: 'wecomm', credentials }, 'there is no request template wecomm (did you mean wecom?)'],
  ['a credential that is missing', { template: 'wecom' }, 'credentials: key is missing (credentials: { key: {env: NAME} })'],
  [
    'a field that does not exist',
    { template: { url: 'https://a.test/', body: { text: '{titel}' } } },
    'there is no field {titel} (did you mean title?)',
  ],
  ['no place', { template: { body: {} } }, 'url is missing: where shall it be sent?'],
  ['another kind of place', { template: { url: 'ftp://a.test/', body: {} } }, 'url: expected https://...'],
  ['an event that does not exist', { template: 'wecom', credentials, events: ['openend'] }, expect.stringContaining('openend')],
  [
    'a key in the address',
    { template: 'wecom', credentials, url: 'https://a.test/send?key=0123456789' },
    expect.stringContaining('a secret is written here'),
  ],
  [
    'a webhook of a chat',
    { template: { url: 'https://hooks.slack.test/services/T0/B0/abcdef', body: {} } },
    expect.stringContaining('a secret is written here'),
  ],
  [
    'a token in a header',
    { template: { url: 'https://a.test/', headers: { Authorization: 'Bearer abc' }, body: {} } },
    expect.stringContaining('a secret is written here'),
  ],
  ['a secret as text', { template: 'wecom', credentials: { key: 'abcdef' } }, expect.stringContaining('expected {env: NAME}')],
])('%s is refused', (_what, target, problem) => {
  expect(problemsOf([{ name: 'ops', ...target }])).toContainEqual(problem);
});

it('two of one name are refused', () => {
  const target = { name: 'ops', template: 'wecom', credentials };
  expect(problemsOf([target, target])).toEqual(['two notify are called ops']);
});

import { describe, expect, it } from 'vitest';
import { type DeliveryDeps, deliver } from '../../src/cli/notice-delivery.ts';
import { HostError } from '../../src/errors.ts';
import { NOTICE_TEMPLATES } from '../../src/playbook/notice-templates.ts';
import type { WebhookAnswer, WebhookRequest } from '../../src/ports.ts';
import { testMessage } from '../../src/report/notice.ts';

const message = testMessage({ what: 'test', id: 'test-1', site: 'acme', host: 'gw', at: 0 }, 'en');
const target = { name: 'ops', template: 'wecom', credentials: { key: { env: 'KEY' } } };
const template = NOTICE_TEMPLATES['wecom']!;
const yes: WebhookAnswer = { status: 200, body: '{"errcode":0}' };

function createDeps(answers: readonly WebhookAnswer[], extra: Partial<DeliveryDeps> = {}) {
  const requests: WebhookRequest[] = [];
  const slept: number[] = [];
  let now = 0;
  const deps: DeliveryDeps = {
    webhook: {
      post: async (request) => {
        requests.push(request);
        return answers[requests.length - 1] ?? answers.at(-1)!;
      },
    },
    secrets: { reveal: async () => 'the-key' },
    clock: {
      now: () => ({ wallMs: now, monoMs: now }),
      sleep: async (ms) => {
        slept.push(ms);
        now += ms;
      },
      turn: async () => undefined,
    },
    archives: { gunzip: () => undefined },
    literals: [],
    signal: new AbortController().signal,
    ...extra,
  };
  return { deps, requests, slept };
}

describe('one message', () => {
  it('arrives, with the credential in its place', async () => {
    const { deps, requests } = createDeps([yes]);
    expect(await deliver(deps, { target, template, message, pauses: [] })).toEqual({ outcome: 'delivered', attempts: 1, duration_ms: 0 });
    expect(requests[0]?.url).toContain('key=the-key');
  });

  it('is sent again after a pause, or after what the service asks for', async () => {
    const { deps, slept } = createDeps([
      { failed: 'network', why: 'reset' },
      { status: 429, body: '', retryAfterMs: 7_000 },
      { status: 200, body: '{"errcode":45009}' },
      { status: 429, body: '', retryAfterMs: 86_400_000 },
      yes,
    ]);
    const result = await deliver(deps, { target, template, message, pauses: [1_000, 3_000, 10_000, 30_000] });
    expect(result).toMatchObject({ outcome: 'delivered', attempts: 5 });
    expect(slept).toEqual([1_000, 7_000, 60_000, 90_000]);
  });

  it('is given up, and says how often it was tried', async () => {
    const { deps, requests } = createDeps([{ failed: 'timed-out', why: 'no answer within 10 s' }]);
    const result = await deliver(deps, { target, template, message, pauses: [1, 2] });
    expect(result).toMatchObject({ outcome: 'failed', attempts: 3, why: 'no answer within 10 s (tried 3 times)' });
    expect(requests).toHaveLength(3);
  });

  it.each([
    ['a refusal', { status: 403, body: 'no' }],
    ['a wrong certificate', { failed: 'certificate', why: 'expired' }],
  ] as const)('is not sent again after %s', async (_what, answer) => {
    const { deps, requests } = createDeps([answer]);
    await deliver(deps, { target, template, message, pauses: [1, 2] });
    expect(requests).toHaveLength(1);
  });

  it('without its secret is not sent, and says how to set it', async () => {
    const secrets = {
      reveal: async () => Promise.reject(new HostError('not-found', 'secret {env: KEY}: not set or empty', 'export KEY=...')),
    };
    const { deps, requests } = createDeps([yes], { secrets });
    const result = await deliver(deps, { target, template, message, pauses: [] });
    expect(result).toMatchObject({ outcome: 'failed', attempts: 0, why: 'secret {env: KEY}: not set or empty - export KEY=...' });
    expect(requests).toEqual([]);
  });

  it.each([
    ['a card number', 'card 4111 1111 1111 1111', []],
    ['a secret of the site', 'password is hunter2hunter2', ['hunter2hunter2']],
  ])('with %s in it never leaves', async (_what, text, literals) => {
    const { deps, requests } = createDeps([yes], { literals });
    const result = await deliver(deps, { target, template, message: { ...message, text }, pauses: [] });
    expect(result.outcome).toBe('withheld');
    expect(JSON.stringify(result)).not.toMatch(/4111|hunter2/);
    expect(requests).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { defineCheck } from '../../src/checks/check.ts';
import { strictObject, v } from '../../src/checks/schema.ts';
import { createProber } from '../../src/engine/probe.ts';
import { fakeHost } from '../checks/fake-host.ts';

test('facts hold no digits of noise, and what is whole as it is', async () => {
  const check = defineCheck({
    id: 'x.y',
    phase: 'hardware',
    title: { en: 'x' },
    params: strictObject({}),
    facts: v.object({ percents: v.array(v.number()), at: v.number(), rate: v.number(), none: v.null(), name: v.string() }),
    messages: { ok: { en: 'ok' } },
    example: {},
    probe: async () => ({
      percents: [10.357590463908583, 0.1 + 0.2, -0],
      at: 1_795_906_289_946,
      rate: 2_000_000.4,
      none: null,
      name: '0.30000000000000004',
    }),
    judge: () => ({ status: 'ok', code: 'ok' }),
  });
  const { host, net, secrets, pacer } = fakeHost({ name: 'h' });
  const clock = {
    now: () => ({ wallMs: 0, monoMs: 0 }),
    sleep: (_ms: number, signal?: AbortSignal) => new Promise<void>((_, no) => signal?.addEventListener('abort', () => no(signal.reason))),
    turn: async () => undefined,
  };
  const prober = createProber({ hosts: () => ({ host, net, secrets, pacer }), clock, redact: (value) => ({ value, count: 0 }) });
  const { facts } = await prober({ key: 'x', check, params: {}, host: 'h', since: 0, signal: new AbortController().signal });
  expect(facts).toEqual({ percents: [10.35759, 0.3, -0], at: 1_795_906_289_946, rate: 2_000_000, none: null, name: '0.30000000000000004' });
});

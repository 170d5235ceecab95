import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { defineCheck } from '../../src/checks/check.ts';
import { strictObject, v } from '../../src/checks/schema.ts';
import { createProber, type HostAccess } from '../../src/engine/probe.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from '../checks/fake-host.ts';
import { planFrom } from './harness.ts';

const PLAYBOOK = `oor: 1
id: places
title: Places
phases:
  hardware:
    steps:
      - { id: here, uses: mem.available }
      - { id: service, for: services, uses: mem.available }
      - { id: base, for: databases, uses: mem.available }
      - { id: machine, for: hosts, uses: mem.available }
causes:
  db.down:
    title: The database is down
    class: software
    for: databases
    prior: common
    evidence: [ { when: checks.base.fail, supports: decisive } ]
    verify: { ask: Is it down?, predict: answer }
`;

test('a service is looked at where it runs, a host there, a database from here, and its causes are where it lives', () => {
  const plan = planFrom(PLAYBOOK, {
    services: [
      { name: 'till', kind: 'app', on: 'app1' },
      { name: 'web', kind: 'web' },
    ],
    databases: [{ name: 'main', kind: 'postgres', host: 'db.example.test', port: 5432 }],
    hosts: [
      { name: 'app1', ssh: 'app1' },
      { name: 'db', ssh: 'db', services: ['main'] },
    ],
  });
  expect(plan.steps.map(({ key, target }) => [key, target?.vantage])).toEqual([
    ['here', undefined],
    ['service@till', 'app1'],
    ['service@web', 'gw'],
    ['base@main', 'gw'],
    ['machine@app1', 'app1'],
    ['machine@db', 'db'],
  ]);
  expect(plan.causes.map(({ key, host }) => [key, host])).toEqual([['db.down@main', 'db']]);
});

describe('a machine that may be out of reach', () => {
  const facts = v.object({ seen: v.boolean() });
  const make = (needsNoHost: boolean, probe: () => Promise<{ seen: boolean }>) =>
    defineCheck({
      ...{
        id: 'x.y',
        phase: 'hardware',
        title: { en: 'x' },
        params: strictObject({}),
        facts,
        messages: { ok: { en: 'ok' } },
        example: {},
      },
      ...(needsNoHost && { needsNoHost }),
      probe,
      judge: () => ({ status: 'ok', code: 'ok' }),
    });
  const ask = async (ready: () => Promise<void>, check: ReturnType<typeof make>, signal = new AbortController().signal) => {
    const { host, net, secrets, pacer } = fakeHost({ name: 'db' });
    const access: HostAccess = { host, net, secrets, pacer, ready };
    const clock = {
      now: () => ({ wallMs: 0, monoMs: 0 }),
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((_, no) => signal?.addEventListener('abort', () => no(signal.reason))),
      turn: async () => undefined,
    };
    const prober = createProber({ hosts: () => access, clock, redact: (value) => ({ value, count: 0 }) });
    return await prober({ key: 'k', check, params: {}, host: 'db', since: 0, signal });
  };
  const away = async (): Promise<void> => {
    throw new HostError('unreachable', 'db cannot be reached', 'a key');
  };

  test('its checks are unknown and were not even begun', async () => {
    let begun = 0;
    const check = make(false, async () => ({ seen: begun++ > 0 }));
    expect(await ask(away, check)).toMatchObject({ facts: null, failure: { status: 'unknown', code: 'unreachable', unlock: 'a key' } });
    expect(begun).toBe(0);
  });

  test('what was seen of a machine that went away meanwhile counts for nothing', async () => {
    let isThere = true;
    const check = make(false, async () => {
      isThere = false;
      return { seen: true };
    });
    expect(await ask(async () => (isThere ? undefined : away()), check)).toMatchObject({
      facts: null,
      failure: { status: 'unknown', code: 'unreachable' },
    });
    isThere = true;
    const failing = make(false, async () => {
      isThere = false;
      throw new HostError('not-found', 'no such file');
    });
    expect(await ask(async () => (isThere ? undefined : away()), failing)).toMatchObject({ failure: { code: 'unreachable' } });
  });

  test('whether it can be reached is asked all the same', async () => {
    expect(
      await ask(
        away,
        make(true, async () => ({ seen: true })),
      ),
    ).toMatchObject({ facts: { seen: true } });
  });

  test('a probe that is over listens no longer to the end of the run', async () => {
    const { signal } = new AbortController();
    const check = make(false, async () => ({ seen: true }));
    for (let probe = 0; probe < 3; probe++) await ask(async () => undefined, check, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

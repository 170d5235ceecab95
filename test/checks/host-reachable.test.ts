import { expect, test } from 'vitest';
import { hostReachable } from '../../src/checks/host-reachable.ts';
import type { ReachOutcome } from '../../src/ports.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

test.each<[ReachOutcome, string]>([
  ['reached', 'ok'],
  ['name-not-resolved', 'fail'],
  ['refused', 'fail'],
  ['timed-out', 'fail'],
  ['unreachable', 'fail'],
  ['no-handshake', 'fail'],
  ['host-key-changed', 'fail'],
  ['no-shell', 'fail'],
  ['lost', 'fail'],
  ['host-key-unknown', 'warn'],
  ['permission-denied', 'warn'],
  ['bad-configuration', 'unknown'],
])('%s is %s', async (outcome, status) => {
  const error = 'ssh: in its own words';
  const host = fakeHost({ name: 'db', reach: { outcome, error, unlock: 'a key', durationMs: 12.34 } });
  const { facts, judgement } = await probeAndJudge(hostReachable, host);
  expect(facts).toMatchObject({ host: 'db', outcome, error, unlock: 'a key' });
  expect(judgement).toMatchObject({ status, code: outcome, value: outcome, unlock: 'a key' });
});

test('this machine is always reached', async () => {
  expect((await probeAndJudge(hostReachable, fakeHost())).judgement).toMatchObject({ status: 'ok', data: { host: 'fake' } });
});

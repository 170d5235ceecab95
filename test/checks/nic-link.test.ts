import { afterAll, describe, expect, test } from 'vitest';
import { nicLink } from '../../src/checks/nic-link.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { makeNamespace } from './network-namespace.ts';

const link = (extra: Record<string, unknown> = {}) => ({
  name: 'eth0',
  present: true,
  up: true,
  carrier: true,
  speedMbps: 1_000,
  duplex: 'full',
  carrierChanges: 2,
  newCarrierChanges: 0,
  ...extra,
});

test.each([
  ['fine', [link()], {}, 'ok', 'ok'],
  ['does not tell its speed', [link({ speedMbps: null })], { min_speed_mbps: 1_000 }, 'ok', 'ok'],
  ['too slow', [link({ speedMbps: 100 })], { min_speed_mbps: 1_000 }, 'warn', 'slow'],
  ['half duplex', [link({ duplex: 'half' })], {}, 'warn', 'half-duplex'],
  ['comes and goes', [link({ newCarrierChanges: 1 })], {}, 'fail', 'flapping'],
  ['a fail goes before a warn', [link({ duplex: 'half' }), link({ name: 'eth1', carrier: false })], {}, 'fail', 'link-down'],
  ['nothing', [], {}, 'not-applicable', 'none'],
])('judge: %s', (_name, interfaces, params, status, code) => {
  expect(judge(nicLink, { observedAt: 0, interfaces }, params)).toMatchObject({ status, code });
});

test.skipIf(process.platform !== 'linux')('answers on this machine', async () => {
  expect(['ok', 'warn', 'not-applicable']).toContain((await probeAndJudge(nicLink, localContext())).judgement.status);
});

const namespace = makeNamespace('link');
afterAll(() => namespace?.remove());

describe.skipIf(!namespace)('a real pair of cards', () => {
  const context = namespace?.context ?? localContext();
  const look = async (params = {}) => (await probeAndJudge(nicLink, { ...context, sleep: async () => undefined }, params)).judgement;

  test('from switched off to up and down again', async () => {
    expect(await look()).toMatchObject({ status: 'not-applicable' });
    namespace?.sh('ip link add v0 type veth peer name v1');
    expect(await look({ interfaces: ['v0'] })).toMatchObject({ status: 'fail', code: 'switched-off' });
    namespace?.sh('ip link set v0 up');
    expect(await look({ interfaces: ['v0'] })).toMatchObject({ status: 'fail', code: 'link-down' });
    namespace?.sh('ip link set v1 up; ip address add 10.98.0.1/24 dev v0; ip route add default via 10.98.0.2');
    expect(await look()).toMatchObject({ status: 'ok', data: { names: 'v0' } });
    expect(await look({ interfaces: ['v0', 'gone0'] })).toMatchObject({ status: 'fail', code: 'missing', data: { name: 'gone0' } });
    const waits: number[] = [];
    const timed = { ...context, sleep: async (ms: number) => void waits.push(ms) };
    await probeAndJudge(nicLink, timed, { sample: '4s' });
    // It came up once and was never lost since.
    expect(waits).toEqual([1_000]);
    const flap = { ...context, sleep: async () => void namespace?.sh('ip link set v1 down; ip link set v1 up') };
    expect((await probeAndJudge(nicLink, flap)).judgement).toMatchObject({ status: 'fail', code: 'flapping' });
    await probeAndJudge(nicLink, timed, { sample: '4s' });
    await probeAndJudge(nicLink, timed, { sample: '4s', interfaces: ['gone0'] });
    expect(waits).toEqual([1_000, 4_000, 1_000]);
  });

  // As slow as a bad cable is: two seconds down, two and a half up. The clock is that of the cable, which a crowded machine does not stretch.
  test('one that flaps every four to five seconds is seen within the watch of the playbook, whenever that begins', async () => {
    const [downMs, cycleMs] = [2_000, 4_500];
    let at = 0;
    const isUpAt = (ms: number): boolean => ms % cycleMs >= downMs;
    const pass = async (ms: number): Promise<void> => {
      for (const end = at + ms; at < end; ) {
        const wasUp = isUpAt(at);
        at += 100;
        if (isUpAt(at) !== wasUp) namespace?.sh(`ip link set v1 ${wasUp ? 'down' : 'up'}`);
      }
    };
    namespace?.sh('ip link set v1 down');
    for (const wait of [300, 900, 1_700, 2_400]) {
      await pass(wait);
      const { judgement } = await probeAndJudge(nicLink, { ...context, sleep: pass }, { sample: '4s', interfaces: ['v0'] });
      expect(judgement).toMatchObject({ status: 'fail', code: 'flapping' });
    }
  });
});

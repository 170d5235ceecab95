import { afterAll, describe, expect, test } from 'vitest';
import { netBandwidth } from '../../src/checks/net-bandwidth.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { makeNamespace } from './network-namespace.ts';

const nic = (percent: number) => ({ name: 'eth0', capacityMbps: 100, receivedMbps: percent, sentMbps: 1, percent });

test.each([
  ['calm', [nic(20)], {}, 'ok', 'ok'],
  ['busy', [nic(91)], {}, 'warn', 'full'],
  ['full', [nic(99)], {}, 'fail', 'full'],
  ['nothing tells its speed', [], {}, 'not-applicable', 'none'],
  ['a declared one does not tell its speed', [], { interfaces: ['ens3'] }, 'unknown', 'untold'],
])('judge: %s', (_name, interfaces, params, status, code) => {
  expect(judge(netBandwidth, { observedAt: 0, interfaces, untold: ['ens3'] }, params)).toMatchObject({ status, code });
});

test('probe: the busier direction against the speed of the card', async () => {
  const files = (name: string, speed: string | Error, rx: [string, string], tx: [string, string]) => ({
    [`/sys/class/net/${name}/speed`]: speed,
    [`/sys/class/net/${name}/statistics/rx_bytes`]: rx,
    [`/sys/class/net/${name}/statistics/tx_bytes`]: tx,
  });
  const context = fakeHost({
    lists: { '/sys/class/net': ['lo', 'eth0', 'ens3'] },
    files: { ...files('eth0', '100', ['0', '1000000'], ['0', '11875000']), ...files('ens3', '-1', ['0', '0'], ['0', '0']) },
  });
  const { facts, judgement } = await probeAndJudge(netBandwidth, context);
  expect(facts).toMatchObject({ interfaces: [{ name: 'eth0', receivedMbps: 8, sentMbps: 95, percent: 95 }], untold: ['ens3'] });
  expect(judgement).toMatchObject({ status: 'warn', data: { direction: 'out', mbps: 95 } });
});

const namespace = makeNamespace('bandwidth');
afterAll(() => namespace?.remove());

describe.skipIf(!namespace)('in a network namespace', () => {
  const context = namespace?.context ?? localContext();

  test('real traffic fills a narrow line', async () => {
    namespace?.sh('ip link set lo up');
    const narrow = { interfaces: ['lo'], capacity_mbps: 0.1 };
    expect((await probeAndJudge(netBandwidth, context, narrow)).judgement).toMatchObject({ status: 'ok', value: 0 });
    const sleep = async () => void namespace?.sh('ping -q -f -c 400 -s 1400 127.0.0.1');
    expect((await probeAndJudge(netBandwidth, { ...context, sleep }, narrow)).judgement).toMatchObject({ status: 'fail', code: 'full' });
  });

  test('a card that is not there', async () => {
    expect((await probeAndJudge(netBandwidth, context, { interfaces: ['gone0'] })).judgement).toMatchObject({ status: 'unknown' });
  });
});

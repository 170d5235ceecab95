import { afterAll, describe, expect, test } from 'vitest';
import { mtuPath } from '../../src/checks/mtu-path.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { makeNamespace } from './network-namespace.ts';

const SIZES = [1_500, 1_492, 1_480, 1_450, 1_420, 1_400, 1_380, 1_280, 576];
const look = (passing: number, failure: object, params = {}) =>
  probeAndJudge(
    mtuPath,
    fakeHost({
      commands: Object.fromEntries(
        SIZES.map((size) => [`ping -4 -n -M do -c 2 -i 0.3 -W 1 -s ${size - 28} bank`, size <= passing ? {} : { exitCode: 1, ...failure }]),
      ),
    }),
    { host: 'bank', ...params },
  );
const told = { stdout: 'From 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)\n' };

test.each([
  ['all passes', 1_500, {}, {}, 'ok', 'ok', 1_500],
  ['a router says why', 1_400, told, {}, 'warn', 'smaller', 1_400],
  ['the rest vanishes', 1_450, {}, {}, 'warn', 'black-hole', 1_450],
  ['enough for what is wanted', 1_400, told, { mtu: 1_400 }, 'ok', 'ok', 1_400],
])('%s', async (_name, passing, failure, params, status, code, value) => {
  expect((await look(passing, failure, params)).judgement).toMatchObject({ status, code, value });
});

test('nobody answers, nobody may ask, nobody is there', async () => {
  expect((await look(0, {})).judgement).toMatchObject({ status: 'unknown', code: 'silent' });
  await expect(look(0, { exitCode: 2, stderr: 'ping: socktype: SOCK_RAW: Operation not permitted' })).rejects.toMatchObject({
    reason: 'no-permission',
  });
  await expect(look(0, { exitCode: 2, stderr: 'ping: bank: Name or service not known' })).rejects.toMatchObject({ reason: 'unreachable' });
});

const namespace = makeNamespace('mtu');
afterAll(() => namespace?.remove());

describe.skipIf(!namespace)('in a network namespace', () => {
  test('a narrow link, and a wide one', async () => {
    const context = namespace?.context ?? localContext();
    namespace?.sh('ip link set lo mtu 1400 up');
    expect((await probeAndJudge(mtuPath, context, { host: '127.0.0.1' })).judgement).toMatchObject({
      status: 'warn',
      code: 'smaller',
      value: 1_400,
    });
    namespace?.sh('ip link set lo mtu 1500');
    expect((await probeAndJudge(mtuPath, context, { host: '127.0.0.1' })).judgement).toMatchObject({ status: 'ok', value: 1_500 });
  });
});

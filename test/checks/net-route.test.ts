import { describe, expect, it } from 'vitest';
import { netRoute } from '../../src/checks/net-route.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';

const GET = 'ip -j route get 10.78.0.2';
const found = (more = {}) => ({
  stdout: JSON.stringify([
    { dst: '10.78.0.2', gateway: '10.0.0.1', dev: 'eth0', prefsrc: '10.0.0.2', flags: [], uid: 0, cache: [], ...more },
  ]),
});
const refused = (stderr: string) => ({ exitCode: 2, stderr: `RTNETLINK answers: ${stderr}\n` });
const look = (result: object | null, params = {}) =>
  probeAndJudge(netRoute, fakeHost({ commands: { [GET]: result } }), { host: '10.78.0.2', ...params });

describe('net.route', () => {
  it.each([
    ['routed', found(), {}, 'ok', 'routed'],
    ['no route', refused('Network is unreachable'), {}, 'fail', 'no-route'],
    ['a blackhole route', refused('Invalid argument'), {}, 'fail', 'blackhole'],
    ['an unreachable route', refused('No route to host'), {}, 'fail', 'blackhole'],
    ['a prohibit route', refused('Permission denied'), {}, 'fail', 'blackhole'],
    ['over a dead link', found({ flags: ['linkdown'] }), {}, 'fail', 'link-down'],
    ['as wanted', found(), { dev: 'eth0', via: '10.0.0.1' }, 'ok', 'routed'],
    ['by the wrong interface', found(), { dev: 'eth1' }, 'fail', 'other-way'],
    ['by the wrong gateway', found(), { via: '10.0.0.254' }, 'fail', 'other-way'],
  ] as const)('%s', async (_name, result, params, status, code) => {
    expect((await look(result, params)).judgement).toMatchObject({ status, code });
  });

  it('shows the way, and the path MTU where one was learnt', async () => {
    expect((await look(found({ cache: ['mtu'], metrics: [{ mtu: 700 }] }))).facts).toMatchObject({
      device: 'eth0',
      gateway: '10.0.0.1',
      source: '10.0.0.2',
      mtu: 700,
    });
  });

  it('takes a missing or older ip for what it is', async () => {
    await expect(look(null)).rejects.toMatchObject({ reason: 'missing-tool' });
    await expect(look({ exitCode: 1, stderr: 'Option "-j" is unknown' })).rejects.toMatchObject({ reason: 'io' });
  });

  it('resolves a name first', async () => {
    const dns = async ({ type }: { type: string }) => ({
      outcome: 'answered' as const,
      addresses: type === 'A' ? ['10.78.0.2'] : [],
      durationMs: 1,
    });
    const context = fakeHost({ net: { dns }, commands: { [GET]: found() } });
    expect((await probeAndJudge(netRoute, context, { host: 'api.bank.example.test' })).facts).toMatchObject({
      address: '10.78.0.2',
      outcome: 'routed',
    });
    const nowhere = fakeHost({ net: { dns: async () => ({ outcome: 'no-such-name', addresses: [], durationMs: 1 }) } });
    expect((await probeAndJudge(netRoute, nowhere, { host: 'x.example.test' })).judgement.code).toBe('name-not-resolved');
  });
});

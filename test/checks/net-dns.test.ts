import { createSocket, type Socket } from 'node:dgram';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Thresholds } from '../../src/checks/check.ts';
import { netDns } from '../../src/checks/net-dns.ts';
import type { DnsAnswer, DnsQuery } from '../../src/ports.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { problemsOf } from './params.ts';
import { comesTo, has, startProgram, stopPrograms } from './programs.ts';
import { ANY_SPEED, realContext } from './real-context.ts';
import { temporaryFolder } from './temporary-folder.ts';

const found = (...addresses: string[]): DnsAnswer => ({ outcome: 'answered', addresses, durationMs: 5 });
const not = (outcome: DnsAnswer['outcome']): DnsAnswer => ({ outcome, addresses: [], durationMs: 5 });

/** Answers by resolver; `system` without one. AAAA has no data unless `v6` is given. */
async function ask(
  params: Readonly<Record<string, unknown>>,
  v4: Readonly<Record<string, DnsAnswer>>,
  v6: Readonly<Record<string, DnsAnswer>> = {},
) {
  const asked: DnsQuery[] = [];
  const dns = async (query: DnsQuery): Promise<DnsAnswer> => {
    asked.push(query);
    return (query.type === 'A' ? v4 : v6)[query.resolver ?? 'system'] ?? not('no-data');
  };
  return { ...(await probeAndJudge(netDns, fakeHost({ net: { dns } }), { name: 'db.example.test', ...params })), asked };
}

describe('net.dns with one resolver', () => {
  it.each([
    ['resolved', found('10.0.0.5'), 'ok'],
    ['slow', { ...found('10.0.0.5'), durationMs: 250 }, 'warn'],
    ['slow', { ...found('10.0.0.5'), durationMs: 1_500 }, 'fail'],
    ['no-such-name', not('no-such-name'), 'fail'],
    ['no-data', not('no-data'), 'fail'],
    ['server-failure', not('server-failure'), 'fail'],
    ['refused', not('refused'), 'fail'],
    ['timed-out', not('timed-out'), 'fail'],
    ['unreachable', not('unreachable'), 'fail'],
  ] as const)('%s', async (code, answer, status) => {
    expect((await ask({}, { system: answer })).judgement).toMatchObject({ code, status });
    expect((await ask({ resolver: '10.0.0.2' }, { '10.0.0.2': answer })).judgement).toMatchObject({ code, status });
  });

  it.each([
    ['10.0.0.5', 'resolved'],
    [['10.0.0.5', '10.0.0.6'], 'resolved'],
    [['10.0.0.9'], 'wrong-addresses'],
  ])('expects %j: %s', async (expected, code) => {
    const { judgement, facts } = await ask({ expect: expected }, { system: found('10.0.0.5') });
    expect(judgement.code).toBe(code);
    expect(facts['unexpected']).toEqual(code === 'resolved' ? [] : ['10.0.0.5']);
  });

  it('asks for IPv6 only where it matters, and a refused AAAA breaks nothing', async () => {
    expect((await ask({}, { system: found('10.0.0.5') })).asked.map(({ type }) => type)).toEqual(['A']);
    const v6only = await ask({}, { system: not('no-data') }, { system: found('fd00::5') });
    expect(v6only.judgement).toMatchObject({ code: 'resolved', data: { addresses: 'fd00::5' } });
    const refused = await ask({ expect: ['10.0.0.5', 'fd00::5'] }, { system: found('10.0.0.5') }, { system: not('refused') });
    expect(refused.judgement.code).toBe('resolved');
  });
});

describe('net.dns with several resolvers', () => {
  const resolvers = ['system', '10.0.0.2', '10.0.0.3'];
  it.each([
    ['all agree', { system: found('10.0.0.5'), '10.0.0.2': found('10.0.0.5'), '10.0.0.3': found('10.0.0.5') }, 'ok', 'resolved'],
    [
      'round robin overlaps',
      { system: found('10.0.0.5', '10.0.0.6'), '10.0.0.2': found('10.0.0.6'), '10.0.0.3': found('10.0.0.6', '10.0.0.5') },
      'ok',
      'resolved',
    ],
    [
      'nothing in common',
      { system: found('10.0.0.5'), '10.0.0.2': found('10.9.9.9'), '10.0.0.3': found('10.0.0.5') },
      'warn',
      'resolvers-disagree',
    ],
    [
      'one denies the name',
      { system: not('no-such-name'), '10.0.0.2': found('10.0.0.5'), '10.0.0.3': found('10.0.0.5') },
      'fail',
      'resolvers-disagree',
    ],
    [
      'all deny it',
      { system: not('no-such-name'), '10.0.0.2': not('no-such-name'), '10.0.0.3': not('no-such-name') },
      'fail',
      'no-such-name',
    ],
    ['one is dead', { system: not('timed-out'), '10.0.0.2': found('10.0.0.5'), '10.0.0.3': found('10.0.0.5') }, 'warn', 'resolver-down'],
    ['all are dead', { system: not('timed-out'), '10.0.0.2': not('refused'), '10.0.0.3': not('unreachable') }, 'fail', 'resolver-down'],
    [
      'one dead, one denies',
      { system: not('timed-out'), '10.0.0.2': not('no-such-name'), '10.0.0.3': found('10.0.0.5') },
      'fail',
      'resolvers-disagree',
    ],
  ] as const)('%s', async (_name, answers, status, code) => {
    expect((await ask({ resolvers }, answers)).judgement).toMatchObject({ status, code });
  });

  it('names the resolver that lies and the one that is dead', async () => {
    const wrong = await ask(
      { resolvers, expect: ['10.0.0.5'] },
      { system: not('timed-out'), '10.0.0.2': found('10.9.9.9'), '10.0.0.3': found('10.0.0.5') },
    );
    expect(wrong.judgement).toMatchObject({ code: 'wrong-addresses', data: { resolver: '10.0.0.2', addresses: '10.9.9.9' } });
    expect(wrong.facts['dead']).toEqual(['system']);
  });
});

describe('net.dns for real', () => {
  it('resolves localhost and fails to reach a resolver that is not there', async () => {
    expect((await probeAndJudge(netDns, realContext(), { name: 'localhost' })).facts['addresses']).toContain('127.0.0.1');
    const dead = await probeAndJudge(netDns, realContext(), { name: 'db.example.test', resolver: '127.0.0.1:9', timeout: '500ms' });
    expect(['unreachable', 'timed-out']).toContain(dead.judgement.code);
  });

  it('refuses a name that is an option', () => {
    expect(problemsOf(netDns, { name: '-x' })).toHaveLength(1);
  });
});

const dnsmasq = has('dnsmasq');

describe.skipIf(!dnsmasq)('net.dns asks a real dnsmasq', () => {
  const folder = temporaryFolder();
  const relays: Socket[] = [];
  afterAll(() => {
    stopPrograms();
    for (const relay of relays) relay.close();
  });

  async function startDnsmasq(address: string) {
    const port = await findClosedPort();
    const server = startProgram([
      ...['dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--no-hosts', '--no-resolv', '--user=root', '--bind-interfaces'],
      ...['--listen-address=127.0.0.1', `--port=${port}`, `--pid-file=${join(folder, `${port}`)}`],
      // Without an upstream server it refuses what it does not know: the AAAA of the first name, all of the last.
      ...[`--address=/db.example.test/${address}`, '--local=/gone.example.test/'],
    ]);
    return { resolver: `127.0.0.1:${port}`, port, server };
  }

  /** Holds every question back. */
  async function startSlowRelay(port: number, ms: number): Promise<string> {
    const relay = createSocket('udp4');
    relays.push(relay);
    relay.on('message', (question, asker) => {
      const upstream = createSocket('udp4');
      upstream.on('message', (answer) => {
        setTimeout(() => relay.send(answer, asker.port, asker.address), ms);
        upstream.close();
      });
      upstream.send(question, port, '127.0.0.1');
    });
    await new Promise<void>((resolve) => relay.bind(0, '127.0.0.1', resolve));
    return `127.0.0.1:${relay.address().port}`;
  }

  const ask = async (params: object, limits: Thresholds = ANY_SPEED) =>
    (await probeAndJudge(netDns, realContext(), { name: 'db.example.test', timeout: '30s', ...params }, limits)).judgement;

  it('that is right, wrong, ignorant, slow, silent and gone', async () => {
    const [right, wrong] = [await startDnsmasq('10.0.0.5'), await startDnsmasq('10.9.9.9')];
    const { resolver } = right;
    const expected = ['10.0.0.5'];
    expect(
      await comesTo(
        () => ask({ resolver, expect: expected }),
        ({ status }) => status === 'ok',
      ),
    ).toMatchObject({ code: 'resolved', status: 'ok' });
    expect(await ask({ resolver, expect: [...expected, 'fd00::5'] })).toMatchObject({ code: 'resolved', status: 'ok' });
    expect(
      await comesTo(
        () => ask({ resolver: wrong.resolver, expect: expected }),
        ({ code }) => code === 'wrong-addresses',
      ),
    ).toMatchObject({ status: 'fail', code: 'wrong-addresses' });
    expect(await ask({ resolvers: [resolver, wrong.resolver] })).toMatchObject({ status: 'warn', code: 'resolvers-disagree' });
    expect(await ask({ resolver, name: 'gone.example.test' })).toMatchObject({ status: 'fail', code: 'no-such-name' });
    expect(await ask({ resolver, name: 'unknown.example' })).toMatchObject({ status: 'fail', code: 'refused' });
    const limits = { ...ANY_SPEED, warn: 200 };
    expect(await ask({ resolver: await startSlowRelay(right.port, 400) }, limits)).toMatchObject({ status: 'warn', code: 'slow' });
    right.server.signal('SIGSTOP');
    expect(await ask({ resolver, timeout: '500ms' })).toMatchObject({ status: 'fail', code: 'timed-out' });
    expect(await ask({ resolvers: [resolver, wrong.resolver], timeout: '5s' })).toMatchObject({ status: 'warn', code: 'resolver-down' });
    right.server.stop();
    expect(
      await comesTo(
        () => ask({ resolver }),
        ({ code }) => code === 'unreachable',
      ),
    ).toMatchObject({ status: 'fail', code: 'unreachable' });
  });
});

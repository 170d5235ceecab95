import { describe, expect, it } from 'vitest';
import { tcpPorts } from '../../src/checks/tcp-ports.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { realContext } from './real-context.ts';

const HEADER = '  sl  local_address rem_address   st ...\n';
const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
const socket = (localPort: number, remote: string, state: string) =>
  `   0: 0200000A:${hex(localPort)} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 77 1 0 100 0 0 10 0\n`;
const BANK = '02004E0A:20FB';
const many = (count: number, from: number, remote: string, state: string) =>
  Array.from({ length: count }, (_, index) => socket(from + index, remote, state)).join('');

function look(table: string, range = '50000\t50099\n') {
  return probeAndJudge(
    tcpPorts,
    fakeHost({ files: { '/proc/sys/net/ipv4/ip_local_port_range': range, '/proc/net/tcp': HEADER + table, '/proc/net/tcp6': null } }),
    {},
  );
}

describe('tcp.ports', () => {
  it.each([
    ['idle', '', 'ok', 'ok'],
    ['in use', many(70, 50_000, BANK, '01'), 'ok', 'ok'],
    ['many in use', many(71, 50_000, BANK, '01'), 'warn', 'filling'],
    ['used up, TIME_WAIT included', many(50, 50_000, BANK, '01') + many(45, 50_050, BANK, '06'), 'fail', 'exhausted'],
    ['spread over two destinations', many(50, 50_000, BANK, '01') + many(45, 50_050, '03004E0A:20FB', '01'), 'ok', 'ok'],
    [
      'connections of a server inside the range',
      socket(50_001, '00000000:0000', '0A') + many(95, 50_001, BANK, '01').replaceAll(/:C3[0-9A-F]{2} 02/g, ':C351 02'),
      'ok',
      'ok',
    ],
    ['leaked connections', many(101, 20_000, BANK, '08'), 'warn', 'close-wait'],
    ['half-open connections', many(200, 443, BANK, '03'), 'warn', 'syn-flood'],
    ['a flood of them', many(1_100, 443, BANK, '03'), 'fail', 'syn-flood'],
  ] as const)('%s', async (_name, table, status, code) => {
    expect((await look(table)).judgement).toMatchObject({ status, code });
  });

  it('names the destination and what holds the ports', async () => {
    const { facts, judgement } = await look(many(50, 50_000, BANK, '01') + many(45, 50_050, BANK, '06'));
    expect(facts).toMatchObject({
      rangeFrom: 50_000,
      rangeTo: 50_099,
      timeWait: 45,
      destinations: [{ local: '10.0.0.2', remote: '10.78.0.2', port: 8_443, used: 95, percent: 95, timeWait: 45 }],
    });
    expect(judgement.data).toMatchObject({ remote: '10.78.0.2:8443', timeWait: 45 });
  });

  it('names the port whose connections leak', async () => {
    const asClient = await look(many(101, 50_000, BANK, '08'), '32768\t60999\n');
    expect(asClient.facts).toMatchObject({ closeWaitPorts: [{ port: 8_443, count: 101 }], truncated: false });
    expect(asClient.judgement.data).toMatchObject({ port: 8_443, count: 101 });
    const asServer = await look(many(101, 50_000, BANK, '08').replaceAll(/0200000A:\w{4}/g, '0200000A:1F90'), '32768\t60999\n');
    expect(asServer.facts).toMatchObject({ closeWaitPorts: [{ port: 8_080, count: 101 }] });
  });

  it.skipIf(process.platform !== 'linux')('reads this machine', async () => {
    const { facts } = await probeAndJudge(tcpPorts, realContext(), {});
    expect(facts['rangeTo']).toBeGreaterThan(facts['rangeFrom'] as number);
  });
});

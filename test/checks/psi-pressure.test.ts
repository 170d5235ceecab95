import { describe, expect, test } from 'vitest';
import { psiPressure } from '../../src/checks/psi-pressure.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

const stalls = (some: number, full: number) => ({ some: { avg10: 0, avg60: some }, full: { avg10: 0, avg60: full } });
const calm = stalls(1, 1);

describe('judge', () => {
  test.each([
    ['calm', { cpu: calm, memory: calm, io: calm }, {}, 'ok', 'ok'],
    ['memory stalls', { cpu: calm, memory: stalls(30, 11), io: calm }, {}, 'warn', 'memory'],
    ['memory stands still', { cpu: stalls(99, 0), memory: stalls(90, 61), io: stalls(99, 99) }, {}, 'fail', 'memory'],
    ['disks', { cpu: calm, memory: calm, io: stalls(20, 15) }, {}, 'warn', 'io'],
    ['disks never fail alone', { cpu: calm, memory: calm, io: stalls(99, 99) }, {}, 'warn', 'io'],
    ['processor', { cpu: stalls(60, 0), memory: calm, io: calm }, {}, 'warn', 'cpu'],
    ['the worst against its own bound wins', { cpu: stalls(60, 0), memory: calm, io: stalls(30, 25) }, {}, 'warn', 'io'],
    ['only the resource asked for', { cpu: stalls(60, 0), memory: calm, io: calm }, { resource: 'memory' }, 'ok', 'ok'],
    ['not measured', { cpu: null, memory: null, io: null }, {}, 'not-applicable', 'none'],
    ['the one asked for is not measured', { cpu: calm, memory: null, io: calm }, { resource: 'memory' }, 'not-applicable', 'none'],
  ])('%s', (_name, facts, params, status, code) => {
    expect(judge(psiPressure, { observedAt: 0, ...facts }, params)).toMatchObject({ status, code });
  });
});

describe('probe', () => {
  const text = 'some avg10=79.10 avg60=41.20 avg300=10.00 total=1\nfull avg10=3.10 avg60=2.20 avg300=1.00 total=1\n';

  test('reads both lines; Linux before 5.13 has no full line for the processor', async () => {
    const files = {
      '/proc/pressure/cpu': 'some avg10=79.10 avg60=41.20 avg300=1.00 total=1\n',
      '/proc/pressure/memory': text,
      '/proc/pressure/io': text,
    };
    const { facts } = await probeAndJudge(psiPressure, fakeHost({ files }));
    expect(facts).toMatchObject({
      cpu: { some: { avg10: 79.1, avg60: 41.2 }, full: { avg60: 0 } },
      memory: { full: { avg10: 3.1, avg60: 2.2 } },
    });
  });

  test.each([
    ['an old kernel', null],
    ['psi=0', new HostError('io', 'EOPNOTSUPP')],
  ])('%s is not-applicable', async (_name, answer) => {
    const files = { '/proc/pressure/cpu': answer, '/proc/pressure/memory': answer, '/proc/pressure/io': answer };
    expect((await probeAndJudge(psiPressure, fakeHost({ files }))).judgement.status).toBe('not-applicable');
  });

  test('a refusal is not', async () => {
    const refused = new HostError('no-permission', 'denied');
    const files = { '/proc/pressure/cpu': refused, '/proc/pressure/memory': refused, '/proc/pressure/io': refused };
    await expect(probeAndJudge(psiPressure, fakeHost({ files }))).rejects.toMatchObject({ reason: 'no-permission' });
  });
});

import { expect, test } from 'vitest';
import { raidHw } from '../../src/checks/raid-hw.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { recorded } from './recorded.ts';

const degraded = recorded('storcli-call-show-all.json');
const driveOut = degraded.replace('"Dgrd"', '"Optl"');
const healthy = driveOut.replace('"Offln"', '"Onln"');
/** As storcli /call/bbu show all J answers for a card with a battery. */
const battery = (charge: number) =>
  JSON.stringify({
    Controllers: [{ 'Response Data': { BBU_Capacity_Info: [{ Property: 'Relative State of Charge', Value: `${charge}%` }] } }],
  });
const look = (
  storcli: object | null,
  perccli: object | null = null,
  cards: string[] | null = ['0000:03:00.0', 'bind', 'module'],
  charge: number | null = 98,
) =>
  probeAndJudge(
    raidHw,
    fakeHost({
      lists: { '/sys/bus/pci/drivers/megaraid_sas': cards },
      commands: Object.fromEntries(
        ['storcli64', 'storcli', 'perccli64', 'perccli'].flatMap((tool) => [
          [`${tool} /call show all J`, tool === 'storcli64' ? storcli : tool === 'perccli' ? perccli : null],
          [`${tool} /call/bbu show all J`, charge === null ? { exitCode: 1 } : { stdout: battery(charge) }],
        ]),
      ),
    }),
  );

test.each([
  ['all well', { stdout: healthy }, 'ok', 'ok'],
  ['a volume is degraded', { stdout: degraded }, 'fail', 'volume'],
  ['a drive is out', { stdout: driveOut }, 'warn', 'part'],
  [
    'the battery is weak',
    { stdout: healthy.replace('"Model": "BBU", "State": "Optimal"', '"Model": "BBU", "State": "Dgd (Needs Attention)"') },
    'warn',
    'part',
  ],
  ['no tool', null, 'unknown', 'unasked'],
  ['not root', { exitCode: 255, stderr: 'You do not have root privileges to run this' }, 'unknown', 'unasked'],
])('%s', async (_name, answer, status, code) => {
  expect((await look(answer)).judgement).toMatchObject({ status, code });
});

test('names the volume; perccli will do; without a card nothing is run', async () => {
  expect((await look(null, { stdout: degraded })).judgement.data).toEqual({ name: 'c0 1/1', state: 'Dgrd' });
  expect((await look(null, null, null)).judgement).toMatchObject({ status: 'not-applicable', code: 'none' });
});

test.each([
  [81, 'ok', 'ok'],
  [80, 'warn', 'charge'],
  [40, 'fail', 'charge'],
  [null, 'ok', 'ok'],
])('a cache battery at %s %%', async (charge, status, code) => {
  const { facts, judgement } = await look({ stdout: healthy }, null, undefined, charge);
  expect(judgement).toMatchObject({ status, code });
  expect(facts['charge']).toBe(charge);
});

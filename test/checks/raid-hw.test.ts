import { expect, test } from 'vitest';
import { raidHw } from '../../src/checks/raid-hw.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { recorded } from './recorded.ts';

const degraded = recorded('storcli-call-show-all.json');
const driveOut = degraded.replace('"Dgrd"', '"Optl"');
const healthy = driveOut.replace('"Offln"', '"Onln"');
const look = (storcli: object | null, perccli: object | null = null, cards: string[] | null = ['0000:03:00.0', 'bind', 'module']) =>
  probeAndJudge(
    raidHw,
    fakeHost({
      lists: { '/sys/bus/pci/drivers/megaraid_sas': cards },
      commands: Object.fromEntries(
        ['storcli64', 'storcli', 'perccli64', 'perccli'].map((tool) => [
          `${tool} /call show all J`,
          tool === 'storcli64' ? storcli : tool === 'perccli' ? perccli : null,
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

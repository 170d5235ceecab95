import { expect, test } from 'vitest';
import { diskSmart } from '../../src/checks/disk-smart.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { has } from './programs.ts';
import { recorded } from './recorded.ts';

const pending = recorded('smartctl-ata-pending.json');
const withBits = (text: string, bits: number): string => text.replace('"exit_status": 64', `"exit_status": ${bits}`);
const noSectors = pending
  .replace('"value": 16, "string"', '"value": 0, "string"')
  .replace('"value": 8, "string": "8" } },\n      { "id": 198', '"value": 0, "string": "0" } },\n      { "id": 198');
const virtual = '{"smartctl":{"exit_status":4},"model_name":"QEMU HARDDISK","smart_support":{"available":false}}';
/** As smartctl 7.3 answers for a virtio disk and for a loop device. */
const foreign =
  '{"smartctl":{"messages":[{"string":"/dev/vda: Unable to detect device type","severity":"error"}],"exit_status":1},"local_time":{"time_t":1}}';
const INVALID = { stdout: '=======> INVALID ARGUMENT TO -j', exitCode: 1 };
/** `old`: what it is asked without -j. */
const look = (sda: object | null, sdb?: object, old: Record<string, object> = { 'smartctl -a /dev/sda': INVALID }) =>
  probeAndJudge(
    diskSmart,
    fakeHost({
      lists: { '/sys/block': ['loop0', 'vda', 'nvme0n1', 'sda', ...(sdb ? ['sdb'] : [])] },
      commands: { 'smartctl -a -j /dev/sda': sda, 'smartctl -a -j /dev/sdb': sdb ?? null, ...old },
    }),
  );

test.each([
  ['healthy', { stdout: withBits(noSectors, 0) }, 'ok', 'ok'],
  ['pending sectors', { stdout: pending, exitCode: 64 }, 'warn', 'sectors'],
  ['logged errors only', { stdout: noSectors, exitCode: 64 }, 'warn', 'worn'],
  ['failing', { stdout: withBits(pending, 8 + 64), exitCode: 72 }, 'fail', 'failing'],
  ['a virtual disk', { stdout: virtual, exitCode: 4 }, 'not-applicable', 'none'],
  ['a disk that speaks neither ATA nor SCSI', { stdout: foreign, exitCode: 1 }, 'not-applicable', 'none'],
  [
    'words it does not know',
    { stdout: foreign.replace('Unable to detect device type', 'Unknown option'), exitCode: 1 },
    'unknown',
    'unasked',
  ],
  ['no smartctl', null, 'unknown', 'unasked'],
  [
    'not root',
    {
      stdout: '{"smartctl":{"exit_status":2,"messages":[{"string":"Smartctl open device: /dev/sda failed: Permission denied"}]}}',
      exitCode: 2,
    },
    'unknown',
    'unasked',
  ],
  ['a smartctl that says nothing in any way', INVALID, 'unknown', 'unasked'],
])('%s', async (_name, answer, status, code) => {
  expect((await look(answer)).judgement).toMatchObject({ status, code });
});

test('a bad disk is bad whatever hides the other', async () => {
  expect((await look(null, { stdout: withBits(pending, 8), exitCode: 8 })).judgement).toMatchObject({
    status: 'fail',
    data: { device: '/dev/sdb' },
  });
});

test('keeps what the disk told', async () => {
  expect((await look({ stdout: pending, exitCode: 64 })).facts['disks']).toMatchObject([
    { model: 'ST4000NM000A-2HZ100', pending: 8, reallocated: 16, celsius: 34, powerOnHours: 24_741, exitBits: 64 },
  ]);
});

const tool = has('smartctl');

test.skipIf(!tool)('the real smartctl knows nothing of a loop device', async () => {
  const { facts, judgement } = await probeAndJudge(diskSmart, localContext(), { disks: ['/dev/loop0'] });
  expect(judgement).toMatchObject({ status: 'not-applicable', code: 'none' });
  expect(facts['disks']).toMatchObject([{ device: '/dev/loop0', supported: false, problem: '' }]);
});

/** As smartctl 6.6 prints it, which knows no -j. */
const text = (health: string, reallocated: number) => `smartctl 6.6 2017-11-05 r4594
Device Model:     SAMSUNG MZ7LH480HAHQ-00005
SMART overall-health self-assessment test result: ${health}

ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  5 Reallocated_Sector_Ct   0x0033   100   100   010    Pre-fail  Always       -       ${reallocated}
  9 Power_On_Hours          0x0032   096   096   000    Old_age   Always       -       16724
194 Temperature_Celsius     0x0022   071   058   000    Old_age   Always       -       29 (Min/Max 19/42)
197 Current_Pending_Sector  0x0032   100   100   000    Old_age   Always       -       0
`;

test.each([
  ['PASSED', 0, 'ok', 'ok'],
  ['PASSED', 48, 'warn', 'sectors'],
  ['FAILED!', 48, 'fail', 'failing'],
])('the text of an old smartctl: %s with %d sectors', async (health, sectors, status, code) => {
  const { facts, judgement } = await look(INVALID, undefined, { 'smartctl -a /dev/sda': { stdout: text(health, sectors) } });
  expect(judgement).toMatchObject({ status, code });
  expect(facts['disks']).toMatchObject([{ model: 'SAMSUNG MZ7LH480HAHQ-00005', powerOnHours: 16724, celsius: 29, pending: 0 }]);
});

test('a disk that only smartctl finds', async () => {
  const context = fakeHost({
    lists: { '/sys/block': ['vda'] },
    commands: {
      'smartctl --scan': { stdout: '/dev/sda -d sat # /dev/sda [SAT], ATA device\n' },
      'smartctl -a -j /dev/sda': INVALID,
      'smartctl -a /dev/sda': { stdout: text('FAILED!', 1) },
    },
  });
  expect((await probeAndJudge(diskSmart, context)).judgement).toMatchObject({ status: 'fail', code: 'failing' });
});

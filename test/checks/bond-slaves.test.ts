import { expect, test } from 'vitest';
import { bondSlaves } from '../../src/checks/bond-slaves.ts';
import { fakeHost } from './fake-host.ts';
import { probeAndJudge } from './judge.ts';
import { localContext } from './local-context.ts';
import { recorded } from './recorded.ts';

const backup = recorded('bonding-active-backup.txt');
const healthy = backup.replace('MII Status: down', 'MII Status: up');

const look = (bonds: Readonly<Record<string, string>>, params = {}) =>
  probeAndJudge(
    bondSlaves,
    fakeHost({
      lists: { '/proc/net/bonding': Object.keys(bonds) },
      files: Object.fromEntries(Object.entries(bonds).map(([name, text]) => [`/proc/net/bonding/${name}`, text])),
    }),
    params,
  );

test.each([
  ['all up', { bond0: healthy }, {}, 'ok', 'ok'],
  ['one down', { bond0: backup }, {}, 'warn', 'degraded'],
  ['kept out by the switch', { bond0: recorded('bonding-8023ad.txt') }, {}, 'warn', 'degraded'],
  ['all down', { bond0: healthy.replaceAll('MII Status: up', 'MII Status: down') }, {}, 'fail', 'down'],
  ['the worst of several', { bond0: healthy, bond1: backup }, {}, 'warn', 'degraded'],
  ['a member is gone', { bond0: healthy }, { members: 3 }, 'warn', 'too-few'],
  ['no bond', {}, {}, 'not-applicable', 'none'],
])('%s', async (_name, bonds, params, status, code) => {
  expect((await look(bonds as Readonly<Record<string, string>>, params)).judgement).toMatchObject({ status, code });
});

test('names who is missing and what is active', async () => {
  const { facts, judgement } = await look({ bond0: backup });
  expect(facts['bonds']).toMatchObject([{ name: 'bond0', active: 'eno2', members: [{ name: 'eno1', failures: 4 }, { name: 'eno2' }] }]);
  expect(judgement).toMatchObject({ value: 1, threshold: 2, data: { missing: 'eno1' } });
});

test.skipIf(process.platform !== 'linux')('a machine without the bonding driver has no bonds', async () => {
  expect(['not-applicable', 'ok', 'warn', 'fail']).toContain((await probeAndJudge(bondSlaves, localContext())).judgement.status);
});

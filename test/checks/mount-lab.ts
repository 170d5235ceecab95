/** Runs the checks about mounts where the shell script has made bad ones; prints one JSON object and must then end by itself. */
import { setTimeout as wait } from 'node:timers/promises';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import type { Check, Judgement } from '../../src/checks/check.ts';
import { diskInodes } from '../../src/checks/disk-inodes.ts';
import { diskNewest } from '../../src/checks/disk-newest.ts';
import { diskSpace } from '../../src/checks/disk-space.ts';
import { fsHung } from '../../src/checks/fs-hung.ts';
import { fsReadonly } from '../../src/checks/fs-readonly.ts';
import { fakeHost } from './fake-host.ts';

const base = process.argv[2] ?? '';
const context = { ...fakeHost(), host: createLocalHost(), sleep: (ms: number) => wait(ms) };

async function run(check: Check, path?: string): Promise<Judgement> {
  const params = path === undefined ? {} : { path: `${base}/${path}` };
  return check.judge(await check.probe(params, context), params, check.thresholds);
}

const runs = {
  spaceEverywhere: run(diskSpace),
  spaceFull: run(diskSpace, 'full'),
  spaceThroughLink: run(diskSpace, 'link/data'),
  spaceHung: run(diskSpace, 'hung'),
  inodesOut: run(diskInodes, 'inodes'),
  newestGrown: run(diskNewest, 'grown/data'),
  newestQuiet: run(diskNewest, 'inodes'),
  newestHung: run(diskNewest, 'hung').catch(() => ({ status: 'unknown', code: 'timed-out' }) as const),
  hungEverywhere: run(fsHung),
  hungDeclared: run(fsHung, 'hung'),
  hungUnder: run(fsHung, 'hung/data/deep'),
  readonlyEverywhere: run(fsReadonly),
  readonlyDeclared: run(fsReadonly, 'byhand'),
};
const judgements = await Promise.all(Object.entries(runs).map(async ([name, judgement]) => [name, await judgement] as const));
process.stdout.write(JSON.stringify(Object.fromEntries(judgements)));

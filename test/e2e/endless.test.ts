/** Commands that never stop printing, while evidence is captured: the run ends in time, in little memory, and nothing of it leaks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProcesses, waitFor } from '../adapters/processes.ts';
import { type Desk, openDesk, parseRun, type Ran } from './oor.ts';
import { peakMib } from './resident.ts';

const PAN = '4539578763621486';
/** The word tells the processes of this test from any other's. */
const WORD = `endless${process.pid}`;
const LINE = `${WORD} pan=${PAN} cvv=731`;
/** Of security: threat 8. */
const MAX_MIB = 150;

describe('a run beside commands that never stop printing', () => {
  let desk: Desk;
  let ran: Ran;
  let peak: number;

  beforeAll(async () => {
    desk = openDesk();
    const run = (id: string, script: string, more = {}) => ({ id, uses: 'config.test', with: { argv: ['sh', '-c', script] }, ...more });
    // What ends by itself has the time that a crowded machine needs.
    const patient = { timeout: '100s' };
    const steps = [
      run('out', `exec yes '${LINE}'`),
      run('err', `exec yes '${LINE}' >&2`),
      run('both', `yes '${LINE}' & exec yes '${LINE}' >&2`),
      run('line', `yes '${LINE}' | tr '\\n' ' '`),
      run('much', `yes '${LINE}' | head -c 200000000`, patient),
      run('lines', `seq 1000000 >&2; echo '${LINE}' >&2; exit 1`, patient),
    ];
    const playbook = { oor: 1, id: 'endless', title: 'Endless', phases: { software: { steps } } };
    writeFileSync(join(desk.folder, 'endless.yaml'), JSON.stringify(playbook));
    const running = desk.start(['run', './endless.yaml', '--no-input', '--json', '--bundle', 'endless.tar.gz']);
    [peak, ran] = await Promise.all([peakMib(running.child), running.ended]);
  });
  afterAll(() => desk.leave());

  it('ends at their deadlines, in little memory, with no process left', async () => {
    // Without its deadline any one of them would go on until the run is killed.
    expect(ran.status, ran.stderr).not.toBeNull();
    expect(parseRun(ran).verdict).toBe('unknown');
    expect(peak).toBeGreaterThan(20);
    expect(peak).toBeLessThan(MAX_MIB);
    expect(await waitFor(() => findProcesses(WORD).length === 0)).toBe(true);
  });

  it('tells in the manifest which were ended, and of what was cut', () => {
    const tar = gunzipSync(readFileSync(join(desk.folder, 'endless.tar.gz'))).toString('latin1');
    for (const step of ['out', 'err', 'both', 'line'])
      expect(tar).toMatch(new RegExp(`"step":"${step}","what":"sh -c [^\\n]*"collected":"timed-out"`));
    for (const step of ['out', 'err', 'both', 'line', 'much', 'lines'])
      expect(tar).toMatch(new RegExp(`"step":"${step}"[^\\n]*"truncated":true`));
    expect(tar).toContain('[... left out here ...]');
    // All that it printed, not only what was kept.
    expect(Number(/"step":"much"[^\n]*"bytes":(\d+)/.exec(tar)?.[1])).toBe(200_000_000);
    expect(tar).toContain('999999');
  });

  it('leaves no card number and no code anywhere', () => {
    const kept = desk.kept().map((file) => readFileSync(file, 'latin1'));
    const tar = gunzipSync(readFileSync(join(desk.folder, 'endless.tar.gz'))).toString('latin1');
    for (const text of [...kept, tar, ran.stdout, ran.stderr]) {
      expect(text.includes(PAN)).toBe(false);
      expect(/cvv=731/.test(text)).toBe(false);
    }
    expect(kept.join('')).toContain('453957******1486');
  });
});

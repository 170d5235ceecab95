/** Card data and secrets are planted wherever text comes in; nothing of them is in what a run leaves behind, not even when it is killed. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSensitive } from '../../src/scan/index.ts';
import { chanceOf, RENDERINGS, type Sample, sample } from '../redact/renderings.ts';
import { SAD_KINDS, type SadCase } from '../redact/sad-cases.ts';
import { SECRET_KINDS, type SecretCase } from '../redact/secret-cases.ts';
import { type Desk, openDesk } from './oor.ts';

/** One for each way in, so that a leak tells which. */
const PANS = {
  file: '4539578763621486',
  answer: '5425233430109903',
  symptom: '4716461583322103',
  environment: '6011000990139424',
  stdout: '3566002020360505',
  stderr: '30569309025904',
  argument: '371449635398431',
  playbook: '6200000000000005',
};
const SECRET = `ghp_${'16C7e42F292c6912E7710c838347Ae178B4a'}`;

describe('what is planted', () => {
  let desk: Desk;
  const chance = chanceOf(20260820);
  const numbers: readonly Sample[] = Object.keys(RENDERINGS).map((rendering) => sample(rendering, chance));
  const codes: readonly SadCase[] = Object.values(SAD_KINDS).map((make) => make(chance));
  const secrets: readonly SecretCase[] = Object.values(SECRET_KINDS).map((make) => make(chance));

  beforeAll(() => {
    desk = openDesk();
    const log = `pay-${PANS.file}.log`;
    writeFileSync(join(desk.folder, log), [...numbers, ...codes, ...secrets].map(({ text }) => `ERROR ${text}`).join('\n'));
    const steps = [
      { id: 'log', uses: 'log.pattern', with: { file: `./${log}`, pattern: '.' } },
      { id: 'out', uses: 'log.pattern', with: { argv: ['printf', 'ERROR %s cvv=123\\n', PANS.stdout], pattern: '.' } },
      {
        id: 'err',
        uses: 'log.pattern',
        with: { argv: ['sh', '-c', `echo "no such card ${PANS.stderr} token=${SECRET}" >&2; exit 3`], pattern: '.' },
      },
      { id: 'missing', uses: 'log.pattern', with: { file: `/nowhere/${PANS.argument}/x`, pattern: '.' } },
      { id: 'who', ask: { en: 'Who calls?' }, type: 'text', required: true },
      { id: 'slow', uses: 'log.pattern', with: { argv: ['sh', '-c', `cat ./${log}; sleep 20`], pattern: '.' } },
    ];
    writeFileSync(
      join(desk.folder, 'planted.yaml'),
      `# paid with ${PANS.playbook}\n${JSON.stringify({ oor: 1, id: 'planted', title: 'Planted', phases: { confirm: { steps } } })}`,
    );
  });
  afterAll(() => desk.leave());

  const args = ['run', './planted.yaml', '--no-input', '--answer', `who=Wang, card ${PANS.answer}, pin=4711`];

  function kept(): string {
    return desk
      .kept()
      .map((file) => readKept(file).toString('utf8'))
      .join('');
  }

  /** A draft that was given its name meanwhile is read under that. */
  function readKept(file: string): Buffer {
    try {
      return readFileSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
  }

  function leaks(): readonly string[] {
    return desk.kept().flatMap((file) => {
      const bytes = readFileSync(file);
      const text = bytes.toString('latin1');
      const gunzip = (packed: Uint8Array) => gunzipSync(packed);
      const found = findSensitive(file, bytes, { depth: 2, literals: [SECRET], gunzip }).map(({ kind, place }) => `${kind} ${place}`);
      const plain = Object.entries(PANS).filter(([, pan]) => text.includes(pan) || file.includes(pan));
      const middles = numbers.filter(({ middle, text: whole }) => middle.length > 8 && text.includes(middle) && whole.length > 0);
      return [...found, ...plain.map(([way]) => `as written: ${way}`), ...middles.map(({ middle }) => `writing: ${middle}`)];
    });
  }

  it('is in nothing that is kept when the run is killed in the middle', async () => {
    const running = desk.start([...args, '--symptom', `customer paid with ${PANS.symptom}`]);
    for (let waited = 0; waited < 200 && kept().split('\n').length < 9; waited++) await sleep(100);
    running.child.kill('SIGKILL');
    await running.ended;
    expect(kept()).toContain('******');
    expect(leaks()).toEqual([]);
  });

  it('is in nothing that is kept or printed when it ends', async () => {
    const { stdout, stderr } = await desk.run([...args, '--json', '--deadline', '8s'], {
      OOR_SYMPTOM: `paid with ${PANS.environment}`,
      OOR_DEBUG: '1',
    });
    expect(stdout).toContain('"verdict"');
    expect(kept()).toContain('[SECRET:github-token]');
    expect(leaks()).toEqual([]);
    for (const [way, pan] of Object.entries(PANS)) expect({ way, shown: (stdout + stderr).includes(pan) }).toEqual({ way, shown: false });
    expect(stdout + stderr).not.toContain(SECRET);
    expect(readdirSync(desk.folder).filter((name) => /^(?:core|report\.|heap)/i.test(name))).toEqual([]);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CardLine, LINES, profileOf, STATES, type State, startCardLine, untilBusy } from '../sandbox/card-line.ts';
import { openDesk } from './oor.ts';

const desk = openDesk();
const folder = mkdtempSync(join(tmpdir(), 'oor-card-run-'));
const lines: CardLine[] = [];

/** Each state once, each in another framing. */
const RUNS = STATES.map((state, index) => [...(LINES[index % LINES.length] as (typeof LINES)[number]), state] as const);

beforeAll(async () => {
  for (const [framing, dialect, state] of RUNS) lines.push(await startCardLine(folder, framing, dialect, state));
  await untilBusy(lines);
});

afterAll(async () => {
  await Promise.all(lines.map((line) => line.stop()));
  desk.leave();
  rmSync(folder, { recursive: true, force: true });
});

describe('oor run on a card line', () => {
  test.each(RUNS.map(([framing, dialect, state]) => [`${state.name} in ${framing}, ${dialect}`, state] as const))(
    '%s',
    async (_name, state: State) => {
      const line = lines.find((each) => each.state === state) as CardLine;
      const profile = join(folder, `${line.framing}-${state.name}.yaml`.replaceAll(' ', '-'));
      writeFileSync(profile, profileOf(line));
      const { stdout, stderr } = await desk.run(['run', 'card-switch', '--profile', profile, '--no-input', '--json']);
      const { verdict, causes } = JSON.parse(stdout);
      const named = causes.filter(({ score }: { score: number }) => score >= 0.5).map(({ id }: { id: string }) => id);
      expect({ verdict, named }, `${stdout}${stderr}`).toEqual({
        verdict: state.cause === undefined ? 'healthy' : 'fault',
        named: state.cause === undefined ? [] : [state.cause],
      });
      if (state.cause !== undefined) expect(causes[0]).toMatchObject({ id: state.cause, component: 'acquirer' });
    },
  );

  test('nothing that was kept holds a card number', () => {
    const kept = desk.kept().map((name) => readFileSync(name, 'latin1'));
    expect(kept.join('').length).toBeGreaterThan(10_000);
    for (const text of kept) expect(text).not.toMatch(/4000000000000002|5200828282828210|6200000000000005|3530111333300000/);
  });
});

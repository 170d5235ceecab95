/** Drills as people and pipelines play them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './oor.ts';

let desk: Desk;
beforeAll(() => {
  desk = openDesk();
});
afterAll(() => desk.leave());

const file = (name: string, text: string): string => {
  const path = join(desk.folder, name);
  writeFileSync(path, text);
  return path;
};

async function play(name: string, moves: string, ...more: readonly string[]) {
  const ran = await desk.run(['drill', name, '--answers', file('moves.yaml', moves), '--json', ...more]);
  return { ...ran, result: ran.status === 0 ? JSON.parse(ran.stdout) : undefined };
}

describe('oor drill', () => {
  it('lists what there is, for programs and for people in both languages', async () => {
    const rows = JSON.parse((await desk.run(['drill', '--list', '--json'])).stdout) as { id: string; title: object; kind: string }[];
    expect(rows.length).toBeGreaterThanOrEqual(15);
    expect(rows).toContainEqual(
      expect.objectContaining({ id: 'square-dns', kind: 'recorded', title: expect.objectContaining({ en: expect.any(String) }) }),
    );
    expect((await desk.run(['drill', '--list', '--lang', 'zh-CN'])).stdout).toContain('交换机半死');
  });

  it("scores the expert's own moves at 100 %, a careless one below 50 %, and keeps both", async () => {
    const { stdout: moves } = await desk.run(['drill', 'square-dns', '--expert']);
    const expert = await play('square-dns', moves, '--seed', '7');
    expect(expert.result).toMatchObject({ score: 1, seed: 7, wrong_turns: [], risky: [], missed: [] });
    expect(expert.result.debrief.length).toBeGreaterThan(5);
    const careless = await play('square-dns', 'moves: [restart_all, "cause:db.down", over]');
    expect(careless.result.score).toBeLessThan(0.5);
    expect(careless.result.trend).toEqual([100, Math.round(careless.result.score * 100)]);
    expect(careless.result.risky).toMatchObject([{ word: 'restart_all' }, { word: 'over', kind: 'not-well' }]);
    expect((await desk.run(['drill', '--list'])).stdout).toMatch(/square-dns .*best 100 %/);
    expect(desk.kept().map((path) => path.replace(desk.stateDir, ''))).toContain('/drill-scores.json');
    expect(readFileSync(join(desk.stateDir, 'drill-scores.json'), 'utf8')).not.toContain(desk.folder);
  });

  it('debriefs a person in words: what it cost, the path, the trap', async () => {
    const moves = file('m.yaml', 'moves: [payments, switch, "cause:provider.down", over]');
    const { stdout, stderr } = await desk.run(['drill', 'false-alarm', '--answers', moves]);
    expect(stderr).toContain('T+0 look: Outcomes of payments with this bank');
    expect(stdout).toMatch(/Score: \d+ %/);
    expect(stdout).toContain('Switch to the backup channel: was not needed');
    expect(stdout).toContain('A red light is not an outage.');
    const chinese = await desk.run(['drill', 'false-alarm', '--answers', moves, '--lang', 'zh-CN']);
    expect(chinese.stdout).toContain('红灯不等于故障');
  });

  it.each([
    [['drill', 'nonsense'], 2, 'there is no drill nonsense'],
    [['drill', 'square-dns'], 3, 'needs somebody who decides'],
    [['drill', 'square-dns', '--seed', 'x'], 2, '--seed'],
    [['drill', 'square-dns', '--speed', '0'], 2, '--speed'],
    [['drill', 'square-dns', '--answers', '/nowhere'], 65, 'does not exist'],
  ])('%j ends with %i', async (args, status, says) => {
    const ran = await desk.run(args);
    expect(ran.stderr).toContain(says);
    expect(ran.status).toBe(status);
  });

  it('--seed orders the numbers of a script, --speed makes minutes of its thinking', async () => {
    const { result: first } = await play('square-dns', 'moves: [over]', '--seed', '7');
    const names = `moves: [${first.options.indexOf('names') + 1}, {move: entry, thought: 30s}, over]`;
    const { result } = await play('square-dns', names, '--seed', '7', '--speed', '10');
    expect(result.moves.map(({ word }: { word: string }) => word)).toEqual(['names', 'entry', 'over']);
    const { result: slower } = await play('square-dns', names, '--seed', '7');
    expect(result.minutes - slower.minutes).toBe(4.5);
    expect((await play('square-dns', 'moves: [over]', '--seed', '8')).result.options).not.toEqual(first.options);
    expect(await play('square-dns', 'moves: [1]')).toMatchObject({ status: 2, stderr: expect.stringContaining('give --seed') });
    expect(await play('square-dns', 'moves: [{move: entry}]')).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('moves.yaml:1'),
    });
  });

  it('refuses a move that there is not, and one after the end', async () => {
    expect(await play('square-dns', 'moves: [dance]')).toMatchObject({ status: 2, stderr: expect.stringContaining('no move dance') });
    expect(await play('square-dns', 'moves: [over, entry]')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('stands after "over"'),
    });
  });
});

/** The shipped drills: each can be played, an expert gets all of it, and nobody gets half by hurrying, guessing or trying everything. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadChecks } from '../../src/checks/index.ts';
import { buildDrill } from '../../src/cli/drill-load.ts';
import { type Drill, type Move, moveOf, playDrill } from '../../src/engine/drill.ts';
import { scoreDrill } from '../../src/engine/drill-score.ts';
import { parseDrillFile, type RawDrill } from '../../src/playbook/drill-file.ts';
import { parseYaml } from '../../src/playbook/yaml.ts';
import type { JsonObject } from '../../src/ports.ts';

const FOLDER = join('playbooks', 'drills');
const written = parseYaml({ file: '_shapes.yaml', text: readFileSync(join('playbooks', 'fixtures', '_shapes.yaml'), 'utf8') });
if (!written.ok) throw new Error(written.problems[0]?.message);
const shapes = written.yaml.value as unknown as Record<string, Record<string, JsonObject>>;
const registry = await loadChecks();

function read(file: string): RawDrill {
  const parsed = parseDrillFile({ file, text: readFileSync(join(FOLDER, file), 'utf8') });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, col, message }) => `${file}:${line}:${col} ${message}`).join('\n'));
  return parsed.raw;
}

const score = (drill: Drill, words: readonly string[]) => {
  const { state, refused } = playDrill(drill, words);
  expect(refused).toBeUndefined();
  return scoreDrill(drill, state);
};

const files = readdirSync(FOLDER);

it('there are at least fifteen, the ones that everybody knows among them', () => {
  const ids = files.map((file) => file.replace('.yaml', ''));
  expect(ids.length).toBeGreaterThanOrEqual(15);
  for (const id of [
    'bank-three-causes',
    'db-pool-exhausted',
    'alipay-outage',
    'visa-2018-half-dead-switch',
    'square-dns',
    'upi-polling-storm',
  ])
    expect(ids).toContain(id);
});

describe.each(files)('%s', (file) => {
  const raw = read(file);
  const drill = buildDrill(raw, registry, shapes);

  it('is called as its file is, and its expert scores everything', () => {
    expect(`${drill.id}.yaml`).toBe(file);
    const { score: total, parts, wrongTurns, risky, missed } = score(drill, drill.expert);
    expect({ total, wrongTurns, risky, missed }).toEqual({ total: 1, wrongTurns: [], risky: [], missed: [] });
    expect(parts.filter(({ points, of }) => points < of)).toEqual([]);
    expect(drill.expert.at(-1)).toBe('over');
  });

  it('is worth less than half to a careless one, to one who does nothing, to one who tries everything, and to one who is lucky', () => {
    expect(score(drill, raw.careless).score).toBeLessThan(0.5);
    expect(score(drill, ['over']).score).toBeLessThan(0.5);
    expect(score(drill, []).score).toBeLessThan(0.5);
    const everything = [...drill.moves.map(({ id }) => id), ...drill.causes.map(({ id }) => `cause:${id}`), 'over'];
    expect(score(drill, everything).score).toBeLessThan(0.5);
    const sorted = (kind: Move['kind']) => drill.moves.filter((move) => move.kind === kind).map(({ id }) => id);
    const [named, fixed] = [drill.right.map((id) => `cause:${id}`), drill.expert.filter((word) => sorted('act').includes(word))];
    for (const words of [
      [...sorted('look'), ...sorted('tell'), ...drill.causes.map(({ id }) => `cause:${id}`), ...sorted('act'), drill.entry],
      [...sorted('look'), ...sorted('tell'), ...named],
      sorted('tell'),
      named,
      [...named, ...fixed],
      [drill.entry, ...named, ...fixed, drill.entry],
    ])
      expect(score(drill, [...words, 'over']).score, words.join(' ')).toBeLessThan(0.5);
    const wrong = drill.causes.filter(({ id }) => !drill.right.includes(id)).map(({ id }) => `cause:${id}`);
    expect(score(drill, [drill.entry, ...wrong, 'over']).score).toBeLessThan(0.5);
  });

  it('has rivals, something that must not be done, and somebody to be told', () => {
    expect(drill.causes.length - drill.right.length).toBeGreaterThanOrEqual(1);
    const acts = drill.moves.filter(({ kind }) => kind === 'act');
    expect(acts.some(({ id, risk }) => risk === 'high' && !drill.expert.includes(id))).toBe(true);
    expect(drill.expert.some((word) => moveOf(drill, word)?.kind === 'tell')).toBe(true);
    expect(drill.moves.some(({ kind, id }) => kind === 'look' && !drill.expert.includes(id))).toBe(true);
    // What is not well at first and well in the end is really another answer.
    const { state } = playDrill(drill, drill.expert);
    const looks = state.taken.filter(({ word }) => word === drill.entry);
    expect(looks.at(-1)?.seen?.status, 'the last look at the entry').toBe('ok');
  });

  it('says everything in both languages', () => {
    const texts = [drill.title, drill.story, drill.trap, drill.lesson, ...drill.moves.flatMap(({ title, seen }) => [title, seen.says])];
    for (const text of texts) expect(text['zh-CN'], text.en).toMatch(/[\u4e00-\u9fff]/);
  });
});

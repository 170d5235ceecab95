/** A drill file: its shape, and that every name in it is one of it. */
import { type Build, type Complaint, complain, complainAtKey } from './build.ts';
import { drillShape, type RawDrill } from './drill-shape.ts';
import type { Problem } from './playbook.ts';
import { sortProblems } from './problem.ts';
import { validate } from './shape-kit.ts';
import { suggestion } from './suggest.ts';
import { CAUSE_IDS } from './vocabulary.ts';
import { parseYaml } from './yaml.ts';
import type { Path, YamlFile } from './yaml-file.ts';

export type { RawDrill, RawSeen } from './drill-shape.ts';

export type DrillFileResult = { readonly ok: true; readonly raw: RawDrill } | { readonly ok: false; readonly problems: readonly Problem[] };

export function parseDrillFile({ file, text }: { readonly file: string; readonly text: string }): DrillFileResult {
  const parsed = parseYaml({ file, text });
  if (!parsed.ok) return parsed;
  const shaped = validate(drillShape, parsed.yaml.value, parsed.yaml);
  if (!shaped.ok) return { ok: false, problems: sortProblems(shaped.problems) };
  const review: Review = { yaml: parsed.yaml, problems: [] };
  checkNames(review, shaped.value);
  return review.problems.length > 0 ? { ok: false, problems: sortProblems(review.problems) } : { ok: true, raw: shaped.value };
}

interface Review extends Pick<Build, 'problems'> {
  readonly yaml: YamlFile;
}

function checkNames(review: Review, raw: RawDrill): void {
  const moves = Object.keys(raw.moves);
  const looks = moves.filter((id) => raw.moves[id]?.kind === 'look');
  const words = [...moves, ...Object.keys(raw.causes).map((id) => `cause:${id}`), 'over'];
  needOne(review, ['entry'], raw.entry, looks, 'look');
  for (const [id, { needs = [], changes = {} }] of Object.entries(raw.moves)) {
    needAll(review, ['moves', id, 'needs'], needs, looks, 'look');
    for (const changed of Object.keys(changes)) needOne(review, ['moves', id, 'changes', changed], changed, looks, 'look');
  }
  for (const id of Object.keys(raw.causes))
    if (!CAUSE_IDS.includes(id))
      complainAtKey(review, { yaml: review.yaml, path: ['causes', id] }, unknown(id, CAUSE_IDS, 'cause in the vocabulary'));
  needAll(review, ['right'], raw.right, Object.keys(raw.causes), 'cause');
  needAll(review, ['expert'], raw.expert, words, 'move');
  needAll(review, ['careless'], raw.careless, words, 'move');
}

function needAll(review: Review, path: Path, given: readonly string[], known: readonly string[], what: string): void {
  for (const [index, id] of given.entries()) needOne(review, [...path, index], id, known, what);
}

function needOne(review: Review, path: Path, id: string, known: readonly string[], what: string): void {
  if (!known.includes(id)) complain(review, { yaml: review.yaml, path }, unknown(id, known, what));
}

function unknown(id: string, known: readonly string[], what: string): Complaint {
  return { code: `unknown-${what.split(' ')[0]}`, message: `there is no ${what} ${id}`, hint: suggestion(id, known) };
}

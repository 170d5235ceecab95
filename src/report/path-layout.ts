/** What stands in the picture of the decision, and where: phases on the left, what was found in the middle, causes on the right. Pure numbers. */
import { PHASES, type Phase, type Status } from '../checks/check.ts';
import type { DiagnosedCause } from '../engine/diagnose.ts';
import { instancesFor } from '../engine/plan.ts';
import { NAMED } from '../engine/score.ts';
import type { Telling } from './incident.ts';
import { type Box, findingBoxes, laterBoxes } from './path-boxes.ts';
import { phasesOf } from './phases.ts';
import { namedCauses } from './verdict-words.ts';

export const WIDTH = 1_032;
export const LEFT = { x: 0, width: 190 } as const;
export const MIDDLE = { x: 236, width: 400 } as const;
export const RIGHT = { x: 752, width: 280 } as const;
export const BOX_HEIGHT = 38;
export const CAUSE_HEIGHT = 78;
const GAP = 8;
const DOT = 11;
const DOTS_A_ROW = 15;
const PHASE_HEAD = 26;
/** More findings of one phase than this are told as a number. */
const MOST_BOXES = 12;

export interface PlacedBox extends Box {
  readonly y: number;
}

export interface PlacedPhase {
  readonly id: Phase;
  readonly y: number;
  readonly height: number;
  /** One for each step that has a status, in the order of the plan. */
  readonly dots: readonly { readonly key: string; readonly status: Status; readonly x: number; readonly y: number }[];
  readonly boxes: readonly PlacedBox[];
  readonly more: number;
}

export interface PlacedCause {
  readonly cause: DiagnosedCause;
  readonly y: number;
}

export interface Line {
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  readonly kind: 'supports' | 'refutes' | 'explained' | 'fix';
  /** Factor, as it is written on the line. */
  readonly factor: number;
}

export interface PathLayout {
  readonly height: number;
  readonly phases: readonly PlacedPhase[];
  readonly causes: readonly PlacedCause[];
  readonly lines: readonly Line[];
}

export function layOutPath(telling: Telling): PathLayout {
  const phases = placePhases(telling);
  const boxes = new Map(phases.flatMap((phase) => phase.boxes.map((box) => [box.key, box] as const)));
  const bottom = phases.reduce((most, { y, height }) => Math.max(most, y + height), 0);
  const causes = placeCauses(telling, boxes);
  const height = Math.max(bottom, ...causes.map(({ y }) => y + CAUSE_HEIGHT));
  return { height, phases, causes, lines: causes.flatMap((placed) => linesTo(telling, placed, boxes)) };
}

function placePhases(telling: Telling): readonly PlacedPhase[] {
  const found = [...findingBoxes(telling), ...laterBoxes(telling)];
  const numbers = new Map(phasesOf(telling).map((phase) => [phase.id, phase]));
  let y = 0;
  return PHASES.map((id): PlacedPhase => {
    const steps = telling.plan.steps.flatMap(({ step, key }) => {
      const status = step.phase === id ? telling.session.results.get(key)?.status : undefined;
      return status === undefined ? [] : [{ key, status }];
    });
    const all = found.filter((box) => box.phase === id);
    const boxes = all.slice(0, MOST_BOXES);
    const more = all.length - boxes.length;
    const rows = Math.ceil(steps.length / DOTS_A_ROW);
    const tall = Math.max(
      PHASE_HEAD + rows * DOT + (rows > 0 ? 10 : 4),
      boxes.length * (BOX_HEIGHT + GAP) + (more > 0 ? 20 : 0),
      numbers.size > 0 ? 34 : 0,
    );
    const placed = {
      id,
      y,
      height: tall,
      dots: steps.map((step, index) => ({
        ...step,
        x: LEFT.x + 16 + (index % DOTS_A_ROW) * DOT,
        y: y + PHASE_HEAD + 8 + Math.floor(index / DOTS_A_ROW) * DOT,
      })),
      boxes: boxes.map((box, index) => ({ ...box, y: y + index * (BOX_HEIGHT + GAP) })),
      more,
    };
    y += tall + 14;
    return placed;
  });
}

/** Each cause stands beside its evidence, and none over another. */
function placeCauses(telling: Telling, boxes: ReadonlyMap<string, PlacedBox>): readonly PlacedCause[] {
  const named = namedCauses(telling);
  const rival = telling.diagnosis.rival;
  const shown = rival && !named.includes(rival) ? [...named, rival] : named;
  const wanted = shown.map((cause) => {
    const ys = cause.because.flatMap(({ step }) => boxes.get(step)?.y ?? []);
    return { cause, y: ys.length === 0 ? 0 : ys.reduce((sum, each) => sum + each, 0) / ys.length - (CAUSE_HEIGHT - BOX_HEIGHT) / 2 };
  });
  let free = 0;
  return wanted
    .toSorted((one, other) => one.y - other.y)
    .map(({ cause, y }) => {
      const placed = { cause, y: Math.max(free, y) };
      free = placed.y + CAUSE_HEIGHT + 16;
      return placed;
    });
}

function linesTo({ plan, diagnosis }: Telling, { cause, y }: PlacedCause, boxes: ReadonlyMap<string, PlacedBox>): readonly Line[] {
  const to = { x: RIGHT.x, y: y + CAUSE_HEIGHT / 2 };
  const from = (box: PlacedBox) => ({ x: MIDDLE.x + MIDDLE.width, y: box.y + BOX_HEIGHT / 2 });
  const evidence = cause.because.flatMap(({ step, effect, factor, explainedBy }): Line[] => {
    const box = boxes.get(step);
    if (!box || explainedBy !== undefined || (factor === 1 && effect !== 'excludes')) return [];
    return [{ from: from(box), to, kind: effect === 'supports' ? 'supports' : 'refutes', factor: effect === 'excludes' ? 0 : factor }];
  });
  const instance = plan.causes.find(({ key }) => key === cause.key);
  const named = cause !== diagnosis.rival || cause.score >= NAMED;
  const follows = (named && instance?.cause.explains.flatMap((id) => instancesFor(plan, id, instance.target))) || [];
  const explained = follows.flatMap(({ key }): Line[] => {
    const box = boxes.get(key);
    const counted = cause.because.some(({ step, factor }) => step === key && factor !== 1);
    return box && box.tone === 'bad' && !counted ? [{ from: from(box), to, kind: 'explained', factor: 1 }] : [];
  });
  const fixes = cause.fixes.flatMap(({ key }): Line[] => {
    const box = boxes.get(`fix:${key}`);
    return box ? [{ from: to, to: from(box), kind: 'fix', factor: 1 }] : [];
  });
  return [...evidence, ...explained, ...fixes];
}

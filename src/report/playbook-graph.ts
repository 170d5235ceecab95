/** A playbook as boxes and lines: steps by phase, the causes that their results speak for or against, the fixes of the causes. Pure. */
import { STEP_PHASES, type StepPhase } from '../checks/check.ts';
import type { Cause, Evidence, Fix, ForEach, Playbook, Step } from '../playbook/playbook.ts';
import type { Language, Text } from '../ports.ts';

export interface GraphNode {
  /** `step:ID`, `cause:ID`, `fix:ID`; of a cause that stands several times each has its own. */
  readonly key: string;
  readonly kind: 'check' | 'question' | 'instruction' | 'cause' | 'fix';
  readonly title: string;
  /** Id, and what it is made for. */
  readonly below: string;
  readonly phase?: StepPhase;
  readonly mitigates?: boolean;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: Evidence['effect'] | 'condition' | 'branch' | 'fix';
  /** The answer of a branch. */
  readonly label?: string;
}

export interface PlaybookGraph {
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** With `only` the causes of that id, and what leads to them and away from them. */
export function graphOf(playbook: Playbook, language: Language, only?: string): PlaybookGraph {
  const causes = playbook.causes.filter(({ id }) => only === undefined || id === only);
  const edges = [...playbook.steps.flatMap(edgesToStep), ...causes.flatMap((cause) => edgesOfCause(playbook, cause))];
  const say = (text: Text): string => text[language] ?? text.en;
  const nodes = [
    ...inPhases(playbook.steps).map((step) => nodeOfStep(step, say)),
    ...causes.map((cause) => nodeOfCause(cause, say)),
    ...playbook.fixes.map((fix) => nodeOfFix(fix, say)),
  ];
  const title = say(playbook.title);
  return only === undefined ? { title, nodes, edges } : { title, ...around(nodes, edges, causes.map(keyOfCause)) };
}

function inPhases(steps: readonly Step[]): readonly Step[] {
  return STEP_PHASES.flatMap((phase) => steps.filter((step) => step.phase === phase));
}

function around(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  centres: readonly string[],
): Pick<PlaybookGraph, 'nodes' | 'edges'> {
  const near = new Set([
    ...centres,
    ...edges.flatMap(({ from, to }) => (centres.includes(from) || centres.includes(to) ? [from, to] : [])),
  ]);
  return { nodes: nodes.filter(({ key }) => near.has(key)), edges: edges.filter(({ from, to }) => near.has(from) && near.has(to)) };
}

function nodeOfStep(step: Step, say: (text: Text) => string): GraphNode {
  const kind = step.kind === 'check' ? 'check' : step.kind === 'ask' ? 'question' : 'instruction';
  const title = step.title ? say(step.title) : step.kind === 'check' ? step.uses : say(step.kind === 'ask' ? step.ask : step.instruct);
  const uses = step.kind === 'check' ? ` · ${step.uses}` : '';
  return { key: `step:${step.id}`, kind, title, below: `${step.id}${uses}${forText(step.forEach)}`, phase: step.phase };
}

function nodeOfCause(cause: Cause, say: (text: Text) => string): GraphNode {
  return { key: keyOfCause(cause), kind: 'cause', title: say(cause.title), below: `${cause.id}${forText(cause.forEach)}` };
}

function nodeOfFix({ id, title, effect, mitigates }: Fix, say: (text: Text) => string): GraphNode {
  return { key: `fix:${id}`, kind: 'fix', title: say(title), below: `${id} · ${effect}`, mitigates };
}

function forText(forEach: ForEach | undefined): string {
  if (!forEach) return '';
  return ` · ${[forEach.list, forEach.kind, forEach.role].filter((part) => part !== undefined).join('.')}`;
}

function keyOfCause({ id, variant }: Cause): string {
  return variant === 0 ? `cause:${id}` : `cause:${id}/${variant}`;
}

function edgesToStep(step: Step): readonly GraphEdge[] {
  const before = [...new Set([...step.needs, ...(step.if?.steps ?? []), ...(step.if?.answers ?? [])])];
  const conditions = before.map((id): GraphEdge => ({ from: `step:${id}`, to: `step:${step.id}`, kind: 'condition' }));
  if (step.kind !== 'ask') return conditions;
  const branches = Object.entries(step.next).flatMap(([answer, next]): GraphEdge[] =>
    'goto' in next ? [{ from: `step:${step.id}`, to: `step:${next.goto}`, kind: 'branch', label: answer }] : [],
  );
  return [...conditions, ...branches];
}

function edgesOfCause(playbook: Playbook, cause: Cause): readonly GraphEdge[] {
  const to = keyOfCause(cause);
  const speaks = cause.evidence.flatMap(({ when, effect }) =>
    [...when.steps, ...when.answers].map((id): GraphEdge => ({ from: `step:${id}`, to, kind: effect })),
  );
  const fixes = cause.fixes
    .filter((id) => playbook.fixes.some((fix) => fix.id === id))
    .map((id): GraphEdge => ({ from: to, to: `fix:${id}`, kind: 'fix' }));
  return [...new Map([...speaks, ...fixes].map((edge) => [`${edge.from} ${edge.to} ${edge.kind}`, edge])).values()];
}

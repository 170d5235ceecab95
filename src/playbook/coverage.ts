/** Which row is answered by which check, question, cause, fix or command. A sentence that only names a fault answers nothing. */
import type { Feature } from './features.ts';
import { ROW_IDS } from './rows.ts';
import type { RawPlaybook } from './shape.ts';
import { listOf } from './shape-kit.ts';

export interface Answering {
  readonly kind: 'check' | 'step' | 'cause' | 'fix' | Feature['kind'];
  /** A check id, a step id, a cause id, a fix id, or a command. */
  readonly ref: string;
  readonly playbook?: string;
  /** Of a check: the step that runs it. */
  readonly step?: string;
  /** Of a command: what it does for the row. */
  readonly does?: string;
}

export interface Coverage {
  readonly rows: number;
  readonly covered: number;
  readonly missing: readonly string[];
  readonly map: Readonly<Record<string, readonly Answering[]>>;
}

/** What each file says itself: a part is counted where it stands, not in every playbook that uses it. */
export interface CoveringPlaybook {
  readonly id: string;
  readonly raw: RawPlaybook;
}

export function coverRows(playbooks: readonly CoveringPlaybook[], features: readonly Feature[]): Coverage {
  const claims = [...playbooks.flatMap(claimsOf), ...features.map(claimOfFeature)];
  const map = Object.fromEntries(
    ROW_IDS.map((row) => [
      row,
      claims.filter((claim) => claim.rows.includes(row) && answers(claim, row)).map(({ answering }) => answering),
    ]),
  );
  const missing = ROW_IDS.filter((row) => map[row]?.length === 0);
  return { rows: ROW_IDS.length, covered: ROW_IDS.length - missing.length, missing, map };
}

interface Claim {
  readonly rows: readonly string[];
  readonly answering: Answering;
  /** It asks nothing and looks at nothing. */
  readonly toldOnly: boolean;
}

/** A fault is not found by telling somebody of it. */
function answers({ toldOnly }: Claim, row: string): boolean {
  return !(toldOnly && row.startsWith('F'));
}

function claimsOf({ id: playbook, raw }: CoveringPlaybook): readonly Claim[] {
  const claim = (source: string | readonly string[] | undefined, answering: Omit<Answering, 'playbook'>, toldOnly = false): Claim => ({
    rows: listOf(source),
    answering: { ...answering, playbook },
    toldOnly,
  });
  const steps = Object.values(raw.phases ?? {}).flatMap((phase) => phase?.steps ?? []);
  return [
    ...steps.map((step) =>
      'uses' in step
        ? claim(step.source, { kind: 'check', ref: step.uses, step: step.id })
        : claim(step.source, { kind: 'step', ref: step.id }, 'instruct' in step),
    ),
    ...Object.entries(raw.causes ?? {}).flatMap(([id, one]) =>
      [one].flat().map((cause) => claim(cause.source, { kind: 'cause', ref: id })),
    ),
    ...Object.entries(raw.fixes ?? {}).map(([id, fix]) => claim(fix.source, { kind: 'fix', ref: id })),
  ];
}

function claimOfFeature({ row, kind, command, does }: Feature): Claim {
  return { rows: [row], answering: { kind, ref: `oor ${command}`, does }, toldOnly: false };
}

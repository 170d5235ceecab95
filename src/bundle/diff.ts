/** Two sessions, held against each other by what matters: verdict, causes, and what each step said. Pure. */
import type { Diagnosis } from '../engine/diagnose.ts';
import { NAMED } from '../engine/score.ts';
import type { Session, StepResult } from '../engine/session.ts';
import type { Json } from '../ports.ts';

export interface Side {
  readonly session: Session;
  readonly diagnosis: Diagnosis;
}

export interface StepChange {
  readonly step: string;
  /** hidden: it could be told before and cannot now; seen: the other way round. */
  readonly change: 'worse' | 'better' | 'value' | 'hidden' | 'seen';
  readonly before: Said;
  readonly after: Said;
}

export interface Said {
  readonly status: string;
  readonly code: string;
  readonly value?: Json;
  readonly unit?: string;
  readonly threshold?: Json;
}

export interface SessionDifference {
  readonly verdict: { readonly before: string; readonly after: string };
  readonly scope: { readonly before: string; readonly after: string };
  /** Keys of named causes. */
  readonly causes: { readonly appeared: readonly string[]; readonly gone: readonly string[]; readonly stayed: readonly string[] };
  /** Worse first. */
  readonly steps: readonly StepChange[];
}

export function diffSessions(before: Side, after: Side): SessionDifference {
  const [old, fresh] = [namedOf(before), namedOf(after)];
  return {
    verdict: { before: verdictOf(before), after: verdictOf(after) },
    scope: { before: before.diagnosis.scope.state, after: after.diagnosis.scope.state },
    causes: {
      appeared: fresh.filter((key) => !old.includes(key)),
      gone: old.filter((key) => !fresh.includes(key)),
      stayed: fresh.filter((key) => old.includes(key)),
    },
    steps: [...before.session.results.values()]
      .flatMap((result) => compareStep(result, after.session.results.get(result.key)))
      .toSorted((one, other) => ORDER.indexOf(one.change) - ORDER.indexOf(other.change)),
  };
}

const ORDER: readonly StepChange['change'][] = ['worse', 'hidden', 'value', 'better', 'seen'];
const GRADES: readonly string[] = ['ok', 'warn', 'fail'];

function compareStep(old: StepResult, fresh: StepResult | undefined): readonly StepChange[] {
  if (!fresh) return [];
  const change = changeOf(old, fresh);
  return change === undefined ? [] : [{ step: old.key, change, before: saidOf(old), after: saidOf(fresh) }];
}

function changeOf(old: StepResult, fresh: StepResult): StepChange['change'] | undefined {
  const [was, is] = [GRADES.indexOf(old.status), GRADES.indexOf(fresh.status)];
  if (was === -1 && is === -1) return undefined;
  if (was === -1) return is === 0 ? 'seen' : 'worse';
  if (is === -1) return 'hidden';
  if (is !== was) return is > was ? 'worse' : 'better';
  // Of two good values it does not matter how they differ; a bad one that moves is worth a look.
  return is > 0 && moved(saidOf(old), saidOf(fresh)) ? 'value' : undefined;
}

/** Less than this share of a number is noise. */
const NOISE = 0.1;

function moved(old: Said, fresh: Said): boolean {
  if (old.code !== fresh.code) return true;
  if (typeof old.value !== 'number' || typeof fresh.value !== 'number') return old.value !== fresh.value;
  return Math.abs(fresh.value - old.value) > NOISE * Math.max(Math.abs(old.value), Math.abs(fresh.value));
}

function saidOf({ status, judgement, reason }: StepResult): Said {
  const { code = reason ?? '', value, unit, threshold } = judgement ?? {};
  return {
    status,
    code,
    ...(value !== undefined && { value }),
    ...(unit !== undefined && { unit }),
    ...(threshold !== undefined && { threshold }),
  };
}

function namedOf({ diagnosis }: Side): readonly string[] {
  return diagnosis.causes.filter(({ score }) => score >= NAMED).map(({ key }) => key);
}

function verdictOf({ session }: Side): string {
  return session.ended?.verdict ?? 'unknown';
}

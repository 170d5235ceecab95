/** What expressions of a playbook may name, and the shapes that pass between the language's package and the rest. */
import type { v } from '../checks/schema.ts';
import type { Json, TimeLimit } from '../ports.ts';
import type { Expression, ForEach, Input, Scope } from './playbook.ts';

/** The words an expression may start a path with. */
export const ROOTS = ['checks', 'any', 'answers', 'inputs', 'vars', 'target', 'profile', 'saved', 'out'] as const;
export type Root = (typeof ROOTS)[number];

export const STATUS_FIELDS = ['ok', 'warn', 'fail', 'unknown', 'skipped', 'not_applicable'] as const;
export const CHECK_FIELDS = [...STATUS_FIELDS, 'code', 'value', 'out'] as const;
/** Over all instances of a step: which statuses there are, every code, the facts of each. */
export const ANY_FIELDS = [...STATUS_FIELDS, 'codes', 'outs'] as const;

export interface StepName {
  /** The codes its check may answer with; undefined where the check itself is not known. */
  readonly codes: readonly string[] | undefined;
  readonly facts?: v.GenericSchema | undefined;
  readonly forEach?: ForEach | undefined;
}

export interface QuestionName {
  readonly type: 'bool' | 'double' | 'string';
  /** The values of a select. */
  readonly values?: readonly string[] | undefined;
}

/** Every name that expressions of one playbook may use. */
export interface Names {
  readonly steps: ReadonlyMap<string, StepName>;
  readonly questions: ReadonlyMap<string, QuestionName>;
  readonly inputs: ReadonlyMap<string, Input['type']>;
  readonly vars: ReadonlySet<string>;
}

/** Where an expression stands. */
export interface Place {
  readonly roots: readonly Root[];
  /** What `out` is made of. */
  readonly facts?: v.GenericSchema | undefined;
  /** What `target` is made of. */
  readonly target?: v.GenericSchema | undefined;
  /** What `profile` is made of. */
  readonly profile?: v.GenericSchema | undefined;
}

export interface ExpressionProblem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly offset: number;
  readonly length: number;
}

export interface Ast {
  readonly op: string;
  readonly args: unknown;
  readonly pos?: number;
  readonly start: number;
  readonly end: number;
}

/** What an expression may read beyond the scope of the moment: variables of the playbook, filled when they are read. */
export type Vars = ReadonlyMap<string, (scope: Partial<Scope>) => Json>;

export interface CompileOptions extends Place {
  /** `bool`: anything else is refused, at the latest when it is evaluated. */
  readonly result: 'bool' | 'any';
}

export type CompileResult =
  | {
      readonly ok: true;
      readonly expression: Expression;
      readonly single: ReadonlySet<string>;
      readonly warnings: readonly ExpressionProblem[];
    }
  | { readonly ok: false; readonly problems: readonly ExpressionProblem[] };

export type Compile = (text: string, options: CompileOptions) => CompileResult;

export type CreateCompiler = (options: { readonly names: Names; readonly vars: Vars; readonly timeLimit: TimeLimit }) => Compile;

/** Paths of an expression, such as `checks.tls.out.chain[0].subject`. */
import type { v } from '../checks/schema.ts';
import type { Ast } from './expr-scope.ts';

/** Stands for a numeric index in a path. */
export const ELEMENT = '[]';

export interface Key {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A path such as `checks.tls.out.days`: its root, then its literal keys; the rest is what the path hangs on. */
export interface Chain {
  readonly root?: string;
  readonly base: Ast;
  readonly keys: readonly Key[];
}

export function readChain(ast: Ast): Chain | undefined {
  const keys: Key[] = [];
  let node = ast;
  while (node.op === '.' || node.op === '[]') {
    const [left, right] = node.args as [Ast, string | Ast];
    if (typeof right === 'string') keys.unshift({ name: right, start: node.pos ?? node.start, end: node.end });
    else if (right.op === 'value' && typeof right.args === 'string') keys.unshift({ name: right.args, start: right.start, end: right.end });
    else if (right.op === 'value') keys.unshift({ name: ELEMENT, start: right.start, end: right.end });
    else return undefined;
    node = left;
  }
  if (node.op === 'id') return { root: node.args as string, base: node, keys };
  return keys.length > 0 ? { base: node, keys } : undefined;
}

/** Where a path leaves a schema, and what it could have been there; undefined when it fits or the schema is not plain enough to tell. */
export function leavesSchema(
  start: v.GenericSchema | undefined,
  keys: readonly string[],
): { readonly index: number; readonly known: readonly string[] } | undefined {
  let schema = start;
  for (const [index, key] of keys.entries()) {
    const shape = schema && unwrap(schema);
    if (!shape) return undefined;
    if (key === ELEMENT) schema = shape.item;
    else if (shape.entries && !Object.hasOwn(shape.entries, key)) return { index, known: Object.keys(shape.entries) };
    else if (shape.entries) schema = shape.entries[key];
    else schema = shape.type === 'record' ? shape.value : undefined;
  }
  return undefined;
}

interface Shape {
  readonly type: string;
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  readonly wrapped?: v.GenericSchema;
  readonly item?: v.GenericSchema;
  readonly value?: v.GenericSchema;
}

/** Without optional and nullable around it; an object that takes further keys has no entries to hold a path against. */
function unwrap(schema: v.GenericSchema): Shape {
  const shape = schema as unknown as Shape;
  if (shape.wrapped) return unwrap(shape.wrapped);
  const closed = shape.type === 'object' || shape.type === 'strict_object';
  return closed || !shape.entries ? shape : { type: shape.type };
}

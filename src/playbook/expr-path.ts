import type { v } from '../checks/schema.ts';

/** Stands for a numeric index in a path. */
export const ELEMENT = '[]';

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

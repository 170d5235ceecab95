/** What a check saw, as incidents and drills write it: a shape of `_shapes.yaml`, with facts in place of some of its own. */
import type { Check } from '../checks/check.ts';
import { v } from '../checks/schema.ts';
import type { JsonObject } from '../ports.ts';

/** Facts of the checks as they come from real machines, by check and name. */
export type Shapes = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** Throws what `wrong` makes of the reason when these are no facts of the check. Without a name: the healthy shape. */
export function shapeFacts(
  shapes: Shapes,
  check: Check,
  { is = 'healthy', changed }: { readonly is?: string | undefined; readonly changed: JsonObject },
  wrong: (message: string) => Error,
): JsonObject {
  const shape = shapes[check.id]?.[is];
  if (!shape) throw wrong(`${check.id} has no shape ${is}`);
  const parsed = v.safeParse(check.facts, { ...shape, ...changed });
  if (!parsed.success) throw wrong(`${v.getDotPath(parsed.issues[0])}: ${parsed.issues[0].message}`);
  const strangers = Object.keys(changed).filter((each) => !Object.hasOwn(parsed.output as object, each));
  if (strangers.length > 0) throw wrong(`${check.id} has no fact ${strangers.join(', ')}`);
  return parsed.output as JsonObject;
}

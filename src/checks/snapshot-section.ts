/** A section of a snapshot in the making: items that were seen, and those that could not be. */
import { HostError } from '../errors.ts';
import { mapLimited } from './linux.ts';
import { type Infer, v } from './schema.ts';

const scalar = v.union([v.string(), v.number(), v.boolean(), v.null()]);
const item = v.record(v.string(), v.union([scalar, v.array(scalar)]));
const unseen = v.object({ item: v.string(), why: v.string(), unlock: v.string() });
export const section = v.object({
  items: v.record(v.string(), item),
  unseen: v.array(unseen),
  /** What the profile of that day named: what is not among it was not looked for. A folder stands for all below it. */
  asked: v.exactOptional(v.array(v.string())),
});

/** An item is plain values by name. */
export type Item = Infer<typeof item>;
/** `item` `*`: the whole section. */
export type Unseen = Infer<typeof unseen>;
export type Section = Infer<typeof section>;

const AT_ONCE = 8;

/** Reads every key by itself: one that cannot be read hides none of the others. `undefined`: there is no such thing. */
export async function eachItem<T>(
  things: readonly T[],
  nameOf: (thing: T) => string,
  read: (thing: T) => Promise<Item | undefined>,
): Promise<Section> {
  const unseen: Unseen[] = [];
  const found = await mapLimited(things, AT_ONCE, async (thing) => {
    try {
      const item = await read(thing);
      return item && ([nameOf(thing), item] as const);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      unseen.push({ item: nameOf(thing), why: error.message, unlock: error.unlock ?? 'see the reason' });
      return undefined;
    }
  });
  return { items: sortItems(found.filter((entry) => entry !== undefined)), unseen, asked: things.map(nameOf).sort() };
}

export function seen(entries: readonly (readonly [name: string, item: Item])[]): Section {
  return { items: sortItems(entries), unseen: [] };
}

export function join(...sections: readonly Section[]): Section {
  return {
    items: sortItems(sections.flatMap(({ items }) => Object.entries(items))),
    unseen: sections.flatMap(({ unseen }) => unseen),
    asked: sections.flatMap(({ asked = [] }) => asked),
  };
}

function sortItems(entries: readonly (readonly [string, Item])[]): Readonly<Record<string, Item>> {
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)));
}

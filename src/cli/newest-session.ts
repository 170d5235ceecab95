/** Which session is meant where none is named. */
import { fold } from '../engine/fold.ts';
import { readEvents } from '../engine/read-events.ts';
import { OorError } from '../errors.ts';
import type { Store } from '../ports.ts';

/** The newest one that did not end, of those that can be read. */
export async function newestOpen(
  store: Store,
  passOver: (id: string, error: OorError) => Promise<void> = async () => {},
): Promise<string | undefined> {
  for (const { id } of await store.list()) {
    try {
      const { entries } = await store.read(id);
      if (entries.length > 0 && !fold(readEvents(entries, id)).ended) return id;
    } catch (error) {
      if (!(error instanceof OorError)) throw error;
      await passOver(id, error);
    }
  }
  return undefined;
}

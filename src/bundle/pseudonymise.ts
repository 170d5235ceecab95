/** A session as it leaves under pseudonyms: every text of it cleaned of names, its chain closed anew. What stays here is untouched. Pure. */
import { type Event, fromEntry } from '../engine/events.ts';
import { isObject } from '../engine/targets.ts';
import type { Archives, Evidence, JournalEntry, Json, JsonObject } from '../ports.ts';
import type { Redactor } from '../redact/index.ts';

export interface Named {
  readonly entries: readonly JournalEntry[];
  readonly evidence: Pick<Evidence, 'read'>;
  readonly archives: Pick<Archives, 'sha256' | 'writeJournal'>;
  readonly redactor: Pick<Redactor, 'text' | 'json'>;
  /** Ids of steps, causes and fixes: `disk@till4` is one of them at a target. */
  readonly ids: ReadonlySet<string>;
  /** Playbooks that come with the program name nobody's machines, and must stay what they are to be read again. */
  readonly isShipped: (text: string) => boolean;
}

export interface Unnamed {
  readonly events: readonly Event[];
  readonly journal: Uint8Array;
  readonly head: string;
  readonly evidence: Pick<Evidence, 'read'>;
}

export async function pseudonymise(named: Named): Promise<Unnamed> {
  const { entries, archives, redactor, evidence } = named;
  const texts = new Map<string, string>();
  for (const digest of entries.flatMap(({ data }) => digestsIn(data))) {
    const text = await evidence.read(digest);
    if (text !== undefined) texts.set(digest, redactor.text(text).text);
  }
  const renamed = new Map([...texts].map(([digest, text]) => [digest, base64url(archives.sha256(new TextEncoder().encode(text)))]));
  const written = entries.map((entry) => ({ ...entry, data: cleanData(named, renamed, entry.data) }));
  const { bytes, head } = archives.writeJournal(written);
  const byNewName = new Map([...texts].map(([digest, text]) => [renamed.get(digest) ?? '', text]));
  return { events: written.map(fromEntry), journal: bytes, head, evidence: { read: async (digest) => byNewName.get(digest) } };
}

function digestsIn(data: JsonObject): readonly string[] {
  const { artifacts } = data;
  return (Array.isArray(artifacts) ? artifacts : []).flatMap((artifact: Json) =>
    isObject(artifact) && typeof artifact['digest'] === 'string' ? [artifact['digest']] : [],
  );
}

function cleanData({ redactor, ids, isShipped }: Named, renamed: ReadonlyMap<string, string>, data: JsonObject): JsonObject {
  const kept = new Map<string, Json>();
  // What must not be taken for a name stands aside while the rest is cleaned.
  const aside = setAside(data as Json, (text) => {
    const at = text.indexOf('@');
    const [id, target] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
    const known = renamed.get(text);
    const plain = known ?? (isShipped(text) ? text : ids.has(id) ? (at === -1 ? id : `${id}@${redactor.text(target).text}`) : undefined);
    if (plain === undefined) return text;
    const mark = `\u0001${kept.size}\u0001`;
    kept.set(mark, plain);
    return mark;
  });
  return setAside(redactor.json(aside).value, (text) => String(kept.get(text) ?? text)) as JsonObject;
}

function setAside(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each: Json) => setAside(each, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, setAside(inner, change)]));
}

function base64url(hex: string): string {
  const binary = (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

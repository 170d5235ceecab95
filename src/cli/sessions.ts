import { parseDuration } from '../checks/duration.ts';
import { fold } from '../engine/fold.ts';
import { readEvents } from '../engine/read-events.ts';
import { OorError } from '../errors.ts';
import type { Store, StoredJournal } from '../ports.ts';
import { jsonLine } from '../report/json-text.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

/** Sessions older than this are deleted by `oor sessions delete` without an id. */
const KEPT_MS = 90 * 86_400_000;

const STATES = {
  en: { ended: 'ended', open: 'open', damaged: 'damaged' },
  'zh-CN': { ended: '已结束', open: '未结束', damaged: '已损坏' },
} as const;

interface Row {
  readonly id: string;
  readonly playbook: string;
  readonly state: 'ended' | 'open' | 'damaged';
  readonly started_at: string;
  readonly verdict: string;
}

export async function sessionsCommand(
  services: Services,
  [action = 'list', id]: readonly string[],
  options: GlobalOptions & { readonly olderThan?: string },
): Promise<number> {
  const store = await services.store(options.stateDir);
  if (action === 'delete') return await deleteSessions(services, store, id, options);
  if (action === 'show') {
    if (id === undefined) throw usage('sessions show needs a session', 'see: oor sessions');
    return await (await import('./report.ts')).reportCommand(services, [id], options);
  }
  if (action !== 'list') throw usage(`sessions ${action}: no such action`, 'one of: list, show ID, delete ID');
  const rows: Row[] = [];
  const { cleanEntries } = await import('./clean-entries.ts');
  for (const summary of await store.list()) rows.push(await describe(store, summary.id, cleanEntries));
  const words = STATES[policyOf(options, services).language];
  if (rows.length === 0) await tell(services, options, 'no session is kept here');
  await services.out(
    options.json
      ? jsonLine(rows, 2)
      : rows
          .map(
            ({ id: row, state, verdict, playbook, started_at }) =>
              `${row}  ${words[state].padEnd(7)}  ${verdict.padEnd(8)}  ${playbook}  ${started_at}\n`,
          )
          .join(''),
  );
  return 0;
}

async function describe(store: Store, id: string, clean: (entries: StoredJournal['entries']) => StoredJournal['entries']): Promise<Row> {
  try {
    const { entries } = await store.read(id);
    const session = fold(readEvents(clean(entries.slice(0, 1)).concat(entries.slice(1))));
    return {
      id,
      playbook: session.started.playbook.id,
      state: session.ended ? 'ended' : 'open',
      started_at: new Date(session.startedAt).toISOString(),
      verdict: session.ended?.verdict ?? '-',
    };
  } catch {
    return { id, playbook: '-', state: 'damaged', started_at: '-', verdict: '-' };
  }
}

async function deleteSessions(
  services: Services,
  store: Store,
  id: string | undefined,
  options: GlobalOptions & { readonly olderThan?: string },
): Promise<number> {
  if (id !== undefined) {
    await store.remove(id);
    return 0;
  }
  const age = options.olderThan === undefined ? KEPT_MS : parseDuration(options.olderThan);
  if (age === undefined)
    throw new OorError({
      code: 'usage',
      message: `--older-than ${options.olderThan}: expected a duration`,
      hint: 'for example 90d',
      exitCode: 2,
    });
  const before = services.clock.now().wallMs - age;
  const old = (await store.list()).filter(({ modifiedAt }) => modifiedAt < before);
  for (const session of old) await store.remove(session.id);
  await tell(services, options, `${old.length} sessions deleted`);
  return 0;
}

/** `oor note TEXT [SESSION]`: into the journal of a session, also while another terminal runs it. */
import { parseDuration } from '../checks/duration.ts';
import { fold } from '../engine/fold.ts';
import { readEvents } from '../engine/read-events.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { JsonObject, Store } from '../ports.ts';
import { jsonLine } from '../report/json-text.ts';
import { leaveRecord } from './left-here.ts';
import { newestOpen } from './newest-session.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

const SESSION_ID = /^\d{8}-\d{6}-[0-9a-f]+$/;
const MAX_CHARACTERS = 8_000;
const MAX_BYTES_EACH = 4;

/** `--classified`, `--notified`: instants that the clocks of regulators run from. */
type NoteOptions = GlobalOptions & { readonly classified?: string; readonly notified?: string };

export async function noteCommand(services: Services, words: readonly string[], options: NoteOptions): Promise<number> {
  const { text, wanted } = await readWords(services, words);
  const { wallMs } = services.clock.now();
  const instants = {
    ...(options.classified !== undefined && { classified_at: readInstant('--classified', options.classified, wallMs) }),
    ...(options.notified !== undefined && { notified_at: readInstant('--notified', options.notified, wallMs) }),
  };
  const store = await services.store(options.stateDir);
  const session = wanted ?? (await sessionOfNow(store));
  const { entries } = await store.read(session);
  const { started } = fold(readEvents(entries.slice(0, 1), session));
  const redact = await services.redactor(started.profile.data);
  const { value, count } = redact({ text, by: services.user().user });
  const note = { id: services.random.hex(6), at: wallMs, type: 'note.added', data: { ...(value as JsonObject), ...instants } };
  const recorded = await leaveRecord({ services, store, session, redact }, note);
  await tell(services, options, { session, recorded, removed: count });
  return ExitCode.healthy;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;

/** `now`, how long ago (`20m`), or an instant with its zone; never one that is still to come. */
function readInstant(flag: string, said: string, nowMs: number): number {
  const ago = said === 'now' ? 0 : parseDuration(said);
  const at = ago === undefined ? (INSTANT.test(said) ? Date.parse(said) : Number.NaN) : nowMs - ago;
  if (!Number.isFinite(at) || at > nowMs)
    throw usage(`${flag} ${said}: expected a past instant`, `now, how long ago (20m), or with its zone: ${flag} 2026-01-31T03:10+08:00`);
  return at;
}

async function readWords(
  services: Services,
  words: readonly string[],
): Promise<{ readonly text: string; readonly wanted: string | undefined }> {
  const last = words.at(-1) ?? '';
  const wanted = words.length > 1 && SESSION_ID.test(last) ? last : undefined;
  const typed = (wanted === undefined ? words : words.slice(0, -1)).join(' ');
  const text = (typed === '-' ? await readInput(services) : typed).trim();
  if (text === '') throw usage('a note needs some text', 'for example: oor note "the bank says it is back" or: oor note - < file');
  if (text.length > MAX_CHARACTERS)
    throw usage(`a note has at most ${MAX_CHARACTERS} characters`, 'put long texts into a file, and name it in the note');
  return { text, wanted };
}

async function readInput(services: Services): Promise<string> {
  return new TextDecoder().decode(await services.readBytes('-', MAX_CHARACTERS * MAX_BYTES_EACH));
}

/** The newest session that goes on; else the newest one. */
async function sessionOfNow(store: Store): Promise<string> {
  const session = (await newestOpen(store)) ?? (await store.list())[0]?.id;
  if (session !== undefined) return session;
  throw new OorError({
    code: 'no-session',
    message: 'there is no session to note it in',
    hint: 'begin one with: oor run',
    exitCode: ExitCode.usage,
  });
}

async function tell(
  services: Services,
  options: GlobalOptions,
  { session, recorded, removed }: { readonly session: string; readonly recorded: boolean; readonly removed: number },
): Promise<void> {
  if (options.json) return await services.out(jsonLine({ schema_version: 1, session, recorded, removed }));
  const zh = policyOf(options, services).language === 'zh-CN';
  const done = zh ? `已记入 ${session}` : `noted in ${session}`;
  const waits = zh
    ? `已留给 ${session}，持有它的进程继续后会记入`
    : `left for ${session}: it is noted when the process that holds it goes on`;
  const masked = removed === 0 ? '' : zh ? `（已抹去 ${removed} 处卡数据或密钥）` : ` (${removed} pieces of card data or secrets removed)`;
  await services.out(`${recorded ? done : waits}${masked}\n`);
}

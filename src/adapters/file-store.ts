import { constants } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ExitCode, OorError } from '../errors.ts';
import type { Evidence, Inbox, Journal, SessionSummary, Store, StoredJournal } from '../ports.ts';
import { keepEvidence, readEvidence } from './file-evidence.ts';
import { createInbox } from './file-inbox.ts';
import { createJournal, errorCode } from './file-journal.ts';
import { GENESIS_HASH, type VerifiedJournal, verifyJournal } from './file-journal-line.ts';
import { acquireLock, isLocked, type LockInfo, systemLockInfo } from './file-lock.ts';
import { checkDirectory, makeSafeDirectory, stateError, syncDirectory } from './file-state-dir.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY } = constants;
const SESSION_ID = /^[a-z0-9-]{6,64}$/;
const JOURNAL = 'journal.jsonl';
const LOCK = 'lock';
const INBOX = 'inbox';
const LOCK_TRIES = 6;
const LOCK_PAUSE_MS = 50;

export interface FileStoreOptions {
  readonly stateDir: string;
  readonly lockInfo?: LockInfo;
}

/** Sessions as `<stateDir>/sessions/<id>/journal.jsonl`. */
export function createFileStore({ stateDir, lockInfo = systemLockInfo() }: FileStoreOptions): Store {
  const root = resolve(stateDir);
  const place: Place = { root, sessions: join(root, 'sessions'), lockInfo };
  return {
    create: (sessionId) => inOperatorsWords(root, () => createSession(place, sessionId)),
    open: (sessionId) => inOperatorsWords(root, () => openSession(place, sessionId)),
    read: (sessionId) => inOperatorsWords(root, () => readSession(place, sessionId)),
    isHeld: (sessionId) => inOperatorsWords(root, async () => await isLocked(join(await findSession(place, sessionId), LOCK), lockInfo)),
    tryLock: (sessionId, what) => inOperatorsWords(root, () => tryLock(place, sessionId, what)),
    inbox: (sessionId) => inOperatorsWords(root, () => openInbox(place, sessionId)),
    list: () => inOperatorsWords(root, () => listSessions(place)),
    remove: (sessionId) => inOperatorsWords(root, () => removeSession(place, sessionId)),
    evidence: (sessionId) => inOperatorsWords(root, () => openEvidence(place, sessionId)),
  };
}

interface Place {
  readonly root: string;
  readonly sessions: string;
  readonly lockInfo: LockInfo;
}

async function createSession({ root, sessions, lockInfo }: Place, sessionId: string): Promise<Journal> {
  const dir = join(sessions, requireSessionId(sessionId));
  const path = join(dir, JOURNAL);
  await makeSafeDirectory(root);
  await makeSafeDirectory(sessions);
  await makeSessionDirectory(dir, sessionId);
  const release = await lockSession(dir, sessionId, lockInfo);
  const handle = await orRelease(release, () => createFile(path));
  await syncDirectory(dir);
  await syncDirectory(sessions);
  return createJournal({ sessionId, path, handle, head: { seq: 0, hash: GENESIS_HASH }, sizeBytes: 0, release });
}

async function openSession(place: Place, sessionId: string): Promise<{ journal: Journal; stored: StoredJournal }> {
  const dir = await findSession(place, sessionId);
  const path = join(dir, JOURNAL);
  const release = await lockPatiently(dir, sessionId, place.lockInfo);
  const { handle, verified } = await orRelease(release, () => openVerified(path, sessionId));
  const { head, goodBytes: sizeBytes } = verified;
  return { journal: createJournal({ sessionId, path, handle, head, sizeBytes, release }), stored: asStored(sessionId, verified) };
}

async function readSession(place: Place, sessionId: string): Promise<StoredJournal> {
  const path = join(await findSession(place, sessionId), JOURNAL);
  const handle = await openJournal(path, O_RDONLY, sessionId);
  try {
    return asStored(sessionId, verifyJournal(await handle.readFile(), path));
  } finally {
    await handle.close();
  }
}

async function listSessions({ root, sessions }: Place): Promise<readonly SessionSummary[]> {
  if (!(await checkDirectory(root)) || !(await checkDirectory(sessions))) return [];
  const names = (await readdir(sessions)).filter((name) => SESSION_ID.test(name));
  const found = await Promise.all(names.map((name) => summarise(name, join(sessions, name, JOURNAL))));
  return found.filter((summary) => summary !== undefined).sort((a, b) => b.modifiedAt - a.modifiedAt || (a.id < b.id ? 1 : -1));
}

async function openEvidence(place: Place, sessionId: string): Promise<Evidence> {
  const dir = await findSession(place, sessionId);
  const path = join(dir, JOURNAL);
  const known = new Set<string>();
  return {
    keep: (text) => keepEvidence(dir, text, known),
    read: (digest) => readEvidence(dir, digest),
    async journal() {
      const handle = await openJournal(path, O_RDONLY, sessionId);
      try {
        const bytes = await handle.readFile();
        return bytes.subarray(0, verifyJournal(bytes, path).goodBytes);
      } finally {
        await handle.close();
      }
    },
  };
}

async function tryLock(place: Place, sessionId: string, what: string): Promise<(() => Promise<void>) | undefined> {
  const path = join(await findSession(place, sessionId), `${what}.lock`);
  try {
    return await acquireLock(path, place.lockInfo, `Session ${sessionId}`);
  } catch (error) {
    if (error instanceof OorError && error.exitCode === ExitCode.usage) return undefined;
    throw error;
  }
}

async function openInbox(place: Place, sessionId: string): Promise<Inbox> {
  const { leave, waiting, discard } = createInbox(join(await findSession(place, sessionId), INBOX));
  return {
    leave: (record) => inOperatorsWords(place.root, () => leave(record)),
    waiting: () => inOperatorsWords(place.root, waiting),
    discard: (id) => inOperatorsWords(place.root, () => discard(id)),
  };
}

/** Renamed first, so that a crash half-way leaves no half session under a valid id. */
async function removeSession(place: Place, sessionId: string): Promise<void> {
  const dir = await findSession(place, sessionId);
  const doomed = join(place.sessions, `.removed-${sessionId}`);
  const release = await lockSession(dir, sessionId, place.lockInfo);
  await orRelease(release, async () => {
    await rm(doomed, { recursive: true, force: true });
    await rename(dir, doomed);
  });
  await rm(doomed, { recursive: true });
  await syncDirectory(place.sessions);
}

async function findSession({ root, sessions }: Place, sessionId: string): Promise<string> {
  const dir = join(sessions, requireSessionId(sessionId));
  if ((await checkDirectory(root)) && (await checkDirectory(sessions)) && (await checkDirectory(dir))) return dir;
  throw notFound(sessionId);
}

function lockSession(dir: string, sessionId: string, lockInfo: LockInfo): Promise<() => Promise<void>> {
  return acquireLock(join(dir, LOCK), lockInfo, `Session ${sessionId}`);
}

/** A note takes the lock for some milliseconds: whoever resumes at that moment need not know. */
async function lockPatiently(dir: string, sessionId: string, lockInfo: LockInfo): Promise<() => Promise<void>> {
  for (let tries = 0; tries < LOCK_TRIES && (await isLocked(join(dir, LOCK), lockInfo)); tries++) await wait(LOCK_PAUSE_MS);
  return await lockSession(dir, sessionId, lockInfo);
}

async function inOperatorsWords<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw stateError(error, root);
  }
}

/** Also keeps ids from being paths. */
function requireSessionId(sessionId: string): string {
  if (SESSION_ID.test(sessionId)) return sessionId;
  throw new OorError({
    code: 'invalid-session-id',
    message: `${JSON.stringify(sessionId)} is not a session id: 6 to 64 of a-z, 0-9 and "-".`,
    hint: 'List the sessions with: oor sessions',
    exitCode: ExitCode.usage,
  });
}

function notFound(sessionId: string): OorError {
  return new OorError({
    code: 'session-not-found',
    message: `There is no session ${sessionId}.`,
    hint: 'List the sessions with: oor sessions',
    exitCode: ExitCode.usage,
  });
}

async function makeSessionDirectory(dir: string, sessionId: string): Promise<void> {
  try {
    await mkdir(dir, { mode: 0o700 });
    await chmod(dir, 0o700);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    throw new OorError({
      code: 'session-exists',
      message: `There already is a session ${sessionId}.`,
      hint: `Continue it with: oor resume ${sessionId}`,
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

async function createFile(path: string): Promise<FileHandle> {
  const handle = await open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_RDWR, 0o600);
  try {
    await handle.chmod(0o600);
    await handle.sync();
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function orRelease<T>(release: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await release();
    throw error;
  }
}

async function openJournal(path: string, flags: number, sessionId: string): Promise<FileHandle> {
  try {
    return await open(path, flags | O_NOFOLLOW);
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? notFound(sessionId) : error;
  }
}

async function openVerified(path: string, sessionId: string): Promise<{ handle: FileHandle; verified: VerifiedJournal }> {
  const handle = await openJournal(path, O_RDWR | O_APPEND, sessionId);
  try {
    const bytes = await handle.readFile();
    const verified = verifyJournal(bytes, path);
    if (verified.tornBytes > 0) {
      await setAside(`${path}.broken`, bytes.subarray(verified.goodBytes));
      await handle.truncate(verified.goodBytes);
      await handle.datasync();
    }
    return { handle, verified };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Durable before the journal is cut: a crash between the two loses nothing. */
async function setAside(path: string, torn: Buffer): Promise<void> {
  const handle = await open(path, O_CREAT | O_APPEND | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(Buffer.concat([torn, Buffer.from('\n')]));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** undefined: a crash came between making the directory and making the journal. */
async function summarise(id: string, path: string): Promise<SessionSummary | undefined> {
  try {
    const { size, mtimeMs } = await lstat(path);
    return { id, sizeBytes: size, modifiedAt: Math.round(mtimeMs) };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return undefined;
    throw error;
  }
}

function asStored(sessionId: string, { entries, tornBytes, head }: VerifiedJournal): StoredJournal {
  return { sessionId, entries, tornBytes, headHash: head.hash };
}

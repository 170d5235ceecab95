import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyJournal } from '../../src/adapters/file-journal-line.ts';
import { type LockInfo, systemLockInfo } from '../../src/adapters/file-lock.ts';
import { stateDirectory } from '../../src/adapters/file-state-dir.ts';
import { createFileStore } from '../../src/adapters/file-store.ts';
import { OorError } from '../../src/errors.ts';
import type { JournalRecord } from '../../src/ports.ts';

const ID = 'session-0001';
let base: string;
let stateDir: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'oor-store-'));
  stateDir = join(base, 'state');
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

function journalPath(id = ID): string {
  return join(stateDir, 'sessions', id, 'journal.jsonl');
}

function record(n: number, data: JournalRecord['data'] = { n }): JournalRecord {
  return { ts: `2026-01-02T03:04:05.${String(n % 1000).padStart(3, '0')}Z`, mono_ms: n + 0.5, actor: 'engine', type: 'step', data };
}

async function write(count: number, id = ID): Promise<Buffer> {
  const journal = await createFileStore({ stateDir }).create(id);
  for (let n = 1; n <= count; n++) await journal.append(record(n));
  await journal.close();
  return readFileSync(journalPath(id));
}

async function failure(work: Promise<unknown>): Promise<OorError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OorError);
  return error as OorError;
}

describe('format', () => {
  it('writes one hash-chained JSON line a record', async () => {
    const bytes = await write(3);
    const lines = bytes.toString().trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    let previous = '0'.repeat(64);
    for (const [index, line] of lines.entries()) {
      const parsed = JSON.parse(line);
      expect(Object.keys(parsed)).toEqual(['seq', 'ts', 'mono_ms', 'actor', 'type', 'data', 'prev_hash', 'sum']);
      expect(parsed).toMatchObject({ seq: index + 1, prev_hash: previous, ...record(index + 1) });
      previous = createHash('sha256').update(line).digest('hex');
    }
    const stored = await createFileStore({ stateDir }).read(ID);
    expect(stored.headHash).toBe(previous);
    expect(stored.tornBytes).toBe(0);
    expect(stored.entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(stored.entries[2]).not.toHaveProperty('sum');
  });

  it('keeps any text and key, lone surrogates and __proto__ included', async () => {
    const data = JSON.parse('{"__proto__":{"a":1},"s":"\\ud800 \\u2028\\n\\u0000 \u00e9 \u4e2d","":[null,1e-7,[]]}');
    const journal = await createFileStore({ stateDir }).create(ID);
    await journal.append(record(1, data));
    await journal.close();
    expect(JSON.stringify((await createFileStore({ stateDir }).read(ID)).entries[0]?.data)).toBe(JSON.stringify(data));
  });

  it('continues the chain after open, and opens an empty journal', async () => {
    await (await createFileStore({ stateDir }).create(ID)).close();
    const first = await createFileStore({ stateDir }).open(ID);
    expect(first.stored).toEqual({ sessionId: ID, entries: [], tornBytes: 0, headHash: '0'.repeat(64) });
    await first.journal.append(record(1));
    await first.journal.close();
    const second = await createFileStore({ stateDir }).open(ID);
    await second.journal.append(record(2));
    await second.journal.close();
    expect((await createFileStore({ stateDir }).read(ID)).entries.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('puts concurrent appends in the order of the calls', async () => {
    const journal = await createFileStore({ stateDir }).create(ID);
    await Promise.all(Array.from({ length: 200 }, (_, n) => journal.append(record(n))));
    await journal.close();
    const { entries } = await createFileStore({ stateDir }).read(ID);
    expect(entries.map(({ data }) => data['n'])).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  it('finishes appends under way before it closes, and takes none after', async () => {
    const journal = await createFileStore({ stateDir }).create(ID);
    const append = journal.append(record(1));
    await journal.close();
    await append;
    await expect(journal.append(record(2))).rejects.toThrow('after close');
    await journal.close();
    expect((await createFileStore({ stateDir }).read(ID)).entries).toHaveLength(1);
  });

  it('refuses a record that could not be read back, and goes on', async () => {
    const journal = await createFileStore({ stateDir }).create(ID);
    await expect(journal.append({ ...record(1), mono_ms: Number.NaN })).rejects.toThrow(TypeError);
    await journal.append(record(2));
    await journal.close();
    expect((await createFileStore({ stateDir }).read(ID)).entries).toHaveLength(1);
  });
});

describe('damage', () => {
  it('sets a torn tail aside at every byte offset, and appends after it', async () => {
    const bytes = await write(3);
    const store = createFileStore({ stateDir });
    for (let size = 0; size <= bytes.length; size++) {
      const kept = bytes.subarray(0, size);
      const whole = kept.lastIndexOf('\n') + 1;
      writeFileSync(journalPath(), kept);
      rmSync(`${journalPath()}.broken`, { force: true });

      const read = await store.read(ID);
      expect(read.tornBytes).toBe(size - whole);
      expect(statSync(journalPath()).size).toBe(size);

      const { journal, stored } = await store.open(ID);
      expect(stored).toEqual(read);
      expect(stored.entries).toHaveLength(kept.subarray(0, whole).toString().split('\n').length - 1);
      expect(existsSync(`${journalPath()}.broken`)).toBe(size > whole);
      if (size > whole) expect(readFileSync(`${journalPath()}.broken`)).toEqual(Buffer.concat([kept.subarray(whole), Buffer.from('\n')]));
      await journal.append(record(9));
      await journal.close();
      expect((await store.read(ID)).entries).toHaveLength(stored.entries.length + 1);
    }
  });

  it('finds every single flipped bit of every record, and names the record', async () => {
    const bytes = await write(5);
    let line = 1;
    for (let offset = 0; offset < bytes.length - 1; offset++) {
      for (let bit = 0; bit < 8; bit++) {
        bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
        expect(() => verifyJournal(bytes, 'j')).toThrow(`j: record ${line} `);
        bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
      }
      if (bytes[offset] === 0x0a) line++;
    }
    // Without its last newline the last record is a torn one.
    expect(verifyJournal(bytes.subarray(0, -1), 'j').entries).toHaveLength(4);
  });

  it('refuses a flipped bit in each record with exit 9 and changes nothing', async () => {
    const bytes = await write(5);
    const store = createFileStore({ stateDir });
    for (let offset = 20, line = 1; line <= 5; offset = bytes.indexOf('\n', offset) + 20, line++) {
      const flipped = Buffer.from(bytes);
      flipped[offset] = (flipped[offset] ?? 0) ^ 1;
      writeFileSync(journalPath(), flipped);
      const error = await failure(store.open(ID));
      expect(error).toMatchObject({ code: 'journal-damaged', exitCode: 9 });
      expect(error.message).toContain(`record ${line} `);
      expect(await failure(store.read(ID))).toMatchObject({ message: error.message });
      expect(readFileSync(journalPath())).toEqual(flipped);
    }
    expect(readdirSync(join(stateDir, 'sessions', ID))).toEqual(['journal.jsonl']);
  });

  it.each([
    ['a record is missing', (lines: string[]) => lines.filter((_, index) => index !== 2), 3],
    ['two records are swapped', ([a = '', b = '', c = '', ...rest]: string[]) => [a, c, b, ...rest], 2],
    ['a record is repeated', ([a = '', ...rest]: string[]) => [a, a, ...rest], 2],
    ['the first record is missing', (lines: string[]) => lines.slice(1), 1],
    ['an empty line stands between', ([a = '', ...rest]: string[]) => [a, '', ...rest], 2],
    ['a line is another JSON value', ([a = '', ...rest]: string[]) => [a, 'null', ...rest], 2],
  ])('refuses when %s', async (_, edit, bad) => {
    const lines = (await write(5)).toString().trimEnd().split('\n');
    writeFileSync(journalPath(), `${edit(lines).join('\n')}\n`);
    const error = await failure(createFileStore({ stateDir }).open(ID));
    expect(error).toMatchObject({ code: 'journal-damaged', exitCode: 9 });
    expect(error.message).toContain(`record ${bad} `);
  });

  it('drops a last record with sectors that were never written, newline or not', async () => {
    const journal = await createFileStore({ stateDir }).create(ID);
    await journal.append(record(1));
    await journal.append(record(2, { text: 'y'.repeat(4000) }));
    await journal.close();
    const bytes = readFileSync(journalPath());
    bytes.fill(0, 1024, 2048);
    writeFileSync(journalPath(), bytes);
    expect((await createFileStore({ stateDir }).read(ID)).entries).toHaveLength(1);
    writeFileSync(journalPath(), Buffer.concat([bytes.subarray(0, bytes.indexOf('\n') + 1), Buffer.alloc(700)]));
    const { journal: reopened, stored } = await createFileStore({ stateDir }).open(ID);
    expect(stored.tornBytes).toBe(700);
    await reopened.close();
  });
});

describe('lock', () => {
  it('refuses a second opener and names the first', async () => {
    const journal = await createFileStore({ stateDir }).create(ID);
    const other = createFileStore({ stateDir });
    for (const work of [() => other.open(ID), () => other.remove(ID)]) {
      const error = await failure(work());
      expect(error).toMatchObject({ code: 'session-locked', exitCode: 2 });
      expect(error.message).toContain(`process ${process.pid} `);
    }
    expect((await other.read(ID)).entries).toEqual([]);
    await journal.close();
    await (await other.open(ID)).journal.close();
  });

  it('lets exactly one of many concurrent openers in, also over a stale lock', async () => {
    await write(1);
    const lock = join(stateDir, 'sessions', ID, 'lock');
    for (let round = 0; round < 10; round++) {
      if (round % 2 === 1) writeFileSync(lock, ownerText({ start: '1' }));
      const opened = await Promise.allSettled(Array.from({ length: 8 }, () => createFileStore({ stateDir }).open(ID)));
      const winners = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value.journal] : []));
      expect(winners).toHaveLength(1);
      await winners[0]?.close();
    }
    expect(readdirSync(join(stateDir, 'sessions', ID))).toEqual(['journal.jsonl']);
  });

  it.each([
    ['a process whose pid was given to another', { start: '1' }],
    ['an earlier boot', { boot: 'another-boot' }],
    ['a process that is gone', { pid: 2 ** 22 + 1 }],
  ])('replaces a lock left by %s', async (_, changes) => {
    await write(1);
    writeFileSync(join(stateDir, 'sessions', ID, 'lock'), ownerText(changes));
    const { journal } = await createFileStore({ stateDir }).open(ID);
    await journal.append(record(2));
    await journal.close();
  });

  it('replaces a lock that a power loss left empty', async () => {
    await write(1);
    writeFileSync(join(stateDir, 'sessions', ID, 'lock'), '');
    await (await createFileStore({ stateDir }).open(ID)).journal.close();
  });

  it.each([
    ['another machine', { host: 'elsewhere', boot: 'another-boot' }],
    ['another container', { pidNamespace: 'pid:[1]' }],
  ])('does not guess about an owner on %s', async (_, changes) => {
    await write(1);
    const lock = join(stateDir, 'sessions', ID, 'lock');
    writeFileSync(lock, ownerText(changes));
    const error = await failure(createFileStore({ stateDir }).open(ID));
    expect(error).toMatchObject({ code: 'session-locked', exitCode: 2 });
    expect(error.hint).toContain(lock);
  });

  it('asks the given lock info', async () => {
    await (await createFileStore({ stateDir }).create(ID)).close();
    const self = systemLockInfo().self();
    const blind: LockInfo = { self: () => self, state: () => 'gone' };
    const first = await createFileStore({ stateDir, lockInfo: blind }).open(ID);
    const second = await createFileStore({ stateDir, lockInfo: blind }).open(ID);
    await first.journal.close();
    expect((await failure(createFileStore({ stateDir }).open(ID))).code).toBe('session-locked');
    await second.journal.close();
  });

  it('does not replace a lock that changed hands while it was being judged', async () => {
    await write(1);
    const lock = join(stateDir, 'sessions', ID, 'lock');
    writeFileSync(lock, ownerText({ start: '1' }));
    const self = systemLockInfo().self();
    const overtaken: LockInfo = {
      self: () => self,
      state(owner) {
        if (owner.start !== '1') return 'running';
        writeFileSync(lock, ownerText({}));
        return 'gone';
      },
    };
    expect((await failure(createFileStore({ stateDir, lockInfo: overtaken }).open(ID))).code).toBe('session-locked');
    expect(readFileSync(lock, 'utf8')).toBe(ownerText({}));
  });

  function ownerText(changes: object): string {
    return `${JSON.stringify({ ...systemLockInfo().self(), since: '2026-01-01T00:00:00.000Z', token: 'x', ...changes })}\n`;
  }
});

describe('directories', () => {
  it('are 0700 and files 0600 under any umask', async () => {
    for (const [umask, id] of [
      [0o000, 'umask-000'],
      [0o277, 'umask-277'],
    ] as const) {
      const before = process.umask(umask);
      try {
        stateDir = join(base, id, 'deep', 'state');
        const journal = await createFileStore({ stateDir }).create(id);
        expect(statSync(join(stateDir, 'sessions', id, 'lock')).mode & 0o077).toBe(0);
        await journal.append(record(1));
        await journal.close();
        writeFileSync(journalPath(id), 'torn', { flag: 'a' });
        await (await createFileStore({ stateDir }).open(id)).journal.close();
      } finally {
        process.umask(before);
      }
      for (const dir of [join(base, id), join(base, id, 'deep'), stateDir, join(stateDir, 'sessions'), join(stateDir, 'sessions', id)])
        expect(statSync(dir).mode & 0o7777).toBe(0o700);
      for (const file of [journalPath(id), `${journalPath(id)}.broken`]) expect(statSync(file).mode & 0o7777).toBe(0o600);
    }
  });

  it.each([
    ['a symbolic link', () => symlinkSync(base, stateDir), 'symbolic link'],
    ['a file', () => writeFileSync(stateDir, ''), 'not a directory'],
    ['writable by everybody', () => makeDirectory({ mode: 0o777 }), 'everybody'],
    ['of another user', () => makeDirectory({ uid: 4242 }), 'another user'],
    ['of a group of others, and writable to it', () => makeDirectory({ gid: 4242, mode: 0o770 }), 'group'],
  ])('are refused when the state directory is %s', async (name, prepare, reason) => {
    if (name.includes('of ') && process.getuid?.() !== 0) {
      process.stderr.write(`skipped (only root can make a directory ${name})\n`);
      return;
    }
    prepare();
    const before = readdirSync(base);
    const store = createFileStore({ stateDir: `${stateDir}/` });
    for (const work of [() => store.create(ID), () => store.open(ID), () => store.read(ID), () => store.list(), () => store.remove(ID)]) {
      const error = await failure(work());
      expect(error).toMatchObject({ code: 'unsafe-state-dir', exitCode: 2 });
      expect(error.message).toContain(reason);
      expect(error.hint).toContain('--state-dir');
    }
    expect(readdirSync(base)).toEqual(before);
  });

  it('are refused when a session or its journal is a symbolic link', async () => {
    await write(1);
    symlinkSync(join(stateDir, 'sessions', ID), join(stateDir, 'sessions', 'linked-dir'));
    expect((await failure(createFileStore({ stateDir }).read('linked-dir'))).code).toBe('unsafe-state-dir');
    mkdirSync(join(stateDir, 'sessions', 'linked-file'), { mode: 0o700 });
    symlinkSync(journalPath(), journalPath('linked-file'));
    expect((await failure(createFileStore({ stateDir }).open('linked-file'))).code).toBe('state-dir-unusable');
  });

  it('that cannot be made give a usage error with a way out', async () => {
    writeFileSync(join(base, 'file'), '');
    const error = await failure(createFileStore({ stateDir: join(base, 'file', 'state') }).create(ID));
    expect(error).toMatchObject({ code: 'state-dir-unusable', exitCode: 2 });
    expect(error.hint).toContain('--state-dir');
  });

  it.each(['', 'short', '../escape', 'UPPER-CASE', 'a/b/c/d/e', '.hidden', 'x'.repeat(65), 'new\nline', '..', 'session_1'])(
    'of id %j are never touched',
    async (id) => {
      const store = createFileStore({ stateDir });
      for (const work of [() => store.create(id), () => store.open(id), () => store.read(id), () => store.remove(id)]) {
        expect(await failure(work())).toMatchObject({ code: 'invalid-session-id', exitCode: 2 });
      }
      expect(existsSync(stateDir)).toBe(false);
    },
  );
});

function makeDirectory({ mode = 0o700, uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0 }): void {
  mkdirSync(stateDir);
  chownSync(stateDir, uid, gid);
  chmodSync(stateDir, mode);
}

describe('list and remove', () => {
  it('list nothing where nothing is, and make nothing', async () => {
    expect(await createFileStore({ stateDir }).list()).toEqual([]);
    expect(existsSync(stateDir)).toBe(false);
  });

  it('list the newest first and leave strangers alone', async () => {
    for (const [id, seconds] of [
      ['session-b', 2000],
      ['session-a', 3000],
      ['session-c', 1000],
    ] as const) {
      await write(1, id);
      utimesSync(journalPath(id), seconds, seconds);
    }
    writeFileSync(join(stateDir, 'sessions', 'README'), '');
    mkdirSync(join(stateDir, 'sessions', 'no-journal'));
    const list = await createFileStore({ stateDir }).list();
    expect(list.map(({ id, modifiedAt }) => [id, modifiedAt])).toEqual([
      ['session-a', 3_000_000],
      ['session-b', 2_000_000],
      ['session-c', 1_000_000],
    ]);
    expect(list[0]?.sizeBytes).toBe(statSync(journalPath('session-a')).size);
  });

  it('remove one session whole', async () => {
    await write(1);
    await write(1, 'session-0002');
    const store = createFileStore({ stateDir });
    await store.remove(ID);
    expect(readdirSync(join(stateDir, 'sessions'))).toEqual(['session-0002']);
    for (const work of [() => store.remove(ID), () => store.read(ID), () => store.open(ID)])
      expect(await failure(work())).toMatchObject({ code: 'session-not-found', exitCode: 2 });
  });

  it('refuse to create a session twice', async () => {
    const before = await write(2);
    expect(await failure(createFileStore({ stateDir }).create(ID))).toMatchObject({ code: 'session-exists', exitCode: 2 });
    expect(readFileSync(journalPath())).toEqual(before);
  });
});

describe('crash', () => {
  let child: string;
  let childDir: string;

  beforeAll(() => {
    childDir = mkdtempSync(join(tmpdir(), 'oor-store-child-'));
    child = join(childDir, 'child.mjs');
    buildSync({
      entryPoints: [new URL('file-store-child.ts', import.meta.url).pathname],
      outfile: child,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
  });

  afterAll(() => rmSync(childDir, { recursive: true, force: true }));

  it('kill -9 at 24 random moments loses no acknowledged record', async () => {
    let expected = 0;
    for (let round = 0; round < 24; round++) {
      const acknowledged = await killedAfter(Math.random() * 120, round === 0 ? 'create' : 'open');
      const { journal, stored } = await createFileStore({ stateDir }).open(ID);
      expect(stored.entries.length).toBeGreaterThanOrEqual(expected + acknowledged);
      expect(acknowledged).toBeGreaterThan(0);
      expected = stored.entries.length;
      await journal.close();
    }
  });

  it('a lock of a running process holds, and of a killed one does not', async () => {
    const running = spawn(process.execPath, [child, stateDir, ID], { stdio: ['ignore', 'pipe', 'inherit'] });
    await firstOutput(running);
    const error = await failure(createFileStore({ stateDir }).open(ID));
    expect(error.message).toContain(`process ${running.pid} `);
    const live = await createFileStore({ stateDir }).read(ID);
    expect(live.entries.length).toBeGreaterThan(0);
    running.kill('SIGKILL');
    await new Promise((resolve) => running.once('close', resolve));
    await (await createFileStore({ stateDir }).open(ID)).journal.close();
  });

  /** Resolves with the last number that the child said was durable. */
  async function killedAfter(ms: number, mode: string): Promise<number> {
    const process_ = spawn(process.execPath, [child, stateDir, ID, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    process_.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const closed = new Promise((resolve) => process_.once('close', resolve));
    await firstOutput(process_);
    await new Promise((resolve) => setTimeout(resolve, ms));
    process_.kill('SIGKILL');
    await closed;
    return Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1));
  }

  function firstOutput(started: ChildProcess): Promise<unknown> {
    return new Promise((resolve, reject) => {
      started.stdout?.once('data', resolve);
      started.once('error', reject);
      started.once('exit', (code) => reject(new Error(`child ended with ${code}`)));
    });
  }
});

describe('full disk', () => {
  it('keeps whole records, says what to do, and goes on when there is room again', async (context) => {
    const mount = join(base, 'small');
    mkdirSync(mount);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', mount], { stdio: 'pipe' });
    } catch (error) {
      return context.skip(`cannot mount a tmpfs: ${String(error)}`);
    }
    try {
      stateDir = join(mount, 'state');
      const journal = await createFileStore({ stateDir }).create(ID);
      let written = 0;
      let error: unknown;
      while (error === undefined && written < 1000) {
        await journal.append(record(written, { text: 'z'.repeat(800) })).then(
          () => written++,
          (thrown: unknown) => (error = thrown),
        );
      }
      expect(error).toMatchObject({ code: 'state-dir-full', exitCode: 7 });
      expect((error as OorError).hint).toContain('--state-dir');
      expect(written).toBeGreaterThan(10);
      expect(await createFileStore({ stateDir }).read(ID)).toMatchObject({ tornBytes: 0 });
      expect(await failure(createFileStore({ stateDir }).create('session-0002'))).toMatchObject({ code: 'state-dir-full' });

      execFileSync('mount', ['-o', 'remount,size=256k', mount]);
      await journal.append(record(written, { text: 'z'.repeat(800) }));
      await journal.close();
      expect((await createFileStore({ stateDir }).read(ID)).entries).toHaveLength(written + 1);
    } finally {
      execFileSync('umount', ['-l', mount]);
    }
  });

  it('sets nothing aside when the torn tail cannot be kept', async () => {
    await write(2);
    writeFileSync(journalPath(), 'torn', { flag: 'a' });
    mkdirSync(`${journalPath()}.broken`);
    const before = readFileSync(journalPath());
    await expect(createFileStore({ stateDir }).open(ID)).rejects.toThrow();
    expect(readFileSync(journalPath())).toEqual(before);
    truncateSync(journalPath(), before.length - 4);
    await (await createFileStore({ stateDir }).open(ID)).journal.close();
  });
});

describe('stateDirectory', () => {
  it.each([
    [{ OOR_STATE_DIR: '/srv/oor', XDG_STATE_HOME: '/x' }, '/srv/oor'],
    [{ OOR_STATE_DIR: '', XDG_STATE_HOME: '/x' }, '/x/oor'],
    [{ XDG_STATE_HOME: 'relative' }, '/home/op/.local/state/oor'],
    [{ XDG_STATE_HOME: '' }, '/home/op/.local/state/oor'],
    [{}, '/home/op/.local/state/oor'],
  ])('%j gives %s', (env, expected) => {
    expect(stateDirectory({ env, home: '/home/op' })).toBe(expected);
  });
});

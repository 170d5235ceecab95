/** Bundles into which somebody wrote a card number by hand: with hashes that no longer fit, and with all of them made to fit again. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeJournal } from '../../src/adapters/file-journal-line.ts';
import type { Composition } from '../../src/bundle/compose.ts';
import type { ArchiveEntry, JournalEntry, JournalRecord } from '../../src/ports.ts';
import * as made from '../bundle/made-bundle.ts';
import { archives, artifact, journalOf, record, signer, text, utf8 } from '../bundle/made-bundle.ts';
import { type Desk, openDesk } from './oor.ts';

const PAN = '4539578763621486';
const CODE = 'cvv=731';
const TYPED = `paid with ${PAN} ${CODE}`;

const records = made.judgeable;
const compose = (change: Partial<Composition> = {}, of: readonly JournalRecord[] = records) => made.compose(change, of);

let desk: Desk;
beforeAll(() => {
  desk = openDesk();
});
afterAll(() => desk.leave());

const put = (name: string, bytes: Uint8Array): void => writeFileSync(join(desk.folder, name), bytes);

/** A good bundle with one of its entries changed, hashes and signature as they were. */
async function changed(entry: string, change: (was: string) => string): Promise<Uint8Array> {
  const entries = await compose();
  return await archives.pack(entries.map(({ name, bytes }) => ({ name, bytes: name === entry ? utf8(change(text(bytes))) : bytes })));
}

/** Digests and signature made anew, by whoever changed it. */
async function resealed(entries: readonly ArchiveEntry[]): Promise<Uint8Array> {
  const manifest = entries.reduce(
    (told, { name, bytes }) => {
      const line = new RegExp(`(\\{"name":"${name.replace(/[.+]/g, '\\$&')}","bytes":)\\d+(,"sha256":")[0-9a-f]{64}`);
      return told.replace(line, `$1${bytes.length}$2${archives.sha256(bytes)}`);
    },
    text(entries.find(({ name }) => name === 'manifest.json')?.bytes),
  );
  return await archives.pack(
    entries.map(({ name, bytes }) => {
      if (name === 'manifest.json') return { name, bytes: utf8(manifest) };
      return { name, bytes: name === 'manifest.json.sig' ? utf8(signer.sign(utf8(manifest))) : bytes };
    }),
  );
}

const withNote = [...records.slice(0, -1), record('note.added', { text: TYPED }), ...records.slice(-1)];

/** What each holds by hand, and what `verify` says of it where its key is known. */
const MADE: Readonly<Record<string, { readonly make: () => Promise<Uint8Array>; readonly verified: number }>> = {
  'a record, its hash not': { make: () => changed('journal.jsonl', (was) => was.replace('fault-found', TYPED)), verified: 9 },
  'a type of a record, its hash not': {
    make: () => changed('journal.jsonl', (was) => was.replace('evidence.collected', PAN)),
    verified: 9,
  },
  'a capture, its hash not': { make: () => changed('artifacts/uptime/01-uptime-p.txt', () => TYPED), verified: 9 },
  'the manifest, the signature not': {
    make: () => changed('manifest.json', (was) => was.replace('"uptime","-p"', `"uptime","${TYPED}"`).replace('"acme"', `"${PAN}"`)),
    verified: 9,
  },
  'a name of an entry': {
    make: async () => await archives.pack([...(await compose()), { name: `artifacts/web/${PAN}.txt`, bytes: utf8('x') }]),
    verified: 9,
  },
  'a record, and every hash made to fit': { make: async () => await archives.pack(await compose({}, withNote)), verified: 0 },
  'the page, and every hash made to fit': {
    make: async () => await archives.pack(await compose({ report: () => `<!doctype html>\n<p>${TYPED}</p>\n` })),
    verified: 0,
  },
  'a command of a capture, and every hash made to fit': {
    make: async () => {
      const captured = artifact({ argv: ['show', TYPED] }, 'up 3 days\n');
      return await archives.pack(
        await compose({}, [...records.slice(0, 4), record('evidence.collected', { artifacts: [captured] }), ...records.slice(5)]),
      );
    },
    verified: 0,
  },
  'the playbook, and every hash made to fit': {
    make: async () =>
      await resealed(
        (await compose()).map(({ name, bytes }) => ({ name, bytes: name.startsWith('playbook/test') ? utf8(`# ${TYPED}\n`) : bytes })),
      ),
    verified: 0,
  },
};

describe.each(Object.entries(MADE))('%s', (_, { make, verified }) => {
  beforeAll(async () => {
    put('typed.tar.gz', await make());
    put('good.tar.gz', await archives.pack(await compose({}, made.ofOtherSession(records))));
    put('signers', utf8(`auditor ${signer.publicKey}\n`));
  });

  const trusted = ['--allowed-signers', 'signers'];

  it('is verified for what it is', async () => {
    expect((await desk.run(['bundle', 'verify', 'typed.tar.gz', ...trusted])).status).toBe(verified);
  });

  it('shows nothing of it in any command', async () => {
    for (const args of [
      ['verify', 'typed.tar.gz'],
      ['verify', 'typed.tar.gz', '--json'],
      ['inspect', 'typed.tar.gz'],
      ['inspect', 'typed.tar.gz', '--json'],
      ['inspect', 'typed.tar.gz', '--lang', 'zh-CN'],
      ['analyze', 'typed.tar.gz'],
      ['analyze', 'typed.tar.gz', '--json'],
      ['diff', 'good.tar.gz', 'typed.tar.gz', '--json'],
      ['diff', 'typed.tar.gz', 'good.tar.gz'],
      ...['report.html', 'journal.jsonl', 'manifest.json', 'playbook/test.yaml'].map((name) => ['extract', 'typed.tar.gz', name]),
    ]) {
      const { status, stdout, stderr } = await desk.run(['bundle', ...args, ...trusted]);
      expect([0, 1, 2, 7, 8, 9], `${args.join(' ')}: ${stderr}`).toContain(status);
      expect({ args, pan: `${stdout}${stderr}`.includes(PAN), code: `${stdout}${stderr}`.includes(CODE) }).toEqual({
        args,
        pan: false,
        code: false,
      });
    }
    for (const format of ['text', 'json', 'jsonl', 'md', 'html', 'junit', 'csv']) {
      const { stdout, stderr } = await desk.run(['report', './typed.tar.gz', '--format', format]);
      expect({ format, pan: `${stdout}${stderr}`.includes(PAN) }).toEqual({ format, pan: false });
    }
  });

  it('is written nowhere: altered is 9, card data is 8', async () => {
    const out = await desk.run(['bundle', 'extract', 'typed.tar.gz', '--out', 'never', ...trusted]);
    expect(out.status, out.stderr).toBe(verified === 9 ? 9 : 8);
    const merged = await desk.run(['bundle', 'merge', 'good.tar.gz', 'typed.tar.gz', '--out', 'never.tar.gz', ...trusted]);
    expect([8, 9, 1]).toContain(merged.status);
    if (merged.status === 1) {
      const all = await archives.unpack(readFileSync(join(desk.folder, 'never.tar.gz')));
      expect(all.entries.some(({ bytes }) => text(bytes).includes(PAN))).toBe(false);
    } else expect(existsSync(join(desk.folder, 'never.tar.gz'))).toBe(false);
    rmSync(join(desk.folder, 'never.tar.gz'), { force: true });
    expect(readdirSync(desk.folder).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});

describe('what nobody typed into', () => {
  it('comes out as it was', async () => {
    put('good.tar.gz', await archives.pack(await compose()));
    expect((await desk.run(['bundle', 'extract', 'good.tar.gz', '--out', 'out'])).status).toBe(0);
    expect(readFileSync(join(desk.folder, 'out/journal.jsonl')).equals(Buffer.from(journalOf(records).bytes))).toBe(true);
    const { stdout } = await desk.run(['bundle', 'inspect', 'good.tar.gz', '--json']);
    const { manifest } = JSON.parse(stdout) as { manifest: unknown };
    const told = text((await compose()).find(({ name }) => name === 'manifest.json')?.bytes);
    expect(manifest).toEqual(JSON.parse(told));
  });

  it('a session whose journal somebody typed a number into, its chain made to fit, is not packed: 8', async () => {
    const steps = [{ id: 'who', ask: { en: 'Who calls?' }, type: 'text', required: true }];
    writeFileSync(
      join(desk.folder, 'asking.yaml'),
      JSON.stringify({ oor: 1, id: 'asking', title: 'Asking', phases: { confirm: { steps } } }),
    );
    await desk.run(['run', './asking.yaml', '--no-input', '--answer', 'who=quicksilver']);
    const path = desk.kept().find((name) => name.endsWith('journal.jsonl')) ?? '';
    const lines = readFileSync(path, 'utf8').replaceAll('quicksilver', TYPED).trimEnd().split('\n');
    writeFileSync(path, writeJournal(lines.map((line) => JSON.parse(line) as JournalEntry)).bytes);
    for (const more of [[], ['--pseudonyms']]) {
      const { status, stdout, stderr } = await desk.run([
        'bundle',
        'create',
        basename(dirname(path)),
        '--out',
        'typed-session.tar.gz',
        ...more,
      ]);
      expect({ more, shown: `${stdout}${stderr}`.includes(PAN) }).toEqual({ more, shown: false });
      if (status === 0) {
        const { entries } = await archives.unpack(readFileSync(join(desk.folder, 'typed-session.tar.gz')));
        expect(entries.some(({ bytes }) => text(bytes).includes(PAN))).toBe(false);
      } else expect([status, existsSync(join(desk.folder, 'typed-session.tar.gz'))], stderr).toEqual([8, false]);
    }
  });
});

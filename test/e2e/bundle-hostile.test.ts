/** A bundle that somebody made to harm who opens it: nothing of it reaches the terminal as more than text, the disk, or the memory. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Composition } from '../../src/bundle/compose.ts';
import type { JournalRecord, JsonObject } from '../../src/ports.ts';
import { archives, artifact, compose, records, text, utf8 } from '../bundle/made-bundle.ts';
import { type Desk, openDesk } from './oor.ts';
import { startPty } from './pty.ts';

/** Window title, clear screen, move up, carriage return, C1 introducer, device control, hyperlink, reordering, invisible, tags. */
const ATTACK =
  '\u001b]0;pwned\u0007\u001b[2J\u001b[1A\r\u009b31m\u001bP1$r0m\u001b\\\u001b]8;;http://evil.test\u0007x\u202Eevil\u2066\u200B\u{E0041}\u0085\u2028<img src=x onerror=alert(1)>=cmd|calc';
/** What a terminal would obey, or nobody would see. Newlines and what our own pty adds are not the bundle's. */
const UNSAFE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]|\u{E0041}/u;

let desk: Desk;
const file = (name: string): string => join(desk.folder, name);

/** As YAML writes it, so that the playbook can be read. */
const quoted = `"${[...ATTACK].map((character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`).join('')}"`;
const playbook = `oor: 1
id: evil
title: { en: ${quoted} }
phases:
  hardware:
    steps: [ { id: disk, uses: disk.space, title: { en: ${quoted} } } ]
causes:
  disk.full:
    title: { en: ${quoted} }
    class: software
    prior: common
    evidence: [ { when: checks.disk.fail, supports: decisive } ]
    advice: { en: ${quoted} }
`;

/** Every text of the journal that a reader is shown, poisoned. */
function poison(record: JournalRecord): JournalRecord {
  const data = record.data as { readonly [key: string]: never };
  switch (record.type) {
    case 'session.started': {
      const own = { playbook: { id: 'evil', file: `/tmp/${ATTACK}`, sha256: ATTACK, text: playbook, included: [] } };
      const profile = { file: ATTACK, sha256: ATTACK, data: { site: ATTACK } };
      return { ...record, data: { ...record.data, ...own, profile, session: ATTACK, local_host: ATTACK, symptom: ATTACK } };
    }
    case 'step.finished': {
      const facts = { observedAt: 1, mounts: [{ mountPoint: ATTACK, usedPercent: ATTACK }] };
      const judgement = {
        status: 'fail',
        code: ATTACK,
        value: ATTACK,
        unit: ATTACK,
        threshold: ATTACK,
        data: { message: ATTACK },
        unlock: ATTACK,
      };
      const artifacts = [
        artifact({ argv: [ATTACK, ATTACK] }, 'up 3 days\n'),
        artifact({ file: ATTACK }, '', { collected: 'failed', why: ATTACK, unlock: ATTACK }),
      ];
      return {
        ...record,
        data: { ...data, key: data['key'] === 'uptime' ? 'disk' : ATTACK, facts, judgement, artifacts } as unknown as JsonObject,
      };
    }
    default:
      return record;
  }
}

const note: JournalRecord = { ts: new Date(0).toISOString(), mono_ms: 1, actor: 'operator', type: 'note.added', data: { text: ATTACK } };

async function poisoned(change: Partial<Composition> = {}): Promise<Uint8Array> {
  const all = [...records.map(poison).slice(0, -1), note, ...records.slice(-1)];
  return await archives.pack(await compose({ tool: { name: ATTACK, version: ATTACK, sha256: ATTACK }, ...change }, all));
}

beforeAll(async () => {
  desk = openDesk();
  writeFileSync(file('evil.tar.gz'), await poisoned());
  writeFileSync(file('other.tar.gz'), await archives.pack(await compose()));
});
afterAll(() => desk.leave());

describe('texts of a bundle', () => {
  const commands = [
    ['verify', 'evil.tar.gz'],
    ['inspect', 'evil.tar.gz'],
    ['inspect', 'evil.tar.gz', '--lang', 'zh-CN'],
    ['analyze', 'evil.tar.gz'],
    ['diff', 'evil.tar.gz', 'evil.tar.gz'],
    ['merge', 'evil.tar.gz', 'evil.tar.gz', '--out', 'merged.tar.gz'],
    ['extract', 'evil.tar.gz', ATTACK],
  ] as const;

  it.each(commands.map((each) => [each] as const))('%j: no byte of it commands the terminal', async (args) => {
    const { stdout, stderr, status } = await desk.run(['bundle', ...args]);
    expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(UNSAFE);
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
    expect([0, 1, 2, 7, 11]).toContain(status);
    expect(status).not.toBe(70);
  });

  it('is shown as text where it is shown', async () => {
    expect((await desk.run(['bundle', 'inspect', 'evil.tar.gz'])).stdout).toContain('\\x1b]0;pwned\\x07');
  });

  it('an entry that is written to a terminal is escaped, and to a file it is what it is', async () => {
    const report = '\u001b]0;pwned\u0007hello\n';
    writeFileSync(file('report.tar.gz'), await poisoned({ report: () => report }));
    expect((await desk.run(['bundle', 'extract', 'report.tar.gz', 'report.html'])).stdout).toBe(report);
    const pty = startPty({ argv: desk.argv(['bundle', 'extract', 'report.tar.gz', 'report.html']), cwd: desk.folder, env: desk.env });
    try {
      await pty.exit();
      expect(pty.raw()).toContain('\\x1b]0;pwned\\x07hello');
      expect(pty.raw()).not.toContain('\u001b]0;');
    } finally {
      pty.kill();
    }
  });
});

describe('entries of a bundle', () => {
  it('go nowhere but into the new folder', async () => {
    expect((await desk.run(['bundle', 'extract', 'evil.tar.gz', '--out', 'out'])).status).toBe(0);
    const made = readdirSync(file('out'), { recursive: true, withFileTypes: true });
    expect(made.every((entry) => entry.isFile() || entry.isDirectory())).toBe(true);
    expect(
      made.filter((entry) => entry.isFile()).every((entry) => (statSync(join(entry.parentPath, entry.name)).mode & 0o777) === 0o600),
    ).toBe(true);
    expect(readdirSync(desk.folder).sort()).not.toContain('evil.txt');
  });

  it.each([
    ['a bomb', () => gzipSync(Buffer.alloc(60 * 1024 * 1024))],
    ['ten thousand parts', () => Buffer.concat(Array.from({ length: 10_000 }, () => gzipSync('')))],
    ['no gzip', () => utf8('hello')],
    ['an empty file', () => utf8('')],
  ])('%s is refused by every command, and nothing is left', async (what, make) => {
    writeFileSync(file('bad.tar.gz'), make());
    for (const action of ['verify', 'inspect', 'analyze', 'extract']) {
      const extra = action === 'extract' ? ['--out', 'never'] : [];
      const { status, stderr } = await desk.run(['bundle', action, 'bad.tar.gz', ...extra]);
      expect([9, 65], `${what}: ${action}: ${stderr}`).toContain(status);
    }
    expect(existsSync(file('never'))).toBe(false);
  });

  it('that were altered are believed by no command', async () => {
    const entries = (await compose()).map((entry) =>
      entry.name === 'journal.jsonl' ? { ...entry, bytes: utf8(text(entry.bytes).replace('fault', 'fawlt')) } : entry,
    );
    writeFileSync(file('altered.tar.gz'), await archives.pack(entries));
    for (const args of [
      ['analyze', 'altered.tar.gz'],
      ['diff', 'altered.tar.gz', 'other.tar.gz'],
      ['merge', 'altered.tar.gz', 'other.tar.gz', '--out', 'm.tar.gz'],
      ['extract', 'altered.tar.gz', '--out', 'never'],
    ])
      expect((await desk.run(['bundle', ...args])).status, args[0]).toBe(9);
    expect([existsSync(file('m.tar.gz')), existsSync(file('never'))]).toEqual([false, false]);
  });
});

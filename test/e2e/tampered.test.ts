/** Journals that somebody changed by hand: with a chain that holds, and without. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeJournal } from '../../src/adapters/file-journal-line.ts';
import type { JournalEntry } from '../../src/ports.ts';
import { type Desk, openDesk, parseRun } from './oor.ts';

const PAN = '4539578763621486';
const WORD = 'quicksilver';

describe('a journal that was changed by hand', () => {
  let desk: Desk;

  beforeAll(() => {
    desk = openDesk();
    const steps = [
      { id: 'who', ask: { en: 'Who calls?' }, type: 'text', required: true },
      { id: 'more', ask: { en: 'And what?' }, type: 'text', required: true },
    ];
    const playbook = { oor: 1, id: 'asking', title: `Asking ${WORD}`, phases: { confirm: { steps } } };
    writeFileSync(join(desk.folder, 'asking.yaml'), JSON.stringify(playbook));
  });
  afterAll(() => desk.leave());

  async function session(answers: readonly string[]): Promise<{ readonly id: string; readonly path: string }> {
    const before = new Set(desk.kept());
    await desk.run(['run', './asking.yaml', '--no-input', ...answers.flatMap((answer) => ['--answer', answer])]);
    const path = desk.kept().find((name) => !before.has(name) && name.endsWith('journal.jsonl')) ?? '';
    return { id: basename(dirname(path)), path };
  }

  it('prints no card number, though its chain holds', async () => {
    const { id, path } = await session([`who=${WORD}`, 'more=nothing']);
    rewrite(path, (text) => text.replaceAll(WORD, PAN));
    for (const format of ['text', 'json', 'jsonl', 'md', 'html', 'junit', 'csv']) {
      const told = await desk.run(['report', id, '--format', format]);
      expect([format, told.status, told.stdout.includes(PAN), told.stderr.includes(PAN)]).toEqual([format, 0, false, false]);
      expect(told.stdout).not.toBe('');
    }
    const html = await desk.run(['report', id, '--format', 'html']);
    expect(html.stdout).toContain('453957******1486');
    const listed = await desk.run(['sessions', '--json']);
    expect(listed.stdout).not.toContain(PAN);
  });

  it('does not stand in the way of the next one that is open', async () => {
    const open = await session([]);
    rewrite(open.path, (text) => text.slice(0, text.lastIndexOf('{"seq"')));
    const { id, path } = await session([]);
    writeFileSync(path, readFileSync(path, 'utf8').replace(WORD, 'mercury'));
    const resumed = await desk.run(['resume', '--no-input', '--json']);
    expect(resumed.stderr).toContain(`session ${id} is passed over: `);
    expect(parseRun(resumed).session).toBe(open.id);
  });
});

/** With sums and hashes that fit. */
function rewrite(path: string, change: (text: string) => string): void {
  const lines = change(readFileSync(path, 'utf8')).trimEnd().split('\n');
  writeFileSync(path, writeJournal(lines.map((line) => JSON.parse(line) as JournalEntry)).bytes);
}

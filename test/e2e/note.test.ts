/** Notes from another terminal: into the chain of a running session, of a paused one and of one that is over. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyJournal } from '../../src/adapters/file-journal-line.ts';
import { type Desk, openDesk, type Running } from './oor.ts';

/** Its two steps sample one after the other for a second or two each. */
const PLAYBOOK = `oor: 1
id: slow-look
title: { en: A slow look, zh-CN: 慢速查看 }
phases:
  software:
    steps:
      - { id: processor, title: { en: The processor, zh-CN: 处理器 }, uses: cpu.util }
      - { id: again, uses: cpu.util, needs: processor }
`;
const CARD = '4111 1111 1111 1111';
let desk: Desk;
let file: string;
beforeAll(() => {
  desk = openDesk();
  file = join(desk.folder, 'slow.yaml');
  writeFileSync(file, PLAYBOOK);
});
afterAll(() => desk.leave());

async function startRun(): Promise<{ readonly running: Running; readonly id: string }> {
  const before = new Set(sessions());
  const running = desk.start(['run', file, '--no-input', '--jsonl']);
  for (;;) {
    const id = sessions().find((name) => !before.has(name) && journalOf(name).includes('"step.started"'));
    if (id !== undefined) return { running, id };
    await sleep(10);
  }
}

function sessions(): string[] {
  return desk.kept().flatMap((name) => /sessions\/([^/]+)\/journal\.jsonl$/.exec(name)?.[1] ?? []);
}

function journalOf(id: string): string {
  return readFileSync(join(desk.stateDir, 'sessions', id, 'journal.jsonl'), 'utf8');
}

/** Of a chain that holds. */
function notesOf(id: string): readonly string[] {
  const path = join(desk.stateDir, 'sessions', id, 'journal.jsonl');
  const { entries, tornBytes } = verifyJournal(readFileSync(path), path);
  expect(tornBytes).toBe(0);
  return entries.filter(({ type }) => type === 'note.added').map(({ data }) => String(data['text']));
}

function left(id: string): readonly string[] {
  return readdirSync(join(desk.stateDir, 'sessions', id, 'inbox'));
}

test('while a run holds the journal, the run takes it in: followed, reported, and without the card number', async () => {
  const { running, id } = await startRun();
  const followed = desk.start(['follow', id]);
  const noted = await desk.run(['note', `the bank calls back about ${CARD}`, '--json']);
  expect(noted.status).toBe(0);
  expect(JSON.parse(noted.stdout)).toEqual({ schema_version: 1, session: id, recorded: true, removed: 1 });
  const ran = await running.ended;
  expect(ran.stdout).toContain('"note.added"');
  expect(notesOf(id)).toEqual([expect.stringContaining('the bank calls back about 4')]);
  expect(left(id)).toEqual([]);
  const told = await Promise.all([followed.ended, desk.run(['report', id]), desk.run(['report', id, '--format', 'md'])]);
  for (const { stdout } of told) expect(stdout).toContain('the bank calls back');
  const everything = desk.kept().map((name) => readFileSync(name, 'latin1'));
  for (const text of [...everything, ran.stdout, noted.stdout]) expect(text.replaceAll(' ', '')).not.toContain(CARD.replaceAll(' ', ''));
});

test('twenty at once: each once, in one chain', async () => {
  const { running, id } = await startRun();
  const texts = Array.from({ length: 20 }, (_, n) => `note number ${n}`);
  const noted = await Promise.all(texts.map((text) => desk.run(['note', text, id])));
  expect(noted.map(({ status }) => status)).toEqual(texts.map(() => 0));
  await running.ended;
  expect(notesOf(id).toSorted()).toEqual(texts.toSorted());
});

test('one that is left for a stopped run is taken in when it goes on, and one for a killed run by the next note', async () => {
  const { running, id } = await startRun();
  running.child.kill('SIGSTOP');
  const noted = await desk.run(['note', 'it stands still', id]);
  expect(noted).toMatchObject({ status: 0, stdout: expect.stringContaining('left for') });
  expect(left(id)).toHaveLength(1);
  running.child.kill('SIGCONT');
  while (notesOf(id).length === 0) await sleep(20);
  running.child.kill('SIGSTOP');
  await desk.run(['note', 'and again', id]);
  running.child.kill('SIGKILL');
  await running.ended;
  expect(await desk.run(['note', 'it is dead', id])).toMatchObject({ status: 0, stdout: `noted in ${id}\n` });
  expect(notesOf(id)).toEqual(['it stands still', 'and again', 'it is dead']);
  const resumed = await desk.run(['resume', id, '--no-input', '--json']);
  expect(JSON.parse(resumed.stdout).notes.map(({ text }: { text: string }) => text)).toEqual(notesOf(id));
  expect(await desk.run(['note', 'afterwards', id, '--lang', 'zh-CN'])).toMatchObject({ stdout: `已记入 ${id}\n` });
  expect(notesOf(id)).toHaveLength(4);
  expect((await desk.run(['follow', id])).status).toBe(0);
});

test('words without quotes, a pipe, nothing, and no such session', async () => {
  const { running, id } = await startRun();
  await desk.run(['note', 'nobody', 'quotes', 'this', id]);
  await running.ended;
  expect(notesOf(id)).toEqual(['nobody quotes this']);
  expect(await desk.run(['note', ' '])).toMatchObject({ status: 2, stdout: '' });
  expect(await desk.run(['note', 'text', '20200101-000000-000000'])).toMatchObject({ status: 2, stdout: '' });
  const empty = openDesk();
  expect((await empty.run(['note', 'text'])).stderr).toContain('there is no session');
  empty.leave();
});

test('when the incident was called a major one: asked for until it is noted, and the clock of the regulator runs from it', async () => {
  const failing = join(desk.folder, 'failing.yaml');
  writeFileSync(
    failing,
    PLAYBOOK.replace('slow-look', 'failing').replace(
      /phases:.*/s,
      'phases: { confirm: { steps: [{ id: entry, uses: net.tcp, with: { to: "127.0.0.1:1" }, scope: entry }] } }\n',
    ),
  );
  await desk.run(['run', failing, '--no-input']);
  const id = sessions().toSorted().at(-1) ?? '';
  const report = async (lang: string) => (await desk.run(['report', id, '--template', 'regulator-report', '--lang', lang])).stdout;
  expect(await report('en')).toContain('oor note --classified now');
  expect(await report('zh-CN')).toContain('oor note --classified now');
  for (const wrong of ['soon', '2999-01-31T03:10Z', '2026-01-31T03:10']) {
    const refused = await desk.run(['note', '--classified', wrong, 'major', id]);
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('past instant') });
  }
  const noted = await desk.run(['note', '--classified', '5h', 'major, decided by compliance', id]);
  expect(noted.status).toBe(0);
  const told = await report('en');
  expect(told).toMatch(/3\. Classified: .*major, decided by compliance/);
  expect(told).toMatch(/within 4 h of the classification as major: 5 h.* \/ 4 h.*\(passed\)/);
  expect(told).not.toContain('oor note --classified');
  await desk.run(['note', '--notified', 'now', 'by the portal', id]);
  expect(await report('zh-CN')).toMatch(/首次通报：.*by the portal/);
});

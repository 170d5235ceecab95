/** One session, several people: who writes it, who reads it, who goes on with it. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyJournal } from '../../src/adapters/file-journal-line.ts';
import { closeServers, startTcp } from '../adapters/servers.ts';
import { type Desk, openDesk } from './oor.ts';

/** Its second step waits for a server that does not answer for as long as it is told not to. */
const playbook = (port: number): string => `oor: 1
id: slow-look
title: { en: A slow look, zh-CN: 慢速查看 }
phases:
  software:
    steps:
      - { id: up, title: { en: The machine, zh-CN: 主机 }, uses: host.uptime }
      - { id: hangs, title: { en: Who hangs, zh-CN: 不应答者 }, uses: net.http, with: { url: "http://127.0.0.1:${port}/", timeout: 300s }, timeout: 310s }
`;
let desk: Desk;
let file: string;
let hangs = true;
beforeAll(async () => {
  desk = openDesk();
  file = join(desk.folder, 'slow.yaml');
  writeFileSync(file, playbook(await startTcp((socket) => void (hangs || socket.destroy()))));
});
afterAll(() => {
  closeServers();
  desk.leave();
});

async function startedSession(): Promise<string> {
  for (;;) {
    const id = desk.kept().flatMap((name) => /sessions\/([^/]+)\/journal\.jsonl$/.exec(name)?.[1] ?? [])[0];
    if (id !== undefined) return id;
    await sleep(10);
  }
}

test('a second terminal is told who writes; it may follow and changes nothing; a colleague goes on in the other language', async () => {
  const running = desk.start(['run', file, '--no-input']);
  const id = await startedSession();
  const refused = await desk.run(['resume', id, '--no-input']);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain(`in use by process ${running.child.pid} on`);
  expect((await desk.run(['resume', id, '--no-input', '--lang', 'zh-CN'])).stderr).toContain(`上的进程 ${running.child.pid} 使用`);
  while (!journalOf(id).includes('"step.finished"')) await sleep(10);
  running.child.kill('SIGINT');
  while (!running.stderr().includes(`oor resume ${id}`)) await sleep(10);
  hangs = false;
  expect((await running.ended).status).toBe(130);

  const before = snapshot();
  const followed = desk.start(['follow', id]);
  let told = '';
  followed.child.stdout?.on('data', (part: string) => {
    told += part;
  });
  while (!told.includes('The machine')) await sleep(10);
  followed.child.kill('SIGINT');
  expect((await followed.ended).stdout).toContain('The machine');
  expect(snapshot()).toEqual(before);

  const resumed = await desk.run(['resume', id, '--no-input', '--lang', 'zh-CN']);
  expect([
    resumed.status,
    resumed.stderr.includes('不应答者'),
    resumed.stdout.includes('正常') || resumed.stdout.includes('无定论'),
  ]).toEqual([resumed.status, true, true]);
  const path = join(desk.stateDir, 'sessions', id, 'journal.jsonl');
  const { entries } = verifyJournal(readFileSync(path), path);
  const finished = entries.filter(({ type }) => type === 'step.finished').map(({ data }) => data['key']);
  expect(finished).toEqual(['up', 'hangs']);
  const answers = await Promise.all(['en', 'zh-CN'].map((lang) => desk.run(['report', id, '--json', '--lang', lang])));
  expect(answers[0]?.stdout).toBe(answers[1]?.stdout);
});

function journalOf(id: string): string {
  return readFileSync(join(desk.stateDir, 'sessions', id, 'journal.jsonl'), 'utf8');
}

/** Content, size and time of all that is kept. */
function snapshot(): readonly (readonly [string, string, number])[] {
  return desk.kept().map((name) => [name, readFileSync(name, 'latin1'), statSync(name).mtimeMs] as const);
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, openDesk } from './oor.ts';

/** Its one step samples for a second or two. */
const PLAYBOOK = `oor: 1
id: slow-look
title: { en: A slow look, zh-CN: 慢速查看 }
phases:
  software:
    steps:
      - { id: processor, title: { en: The processor, zh-CN: 处理器 }, uses: cpu.util }
`;
let desk: Desk;
let file: string;
beforeAll(() => {
  desk = openDesk();
  file = join(desk.folder, 'slow.yaml');
  writeFileSync(file, PLAYBOOK);
});
afterAll(() => desk.leave());

async function untilKept(): Promise<void> {
  while (!desk.kept().some((name) => name.endsWith('.jsonl'))) await wait(50);
}

test('what happens is told as it happens, in the language of the reader, until the session ends', async () => {
  const run = desk.start(['run', file, '--no-input']);
  await untilKept();
  const followed = desk.start(['follow', '--lang', 'zh-CN']);
  const [{ status, stdout }] = await Promise.all([followed.ended, run.ended]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ.* slow-look/);
  expect(stdout).toContain('处理器');
  // Afterwards the whole of it is told at once, in English too, and as records.
  const again = await desk.run(['follow']);
  expect(again.stdout).toContain('The processor');
  const records = (await desk.run(['follow', '--jsonl'])).stdout.trim().split('\n');
  expect(records.map((line) => JSON.parse(line).type)).toEqual(
    expect.arrayContaining(['session.started', 'step.finished', 'session.ended']),
  );
});

test('no session, and one that is not there', async () => {
  const empty = openDesk();
  expect(await empty.run(['follow'])).toMatchObject({ status: 2, stdout: '' });
  empty.leave();
  expect((await desk.run(['follow', '20200101-000000-000000'])).status).not.toBe(0);
});

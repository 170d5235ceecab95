/** People outside are told, by a process of its own: a service that is dead, slow or unwilling never shows in the run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { verifyJournal } from '../../src/adapters/file-journal-line.ts';
import { findClosedPort } from '../adapters/servers.ts';
import { type Desk, openDesk } from './oor.ts';

const PLAYBOOK = `oor: 1
id: entry-look
title: { en: The entry, zh-CN: 入口 }
phases:
  confirm:
    steps:
      - { id: entry, title: { en: What customers reach, zh-CN: 客户入口 }, uses: net.http, with: { url: "\${{ profile.entry.url }}" }, scope: entry }
`;
const CARD = '4111 1111 1111 1111';
const KEY = 'Zk3-9QmT-secret-of-the-robot';
let desk: Desk;
let playbook: string;
let deadEntry: string;
const servers: Server[] = [];

beforeAll(async () => {
  desk = openDesk();
  playbook = join(desk.folder, 'entry.yaml');
  writeFileSync(playbook, PLAYBOOK);
  deadEntry = `http://127.0.0.1:${await findClosedPort()}/`;
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => desk.leave());

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/send`;
}

/** Of either service, as far as tests read it. */
interface Body {
  readonly text: { readonly content: string };
  readonly event_action: string;
  readonly dedup_key: string;
}

interface Kept {
  readonly url: string;
  readonly bodies: Body[];
  readonly paths: string[];
}

async function serveKeeping(status = 200, answer = '{"errcode":0,"errmsg":"ok"}'): Promise<Kept> {
  const bodies: Body[] = [];
  const paths: string[] = [];
  const url = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(JSON.parse(body));
      paths.push(request.url ?? '');
      response.writeHead(status).end(answer);
    });
  });
  return { url, bodies, paths };
}

function profileWith(notify: unknown, extra: object = {}): string {
  const file = join(desk.folder, `oor-${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(
    file,
    JSON.stringify({ oor: 1, site: 'acme', entry: { url: deadEntry }, ...(notify !== undefined && { notify }), ...extra }),
  );
  return file;
}

const wecom = (url: string, extra: object = {}) => ({
  name: 'ops',
  template: 'wecom',
  url: `${url}?key={credential.key}`,
  credentials: { key: { env: 'ROBOT_KEY' } },
  ...extra,
});
const pager = (url: string) => ({ name: 'pager', template: 'pagerduty', url, credentials: { routing_key: { env: 'ROBOT_KEY' } } });
const env = { ROBOT_KEY: KEY };

function run(profile: string, ...args: string[]) {
  return desk.run(['run', playbook, '--no-input', '--json', '--profile', profile, ...args], env);
}

function entriesOf(session: string) {
  const path = join(desk.stateDir, 'sessions', session, 'journal.jsonl');
  return verifyJournal(readFileSync(path), path).entries;
}

async function untilTold(session: string, count: number): Promise<readonly Record<string, unknown>[]> {
  for (;;) {
    const told = entriesOf(session).filter(({ type }) => type === 'notice.finished');
    if (told.length >= count) return told.map(({ data }) => data);
    await sleep(50);
  }
}

test('of a fault: that it began and that it was left, once each, in the session and on stderr', async () => {
  const chat = await serveKeeping();
  const paged = await serveKeeping(202, '{"status":"success","message":"Event processed","dedup_key":"x"}');
  const profile = profileWith([wecom(chat.url, { lang: 'zh-CN' }), pager(paged.url)], { site: `shop ${CARD}` });
  const ran = await run(profile, '--symptom', `customer paid with ${CARD}`);
  expect(ran.status).toBe(1);
  const { session } = JSON.parse(ran.stdout);
  const told = await untilTold(session, 3);
  expect(told.map(({ to, outcome }) => `${to} ${outcome}`).toSorted()).toEqual(['ops delivered', 'ops delivered', 'pager delivered']);
  expect(chat.bodies.map(({ text }) => text.content.split('\n')[0])).toEqual([
    expect.stringMatching(/^shop .*: 支付/),
    expect.stringMatching(/^shop /),
  ]);
  expect(chat.paths[0]).toBe(`/send?key=${encodeURIComponent(KEY)}`);
  expect(paged.bodies).toMatchObject([
    {
      event_action: 'trigger',
      routing_key: KEY,
      dedup_key: `oor-${session}`,
      payload: { severity: 'critical', source: expect.any(String) },
    },
  ]);
  const report = await desk.run(['report', session, '--format', 'md']);
  expect(report.stdout).toContain('ops was told');
  // Neither the card nor the key is anywhere but on the wire to whom it belongs.
  const kept = desk.kept().map((file) => readFileSync(file, 'latin1'));
  for (const text of [...kept, ran.stdout, ran.stderr, report.stdout]) expect(text).not.toContain(KEY);
  for (const text of [...kept, JSON.stringify([chat.bodies, paged.bodies])])
    expect(text.replaceAll(' ', '')).not.toContain(CARD.replaceAll(' ', ''));
});

test('of its end, too, where a report cannot be written: one object on stdout, the other report, and where to get the first', async () => {
  const chat = await serveKeeping();
  const written = join(desk.folder, 'incident.md');
  const reports = ['--report', `html=${join(desk.folder, 'no-such-folder', 'incident.html')}`, '--report', `md=${written}`];
  const ran = await run(profileWith([wecom(chat.url)]), ...reports);
  const { session } = JSON.parse(ran.stdout);
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain('no-such-folder/incident.html cannot be written: its folder is not there');
  expect(ran.stderr).toContain(`oor report ${session} --report html=FILE`);
  expect(readFileSync(written, 'utf8')).toContain(session);
  const due = entriesOf(session).filter(({ type }) => type === 'notice.due');
  expect(due.map(({ data }) => data['what'])).toEqual(['opened', 'left-open']);
});

test('nobody without the setting, of a healthy site, of a rehearsal', async () => {
  const chat = await serveKeeping();
  const entry = await serve((_request, response) => response.end('ok'));
  await run(profileWith(undefined));
  expect(JSON.parse((await run(profileWith([wecom(chat.url)], { entry: { url: entry } }))).stdout).verdict).not.toBe('fault');
  await run(profileWith([wecom(chat.url)]), '--dry-run');
  await sleep(1_500);
  expect(chat.bodies).toEqual([]);
});

test('of a site that a fix made good: the alert is resolved, under the key that opened it', async () => {
  const [chat, paged] = [await serveKeeping(), await serveKeeping(202, '{}')];
  const flag = join(desk.folder, 'repaired');
  const entry = await serve((_request, response) => response.writeHead(existsSync(flag) ? 200 : 503).end());
  const repairable = join(desk.folder, 'repairable.yaml');
  writeFileSync(
    repairable,
    `${PLAYBOOK}causes:
  app.down:
    title: { en: The application is down, zh-CN: 应用已停 }
    class: software
    prior: common
    evidence: [ { when: checks.entry.fail, supports: decisive } ]
    fix: start
fixes:
  start:
    title: { en: Start it, zh-CN: 启动 }
    effect: write
    run: { argv: [touch, ${flag}] }
    rollback: { argv: [rm, -f, ${flag}] }
    signal: { step: entry, within: 60s }
validate: { soak: 1s, every: 500ms }
`,
  );
  const profile = profileWith([pager(paged.url), wecom(chat.url)], { entry: { url: entry } });
  const ran = await desk.run(['run', repairable, '--no-input', '--json', '--profile', profile, '--allow-fix', 'start'], env);
  expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: 'fixed', exit_code: 0 });
  const { session } = JSON.parse(ran.stdout);
  await untilTold(session, 5);
  expect(paged.bodies.map(({ event_action, dedup_key }) => [event_action, dedup_key])).toEqual([
    ['trigger', `oor-${session}`],
    ['resolve', `oor-${session}`],
  ]);
  const titles = chat.bodies.map(({ text }) => text.content.split('\n')[0]);
  expect(titles).toEqual([
    expect.stringContaining('payments'),
    expect.stringContaining('Start it'),
    expect.stringContaining('FIXED and validated'),
  ]);
});

test.each([
  ['hangs', () => serve(() => undefined)],
  ['resets', () => serve((request) => request.socket.destroy())],
  ['is not there', async () => `http://127.0.0.1:${await findClosedPort()}/send`],
])('a service that %s does not delay or change the run', async (_what, start) => {
  const url = await start();
  const [without, told] = [profileWith(undefined), profileWith([wecom(url)])];
  const walls: number[][] = [[], []];
  for (let round = 0; round < 3; round++) {
    for (const [index, profile] of [without, told].entries()) {
      const ran = await run(profile);
      expect(ran.status).toBe(1);
      walls[index]?.push(ran.wallMs);
      if (profile === told) expect(ran.stderr).toContain('ops is being told in the background');
    }
  }
  const [plain = 0, waited = 0] = walls.map((each) => Math.min(...each));
  // It may wait for a second for the good news of services that answer; a hang takes 10 s a try.
  expect(waited - plain).toBeLessThan(4_000);
});

test('a service that refuses says why, and one without its secret how to set it', async () => {
  const refusing = await serveKeeping(403, `{"message":"key ${KEY} is not known"}`);
  const ran = await run(profileWith([wecom(refusing.url)]));
  const told = await untilTold(JSON.parse(ran.stdout).session, 2);
  expect(told[0]).toMatchObject({ outcome: 'refused', why: expect.stringMatching(/^HTTP 403: key .* is not known$/), attempts: 1 });
  expect(JSON.stringify(told)).not.toContain(KEY);
  const test = await desk.run(['notify', '--test', '--profile', profileWith([wecom(refusing.url)])]);
  expect(test).toMatchObject({ status: 1, stderr: '' });
  expect(test.stdout).toContain('export ROBOT_KEY=');
});

test('Ctrl-C: told that it is paused, after the run is gone', async () => {
  const chat = await serveKeeping();
  const slow = join(desk.folder, 'slow.yaml');
  const hang = await serve(() => undefined);
  writeFileSync(slow, `${PLAYBOOK}      - { id: hangs, uses: net.http, with: { url: "${hang}", timeout: 300s }, timeout: 310s }\n`);
  const running = desk.start(['run', slow, '--no-input', '--profile', profileWith([wecom(chat.url)])], env);
  while (chat.bodies.length === 0) await sleep(20);
  running.child.kill('SIGINT');
  while (!running.stderr().includes('oor resume')) await sleep(20);
  const { status, stderr } = await running.ended;
  const session = /oor resume (\S+)/.exec(stderr)?.[1] ?? '';
  expect(status).toBe(130);
  await untilTold(session, 2);
  expect(chat.bodies[1]?.text.content).toContain(`oor resume ${session}`);
});

test('oor notify: who, whether it would work, what would be sent, and a test that ends itself', async () => {
  const [chat, paged] = [await serveKeeping(), await serveKeeping(202, '{}')];
  const profile = profileWith([wecom(chat.url), pager(paged.url)], { site: `shop ${CARD}` });
  const listed = await desk.run(['notify', '--json', '--profile', profile], env);
  expect(JSON.parse(listed.stdout).targets).toMatchObject([
    { name: 'ops', template: 'wecom', ready: true },
    { name: 'pager', template: 'pagerduty', ready: true, events: ['opened', 'confirmed', 'closed'] },
  ]);
  const shown = await desk.run(['notify', '--test', '--dry-run', '--profile', profile], env);
  expect([shown.stdout.includes('key=***'), shown.stdout.includes(KEY), chat.bodies.length]).toEqual([true, false, 0]);
  const tested = await desk.run(['notify', '--test', '--json', '--profile', profile], env);
  expect([tested.status, JSON.parse(tested.stdout).results.map(({ outcome }: { outcome: string }) => outcome)]).toEqual([
    0,
    ['delivered', 'delivered'],
  ]);
  expect(JSON.stringify([chat.bodies, paged.bodies]).replaceAll(' ', '')).not.toContain(CARD.replaceAll(' ', ''));
  expect([chat.bodies.length, paged.bodies.map(({ event_action }) => event_action)]).toEqual([1, ['trigger', 'resolve']]);
  const one = await desk.run(['notify', 'ops', '--test', '--lang', 'zh-CN', '--profile', profile], env);
  expect([one.stdout.startsWith('已通知 ops'), paged.bodies.length]).toEqual([true, 2]);
  expect((await desk.run(['notify', 'opps', '--test', '--profile', profile], env)).stderr).toContain('did you mean ops?');
  expect(await desk.run(['notify', '--test', '--profile', profileWith(undefined)])).toMatchObject({ status: 2, stdout: '' });
});

/** Who reads Chinese is told in Chinese: each command is run with --lang zh-CN, and what it says is searched for sentences in English. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram, visibleCommands } from '../../src/cli/command-tree.ts';
import { englishLines } from '../english-lines.ts';
import { type Desk, openDesk, parseRun } from './oor.ts';

const HAN = /\p{Script=Han}/u;
const ECHO = '303830308220000000000000040000000000000031313238303231343035303030303031333031';
const HEAD = 'order_no,provider_ref,kind,amount,currency,status,time,fee\n';
let desk: Desk;
let session: string;

/** A site where nothing can be asked: secrets that are not set, ports that nothing holds, tools and files that are not there. */
function siteOf(folder: string): string {
  return `oor: 1
site: acme
entry: { url: "http://127.0.0.1:9/health", expect_status: 200 }
services:
  - { name: nginx, kind: web, process: no-such-web, unit: no-such-web, listen: [9], config_test: [no-such-web, -t], access_log: ${folder}/access.log }
  - { name: paygw, kind: app, process: no-such-app, listen: [9], health: "http://127.0.0.1:9/health", log: ${folder}/app.log, env_file: ${folder}/paygw.env,
      required_env: [BANK_API_KEY], manifest: ${folder}/MANIFEST, version: { file: ${folder}/VERSION, want: "2.4.1" }, user: no-such-user, data: [${folder}/data] }
databases: [{ name: main, kind: postgres, url: { env: OOR_DB_URL } }, { name: my, kind: mysql, url: "mysql://u@127.0.0.1:9/x" }]
caches: [{ name: redis, kind: redis, url: "redis://127.0.0.1:9" }]
providers: [{ name: bank, kind: http, url: "https://127.0.0.1:9/health", role: primary, ca_file: ${folder}/ca.pem }]
switches: [{ name: acquirer, host: 127.0.0.1, port: 9, dialect: iso87-ascii, framing: len2-binary }]
power: { ups: rack@localhost, ipmi: true }
disks: [/dev/no-such-disk]
settlement: [{ name: daily, orders: ${folder}/orders.csv, statement: ${folder}/none-%Y%m%d.csv, format: csv, due: "10:00" }]
`;
}

function nightOf(folder: string): string {
  return `oor: 1
id: night
title: { en: Night, zh-CN: 夜班 }
phases:
  confirm:
    steps:
      - { id: entry, title: { en: Entry, zh-CN: 入口 }, uses: file.value, with: { file: ${folder}/health, want: up }, scope: entry }
      - { id: gone, uses: log.freshness, with: { file: ${folder}/no-log } }
      - { id: tool, uses: file.value, with: { argv: [no-such-tool, x], want: up } }
      - { id: folder, uses: file.value, with: { file: ${folder}, want: up } }
causes:
  app.down:
    title: { en: The application is down, zh-CN: 应用未运行 }
    class: software
    prior: common
    evidence: [{ when: checks.entry.fail, supports: decisive }]
    explains: [entry]
    fix: restart
fixes:
  restart:
    title: { en: Start the application, zh-CN: 启动应用 }
    effect: write
    run: { argv: [cp, ${folder}/good, ${folder}/health], timeout: 1m }
    rollback: { none: { en: it stays up, zh-CN: 保持运行 } }
    signal: { steps: [entry], within: 2s }
validate: { steps: [entry], soak: 0s }
`;
}

const BROKEN = `oor: 1
id: broken
title: broken
phases:
  confirm:
    steps:
      - { id: a, uses: no.such }
      - { id: a, uses: disk.space, with: { pth: / } }
      - { id: c, if: "checks.zzz.fail &&", uses: host.uptime }
  nothing: {}
causes:
  x.y: { title: X, prior: often }
fixes:
  f: { title: F, effect: read, run: "rm -rf /" }
`;

beforeAll(async () => {
  desk = openDesk();
  const { folder } = desk;
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write('night.yaml', nightOf(folder));
  write('site.yaml', siteOf(folder));
  write('broken.yaml', BROKEN);
  write('bad.yaml', 'oor: 1\nsite: x\nservicess: []\nentry: { url: 5 }\n');
  write('health', 'down\n');
  write('good', 'up\n');
  write('orders.csv', `${HEAD}A1,,payment,10.00,CNY,paid,2026-11-28T03:00:00Z,0\n`);
  write('bill.csv', `${HEAD}A1,p1,payment,11.00,CNY,paid,2026-11-28T03:00:00Z,0\n`);
  // A colleague who reads English had it before.
  session = parseRun(await desk.run(['run', 'night.yaml', '--no-input', '--json', '--lang', 'en', '--bundle', 'one.tar.gz'])).session;
}, 60_000);
afterAll(() => desk.leave());

const COMMANDS: readonly string[] = [
  'help',
  'help exit-codes',
  'help tls.expired',
  'help no-such-topic',
  'help --man',
  'check --list',
  'check * --explain',
  'check --playbook night.yaml',
  'check --format markdown --playbook night.yaml',
  'check --profile site.yaml',
  'check log.pattern --set fil=x',
  'check no.such.check',
  'doctor --profile site.yaml',
  'run night.yaml --no-input',
  'run night.yaml --no-input --dry-run',
  'run broken.yaml --no-input',
  'run --no-input --profile bad.yaml',
  'run --no-such-flag',
  'run no-such-playbook',
  'rnu',
  'resume SESSION --no-input',
  'sessions',
  'sessions show SESSION',
  'sessions delete no-such-session',
  'follow SESSION',
  'note 看到了 SESSION',
  'notify',
  'report SESSION',
  'report SESSION --format md',
  'report SESSION --format html',
  'report SESSION --template handover',
  'report SESSION --template postmortem',
  'report no-such-session',
  'bundle verify one.tar.gz',
  'bundle verify night.yaml',
  'bundle inspect one.tar.gz',
  'bundle analyze one.tar.gz',
  'bundle no-such-action',
  `decode ${ECHO}`,
  'decode --table no-such-table 34',
  'reconcile --help',
  'reconcile --orders orders.csv',
  'redact no-such-file',
  'playbook list',
  'playbook lint broken.yaml',
  'playbook coverage',
  'playbook test night.yaml',
  'playbook graph night.yaml',
  'playbook show machine --format md',
  'drill --list',
  'drill no-such-drill',
  'sandbox faults',
  'sandbox no-such-action',
  'init own.yaml --no-input',
  'completion no-such-shell',
];

/** What stays in English, each with its reason. */
const STAYS: readonly (readonly [why: string, line: RegExp])[] = [
  ['what a program printed is quoted as it was', /ipmitool|upsc|smartctl|Cannot connect to the Docker daemon|docker: |dmesg: /],
  ['the name of an operating system', /Linux \d/],
  ['an expression of a playbook', /&&|\|\|/],
];

describe('nothing is said in English alone', () => {
  it.each(COMMANDS)('oor %s', async (line) => {
    const argv = line.split(' ').map((word) => word.replace('SESSION', session));
    const { stdout, stderr } = await desk.run([...argv, '--lang', 'zh-CN']);
    const told = `${stdout}\n${stderr}`;
    expect(told).toMatch(HAN);
    expect(englishLines(told).filter((each) => !STAYS.some(([, kept]) => kept.test(each)))).toEqual([]);
  });

  it('every command is among them', () => {
    const program = createProgram({ version: '0', acts: () => () => Promise.resolve() });
    const tried = new Set(COMMANDS.map((line) => line.split(' ')[0]));
    expect(
      visibleCommands(program)
        .map((command) => command.name())
        .filter((name) => !tried.has(name)),
    ).toEqual([]);
  });

  it('a sentence in English is seen', () => {
    const lines = [
      '正常',
      'install what the reason names',
      '? x: the journal shows no line of sshd',
      '检查 disk.space，见 oor help exit-codes now',
    ];
    expect(englishLines(lines.join('\n'))).toEqual([lines[1], lines[2]]);
  });
});

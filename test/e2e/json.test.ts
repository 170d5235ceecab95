/** Every command with --json: one JSON value on stdout and nothing else, the same in every language but for what people read. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram, visibleCommands } from '../../src/cli/command-tree.ts';
import { type Desk, openDesk, type Ran } from './oor.ts';

const PLAYBOOK = `oor: 1
id: small
title: { en: A small look, zh-CN: 小检查 }
phases:
  hardware:
    steps:
      - { id: space, title: { en: Space, zh-CN: 空间 }, uses: disk.space, with: { path: / } }
      - { id: up, uses: host.uptime }
`;
/** What people read; and what no second run repeats. */
const TEXTS =
  /^(?:text|title|summary|why|unlock|message|hint|label|meaning|outcome_text|name|retry|docs|description|what|advice|said|action|question|detail|headline|verdict_text|source|threshold_source|separating|trap)$/;
const FLEETING = /^(?:duration_ms|started_at|ended_at|session|at|value|attempts|file|mono_ms|ts|sha256|head|generated_at|observed_at)$/;
const session = { id: '' };
let desk: Desk;

interface Case {
  readonly argv: () => readonly string[];
  readonly status?: number;
  /** Not compared between languages: what it looks at moves. */
  readonly moves?: true;
}

const at = (name: string): string => join(desk.folder, name);
/** By command, and by command and action. */
const CASES: Readonly<Record<string, Case>> = {
  init: { argv: () => ['init', 'own.yaml', '--force', '--no-input'], moves: true },
  run: { argv: () => ['run', at('small.yaml'), '--no-input'], moves: true },
  check: { argv: () => ['check', 'disk.space', 'host.uptime'], moves: true },
  'check list': { argv: () => ['check', '--list'] },
  'check explain': { argv: () => ['check', '--explain', 'disk.space'] },
  resume: { argv: () => ['resume'], status: 2 },
  sessions: { argv: () => ['sessions'] },
  'sessions show': { argv: () => ['sessions', 'show', session.id] },
  follow: { argv: () => ['follow', session.id] },
  note: { argv: () => ['note', 'seen', session.id], moves: true },
  notify: { argv: () => ['notify', '--profile', at('told.yaml')] },
  'notify test': { argv: () => ['notify', '--test', '--dry-run', '--profile', at('told.yaml')], moves: true },
  report: { argv: () => ['report', session.id] },
  'bundle create': { argv: () => ['bundle', 'create', session.id, '--out', at(`b${Math.random()}.tar.gz`)], moves: true },
  'bundle verify': { argv: () => ['bundle', 'verify', at('one.tar.gz')] },
  'bundle inspect': { argv: () => ['bundle', 'inspect', at('one.tar.gz')] },
  'bundle analyze': { argv: () => ['bundle', 'analyze', at('one.tar.gz')], moves: true },
  'bundle diff': { argv: () => ['bundle', 'diff', at('one.tar.gz'), at('one.tar.gz')] },
  'bundle merge': {
    argv: () => ['bundle', 'merge', at('one.tar.gz'), at('two.tar.gz'), '--out', at(`m${Math.random()}.tar.gz`)],
    moves: true,
  },
  decode: { argv: () => ['decode', '--table', 'unionpay-online', '34'] },
  'decode message': { argv: () => ['decode', '0800822000000000000004000000000000001128031200000001301'] },
  reconcile: { argv: () => ['reconcile', '--orders', at('orders.csv'), '--statements', at('bill.csv')], moves: true },
  'playbook list': { argv: () => ['playbook', 'list'] },
  'playbook show': { argv: () => ['playbook', 'show', 'machine'] },
  'playbook lint': { argv: () => ['playbook', 'lint', at('small.yaml')] },
  'sandbox faults': { argv: () => ['sandbox', 'faults'] },
  drill: { argv: () => ['drill', '--list'] },
  doctor: { argv: () => ['doctor'], moves: true },
  help: { argv: () => ['help', 'sessions'] },
  'help check': { argv: () => ['help', 'disk.space'] },
  'help cause': { argv: () => ['help', 'tls.expired'] },
  'an error': { argv: () => ['run', 'no-such-playbook'], status: 2 },
  'an unknown flag': { argv: () => ['run', '--flagg'], status: 2 },
};
/** Their result is no JSON by its nature: a script for a shell, a text that is cleaned. The counts of oor redact are JSON, on stderr. */
const PLAIN = ['completion', 'redact'];

beforeAll(async () => {
  desk = openDesk();
  writeFileSync(at('small.yaml'), PLAYBOOK);
  const target = { name: 'ops', template: 'wecom', url: 'http://127.0.0.1:9/?key={credential.key}', credentials: { key: { env: 'K' } } };
  writeFileSync(at('told.yaml'), JSON.stringify({ oor: 1, notify: [target] }));
  const head = 'order_no,provider_ref,kind,amount,currency,status,time\n';
  writeFileSync(at('orders.csv'), `${head}A1,,payment,10.00,CNY,paid,2026-11-28T03:00:00Z\n`);
  writeFileSync(at('bill.csv'), `${head}A1,p1,payment,11.00,CNY,paid,2026-11-28T03:00:00Z\n`);
  const ran = await desk.run(['run', at('small.yaml'), '--no-input', '--json', '--bundle', at('one.tar.gz')]);
  session.id = JSON.parse(ran.stdout).session;
  await desk.run(['run', at('small.yaml'), '--no-input', '--json', '--bundle', at('two.tar.gz')]);
});
afterAll(() => desk.leave());

it('every command has a case', () => {
  const program = createProgram({ version: '0', acts: () => () => Promise.resolve() });
  const names = visibleCommands(program).map((command) => command.name());
  const covered = new Set([...Object.keys(CASES).map((name) => name.split(' ')[0]), ...PLAIN]);
  expect(names.filter((name) => !covered.has(name))).toEqual([]);
});

/** One value, or one a line. */
function valuesOf({ stdout, status, stderr }: Ran): unknown[] {
  try {
    return [JSON.parse(stdout)];
  } catch {
    const lines = stdout.trim().split('\n');
    return lines.map((line) => {
      try {
        return JSON.parse(line);
      } catch {
        throw new Error(`no JSON (exit ${status}): ${line.slice(0, 300)}\n${stderr.slice(0, 300)}`);
      }
    });
  }
}

/** Without what people read and what passes. */
function bones(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bones);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !FLEETING.test(key));
  return Object.fromEntries(entries.map(([key, child]) => [key, TEXTS.test(key) && typeof child === 'string' ? 'text' : bones(child)]));
}

describe.each(Object.entries(CASES))('%s', (_name, { argv, status, moves }) => {
  it('is JSON on stdout and nothing else, in both languages alike', async () => {
    const [en, zh] = await Promise.all(['en', 'zh-CN'].map((lang) => desk.run([...argv(), '--json', '--lang', lang])));
    const values = [en, zh].map((ran) => valuesOf(ran as Ran));
    if (status !== undefined) expect([en?.status, zh?.status]).toEqual([status, status]);
    else expect(en?.status).toBe(zh?.status);
    if (status !== 2) expect(JSON.stringify(values[0]?.[0]).slice(0, 200)).not.toContain('"error":');
    if (moves) expect(keysOf(values[1])).toEqual(keysOf(values[0]));
    else expect(bones(values[1])).toEqual(bones(values[0]));
  });
});

function keysOf(values: unknown): string[] {
  const [first] = values as unknown[];
  return typeof first === 'object' && first !== null && !Array.isArray(first) ? Object.keys(first) : [];
}

describe('a reader that leaves', () => {
  const bash = spawnSync('bash', ['-c', 'true']).status === 0;
  if (!bash) process.stderr.write('skipped: a reader that leaves: bash is not installed\n');
  it.skipIf(!bash).each([
    ['check --list --json', 0],
    ['playbook show payment-gateway', 0],
    ['report SESSION --format html', 0],
    ['help --man', 0],
    ['sessions', 0],
  ])('oor %s | head -1', (line, status) => {
    const command = `${desk
      .argv([])
      .map((word) => `'${word}'`)
      .join(' ')} ${line.replace('SESSION', session.id)}`;
    const ran = spawnSync('bash', ['-c', `${command} | head -c 1 >/dev/null; echo "$\{PIPESTATUS[0]}"`], {
      env: desk.env,
      cwd: desk.folder,
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([ran.stdout.trim(), ran.stderr]).toEqual([String(status), '']);
  });
});

it('a run writes its result to stdout and the rest to stderr', async () => {
  const { stdout, stderr } = await desk.run(['run', at('small.yaml'), '--no-input', '--format', 'csv']);
  expect(stdout.split('\n')[0]).toContain(',');
  expect(stderr).toContain('Space');
  expect(readFileSync(at('small.yaml'), 'utf8')).toBe(PLAYBOOK);
});

/** What bad input gets: where it is, what was expected, what to type next; and nothing was run or kept. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './oor.ts';

/** Of processor time, start of Node included. */
const CPU_SECONDS = 1;
const LEVELS = 900;
const TOO_LONG = `#${' '.repeat(300_000)}`;

const HEAD = 'oor: 1\nid: mine\ntitle: { en: Mine }\n';
const STEPS = `${HEAD}phases:\n  confirm:\n    steps:\n`;
const ALIAS_BOMB = Array.from({ length: 9 }, (_, level) => {
  const items = level === 0 ? Array(9).fill('x') : Array(9).fill(`*a${level - 1}`);
  return `  a${level}: &a${level} [${items.join(', ')}]\n`;
}).join('');
const BINARY = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));

interface Case {
  readonly name: string;
  readonly file: string | Buffer;
  /** line:col of the first problem, where no limit of ours decides it. */
  readonly place: string;
  readonly says: string | RegExp;
}

const PLAYBOOKS: readonly Case[] = [
  { name: 'larger than 256 KiB', file: `${STEPS}      - { id: a, uses: host.uptime }\n${TOO_LONG}`, place: '1:1', says: '256 KiB' },
  { name: 'lists in lists', file: `${HEAD}vars: ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}\n`, place: '4:69', says: '64 levels' },
  { name: 'maps in maps', file: `${HEAD}vars: ${'{a: '.repeat(LEVELS)}1${'}'.repeat(LEVELS)}\n`, place: '4:131', says: '64 levels' },
  { name: 'block lists in block lists', file: `${HEAD}vars:\n  ${'- '.repeat(LEVELS)}1\n`, place: '5:129', says: '64 levels' },
  { name: 'an alias bomb', file: `${HEAD}vars:\n${ALIAS_BOMB}`, place: '', says: /:\d+:\d+: error: .*aliases/ },
  {
    name: 'a duplicate key',
    file: `${STEPS}      - { id: a, uses: host.uptime }\nid: other\n`,
    place: '8:1',
    says: 'duplicate key id, first at 2:1',
  },
  { name: '__proto__', file: `${STEPS}      - { id: a, uses: host.uptime, __proto__: { x: 1 } }\n`, place: '7:37', says: '__proto__' },
  {
    name: 'an unknown key',
    file: `${STEPS}      - { id: a, uses: host.uptime, tiemout: 3s }\n`,
    place: '7:37',
    says: 'did you mean timeout?',
  },
  { name: 'an unknown check', file: `${STEPS}      - { id: a, uses: host.uptme }\n`, place: '7:24', says: 'did you mean host.uptime?' },
  { name: 'half an expression', file: `${STEPS}      - { id: a, uses: host.uptime, if: 1 == }\n`, place: '7:', says: 'CEL' },
  {
    name: 'an expression over nothing',
    file: `${STEPS}      - { id: a, uses: host.uptime, expect: out.no > 3 }\n`,
    place: '7:',
    says: 'out has no no',
  },
  {
    name: 'steps that wait for each other',
    file: `${STEPS}      - { id: a, uses: host.uptime, needs: [b] }\n      - { id: b, uses: host.uptime, needs: [a] }\n`,
    place: '7:',
    says: /a -> b -> a/,
  },
  {
    name: 'a branch that leads back',
    file: `${STEPS}      - { id: a, ask: { en: A? }, type: confirm }\n      - { id: b, ask: { en: B? }, type: confirm, next: { yes: { goto: a } } }\n`,
    place: '8:',
    says: /forward|goto/,
  },
  { name: 'a playbook that includes nothing known', file: `${HEAD}use: mine\n`, place: '4:', says: 'mine' },
  { name: 'binary garbage', file: BINARY, place: '1:', says: 'control character' },
  { name: 'an empty file', file: '', place: '1:1', says: 'empty' },
  { name: 'two documents', file: 'oor: 1\n---\noor: 1\n', place: '2:1', says: 'more than one document' },
  { name: 'a lone word', file: 'hello\n', place: '1:1', says: 'map of keys' },
];

const PROFILES: readonly Case[] = [
  { name: 'larger than 256 KiB', file: `oor: 1\n${TOO_LONG}`, place: '1:1', says: '256 KiB' },
  { name: 'lists in lists', file: `oor: 1\nx-a: ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}\n`, place: '2:68', says: '64 levels' },
  { name: 'an alias bomb', file: `oor: 1\nx-a:\n${ALIAS_BOMB}`, place: '', says: /:\d+:\d+: error: .*aliases/ },
  { name: 'a duplicate key', file: 'oor: 1\nsite: a\nsite: b\n', place: '3:1', says: 'duplicate key site, first at 2:1' },
  { name: '__proto__', file: 'oor: 1\n__proto__: { site: a }\n', place: '2:1', says: '__proto__' },
  {
    name: 'an unknown key',
    file: 'oor: 1\nservices:\n  - { name: a, kind: web, lisen: [443] }\n',
    place: '3:27',
    says: 'did you mean listen?',
  },
  { name: 'an unknown kind', file: 'oor: 1\nservices:\n  - { name: a, kind: wbe }\n', place: '3:22', says: '"web", "app"' },
  { name: 'binary garbage', file: BINARY, place: '1:', says: 'control character' },
  { name: 'an empty file', file: '', place: '1:1', says: 'empty' },
];

/** Arguments, exit code, what the message says. */
const TYPED: readonly (readonly [args: string, status: number, says: string])[] = [
  ['run --jsno', 2, '--jsno'],
  ['rnu', 2, 'rnu'],
  ['run payment-gateway surplus', 2, 'too many arguments'],
  ['run nosuch', 2, 'payment-gateway'],
  ['run --sandbox=purple', 2, '--sandbox=purple'],
  ['run --sandbox=none --profile x.yaml', 2, '--profile'],
  ['run --answer symptom', 2, '--answer symptom: expected id=value'],
  ['run --sandbox=none --answer symptom=purple', 2, 'unreachable, certificate'],
  ['run --sandbox=none --answers wrong.yaml', 2, 'unreachable, certificate'],
  ['run --sandbox=none --answers list.yaml', 65, 'list.yaml'],
  ['run --sandbox=none --answers missing.yaml', 65, 'missing.yaml'],
  ['run --sandbox=none --set depth=3', 2, '--set depth'],
  ['run --sandbox=none --lang fr', 2, 'en, zh-CN'],
  ['run --sandbox=none --color pink', 2, 'auto, always, never'],
  ['run --since abc', 2, '--since abc: expected a duration'],
  ['run --deadline soon', 2, '--deadline soon: expected a duration'],
  ['run --profile missing.yaml', 2, 'missing.yaml does not exist'],
  ['run --profile', 2, '--profile'],
  ['run ./missing.yaml', 2, 'missing.yaml does not exist'],
  ['check nosuch.check', 2, 'nosuch.check'],
  ['check --fail-on purple', 2, 'warn, fail, unknown'],
  ['resume nosuch-session', 2, 'nosuch-session'],
  ['report nosuch-session', 2, 'nosuch-session'],
  ['sessions delete nosuch-session', 2, 'nosuch-session'],
  ['sessions purge', 2, 'purge'],
  ['playbook purge', 2, 'purge'],
  ['playbook lint missing.yaml', 2, 'missing.yaml'],
  ['sandbox purge', 2, 'purge'],
];

interface Refused {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly cpuSeconds: number;
}

describe('what bad input gets', () => {
  let desk: Desk;

  beforeAll(() => {
    desk = openDesk();
    writeFileSync(join(desk.folder, 'wrong.yaml'), 'answers: { symptom: purple }\n');
    writeFileSync(join(desk.folder, 'list.yaml'), '- 1\n');
    mkdirSync(join(desk.folder, 'folder.yaml'));
    spawnSync('mkfifo', [join(desk.folder, 'fifo.yaml')]);
  });

  afterAll(() => desk.leave());

  function write(name: string, content: string | Buffer): string {
    writeFileSync(join(desk.folder, name), content);
    return `./${name}`;
  }

  function refuse(args: readonly string[]): Refused {
    const times = join(desk.folder, 'times');
    const timed = ['-c', 'TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 3>&2 2>"$0"', times, ...desk.argv(args)];
    const { status, stdout, stderr } = spawnSync('bash', timed, { cwd: desk.folder, env: desk.env, encoding: 'utf8', timeout: 20_000 });
    const used = spawnSync('cat', [times], { encoding: 'utf8' }).stdout.trim().split(/\s+/).slice(-2);
    return { status, stdout, stderr, cpuSeconds: Number(used[0]) + Number(used[1]) };
  }

  function expectRefusal({ status, stdout, stderr }: Refused, code: number, says: string | RegExp): void {
    expect(stderr).toMatch(says);
    expect(status).toBe(code);
    expect(stdout).toBe('');
    // The last line is what to do next.
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^ {2}\S/);
    expect(stderr).not.toMatch(/^\s+at .*:\d+|node:internal|internal error/m);
    // Nothing of the file may reach the terminal as a command.
    expect(stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(desk.kept()).toEqual([]);
  }

  it.each(PLAYBOOKS)('playbook: $name', ({ file, place, says }) => {
    const path = write('mine.yaml', file);
    const refused = refuse(['run', path, '--no-input']);
    expectRefusal(refused, 65, says);
    expect(refused.stderr).toContain(`${path}:${place}`);
    expect(refused.stderr).toContain(`oor playbook lint ${path}`);
    expect(refused.cpuSeconds).toBeLessThan(CPU_SECONDS);
  });

  it.each(PROFILES)('profile: $name', ({ file, place, says }) => {
    const path = write('site.yaml', file);
    const refused = refuse(['run', '--no-input', '--profile', path]);
    expectRefusal(refused, 65, says);
    expect(refused.stderr).toContain(`${path}:${place}`);
    expect(refused.cpuSeconds).toBeLessThan(CPU_SECONDS);
  });

  it.each(['folder.yaml', 'fifo.yaml'])('%s is no file to read', (name) => {
    expectRefusal(refuse(['run', `./${name}`, '--no-input']), 65, 'not a regular file');
    expectRefusal(refuse(['run', '--no-input', '--profile', `./${name}`]), 65, 'not a regular file');
  });

  it('two deep files in one process: both are named', () => {
    const deep = `${HEAD}vars: ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}\n`;
    const { status, stdout, stderr, cpuSeconds } = refuse(['playbook', 'lint', write('one.yaml', deep), write('two.yaml', deep), '--json']);
    const { problems } = JSON.parse(stdout) as { problems: readonly Record<string, unknown>[] };
    expect(problems.map(({ file, line, col }) => [file, line, col])).toEqual([
      ['./one.yaml', 4, 69],
      ['./two.yaml', 4, 69],
    ]);
    expect(stderr).toBe('');
    expect(status).toBe(65);
    expect(cpuSeconds).toBeLessThan(CPU_SECONDS);
  });

  it.each(TYPED)('oor %s', (typed, status, says) => {
    expectRefusal(refuse(['--no-input', ...typed.split(' ')]), status, says);
  });

  it.each([
    ['run --jsno', 2],
    ['run --since abc', 2],
    ['run --sandbox=purple', 2],
    ['run --profile site.yaml', 65],
    ['run --answer symptom', 2],
    ['rnu', 2],
  ] as const)('oor %s --json: the error as JSON on stdout', (typed, code) => {
    write('site.yaml', 'oor: 1\nsite: a\nsite: b\n');
    const { status, stdout } = refuse([...typed.split(' '), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      schema_version: 1,
      error: { code: expect.stringMatching(/^[\w.-]+$/), message: expect.stringMatching(/\S/), hint: expect.stringMatching(/\S/) },
      exit_code: code,
    });
    expect(status).toBe(code);
  });

  it.each([
    ['--jsn', 'see: oor --help'],
    ['bundle', 'see: oor bundle --help'],
    ['check --jsn --lang zh-CN', '参见：oor check --help'],
  ])('oor %s: which help has the answer', (typed, says) => {
    expect(refuse(typed.split(' ')).stderr).toContain(`\n  ${says}\n`);
  });

  it('--debug adds the stack', () => {
    expect(refuse(['rnu', '--debug']).stderr).toMatch(/^\s+at .*:\d+/m);
  });
});

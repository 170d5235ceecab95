import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { type Desk, openDesk } from './oor.ts';
import { type Pty, startPty } from './pty.ts';

let desk: Desk;
let env: NodeJS.ProcessEnv;
beforeAll(() => {
  desk = openDesk();
  const bin = join(desk.folder, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'oor'),
    `#!/bin/sh\nexec ${desk
      .argv([])
      .map((word) => `'${word}'`)
      .join(' ')} "$@"\n`,
  );
  chmodSync(join(bin, 'oor'), 0o755);
  writeFileSync(join(desk.folder, 'incident.tar.gz'), '');
  for (const part of ['', 'sessions', 'sessions/20261128-031200-abc123'])
    mkdirSync(join(desk.stateDir, part), { mode: 0o700, recursive: true });
  writeFileSync(join(desk.stateDir, 'sessions/20261128-031200-abc123/journal.jsonl'), '', { mode: 0o600 });
  env = { ...desk.env, PATH: `${bin}:${desk.env['PATH']}` };
});
afterAll(() => desk.leave());

const shell = (argv: readonly string[]): string[] =>
  spawnSync(argv[0] as string, argv.slice(1), { env, cwd: desk.folder, encoding: 'utf8', timeout: 120_000 })
    .stdout.split('\n')
    .filter(Boolean);
const missing = (program: string): boolean => {
  const gone = spawnSync(program, ['-c', 'true']).status !== 0;
  if (gone) process.stderr.write(`skipped: ${program} is not installed\n`);
  return gone;
};

/** As bash calls the function: the line cut at `=`, the cursor behind the last word. */
function bash(...words: readonly string[]): string[] {
  const list = ['oor', ...words].map((word) => `'${word}'`).join(' ');
  const script = `source <(oor completion bash); compopt() { echo "compopt $*"; }; COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _oor; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return shell(['bash', '-c', script]);
}

test.skipIf(missing('bash')).each([
  [['ru'], ['run']],
  [
    ['check', 'disk.s'],
    ['disk.smart', 'disk.space'],
  ],
  [['run', '--sandbox', '=', 'tls-exp'], ['tls-expired']],
  [
    ['--color', 'a'],
    ['auto', 'always'],
  ],
  [['bundle', 'verify', 'inc'], ['compopt -o default']],
  [['run', 'pos-'], ['pos-switch']],
  [['run', '--allow-fix', 'start-a'], ['start-app']],
  [['run', '--answer', 'symptom', '=', 'timeo'], ['timeouts']],
  [
    ['check', 'log.pattern', '--set', 'fil'],
    ['compopt -o nospace', 'file='],
  ],
  [['resume', '20261128-0312'], ['20261128-031200-abc123']],
  [['help', 'exit'], ['exit-codes']],
  [['help', 'tls.expire'], ['tls.expired']],
  [['decode', '--table', 'strip'], ['stripe']],
  [['no'], ['note', 'notify']],
])('bash: oor %j', (words, expected) => {
  expect(bash(...words)).toEqual(expected);
});

test.skipIf(missing('fish')).each([
  ['ru', 'run\twalk the eight steps'],
  ['run --sandbox=tls-exp', '--sandbox=tls-expired\ttls.expired'],
  ['bundle verify inc', 'incident.tar.gz'],
  ['resume 20261128-0312', '20261128-031200-abc123'],
  ['run --allow-fix start-a', 'start-app\tStart the application'],
  ['help tls.exp', 'tls.expired\tThe certificate that customers see has expired'],
  ['check --format na', 'nagios'],
])('fish: oor %s', (line, expected) => {
  const script = `oor completion fish | source; complete -C 'oor ${line}'`;
  expect(shell(['fish', '-c', script])).toContain(expected);
});

test.skipIf(missing('zsh'))('zsh takes the script, and hands its function what is typed', () => {
  const script = `autoload -Uz compinit; compinit -u -d ${desk.folder}/dump; source <(oor completion zsh); _describe() { print -l -- "\${items[@]}" }; words=(oor run --sandbox=tls-exp); CURRENT=3; _oor`;
  expect(shell(['zsh', '-f', '-c', script])).toEqual(['--sandbox=tls-expired:tls.expired']);
});

describe('TAB in a real shell at a real terminal', () => {
  let pty: Pty | undefined;
  afterEach(() => pty?.kill());

  it.each([
    ['bash', ['--norc', '-i'], 'source <(oor completion bash)'],
    ['zsh', ['-f', '-i'], `autoload -Uz compinit; compinit -u -d $HOME/dump; source <(oor completion zsh)`],
    [
      'zsh',
      ['-f', '-i'],
      // As the script itself says: kept in a folder of fpath, where it is loaded by the first key.
      `mkdir -p $HOME/fn; oor completion zsh > $HOME/fn/_oor; fpath=($HOME/fn $fpath); autoload -Uz compinit; compinit -u -d $HOME/dump-fn`,
    ],
    ['fish', ['--no-config', '-i'], 'oor completion fish | source'],
  ])('%s', async (shell, flags, load) => {
    if (missing(shell)) return;
    const home = join(desk.folder, 'home');
    mkdirSync(home, { recursive: true });
    pty = startPty({ argv: [shell, ...flags], cwd: desk.folder, env: { ...env, HOME: home, PS1: '%% ' } });
    pty.type(`${load}; echo LOAD''ED\r`);
    await pty.waitFor(/^LOADED/m);
    pty.type('oor run pos-\t');
    await pty.waitFor(/oor run pos-switch/);
    pty.type('--allow-fix start-a\t');
    await pty.waitFor(/pos-switch --allow-fix start-app/);
    pty.type('--sandbox=tls-exp\t');
    await pty.waitFor(/start-app --sandbox=tls-expired/);
  });
});

test('what stands beside a name is in the language of the operator', async () => {
  const ask = async (...words: readonly string[]) => (await desk.run(['complete', ...words], { LANG: 'zh_CN.UTF-8' })).stdout;
  for (const text of [await ask('ru'), await ask('run', 'pos-'), await ask('help', 'exit'), await ask('run', '--answer', 'symptom=timeo')])
    expect(text).toMatch(/^\S+\t.*\p{Script=Han}/u);
});

test('a shell that is not known is told, and a broken line completes to nothing', async () => {
  expect(await desk.run(['completion', 'csh'])).toMatchObject({ status: 2, stdout: '' });
  expect(await desk.run(['complete', 'nonsense', '--what', '='])).toMatchObject({ status: 0, stderr: '' });
});

test.each([
  ['tls.expired', 0, 'checks.entry_tls.code == "expired"'],
  ['disk.space', 0, 'Disk space'],
  ['check', 0, '--retry-for'],
  ['disk.spice', 2, ''],
  ['exit-codes', 0, '12   the playbook file could have been written by somebody else'],
  ['notify', 0, 'dingtalk'],
])('oor help %s', async (topic, status, text) => {
  const ran = await desk.run(['help', topic]);
  expect(ran.status).toBe(status);
  expect(ran.stdout).toContain(text);
});

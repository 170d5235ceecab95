/** Rules of a command line that no other test holds: where settings come from, what help there is, who may touch a session. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PATIENCE_MS, QUESTIONS, readJournal, sessionOf, sit, writeNight } from './night.ts';
import { type Desk, openDesk, parseRun } from './oor.ts';

let desk: Desk;
beforeEach(() => {
  desk = openDesk();
});
afterEach(() => desk.leave());

describe('settings, strongest first', () => {
  it('the profile: flag, OOR_PROFILE, ./oor.yaml, then the one of the user', async () => {
    writeNight(desk.folder);
    const config = join(desk.folder, 'config');
    mkdirSync(join(config, 'oor'), { recursive: true });
    const place = (file: string, site: string): string => {
      writeFileSync(file, `oor: 1\nsite: ${site}\n`);
      return file;
    };
    const env = { XDG_CONFIG_HOME: config };
    const siteOf = async (args: readonly string[] = [], more: Readonly<Record<string, string>> = {}): Promise<string> =>
      (parseRun(await desk.run(['run', 'night.yaml', '--no-input', '--json', ...args], { ...env, ...more })) as unknown as { site: string })
        .site;
    place(join(config, 'oor', 'oor.yaml'), 'of-user');
    expect(await siteOf()).toBe('of-user');
    place(join(desk.folder, 'oor.yaml'), 'of-folder');
    expect(await siteOf()).toBe('of-folder');
    const variable = place(join(desk.folder, 'variable.yaml'), 'of-variable');
    expect(await siteOf([], { OOR_PROFILE: variable })).toBe('of-variable');
    const flag = place(join(desk.folder, 'flag.yaml'), 'of-flag');
    expect(await siteOf(['--profile', flag], { OOR_PROFILE: variable })).toBe('of-flag');
  });

  it('a flag beats its variable', async () => {
    writeNight(desk.folder);
    const env = { OOR_LANG: 'zh-CN', OOR_FORMAT: 'json' };
    expect((await desk.run(['run', 'night.yaml', '--no-input'], env)).stdout).toMatch(/^\{/);
    expect((await desk.run(['run', 'night.yaml', '--no-input', '--format', 'text', '--lang', 'en'], env)).stdout).toContain('FAULT FOUND');
  });
});

describe('help', () => {
  it.each([['help'], ['--help'], ['-h'], ['run', '--help'], ['help', 'run'], ['bundle', '-h']])('oor %s %s', async (...words) => {
    const { stdout, status } = await desk.run(words);
    expect(status).toBe(0);
    expect(stdout).toMatch(/usage|oor /i);
  });

  it('names the exit codes', async () => {
    const { stdout } = await desk.run(['--help']);
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 65, 70, 130]) expect(stdout).toMatch(new RegExp(`\\b${code}\\b`));
  });

  it.each([['run', '--no-such-flag'], ['no-such-command'], ['sessions', 'show'], ['completion', 'ksh']])(
    'oor %s %s: 2',
    async (...words) => {
      expect((await desk.run(words)).status).toBe(2);
    },
  );

  it('a secret is never a flag', async () => {
    const all = await Promise.all(
      [[], ['run'], ['check'], ['init'], ['bundle'], ['report'], ['redact']].map((words) => desk.run([...words, '--help'])),
    );
    const flags = all.flatMap(({ stdout }) => [...stdout.matchAll(/--[a-z-]+/g)].map(([flag]) => flag));
    expect(flags.length).toBeGreaterThan(20);
    for (const flag of flags) expect(flag).not.toMatch(/password|passphrase|secret|token/);
  });
});

it('an answer that nobody can give: 3, with the id, what it may be, and the flag; a blank line in a pipe is none', async () => {
  const lines = [
    'oor: 1',
    'id: which-one',
    'title: Which one',
    'phases:',
    '  confirm:',
    '    steps:',
    '      - { id: which, ask: Which site?, type: select, required: true, options: [{ value: main, label: Main }, { value: spare, label: Spare }] }',
  ];
  writeFileSync(join(desk.folder, 'which.yaml'), `${lines.join('\n')}\n`);
  const { status, stderr } = await desk.run(['run', 'which.yaml', '--no-input']);
  expect(stderr).toContain('which: main | spare   give it with: --answer which=VALUE');
  expect(status).toBe(3);
  const command = `echo | ${desk.argv(['run', 'which.yaml']).join(' ')}`;
  expect(spawnSync('bash', ['-c', command], { cwd: desk.folder, env: desk.env }).status).toBe(3);
});

describe('in a job of GitHub Actions', () => {
  it('a failure is an annotation and a line of the summary, and stdout holds the result alone', async () => {
    writeNight(desk.folder);
    const summary = join(desk.folder, 'summary.md');
    writeFileSync(summary, 'before\n');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { stdout, stderr, status } = await desk.run(['check', '--playbook', 'night.yaml', '--json'], env);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'fault' });
    expect(stderr).toMatch(/^::error title=entry on \S+::/m);
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n[\s\S]*entry/);
  });

  it('elsewhere nothing of it', async () => {
    writeNight(desk.folder);
    const { stderr } = await desk.run(['check', '--playbook', 'night.yaml', '--json']);
    expect(stderr).not.toContain('::');
  });

  it('--report junit=FILE', async () => {
    writeNight(desk.folder);
    await desk.run(['run', 'night.yaml', '--no-input', '--report', 'junit=night.xml']);
    expect(readFileSync(join(desk.folder, 'night.xml'), 'utf8')).toMatch(/<testsuites?[\s\S]*<failure/);
  });
});

describe('one session, two terminals', () => {
  it(
    'the second is refused with the pid of the first, and may only look',
    async () => {
      const first = sit(desk, { args: ['run', writeNight(desk.folder, { questions: [QUESTIONS.select] })] });
      try {
        await first.asked('What do people see?');
        const id = sessionOf(desk);
        const refused = await desk.run(['resume', id, '--no-input']);
        expect(refused.status).toBe(2);
        expect(refused.stderr).toContain(String(await first.pid()));
        const before = readJournal(desk);
        const followed = desk.start(['follow', id]);
        await new Promise((resolve) => followed.child.stdout?.once('data', resolve));
        first.pty.type('q');
        await first.ended(4);
        followed.child.kill('SIGINT');
        const { stdout } = await followed.ended;
        expect(stdout).toContain('night');
        expect(readJournal(desk).startsWith(before)).toBe(true);
      } finally {
        first.pty.kill();
      }
    },
    3 * PATIENCE_MS,
  );
});

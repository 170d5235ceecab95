/** Logs as people hand them over: through a pipe, from a command, from a window that is past. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openDesk } from './oor.ts';

const desk = openDesk();
afterAll(() => desk.leave());

const MINUTE = 60_000;
const lines = (count: number, minutesAgo: number, text: string) =>
  `${new Date(Date.now() - minutesAgo * MINUTE).toISOString()} ${text}\n`.repeat(count);

/** `stdin` '': an empty pipe. */
function oor(args: readonly string[], stdin: string | Buffer = '') {
  const [file = '', ...rest] = desk.argv(args);
  const { status, stdout, stderr } = spawnSync(file, rest, { cwd: desk.folder, env: { ...desk.env }, input: stdin, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function shell(script: string) {
  const [node = '', launcher = ''] = desk.argv([]);
  const env = { ...desk.env, NODE: node, OOR: launcher };
  const { status, stdout } = spawnSync('sh', ['-c', script], { cwd: desk.folder, env, encoding: 'utf8' });
  return { status, stdout };
}

describe('oor check log.pattern', () => {
  it('of a pipe', () => {
    writeFileSync(join(desk.folder, 'export.gz'), gzipSync(lines(3, 50, 'INFO fine') + lines(12, 5, 'ERROR bank timeout')));
    const { status, stdout } = shell('zcat export.gz | "$NODE" "$OOR" check log.pattern --set file=-');
    expect(stdout).toMatch(/FAIL.*burst of 12 matching lines in stdin in 30 min \(before: 0\), above all 12 times: ERROR bank timeout/);
    expect(status).toBe(1);
  });

  it.each([
    ['an empty pipe', '', 'nothing came in on standard input'],
    ['an export of yesterday', lines(9, 1_500, 'ERROR x'), 'none of the 9 lines of stdin lies in the window'],
  ])('of %s: unknown, exit 7', (_name, text, says) => {
    const { status, stdout } = oor(['check', 'log.pattern', '--set', 'file=-'], text);
    expect(stdout).toContain(says);
    expect(status).toBe(7);
  });

  it('of a command, by a profile', () => {
    writeFileSync(join(desk.folder, 'app.log'), lines(4, 5, 'ERROR bank timeout'));
    writeFileSync(
      join(desk.folder, 'oor.yaml'),
      `oor: 1\nservices:\n  - { name: paygw, kind: app, log: { argv: [cat, ${join(desk.folder, 'app.log')}] } }\n  - { name: other, kind: app, log: { stdin: true } }\n`,
    );
    const { stdout } = oor(['check', 'app_log', '--json'], lines(2, 5, 'ERROR out of memory'));
    const { checks } = JSON.parse(stdout) as { checks: { target: string; status: string; value: number }[] };
    expect(checks.map(({ target, status, value }) => [target, status, value])).toEqual([
      ['paygw', 'warn', 4],
      ['other', 'warn', 2],
    ]);
  });

  it('of a window that is past', () => {
    writeFileSync(join(desk.folder, 'past.log'), lines(3, 90, 'ERROR a') + lines(5, 5, 'ERROR b'));
    const args = ['check', 'log.pattern', '--set', 'file=past.log', '--json'];
    const value = (more: readonly string[]) =>
      (JSON.parse(oor([...args, ...more]).stdout) as { checks: { value: number }[] }).checks[0]?.value;
    expect(value([])).toBe(5);
    expect(value(['--since', '2h', '--until', '1h'])).toBe(3);
    expect(oor([...args, '--since', '1h', '--until', '2h'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--until') });
  });
});

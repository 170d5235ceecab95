import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk, parseRun } from './oor.ts';

const FORMATS = ['text', 'json', 'md', 'html', 'junit', 'csv'] as const;

describe('reports of a run that found a fault', () => {
  let desk: Desk;
  let session = '';
  let printed = '';
  const file = (name: string): string => join(desk.folder, name);

  beforeAll(async () => {
    desk = openDesk();
    const reports = FORMATS.flatMap((format) => ['--report', `${format}=${file(`run.${format}`)}`]);
    const ran = await desk.run(['run', '--sandbox=app-down', '--no-input', '--json', '--bundle', file('run.tar.gz'), ...reports]);
    printed = ran.stdout;
    session = parseRun(ran).session;
  });
  afterAll(() => desk?.leave());

  it('stand in every file that was asked for, for the owner alone, and leave stdout to the result', () => {
    expect(JSON.parse(printed)).toEqual(JSON.parse(readFileSync(file('run.json'), 'utf8')));
    for (const format of FORMATS) expect(statSync(file(`run.${format}`)).mode & 0o777).toBe(0o600);
    expect(readFileSync(file('run.html'), 'utf8')).toMatch(/>Incident report · merchant-pay · 20/);
    expect(readFileSync(file('run.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*<h1>FAULT FOUND, not fixed: /);
    expect(readFileSync(file('run.md'), 'utf8')).toMatch(/^# FAULT FOUND, not fixed: [\s\S]*^## Contributing factors$[\s\S]*`app\.down`/m);
    expect(readFileSync(file('run.csv'), 'utf8')).toContain('\r\n1,');
    expect(readFileSync(file('run.junit'), 'utf8')).toMatch(/<testcase classname="app.down"[^>]*>/);
  });

  it.each(FORMATS)('%s: the same again from the journal, and from the bundle on any machine', async (format) => {
    const then = readFileSync(file(`run.${format}`), 'utf8');
    const again = await desk.run(['report', session, '--format', format]);
    expect(again.stdout).toBe(then);
    const elsewhere = await desk.run(['report', file('run.tar.gz'), '--format', format, '--state-dir', file('other')]);
    // Where the session is not kept, its file is named for the same again.
    const there = format === 'text' ? then.replace(`oor report ${session}`, `oor report ${file('run.tar.gz')}`) : then;
    expect([elsewhere.status, elsewhere.stdout]).toEqual([0, there]);
  });

  it('in the bundle leads to the files beside it, and each is there', () => {
    const tar = (...args: string[]): string => execFileSync('tar', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const names = tar('tzf', file('run.tar.gz')).split('\n');
    const page = tar('xzOf', file('run.tar.gz'), 'report.html');
    const links = [...page.matchAll(/href="\.\/([^"]*)"/g)].map(([, href = '']) => decodeURIComponent(href));
    expect(names[0]).toBe('report.html');
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !names.includes(link))).toEqual([]);
  });

  it.each([
    [['--format', 'pdf'], '--format pdf: there is no such report'],
    [['--report', 'html'], 'expected format=file'],
    [['--report', '=x'], 'expected format=file'],
    [['--report', 'pdf=x'], 'there is no such report'],
  ])('%j is refused before anything runs', async (args, message) => {
    const kept = desk.kept();
    for (const command of [
      ['run', '--sandbox'],
      ['report', session],
    ]) {
      const { status, stderr, stdout } = await desk.run([...command, '--no-input', ...args]);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(message);
    }
    expect(desk.kept()).toEqual(kept);
    expect(existsSync(file('x'))).toBe(false);
  });

  it('is written to no folder that is not there, and says so after the result', async () => {
    const { status, stdout, stderr } = await desk.run(['report', session, '--report', `md=${file('none/x.md')}`]);
    expect(stdout).toContain('FAULT FOUND');
    expect(status).not.toBe(0);
    expect(stderr).toContain('none/x.md');
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { renderJunit } from '../../src/report/junit-report.ts';
import { englishLines } from '../english-lines.ts';
import { fixedIncident } from './fixed-incident.ts';
import { hostileIncident } from './hostile-incident.ts';

describe('a session as JUnit', () => {
  it('has a testcase for each step, question and named cause, in the suite of its phase', async () => {
    const xml = renderJunit(await hostileIncident(), 'en');
    expect(xml).toContain('<testsuites name="oor run" tests="5"');
    expect(
      [...xml.matchAll(/<testsuite name="(\w+)" tests="(\d)" failures="(\d)" errors="(\d)" skipped="(\d)"/g)].map((found) =>
        found.slice(1).join(' '),
      ),
    ).toEqual(['confirm 2 1 0 0', 'network 2 1 1 0', 'verify 1 1 0 0']);
    expect(xml).toMatch(/<testcase classname="tls.expired" name="tls.expired"[\s\S]*<failure type="tls.expired"/);
    expect(xml).not.toMatch(/<(script|img|iframe)/);
  });

  it('passes what was fixed', async () => {
    const xml = renderJunit(await fixedIncident(), 'en');
    expect(xml).toMatch(/<testcase classname="app.down" name="app.down"[\s\S]*<system-out>Application down<\/system-out>/);
    expect(xml).toContain('failures="0" errors="1"');
  });

  it('speaks the language of its reader, ids aside', async () => {
    const [en, zh] = [renderJunit(await fixedIncident(), 'en'), renderJunit(await fixedIncident(), 'zh-CN')];
    const ids = (xml: string) =>
      [...xml.matchAll(/<testcase classname="[^"]*" name="[^"]*"|(?:failure|error) type="[^"]*"/g)].map(([id]) => id);
    expect(ids(zh)).toEqual(ids(en));
    const said = [...zh.matchAll(/ message="([^"]*)"|<system-out>([^<]*)|name="(?:title|warning|unlock)" value="([^"]*)"/g)].map(
      ([, ...texts]) => texts.join(''),
    );
    expect(said.length).toBeGreaterThan(5);
    expect(said.flatMap(englishLines)).toEqual([]);
    expect(zh).toContain('<system-out>应用未运行</system-out>');
  });

  it.skipIf(!hasXmllint())('is well-formed whatever it holds', async () => {
    execFileSync('xmllint', ['--noout', '-'], { input: renderJunit(await hostileIncident(), 'en') });
  });
});

function hasXmllint(): boolean {
  try {
    execFileSync('xmllint', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('skipped: xmllint is not installed');
    return false;
  }
}

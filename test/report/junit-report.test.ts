import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { renderJunit } from '../../src/report/junit-report.ts';
import { fixedIncident } from './fixed-incident.ts';
import { hostileIncident } from './hostile-incident.ts';

describe('a session as JUnit', () => {
  it('has a testcase for each step, question and named cause, in the suite of its phase', async () => {
    const xml = renderJunit(await hostileIncident());
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
    const xml = renderJunit(await fixedIncident());
    expect(xml).toMatch(/<testcase classname="app.down" name="app.down"[\s\S]*<system-out>Application down<\/system-out>/);
    expect(xml).toContain('failures="0" errors="1"');
  });

  it.skipIf(!hasXmllint())('is well-formed whatever it holds', async () => {
    execFileSync('xmllint', ['--noout', '-'], { input: renderJunit(await hostileIncident()) });
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

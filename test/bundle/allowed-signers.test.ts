import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NAMESPACE, readAllowedSigners } from '../../src/bundle/allowed-signers.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN7YlmDRVHc52OJMPuFZ0O8r4OzaY0ES0ml325j6oXzm';
const NOW = Date.UTC(2026, 10, 29, 9);
const DAY = 86_400_000;

/** Of the options of a line, whether the key counts; times far from now, so that the clock of this machine is as good as any. */
const OPTIONS = [
  ['', true],
  ['namespaces="oor-bundle"', true],
  ['namespaces="file,oor-*"', true],
  ['namespaces="oor?bundle"', true],
  ['namespaces="git"', false],
  ['namespaces="oor"', false],
  ['namespaces="*,!oor-bundle"', false],
  ['valid-after="20200101"', true],
  ['valid-after="20990101"', false],
  ['valid-before="20990101120000Z"', true],
  ['valid-before="202001011200"', false],
  ['valid-after="20200101",valid-before="20990101Z",namespaces="oor-bundle"', true],
  ['NAMESPACES="git",valid-before="20990101"', false],
  ['valid-before="tomorrow"', false],
  ['cert-authority', false],
  ['made-up', false],
] as const;

describe('the file of ssh-keygen -Y verify', () => {
  it.each(OPTIONS)('%s', (options, counts) => {
    expect(readAllowedSigners(`auditor ${options} ${KEY} a comment`, NOW)).toEqual([{ key: KEY, name: 'auditor', counts }]);
  });

  it('a time is of UTC with a Z, else of the zone of this machine', () => {
    const at = (options: string, now: number) => readAllowedSigners(`a ${options} ${KEY}`, now)[0]?.counts;
    expect([at('valid-before="20261129Z"', NOW - DAY), at('valid-before="20261129Z"', NOW)]).toEqual([true, false]);
    const local = new Date(2026, 10, 29).getTime();
    expect([at('valid-after="20261129"', local), at('valid-after="20261129"', local - 1)]).toEqual([true, false]);
  });

  it('names in quotes, comments, keys of other kinds', () => {
    const lines = ['# nobody', '', `"Ann Other" ${KEY}`, `a@b,c@d\t${KEY}`, 'x ssh-rsa AAAA', `# y ${KEY}`];
    expect(readAllowedSigners(lines.join('\r\n'), NOW).map(({ name }) => name)).toEqual(['Ann Other', 'a@b,c@d']);
  });

  it('a line of a megabyte takes no longer than its length', () => {
    expect(readAllowedSigners(`a ${'x="",'.repeat(200_000)} ${KEY}`, NOW)).toHaveLength(1);
    expect(readAllowedSigners(`${'"'.repeat(500_000)}\na ${'"\\'.repeat(250_000)}`, NOW)).toEqual([]);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'oor-signers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const keygen = (args: readonly string[], input = '') => spawnSync('ssh-keygen', args, { input, cwd: folder });
const present = !keygen(['-?']).error;
if (!present) console.log('ssh-keygen is not here: its reading of the same lines is not compared');

describe.runIf(present)('ssh-keygen', () => {
  keygen(['-q', '-t', 'ed25519', '-N', '', '-f', 'key']);
  const signature = present ? keygen(['-Y', 'sign', '-f', 'key', '-n', NAMESPACE], 'text').stdout : '';
  const key = present ? readFileSync(join(folder, 'key.pub'), 'utf8').split(' ').slice(0, 2).join(' ') : '';

  it.each(OPTIONS)('%s: reads it the same', (options, counts) => {
    writeFileSync(join(folder, 'sig'), signature);
    writeFileSync(join(folder, 'signers'), `auditor ${options} ${key}\n`);
    const { status } = keygen(['-Y', 'verify', '-f', 'signers', '-I', 'auditor', '-n', NAMESPACE, '-s', 'sig'], 'text');
    expect(status === 0).toBe(counts);
  });
});

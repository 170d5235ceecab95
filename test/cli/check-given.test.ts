import { describe, expect, it } from 'vitest';
import { givenStep } from '../../src/cli/check-given.ts';
import { windowEnd } from '../../src/cli/options.ts';
import { checks as registry } from '../checks/registry.ts';

const fill = (name: string, set: Record<string, string>) => givenStep([name], set, registry)?.with.source;

describe('givenStep', () => {
  it.each([
    ['text stays text, even of figures', 'log.pattern', { file: '-', pattern: '91' }, { file: '-', pattern: '91' }],
    ['a number where one is wanted', 'log.pattern', { file: 'app.log', max: '5' }, { file: 'app.log', max: 5 }],
    ['a list', 'log.pattern', { argv: '["journalctl","-u","paygw"]' }, { argv: ['journalctl', '-u', 'paygw'] }],
    ['a map', 'log.pattern', { file: 'a', patterns: '{"pool":"pool empty"}' }, { file: 'a', patterns: { pool: 'pool empty' } }],
    ['true', 'log.status', { stdin: 'true' }, { stdin: true }],
    ['another check', 'net.tcp', { host: 'bank.test', port: '443' }, { host: 'bank.test', port: 443 }],
  ])('%s', (_name, check, set, params) => {
    expect(fill(check, set)).toEqual(params);
  });

  it.each([
    [['log.pattern'], {}],
    [['log.pattern', 'log.status'], { file: '-' }],
    [['log.*'], { file: '-' }],
    [['toString'], { file: '-' }],
  ])('%j with %j is no such thing', (names, set) => {
    expect(givenStep(names, set, registry)).toBeUndefined();
  });

  it.each([
    [{ fil: '-' }, /no such parameter/, /file/],
    [{ file: '-', pattern: '(' }, /missing closing/, /--explain log.pattern/],
    [{ file: '-', max: 'many' }, /max/, /--explain/],
    [{ file: '-', argv: '["cat"]' }, /expected one of/, /--explain/],
  ])('refuses %j', (set, message, hint) => {
    let error: unknown;
    try {
      givenStep(['log.pattern'], set, registry);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
  });
});

describe('windowEnd', () => {
  it('is now unless it is said, and never before the start', () => {
    expect(windowEnd({ since: 1_000 }, 5_000)).toBeUndefined();
    expect(windowEnd({ since: 1_000, until: 400 }, 5_000)).toBe(4_600);
    expect(() => windowEnd({ since: 1_000, until: 1_000 }, 5_000)).toThrow('--until');
  });
});

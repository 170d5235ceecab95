import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAPPING_EXAMPLE } from '../../src/cli/mapping-example.ts';
import { readMappings } from '../../src/cli/mapping-file.ts';

const read = async (text: string) => (await readMappings({ readFile: async () => text }, ['m.yaml']))[0]?.mapping;
const problems = async (text: string): Promise<string> =>
  await read(text).then(
    () => 'it was read',
    (error: { message: string; exitCode: number }) => `${error.exitCode} ${error.message}`,
  );

const MINIMAL = 'oor: 1\ncolumns: { order_no: Ref, amount: Value }\nconstants: { currency: EUR }\n';

describe('a mapping file', () => {
  it('is read as the help and the README show it', async () => {
    expect(await read(MAPPING_EXAMPLE)).toMatchObject({
      name: 'acme-bank',
      skip: 2,
      negative: 'refund',
      columns: { time: ['Date', 'Time'] },
    });
    expect(readFileSync('README.md', 'utf8')).toContain(MAPPING_EXAMPLE.replaceAll(/^/gm, '    ').trimEnd());
  });

  it('needs little', async () => {
    expect(await read(MINIMAL)).toMatchObject({ name: 'm', header: true, unit: 'major', negative: 'refuse', time: { format: 'iso' } });
  });

  it.each([
    ['an unknown key', `${MINIMAL}colour: red\n`, 'm.yaml:4:1', 'unknown key colour'],
    ['an unknown column', 'oor: 1\ncolumns: { order: Ref, amount: V }\nconstants: { currency: EUR }\n', 'm.yaml:2:12', 'unknown key order'],
    ['a currency that there is not', MINIMAL.replace('EUR', 'EURO'), 'm.yaml:3:', 'no currency of ISO 4217'],
    ['no currency', MINIMAL.replace(/constants.*\n/, ''), 'm.yaml:2:', 'currency is missing'],
    ['no key of a payment', MINIMAL.replace('order_no: Ref, ', ''), 'm.yaml:2:', 'order_no or provider_ref is missing'],
    ['a kind that there is not', `${MINIMAL}words: { kind: { X: charge } }\n`, 'm.yaml:4:', 'expected one of payment'],
    ['a zone that there is not', `${MINIMAL}time: { zone: Mars }\n`, 'm.yaml:4:', 'expected a zone'],
    ['a format of times that is none', `${MINIMAL}time: { format: HH:mm }\n`, 'm.yaml:4:', 'expected iso, unix'],
    ['a column by name without a header', `${MINIMAL}header: false\nside: orders\n`, 'm.yaml:2:', 'columns are numbers'],
    ['a nameless table', `${MINIMAL}header: false\n`, 'm.yaml:4:', 'needs files or side'],
    ['YAML that is none', 'oor: 1\ncolumns: {', 'm.yaml:', ''],
  ])('tells %s with its place', async (_what, text, place, says) => {
    const told = await problems(text);
    expect(told).toMatch(/^65 /);
    expect(told).toContain(place);
    expect(told).toContain(says);
  });

  it('tells no card number that somebody wrote into it', async () => {
    expect(await problems(`${MINIMAL}x: 4111111111111111\n`)).not.toContain('4111111111111111');
  });

  it('says that a file is not there', async () => {
    await expect(readMappings({ readFile: async () => undefined }, ['m.yaml'])).rejects.toThrow('the mapping m.yaml does not exist');
  });
});

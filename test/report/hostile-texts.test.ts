/** Reports of an incident whose every text from outside is one that some reader takes for more: each format stays what it is. */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/cli/report-format.ts';
import type { Incident } from '../../src/report/incident.ts';
import { MALFORMED, NAUGHTY, ODD_CHARACTERS } from '../hostile-texts.ts';
import { hostileIncident } from './hostile-incident.ts';

const decoded = Object.values({ ...MALFORMED, ...ODD_CHARACTERS }).map((bytes) => Buffer.from(bytes).toString('utf8'));
const CLASSES: readonly (readonly [kind: string, texts: readonly string[]])[] = [
  ...Object.entries(NAUGHTY),
  ['bytes that are no UTF-8', decoded],
];
/** What a terminal obeys or nobody sees; newline and tab are the report's own. */
const UNSAFE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u2064\u2066-\u2069\u{e0000}-\u{e007f}]/u;
/** XML 1.0, section 2.2. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const LONE_SURROGATE = /\p{Cs}/u;
const LANGUAGES = ['en', 'zh-CN'] as const;
const xmllint = hasXmllint();

describe.each(CLASSES)('%s', (_, texts) => {
  let incident: Incident;
  beforeAll(async () => {
    incident = await hostileIncident(texts.join(' '));
  });

  it.each(LANGUAGES)('text, %s: nothing that a terminal obeys', async (language) => {
    const text = await renderReport('text', incident, language);
    expect(text).not.toMatch(UNSAFE);
    expect(text).not.toContain('\r');
    expect(text).not.toMatch(LONE_SURROGATE);
  });

  it('json: parses, and is ASCII where it has to be', async () => {
    const json = await renderReport('json', incident, 'en');
    expect(JSON.parse(json)).toMatchObject({ verdict: 'fault' });
    expect(json).not.toMatch(UNSAFE);
    expect(json).not.toMatch(LONE_SURROGATE);
  });

  it.each(LANGUAGES)('md, %s: every table keeps its columns, nothing is markup', async (language) => {
    const text = await renderReport('md', incident, language);
    expect(text).not.toMatch(UNSAFE);
    const tables = text.split('\n\n').filter((block) => block.includes('\n| --- '));
    expect(tables.length).toBeGreaterThan(3);
    for (const table of tables) {
      const rows = table.split('\n').filter((line) => line.startsWith('|'));
      expect(new Set(rows.map((row) => row.replace(/\\[\\|]/g, '').split('|').length)).size).toBe(1);
    }
    expect(text.replaceAll('\\`', '').replace(/`[^`\n]*`/g, '')).not.toMatch(/<(?!!-- -->)[a-z/!]|(?<!\\)\]\(/i);
  });

  it.each(LANGUAGES)('html, %s: no markup and no sign that was not made here', async (language) => {
    const page = await renderReport('html', incident, language);
    expect(page.match(/<(?:script|img|iframe|object|embed|link|base|form|input|a href="(?!#|\.\/))[^>]*>/gi)).toBeNull();
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(page).not.toMatch(LONE_SURROGATE);
    expect(page.match(/<\/html>/g)).toHaveLength(1);
  });

  it('junit: XML', async () => {
    const xml = await renderReport('junit', incident, 'en');
    expect(NO_XML.exec(xml)).toBeNull();
    expect(xml).not.toMatch(/<(?!\/?(?:testsuites?|testcase|failure|error|skipped|system-out|properties|property)\b|\?xml)/);
    if (xmllint) execFileSync('xmllint', ['--noout', '--huge', '-'], { input: xml });
  });

  it('csv: rows of one length, and no cell is a formula', async () => {
    const rows = parse((await renderReport('csv', incident, 'en')).slice(1));
    expect(rows.length).toBeGreaterThan(5);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([12]));
    for (const cell of rows.flat()) if (!/^-\d+(?:\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^\s*[=+@\t\r＝＋－＠-]/);
  });
});

/** RFC 4180, as a spreadsheet reads it. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1);
}

function hasXmllint(): boolean {
  try {
    execFileSync('xmllint', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('skipped: xmllint is not installed, so XML is looked at sign by sign only');
    return false;
  }
}

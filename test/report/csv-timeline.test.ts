import { describe, expect, it } from 'vitest';
import { renderCsv } from '../../src/report/csv-timeline.ts';
import { answer } from '../engine/harness.ts';
import { playIncident } from './played.ts';

const FORMULAS = [
  '=HYPERLINK("http://127.0.0.1:9/?"&A1)',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  "  =cmd|'/c calc'!A0",
  '＝1+1',
  'plain, "quoted"',
];
const playbook = (title = 'Entry') => `
oor: 1
id: test
title: { en: Test }
phases:
  confirm: { steps: [{ id: entry, uses: net.http, scope: entry, title: { en: ${JSON.stringify(title)} } }, { id: who, ask: { en: Who? }, type: text }] }
  network: { steps: [{ id: cert, uses: tls.cert, for: services }] }
causes:
  tls.expired: { title: { en: Expired }, class: human, prior: common, evidence: [{ when: checks.entry.fail, supports: strong }], verify: { ask: { en: Renewed? }, predict: "not answer" }, advice: { en: Renew } }
validate: { steps: [entry], soak: 0s }
`;

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

describe('the timeline as CSV', () => {
  it.each(FORMULAS)('%s is text in every column that holds text from outside', async (formula) => {
    const incident = await playIncident({
      yaml: playbook(formula),
      profile: { services: [{ name: formula }] },
      interactive: true,
      symptom: formula,
      facts: { entry: { status: 'fail', code: formula }, [`cert@${formula}`]: { status: 'warn' } },
      replies: { who: answer(formula) },
    });
    const text = renderCsv(incident, 'en');
    const rows = parse(text.slice(1));
    expect(text.startsWith('\uFEFFseq,time_utc,')).toBe(true);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([12]));
    expect(rows.length).toBeGreaterThan(5);
    for (const cell of rows.flat()) if (!/^-\d+(\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^\s*[=+@\t\r＝＋－＠-]/);
    expect(rows.flat().some((cell) => cell.includes('1') || cell.includes('quoted') || cell.includes('SUM'))).toBe(true);
  });

  it('why a step was left out, in the language of the reader', async () => {
    const yaml = playbook().replace('uses: tls.cert,', 'uses: tls.cert, if: checks.entry.fail,');
    const incident = await playIncident({ yaml, profile: { services: [{ name: 'web' }] } });
    expect(renderCsv(incident, 'zh-CN')).toContain('条件不成立：checks.entry.fail');
    expect(renderCsv(incident, 'en')).toContain('not when checks.entry.fail');
  });

  it('holds every event once, in order, with its time', async () => {
    const incident = await playIncident({
      yaml: playbook(),
      profile: { services: [{ name: 'web' }] },
      facts: { entry: { status: 'fail' } },
    });
    const [head, ...rows] = parse(renderCsv(incident, 'en').slice(1));
    const shown = incident.entries.filter(({ type }) => type !== 'step.started' && type !== 'verify.started');
    expect(rows.map(([seq]) => Number(seq))).toEqual(shown.map(({ seq }) => seq));
    const at = (name: string) => rows.map((row) => row[head?.indexOf(name) ?? 0]);
    expect(at('step')).toContain('cert@web');
    expect(at('status')).toContain('fail');
    expect(at('time_utc').every((time) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/.test(time ?? ''))).toBe(true);
  });
});

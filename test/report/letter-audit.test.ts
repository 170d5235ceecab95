import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AUDIT_ROWS } from '../../src/report/audit-rows.ts';
import { auditOf } from '../../src/report/letter-audit.ts';

const NOW = Date.parse('2026-06-30T12:00:00Z');
const audited = (answers: Readonly<Record<string, string>>) => {
  const session = { startedAt: NOW, answers: new Map(Object.entries(answers).map(([id, value]) => [id, { id, value }])) };
  return Object.fromEntries(auditOf({ session } as never).map((each) => [each.row.id, each]));
};

describe('the audit of prevention', () => {
  it('asks for every measure of the mission, under the name that is scored', () => {
    const text = readFileSync('playbooks/prevention-audit.yaml', 'utf8');
    const rows = AUDIT_ROWS.map(({ id }) => id);
    for (let row = 1; row <= 21; row += 1) expect(rows).toContain(`V${String(row).padStart(2, '0')}`);
    for (const id of rows) expect(text).toContain(`- id: ${id.toLowerCase()}\n`);
  });

  it('gives all to what is done, proved, owned and fresh', () => {
    expect(audited({ v06: 'done', v06_proof: 'Li; 2026-06-20; wiki/alarms' })['V06']).toMatchObject({
      score: 1,
      owner: 'Li',
      overdueDays: 0,
    });
  });

  it('gives half to what is not proved or overdue, and nothing to what nobody knows', () => {
    expect(audited({ v06: 'done', v06_proof: '-' })['V06']).toMatchObject({ score: 0.5, owner: '' });
    expect(audited({ v06: 'done', v06_proof: 'Li; 2026-05-01; wiki' })['V06']).toMatchObject({ score: 0.5, overdueDays: 30 });
    expect(audited({ v06: 'partly', v06_proof: 'Li；2026-06-20；wiki' })['V06']).toMatchObject({ score: 0.5 });
    for (const state of ['missing', 'unknown']) expect(audited({ v06: state })['V06']?.score).toBe(0);
    expect(audited({})['V06']).toMatchObject({ state: 'unanswered', score: 0 });
  });
});

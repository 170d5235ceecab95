import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coverRows } from '../../src/playbook/coverage.ts';
import { FEATURES } from '../../src/playbook/features.ts';
import { ROW_IDS, ROWS } from '../../src/playbook/rows.ts';
import { playbookShape, type RawPlaybook } from '../../src/playbook/shape.ts';
import { v } from '../../src/playbook/shape-kit.ts';
import { parseYaml } from '../../src/playbook/yaml.ts';

function raw(text: string): RawPlaybook {
  const parsed = parseYaml({ file: 'a.yaml', text });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return v.parse(playbookShape, parsed.yaml.value);
}

const TITLE = '{ en: A, zh-CN: 甲 }';

describe('rows', () => {
  it('are 49 faults, 27 steps, 45 ways of handling, 21 of prevention, each in both languages', () => {
    const counts = ['F', 'P', 'H', 'V'].map((kind) => ROW_IDS.filter((id) => id.startsWith(kind)).length);
    expect(counts).toEqual([49, 27, 45, 21]);
    for (const id of ROW_IDS) {
      expect(ROWS[id]?.en).toMatch(/^[A-Z]/);
      expect(ROWS[id]?.['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
    }
    expect(new Set(ROW_IDS.map((id) => ROWS[id]?.en)).size).toBe(142);
  });
});

describe('coverage', () => {
  const text = `oor: 1\nid: a\ntitle: ${TITLE}\nphases:\n  confirm:\n    steps:\n      - { id: look, uses: disk.space, source: F03 }\n      - { id: tell, instruct: ${TITLE}, source: [F04, H01] }\n      - { id: ask, ask: ${TITLE}, type: confirm, source: [P03] }\ncauses:\n  disk.full: [{ title: ${TITLE}, evidence: [], source: [F03] }]\nfixes:\n  clean: { title: ${TITLE}, effect: read, source: [H04] }\n`;
  const covered = coverRows([{ id: 'a', raw: raw(text) }], [{ row: 'P09', kind: 'feature', command: 'bundle create', does: 'packs' }]);

  it('says what answers a row', () => {
    expect(covered.map['F03']).toEqual([
      { kind: 'check', ref: 'disk.space', step: 'look', playbook: 'a' },
      { kind: 'cause', ref: 'disk.full', playbook: 'a' },
    ]);
    expect(covered.map['H04']).toEqual([{ kind: 'fix', ref: 'clean', playbook: 'a' }]);
    expect(covered.map['P03']).toEqual([{ kind: 'step', ref: 'ask', playbook: 'a' }]);
    expect(covered.map['P09']).toEqual([{ kind: 'feature', ref: 'oor bundle create', does: 'packs' }]);
  });

  it('a fault is not found by telling somebody of it', () => {
    expect(covered.map['F04']).toEqual([]);
    expect(covered.map['H01']).toHaveLength(1);
    expect(covered.missing).toContain('F04');
    expect(covered.covered + covered.missing.length).toBe(142);
  });
});

it('what a shipped playbook says that it answers are rows, and every step, cause and fix says so', () => {
  for (const file of readdirSync('playbooks').filter((name) => name.endsWith('.yaml'))) {
    const { phases = {}, causes = {}, fixes = {} } = raw(readFileSync(`playbooks/${file}`, 'utf8'));
    const all = [...Object.values(phases).flatMap((phase) => phase?.steps ?? []), ...Object.values(causes).flat(), ...Object.values(fixes)];
    for (const one of all) {
      const rows = [one.source ?? []].flat();
      expect(rows.length, `${file}: ${JSON.stringify(one).slice(0, 80)}`).toBeGreaterThan(0);
      expect(rows.filter((row) => !ROW_IDS.includes(row))).toEqual([]);
    }
  }
});

it('a command that answers a row says what it does for it', () => {
  for (const { row, command, does } of FEATURES) {
    expect(ROW_IDS).toContain(row);
    expect(command).toMatch(/^[a-z]/);
    expect(does.split(' ').length).toBeGreaterThan(4);
  }
});

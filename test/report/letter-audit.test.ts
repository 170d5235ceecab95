import { describe, expect, it } from 'vitest';
import { auditOf } from '../../src/report/letter-audit.ts';
import { listDrift, listSinglePoints } from '../../src/report/letter-audit-seen.ts';
import { openSuite, readPlaybook } from '../playbooks/fixture.ts';

const playbook = readPlaybook('playbooks/prevention-audit.yaml');
const NOW = Date.parse('2026-06-30T12:00:00Z');
const audited = (answers: Readonly<Record<string, string>>) => {
  const session = { startedAt: NOW, answers: new Map(Object.entries(answers).map(([id, value]) => [id, { id, value }])) };
  return Object.fromEntries(auditOf({ plan: { playbook }, session } as never).map((each) => [each.row.id, each]));
};

describe('the audit of prevention', () => {
  it('asks for every measure of the mission, under the name that is scored', () => {
    const rows = Object.keys(audited({}));
    for (let row = 1; row <= 21; row += 1) expect(rows).toContain(`V${String(row).padStart(2, '0')}`);
    for (const id of rows) expect(playbook.steps.map((step) => step.id)).toContain(`${id.toLowerCase()}_proof`);
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

  it('takes a proof as its three parts only, or as a plain minus, so that no answer is scored as something else', () => {
    for (const step of playbook.steps) {
      if (step.kind !== 'ask' || !step.id.endsWith('_proof')) continue;
      const pattern = new RegExp(step.pattern ?? '^$', 'u');
      for (const good of ['-', 'Li; 2026-06-20; wiki/alarms', '李雷；2026-06-20；工单 12', 'Li, 2026-06-20, wiki'])
        expect(good).toMatch(pattern);
      for (const bad of ['Li', 'Li; yesterday; wiki', '2026-06-20; Li; wiki', 'Li; 2026-06-20;', '']) expect(bad).not.toMatch(pattern);
    }
    expect(audited({ v06: 'done', v06_proof: 'Li, 2026-06-20, wiki' })['V06']).toMatchObject({ score: 1, owner: 'Li', proof: 'wiki' });
  });
});

describe('what the checks of the audit saw', () => {
  const suite = openSuite('prevention-audit');
  const played = async (file: string) => {
    const fixture = suite.fixtures.find((each) => each.file === file);
    if (!fixture) throw new Error(`there is no ${file}`);
    return await suite.play(fixture);
  };

  it('lists each single point with its evidence and owner, in both languages', async () => {
    const seen = await played('single-point-seen-by-a-check.yaml');
    const rows = listSinglePoints({ ...seen, language: 'en' })
      .split('\n')
      .slice(2);
    expect(rows).toEqual([
      '| wallet | its backup acquirer ends at the same address (192.0.2.7) | seen | till | TODO(owner): name |',
      '| 10.20.0.2 | the only resolver of this machine | seen | - | ops |',
    ]);
    expect(listSinglePoints({ ...seen, language: 'zh-CN' })).toContain('| wallet | 备用通道 acquirer 指向同一地址（192.0.2.7） | 实测 |');
  });

  it('says so where there is none, and where none was looked for', async () => {
    const seen = await played('all-done.yaml');
    expect(listSinglePoints({ ...seen, language: 'en' })).toBe('- nothing');
    const session = { ...seen.session, results: new Map() };
    expect(listSinglePoints({ ...seen, session, language: 'en' })).toBe('Not looked for in this session.');
  });

  it('lists what differs on the second site, and says where none was compared', async () => {
    const seen = await played('sites-seen-by-a-check.yaml');
    expect(listDrift({ ...seen, language: 'en' }).split('\n')).toEqual([
      'site-b against pay-1:',
      '- versions till: version 7.2.1 (pay-1), 7.1.9 (site-b)',
      '- files /etc/till/till.env: BANK_TIMEOUT differ',
    ]);
    expect(listDrift({ ...(await played('sites-missing-plan-partly.yaml')), language: 'zh-CN' })).toBe('site-b 对比 pay-1:\n- 无差异');
    expect(listDrift({ ...(await played('all-done.yaml')), language: 'en' })).toMatch(/^Not compared/);
  });
});

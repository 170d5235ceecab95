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

  const telling = (uses: string, facts: object, language: 'en' | 'zh-CN') =>
    ({
      language,
      plan: { stepByKey: new Map([['look', { step: { kind: 'check', uses } }]]) },
      session: { results: new Map([['look', { key: 'look', facts }]]) },
    }) as unknown as Parameters<typeof listDrift>[0];
  const HIDDEN = { what: 'site-b files x', why: 'not allowed to read it', unlock: 'run as root, or as the owner of the file' };
  const DRIFT = { primary: 'pay-1', standby: 'site-b', compared: ['files'], count: 0, drifts: [], unseen: [] };
  const drift = (facts: object, language: 'en' | 'zh-CN' = 'en') =>
    listDrift(telling('site.drift', { ...DRIFT, ...facts }, language))
      .split('\n')
      .slice(1);

  it('does not call equal what was hidden, and says why in the language of the reader', () => {
    expect(drift({ unseen: [HIDDEN] })).toEqual([
      '- nothing differs in what was seen',
      '- ? site-b files x: not allowed to read it -> run as root, or as the owner of the file',
    ]);
    expect(drift({ unseen: [HIDDEN] }, 'zh-CN')).toEqual(['- 所见部分无差异', '- ? site-b files x: 无权读取 -> 以 root 或文件属主运行']);
    expect([drift({ compared: [] }), drift({ compared: [] }, 'zh-CN')]).toEqual([['- not compared'], ['- 未能比较']]);
    expect(drift({})).toEqual(['- nothing differs']);
    const points = telling('site.single_points', { points: [], unseen: [HIDDEN] }, 'zh-CN');
    expect(listSinglePoints(points)).toBe('- 无\n\n- ? site-b files x: 无权读取 -> 以 root 或文件属主运行');
  });

  it('says how many more there are than are told', () => {
    const drifts = [{ section: 'units', en: 'x only on pay-1', zh: 'x 仅在 pay-1' }];
    expect(drift({ drifts, count: 3, unseen: Array.from({ length: 12 }, () => HIDDEN) })).toEqual([
      '- units x only on pay-1',
      '- … and 2 more',
      ...Array.from({ length: 10 }, () => expect.stringMatching(/^- \? site-b/)),
      '- … and 2 more',
    ]);
    expect(drift({ drifts, count: 3 }, 'zh-CN')).toEqual(['- units x 仅在 pay-1', '- … 另有 2 项']);
  });
});

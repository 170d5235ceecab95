/** The letters made from a session: filled with what it knows, marked where it does not, and nothing made up. */
import { describe, expect, it } from 'vitest';
import { toRecord } from '../../src/engine/events.ts';
import type { Incident } from '../../src/report/incident.ts';
import { incidentOf } from '../../src/report/incident.ts';
import { readPolicy } from '../../src/report/letter-after.ts';
import { renderTemplate } from '../../src/report/letters.ts';
import { TEMPLATES, type TemplateName } from '../../src/report/template-names.ts';
import { play, registry } from '../engine/harness.ts';

const BANK = `
oor: 1
id: test
title: { en: Test, zh-CN: 测试 }
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry, impact: { failed: out.count, first_bad: "0" } }
  network:
    steps:
      - { id: provider, for: providers, uses: net.tcp }
causes:
  provider.down:
    title: { en: The bank is down, zh-CN: 银行宕机 }
    for: providers
    prior: common
    evidence: [{ when: checks.provider.fail, supports: decisive }]
    verify: { ask: { en: Is it?, zh-CN: 是? }, predict: answer }
    advice: { en: Call it, zh-CN: 致电 }
    explains: [entry]
`;
const HOSTILE = 'Request-Id: req-8842-af01';

type Facts = Readonly<Record<string, object>>;
const FAILING: Facts = { entry: { status: 'fail', count: 320 }, 'provider@bank': { status: 'fail', said: HOSTILE } };

async function incident(profile: object, facts = FAILING, yaml = BANK): Promise<Incident> {
  const { events, plan } = await play({ yaml, profile: profile as never, facts: facts as never });
  const entries = events.map((event, seq) => ({ ...toRecord(event), seq, prev_hash: '' }));
  return incidentOf({ plan, registry, entries: entries as never, headHash: 'h' });
}

const known = {
  site: 'acme',
  providers: [
    { name: 'bank', label: { en: 'bank card', 'zh-CN': '银行卡' } },
    { name: 'w1', label: { en: 'Wallet One', 'zh-CN': '甲钱包' } },
    { name: 'backup' },
  ],
  contacts: [{ name: 'desk', role: 'provider', reach: '+49 1' }],
};
const letter = async (name: TemplateName, language: 'en' | 'zh-CN' = 'en', profile: object = known, policy = {}, facts = FAILING) =>
  renderTemplate(name, await incident(profile, facts), language, policy);

describe.each(TEMPLATES)('%s', (name) => {
  it('is written in both languages, each its own', async () => {
    const [en, zh] = [await letter(name, 'en'), await letter(name, 'zh-CN')];
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
    if (name !== 'customer-banner') {
      expect(en).not.toMatch(/[\u4e00-\u9fff]/);
      expect(zh).not.toBe(en);
    }
    for (const text of [en, zh]) expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it('marks what an empty profile does not say, and names no other way to pay', async () => {
    const bare = await letter(name, 'en', { providers: [{ name: 'bank' }] });
    expect(bare).toContain('TODO(owner)');
    expect(bare).not.toContain('Wallet');
  });
});

describe('what the letters say', () => {
  it('customers hear what fails, what works, and not to pay again', async () => {
    expect(await letter('customer-sms')).toContain(
      'bank card is unavailable at the moment. Please use Wallet One. If you have paid, do not pay again.',
    );
    const banner = JSON.parse(await letter('customer-banner'));
    expect(banner).toMatchObject({
      method: 'bank',
      state: 'unavailable',
      text: { en: expect.any(String), 'zh-CN': expect.stringContaining('银行卡暂时不可用，请使用甲钱包') },
    });
  });

  it('customers hear no name that only the profile knows, of no way that fails too, and nothing where nothing failed', async () => {
    const unnamed = { ...known, providers: [{ name: 'bank' }, { name: 'backup' }] };
    for (const language of ['en', 'zh-CN'] as const) {
      const [sms, both, quiet] = await Promise.all([
        letter('customer-sms', language, unnamed),
        letter('customer-sms', language, known, {}, { ...FAILING, 'provider@w1': { status: 'fail' } }),
        letter('customer-sms', language, known, {}, {}),
      ]);
      expect(sms).not.toMatch(/bank|backup/);
      expect(both).not.toMatch(/Wallet One|甲钱包/);
      expect(quiet).toMatch(/^TODO\(owner\): [^\n]*\n$/);
    }
    expect(JSON.parse(await letter('customer-banner', 'en', known, {}, {}))).toMatchObject({ state: 'none' });
  });

  it('the provider hears what speaks of it and what was looked at on the way to it, with what was seen', async () => {
    const ticket = await letter('provider-ticket', 'en', known, {}, { ...FAILING, 'provider@backup': { status: 'fail' } });
    const [seen = '', good = ''] = ticket.split('What we see\n')[1]?.split('What is good on our side\n') ?? [];
    expect(seen).toMatch(/^- provider@bank: /);
    expect(seen).not.toContain('provider@backup');
    expect(good).toMatch(/^- provider@w1: \S/);
    expect(ticket).toContain('Interface: bank');
    expect(ticket).toContain('request req-8842-af01');
  });

  it('asks no bank for a limit in the name of payments that no limit refused', async () => {
    expect(await letter('bank-limit-request')).toMatch(/Refused since .*: TODO\(owner\)/);
    const threads = await incident(known, FAILING, BANK.replace('provider.down:', 'app.thread_limit:'));
    expect(await renderTemplate('bank-limit-request', threads, 'en', {})).toMatch(/Refused since .*: TODO\(owner\)/);
  });

  it('the provider gets ids to look up, evidence and one question', async () => {
    const ticket = await letter('provider-ticket');
    expect(ticket).toContain('req-8842-af01');
    expect(ticket).toContain('desk (provider): +49 1');
    expect(ticket).toContain('provider@bank');
    expect(ticket).toContain('320 failed');
  });

  it('what is owed and what is policy are two sums, computed only from what was given', async () => {
    const open = await letter('compensation');
    expect(open).toContain('--set duplicates=N');
    const policy = readPolicy({ duplicates: '3', duplicate_value: '120.5', goodwill_share: '10', goodwill_each: '5', fee_each: '2' });
    if ('wrong' in policy) throw new Error(policy.wrong);
    const done = await letter('compensation', 'en', known, policy);
    expect(done).toContain('| A. owed: given back in full | 120.50 |');
    expect(done).toContain('5.00 × 32 = 160.00');
    expect(done).toContain('| B + C, cost of the policy | 166.00 |');
    expect(readPolicy({ duplicates: '-1' })).toMatchObject({ wrong: 'duplicates=-1' });
    expect(readPolicy({ other: '1' })).toMatchObject({ wrong: 'other=1' });
  });

  it('a postmortem has five whys, a timeline, factors, blind spots and actions with owners', async () => {
    const text = await letter('postmortem');
    for (const part of [
      '## Five whys',
      '5. Why is that how we work?',
      '## Timeline',
      '## Contributing factors',
      '## Detection',
      '## Actions',
      'remove the root of provider.down @ bank',
    ])
      expect(text).toContain(part);
    expect(text).toMatch(/\| TODO\(owner\) \| TODO\(owner\) \|/);
  });

  it('the regulator report carries the clock with its sources', async () => {
    const text = await letter('regulator-report');
    expect(text).toContain('CN: class-one report: 100 000 transactions: 320 / 100000');
    expect(text).toContain('DORA');
    expect(text).toContain('EU: initial notification within 4 h of the classification as major: not counted');
  });
});

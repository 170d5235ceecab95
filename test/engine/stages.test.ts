/** A fix in stages: each waits for what it has to show, and all of it goes back when one does not show it. */
import { describe, expect, it } from 'vitest';
import { answer, type Canned, play } from './harness.ts';

const SHARE = `
oor: 1
id: test
title: { en: Test, zh-CN: 测试 }
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry }
      - { id: share, uses: net.tcp, if: checks.entry.ok }
causes:
  provider.down:
    title: { en: Down, zh-CN: 宕机 }
    prior: common
    evidence: [{ when: checks.entry.fail, supports: decisive }]
    verify: { ask: { en: Is it?, zh-CN: 是? }, predict: answer }
    fix: switch
fixes:
  switch:
    title: { en: Switch, zh-CN: 切换 }
    effect: write
    mitigates: true
    before: { argv: [show], save: before }
    run:
      - { argv: [share, "5"], until: { steps: [share], within: 2s } }
      - { argv: [share, "25"], until: { steps: [share], within: 2s } }
      - { argv: [share, "100"] }
    rollback: { argv: [restore, "\${{ saved.before.trim() }}"] }
    signal: { steps: [share], within: 2s }
validate: { steps: [entry], soak: 0s, max: 0 }
`;

const playShare = (share: Canned) =>
  play({
    yaml: SHARE,
    facts: { entry: { status: 'fail' }, share },
    flags: { allow_fix: ['switch'] },
    replies: { 'fix:switch': answer(true) },
    act: (argv) => (argv[0] === 'show' ? { stdout: 'primary\n' } : {}),
  });

describe('a fix in stages', () => {
  it('goes on when a stage is good, at first or in the end', async () => {
    const { acted, events } = await playShare((_, call) => (call < 2 ? { status: 'fail' } : { status: 'ok' }));
    expect(acted).toEqual(['show', 'share 5', 'share 25', 'share 100']);
    const finished = events.find(({ type }) => type === 'fix.finished');
    expect(finished?.data).toMatchObject({
      ok: true,
      commands: [{ until: { ok: true } }, { until: { ok: true, steps: [{ key: 'share', status: 'ok' }] } }, { argv: ['share', '100'] }],
    });
  });

  it('goes back by itself when a stage is not, and no later stage is tried', async () => {
    const { acted, events, session } = await playShare((_, call) => (call < 1 ? { status: 'ok' } : { status: 'fail' }));
    expect(acted).toEqual(['show', 'share 5', 'share 25', 'restore primary']);
    expect(events.find(({ type }) => type === 'fix.finished')?.data).toMatchObject({ ok: false, commands: [{}, { until: { ok: false } }] });
    expect(session.ended?.exit_code).toBe(5);
  });

  it('what could not be seen is not good', async () => {
    const { acted } = await playShare('unknown');
    expect(acted).toEqual(['show', 'share 5', 'restore primary']);
  });
});

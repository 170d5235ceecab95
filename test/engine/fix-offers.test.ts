import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/engine/diagnose.ts';
import { answer, play, registry } from './harness.ts';

const STORE = `
oor: 1
id: test
title: { en: Test, zh-CN: 测试 }
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry }
  software:
    steps:
      - { id: store, for: databases, uses: net.tcp }
      - { id: standby, for: databases, uses: disk.space }
causes:
  db.down:
    title: { en: Down, zh-CN: 宕机 }
    class: software
    for: databases
    prior: common
    evidence: [{ when: checks.store.fail, supports: decisive }]
    verify: { ask: { en: Is it?, zh-CN: 是? }, predict: answer }
    fix: [restore-copy, start-store, call-somebody]
  db.standby_lost:
    title: { en: Lost, zh-CN: 丢失 }
    class: software
    for: databases
    prior: common
    evidence: [{ when: checks.standby.fail, supports: decisive }]
    verify: { ask: { en: Is it?, zh-CN: 是? }, predict: answer }
    advice: { en: Look, zh-CN: 查看 }
fixes:
  restore-copy:
    title: { en: Restore, zh-CN: 恢复 }
    effect: write
    if: any.standby.ok
    run: { argv: [restore, copy] }
    rollback: { none: { en: none, zh-CN: 无 } }
  start-store:
    title: { en: Start, zh-CN: 启动 }
    effect: write
    run: { argv: "\${{ target.control.start }}" }
    rollback: { none: { en: none, zh-CN: 无 } }
    signal: { step: store, within: 2s }
  call-somebody:
    title: { en: Call, zh-CN: 呼叫 }
    effect: write
    run: { argv: [call, somebody] }
    rollback: { none: { en: none, zh-CN: 无 } }
validate: { steps: [store], soak: 0s }
`;
const FAIL = { status: 'fail' };
const startable = { databases: [{ name: 'main', kind: 'postgres', control: { start: ['start', 'it'] } }] };
const down = { 'store@main': (_: unknown, call: number) => (call < 2 ? FAIL : { status: 'ok' }) };

describe('the fix that is named', () => {
  it('is the first that applies and can run here', async () => {
    const facts = { 'store@main': FAIL, 'standby@main': 'unknown' as const };
    const named = async (profile: typeof startable) => {
      const { plan, session } = await play({ yaml: STORE, profile, facts });
      return diagnose(plan, session, registry).causes[0]?.fixes.map(({ key }) => key);
    };
    expect(await named(startable)).toEqual(['start-store@main', 'call-somebody@main']);
    // The profile says nothing of how it is started: hands are needed for that, and what can run comes first.
    const unstartable = { databases: [{ name: 'main', kind: 'postgres' }] } as unknown as typeof startable;
    expect(await named(unstartable)).toEqual(['call-somebody@main', 'start-store@main']);
  });
});

describe('after a fix', () => {
  it('what could not be seen at its target before gets a moment to come back', async () => {
    const standby = (_: unknown, call: number) => (call < 1 ? ('unknown' as const) : call < 5 ? FAIL : { status: 'ok' });
    const { session } = await play({
      yaml: STORE,
      profile: startable,
      facts: { ...down, 'standby@main': standby },
      flags: { allow_fix: ['start-store'] },
      replies: { 'fix:start-store@main': answer(true) },
    });
    expect(session.ended).toEqual({ verdict: 'healthy', outcome: 'fixed', exit_code: 0 });
  });

  it('what had failed beside it before is a fault of its own', async () => {
    const { session } = await play({
      yaml: STORE,
      profile: startable,
      facts: { ...down, 'standby@main': FAIL },
      flags: { allow_fix: ['start-store'] },
      replies: { 'fix:start-store@main': answer(true) },
    });
    expect(session.ended).toMatchObject({ verdict: 'fault', exit_code: 1 });
  });
});

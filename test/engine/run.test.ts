import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/engine/diagnose.ts';
import { fold } from '../../src/engine/fold.ts';
import type { Question } from '../../src/ports.ts';
import { answer, play, registry } from './harness.ts';

const GATEWAY = `
oor: 1
id: test
title: { en: Test, zh-CN: 测试 }
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry, impact: { failed: out.count } }
      - { id: symptom, ask: { en: What is seen?, zh-CN: 现象? }, type: select, options: [{ value: timeouts, label: Timeouts }, { value: errors, label: Errors }, { value: unknown, label: Unknown }] }
  network:
    steps:
      - { id: cert, uses: tls.cert }
      - { id: after, uses: net.tcp, needs: [cert] }
      - { id: provider, uses: net.tcp, for: providers }
      - { id: conditional, uses: disk.space, if: "answers.symptom == 'timeouts'" }
causes:
  tls.expired:
    title: { en: Expired, zh-CN: 过期 }
    class: human
    prior: uncommon
    evidence:
      - { when: checks.cert.code == "expired", supports: decisive }
      - { when: checks.cert.ok, excludes: true }
    explains: [entry, after]
    verify: { uses: tls.cert, with: { name: second }, predict: out.status == "fail" }
    fix: renew
  provider.down:
    title: { en: Down, zh-CN: 宕机 }
    class: third-party
    for: providers
    prior: common
    evidence:
      - { when: checks.provider.fail, supports: strong }
      - { when: checks.entry.fail, supports: moderate }
      - { when: checks.provider.ok, refutes: strong }
    explains: [entry]
    verify: { ask: { en: Do they confirm?, zh-CN: 对方确认? }, predict: answer }
    fix: switch
  app.error_burst:
    title: { en: Errors, zh-CN: 错误 }
    class: software
    prior: common
    evidence: [{ when: checks.entry.fail, supports: strong }]
    verify: { ask: { en: Seen errors?, zh-CN: 有错误? }, predict: answer }
    advice: { en: Read the log, zh-CN: 查看日志 }
fixes:
  renew:
    title: { en: Renew, zh-CN: 续期 }
    effect: write
    confirm: yes-no
    before: { argv: [show, cert], save: old }
    run: { argv: [renew, now] }
    rollback: { argv: [restore, "\${{ saved.old }}"] }
    signal: { step: cert, within: 2s }
  switch:
    title: { en: Switch, zh-CN: 切换 }
    effect: write
    run: { argv: [switch, backup] }
    rollback: { argv: [switch, primary] }
    signal: { step: entry, within: 1s }
    mitigates: true
validate: { steps: [entry], soak: 0s }
`;
const PROFILE = { providers: [{ name: 'bank' }, { name: 'backup' }] };
const EXPIRED = { status: 'fail', code: 'expired' };
const FAIL = { status: 'fail' };

const WATCHING = GATEWAY.replace('- { id: cert, uses: tls.cert }', '- { id: cert, uses: tls.cert }\n      - { id: busy, uses: cpu.util }');

describe('an automatic run', () => {
  it('finds a healthy stack healthy', async () => {
    const { session } = await play({ yaml: GATEWAY, profile: PROFILE });
    expect(session.ended).toEqual({ verdict: 'healthy', outcome: 'healthy', exit_code: 0 });
  });

  it.each([
    ['sums by currency, the largest first', '{"EUR": "12.5", "CNY": 300}', '300 CNY, 12.50 EUR'],
    ['a number', 'out.count', '900'],
    ['a text', '"about 5 000 EUR"', 'about 5 000 EUR'],
    ['nothing at risk', '{"EUR": "0.00"}', undefined],
    ['facts that do not have it', 'out.value', undefined],
  ])('tells what the failed payments are worth: %s', async (_, value, expected) => {
    const yaml = GATEWAY.replace('impact: { failed: out.count }', `impact: { failed: out.count, value: '${value}' }`);
    const { plan, session } = await play({ yaml, profile: PROFILE, facts: { entry: { status: 'fail', count: 900 } } });
    const { scope } = diagnose(plan, session, registry);
    expect([scope.failed, scope.value]).toEqual([900, expected]);
  });

  it('calls it a false alarm when somebody reported a symptom', async () => {
    const { session } = await play({ yaml: GATEWAY, profile: PROFILE, symptom: 'cards fail' });
    expect(session.ended?.outcome).toBe('false-alarm');
  });

  it('names the root and not its consequences, and confirms it by the other vantage point', async () => {
    const { session, plan } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: { entry: FAIL, cert: EXPIRED, 'verify:tls.expired#0': FAIL },
    });
    expect(session.ended).toEqual({ verdict: 'fault', outcome: 'fault-found', exit_code: 1 });
    const { causes, scope, findings } = diagnose(plan, session, registry);
    expect(causes[0]).toMatchObject({ id: 'tls.expired', state: 'confirmed', host: 'gw' });
    expect(causes.filter(({ open }) => open).map(({ id }) => id)).toEqual(['tls.expired']);
    expect(scope.state).toBe('down');
    expect(findings.find(({ key }) => key === 'entry')?.explainedBy).toBe('tls.expired');
  });

  it('refutes a cause whose prediction did not come true', async () => {
    const { session, plan } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: { entry: FAIL, cert: EXPIRED, 'verify:tls.expired#0': { status: 'ok' } },
    });
    const expired = diagnose(plan, session, registry).causes.find(({ id }) => id === 'tls.expired');
    expect(expired?.state).toBe('refuted');
    expect(expired?.score).toBeLessThan(0.5);
  });

  it('calls the entry down when one thing that customers need fails, whatever else is good, and unknown when one cannot be seen', async () => {
    const yaml = GATEWAY.replace('{ id: cert, uses: tls.cert }', '{ id: cert, uses: tls.cert, scope: entry }');
    const down = await play({ yaml, profile: PROFILE, facts: { cert: EXPIRED } });
    expect(diagnose(down.plan, down.session, registry).scope.state).toBe('down');
    const unseen = await play({ yaml, profile: PROFILE, facts: { cert: 'unknown' } });
    expect(diagnose(unseen.plan, unseen.session, registry).scope.state).toBe('unknown');
  });

  it('names two independent faults at once', async () => {
    const { session, plan } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: { entry: FAIL, cert: EXPIRED, 'provider@bank': FAIL, 'verify:tls.expired#0': FAIL },
    });
    const open = diagnose(plan, session, registry).causes.filter((cause) => cause.open);
    expect(open.map(({ key }) => key)).toEqual(['tls.expired', 'provider.down@bank']);
  });

  it('gives the same answer without the symptom', async () => {
    const facts = { entry: FAIL, cert: EXPIRED };
    const one = await play({ yaml: GATEWAY, profile: PROFILE, facts });
    const other = await play({ yaml: GATEWAY, profile: PROFILE, facts, symptom: 'everything times out' });
    expect(diagnose(one.plan, one.session, registry).leading?.id).toBe(diagnose(other.plan, other.session, registry).leading?.id);
  });

  it('takes unknown for no evidence and says inconclusive when the entry cannot be seen', async () => {
    const { session } = await play({ yaml: GATEWAY, profile: PROFILE, facts: { entry: 'unknown', cert: 'unknown' } });
    expect(session.ended).toEqual({ verdict: 'unknown', outcome: 'inconclusive', exit_code: 7 });
  });

  it('is inconclusive when every check of one target is unknown', async () => {
    const { session } = await play({ yaml: GATEWAY, profile: PROFILE, facts: { 'provider@bank': 'unknown' } });
    expect(session.ended?.exit_code).toBe(7);
  });

  it('skips what needs a failed step and names it, and does not apply what the profile does not name', async () => {
    const { session } = await play({ yaml: GATEWAY, facts: { cert: EXPIRED } });
    expect(session.results.get('after')).toMatchObject({ status: 'skipped', reason: 'cert is fail' });
    expect(session.results.has('provider')).toBe(false);
  });

  it('probes at once, whatever the phase, and stays within its width', async () => {
    const wide = await play({ yaml: GATEWAY, profile: PROFILE });
    expect(wide.widest).toBeGreaterThanOrEqual(4);
    const gentle = await play({ yaml: GATEWAY, profile: PROFILE, flags: { concurrency: 1 } });
    expect(gentle.widest).toBe(1);
  });

  it('starts first what watches longest, since the run lasts as long as that', async () => {
    const yaml = GATEWAY.replace('id: provider, uses: net.tcp', 'id: provider, uses: net.tcp, with: { sample: 4s }');
    const { probed } = await play({ yaml, profile: PROFILE, flags: { concurrency: 1 } });
    expect(probed[0]).toMatch(/^provider@/);
    expect((await play({ yaml: GATEWAY, profile: PROFILE, flags: { concurrency: 1 } })).probed[0]).toBe('entry');
    const { probed: byCheck } = await play({ yaml: WATCHING, profile: PROFILE, flags: { concurrency: 1 } });
    expect(byCheck[0]).toBe('busy');
  });

  it('lets what watches take its first look before anything else begins', async () => {
    const begun: (readonly string[])[] = [];
    const { probed } = await play({
      yaml: WATCHING,
      profile: PROFILE,
      during: {
        busy: async ({ onWait }, before) => {
          begun.push([...before]);
          onWait?.();
          while (before.length < 4) await new Promise((resolve) => setImmediate(resolve));
        },
      },
    });
    expect(begun).toEqual([['busy']]);
    expect(probed).toContain('entry');
  });

  it('waits for a first look no longer than its time', async () => {
    const { probed, session } = await play({
      yaml: WATCHING,
      profile: PROFILE,
      during: {
        busy: async (_, before) => {
          while (before.length < 4) await new Promise((resolve) => setImmediate(resolve));
        },
      },
    });
    expect(probed[0]).toBe('busy');
    expect(session.results.get('busy')?.status).toBe('ok');
  });

  it('ends at its deadline and says what it did not see', async () => {
    const yaml = GATEWAY.replace('id: cert, uses: tls.cert', 'id: cert, uses: tls.cert, timeout: 10s');
    const { session } = await play({ yaml, profile: PROFILE, facts: { cert: 'hang' }, flags: { deadline_ms: 100 } });
    expect(session.deadlinePassed).toBe(true);
    expect(session.results.get('cert')?.status).toBe('unknown');
    expect(session.ended).toBeDefined();
  });

  it('retries what failed and keeps every attempt', async () => {
    const yaml = GATEWAY.replace('{ id: cert, uses: tls.cert }', '{ id: cert, uses: tls.cert, retry: { max: 3, delay: 1s } }');
    const { session } = await play({ yaml, profile: PROFILE, facts: { cert: (_, call) => (call < 2 ? FAIL : { status: 'ok' }) } });
    expect(session.results.get('cert')?.attempts.map(({ status }) => status)).toEqual(['fail', 'fail', 'ok']);
  });

  it('says unknown, not "does not apply", when the parameters of a step could not be worked out', async () => {
    const yaml = GATEWAY.replace(
      '{ id: cert, uses: tls.cert }',
      '{ id: cert, uses: tls.cert, with: { name: "${{ string(1 / (1 - 1)) }}" } }',
    );
    const { session, plan } = await play({ yaml, profile: PROFILE });
    expect(session.results.get('cert')).toMatchObject({ status: 'unknown' });
    expect(diagnose(plan, session, registry).findings.find(({ key }) => key === 'cert')?.status).toBe('unknown');
  });

  it('exits 3 only where a required answer would decide', async () => {
    const yaml = GATEWAY.replace('type: select,', 'type: select, required: true,');
    const undecided = await play({ yaml, profile: PROFILE, facts: { entry: 'unknown' } });
    expect(undecided.session.ended?.exit_code).toBe(3);
    const decided = await play({ yaml, profile: PROFILE, facts: { entry: FAIL, cert: EXPIRED } });
    expect(decided.session.ended?.exit_code).toBe(1);
  });
});

describe('a fix', () => {
  const broken = {
    entry: (_: unknown, call: number) => (call < 1 ? FAIL : { status: 'ok' }),
    cert: (_: unknown, call: number) => (call < 2 ? EXPIRED : { status: 'ok' }),
    'verify:tls.expired#0': FAIL,
  };

  it('is never applied without consent', async () => {
    const { acted, session } = await play({ yaml: GATEWAY, profile: PROFILE, facts: broken });
    expect(acted).toEqual([]);
    expect(session.fixes.size).toBe(0);
  });

  it('saves the state before, is validated by its own signal, and the fault is gone', async () => {
    const { acted, session, plan } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: broken,
      flags: { allow_fix: ['renew'] },
      replies: { 'fix:renew': answer(true) },
    });
    expect(acted).toEqual(['show cert', 'renew now']);
    expect(session.fixes.get('renew')?.stage).toBe('validated');
    expect(session.loop).toBe(1);
    expect(session.ended).toEqual({ verdict: 'healthy', outcome: 'fixed', exit_code: 0 });
    expect(diagnose(plan, session, registry).causes[0]).toMatchObject({ id: 'tls.expired', state: 'fixed' });
  });

  it('gives the entry a moment to follow before everything is looked at again', async () => {
    const entry = (_: unknown, call: number) => (call < 4 ? FAIL : { status: 'ok' });
    const { session } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: { ...broken, entry },
      flags: { allow_fix: ['renew'] },
      replies: { 'fix:renew': answer(true) },
    });
    expect(session.ended).toEqual({ verdict: 'healthy', outcome: 'fixed', exit_code: 0 });
  });

  it('is rolled back with the saved state when its signal does not come', async () => {
    const { acted, session } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: { entry: FAIL, cert: EXPIRED, 'verify:tls.expired#0': FAIL },
      flags: { allow_fix: ['renew'] },
      replies: { 'fix:renew': answer(true) },
      act: ([program]) => (program === 'show' ? { stdout: 'old-cert' } : {}),
    });
    expect(acted).toEqual(['show cert', 'renew now', 'restore old-cert']);
    expect(session.ended).toMatchObject({ outcome: 'fix-failed', exit_code: 5 });
  });

  it('exits 6 when the rollback fails as well', async () => {
    const act = ([program]: readonly string[]) => ({ exitCode: program === 'show' ? 0 : 1 });
    const { session } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: { entry: FAIL, cert: EXPIRED, 'verify:tls.expired#0': FAIL },
      flags: { allow_fix: ['renew'] },
      replies: { 'fix:renew': answer(true) },
      act,
    });
    expect(session.ended?.exit_code).toBe(6);
  });

  it('is not applied when the fault is gone just before acting', async () => {
    const { acted, session } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: { entry: FAIL, cert: (_, call) => (call < 1 ? EXPIRED : { status: 'ok' }), 'verify:tls.expired#0': FAIL },
      flags: { allow_fix: ['renew'] },
      replies: { 'fix:renew': answer(true) },
    });
    expect(acted).toEqual([]);
    expect(session.fixes.get('renew')).toMatchObject({ stage: 'declined' });
  });

  it('that only mitigates leaves the cause open', async () => {
    const facts = { entry: (_: unknown, call: number) => (call < 1 ? FAIL : { status: 'ok' }), 'provider@bank': FAIL };
    const { session, plan, acted } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts,
      flags: { allow_fix: ['switch'] },
      replies: { 'fix:switch@bank': answer(true) },
    });
    expect(acted).toEqual(['switch backup']);
    expect(session.ended).toEqual({ verdict: 'fault', outcome: 'mitigated', exit_code: 1 });
    expect(diagnose(plan, session, registry).causes[0]).toMatchObject({ key: 'provider.down@bank', state: 'mitigated' });
  });

  it('is only planned under --dry-run', async () => {
    const { acted, session } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: broken,
      flags: { allow_fix: ['renew'], dry_run: true },
      replies: { 'fix:renew': answer(true) },
    });
    expect(acted).toEqual([]);
    expect(session.fixes.get('renew')?.stage).toBe('planned');
    expect(session.ended?.exit_code).toBe(1);
  });
});

describe('an operator', () => {
  it('answers, goes back, and what hung on the answer is decided again', async () => {
    const { session, asked } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      interactive: true,
      facts: { entry: FAIL },
      replies: {
        symptom: (_, call) => (call === 0 ? answer('errors') : answer('timeouts')),
        'verify:app.error_burst#0': (_, call) => (call === 0 ? { kind: 'back' } : answer(true)),
      },
    });
    expect(asked).toEqual(['symptom', 'verify:app.error_burst#0', 'symptom', 'verify:app.error_burst#0']);
    expect(session.answers.get('symptom')?.value).toBe('timeouts');
    expect(session.results.get('conditional')?.status).toBe('ok');
  });

  it('adds a note and is asked again', async () => {
    const { session, asked } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      interactive: true,
      replies: { symptom: (_, call) => (call === 0 ? { kind: 'note', text: 'called the bank' } : answer('unknown')) },
    });
    expect(asked).toEqual(['symptom', 'symptom']);
    expect(session.notes.map(({ text }) => text)).toEqual(['called the bank']);
  });

  it('is on offer at a question that somebody reads, and is not looked for at any other', async () => {
    const offered: boolean[] = [];
    const facts = { provider: FAIL, entry: FAIL };
    for (const interactive of [true, false]) {
      const replies = {
        symptom: ({ canMitigate }: Question) => {
          offered.push(canMitigate);
          return answer('unknown');
        },
      };
      await play({ yaml: GATEWAY, profile: PROFILE, interactive, facts, replies });
    }
    expect(offered).toEqual([true, false]);
  });

  it('mitigates from any phase before a cause is known', async () => {
    const { acted, asked } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      interactive: true,
      facts: { entry: (_, call) => (call < 1 ? FAIL : { status: 'ok' }) },
      replies: {
        symptom: (_, call) => (call === 0 ? { kind: 'mitigate' } : answer('unknown')),
        'fix:switch@bank': answer(true),
        'fix:switch@backup': answer(false),
      },
    });
    expect(asked.slice(0, 2)).toEqual(['symptom', 'fix:switch@bank']);
    expect(acted).toEqual(['switch backup']);
  });

  it('what would do the same for another cause is not offered once it was declined', async () => {
    const { asked, acted } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      interactive: true,
      facts: { entry: FAIL },
      replies: {
        symptom: (_, call) => (call === 0 ? { kind: 'mitigate' } : answer('unknown')),
        'fix:switch@bank': answer(false),
        'fix:switch@backup': answer(true),
      },
    });
    expect(asked.slice(0, 3)).toEqual(['symptom', 'fix:switch@bank', 'symptom']);
    expect(acted).toEqual([]);
  });

  it('but what does something else is', async () => {
    const { asked } = await play({
      yaml: GATEWAY.replace('run: { argv: [switch, backup] }', 'run: { argv: [switch, "${{ target.name }}"] }'),
      profile: PROFILE,
      interactive: true,
      facts: { entry: FAIL },
      replies: {
        symptom: (_, call) => (call === 0 ? { kind: 'mitigate' } : answer('unknown')),
        'fix:switch@bank': answer(false),
        'fix:switch@backup': answer(false),
      },
    });
    expect(asked.slice(0, 4)).toEqual(['symptom', 'fix:switch@bank', 'fix:switch@backup', 'symptom']);
  });

  it('back leads from what stops the bleeding to the question where it was asked for, and withdraws nothing', async () => {
    const { asked, session, events } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      interactive: true,
      facts: { entry: FAIL },
      replies: {
        symptom: (_, call) => (call === 0 ? { kind: 'mitigate' } : answer('unknown')),
        'fix:switch@bank': (_, call) => (call === 0 ? { kind: 'back' } : answer(false)),
      },
    });
    expect(asked.slice(0, 3)).toEqual(['symptom', 'fix:switch@bank', 'symptom']);
    expect(session.mitigating).toBe(false);
    expect(events.some(({ type }) => type === 'answer.withdrawn')).toBe(false);
  });

  it('quits and resumes with all that was acknowledged', async () => {
    const first = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      interactive: true,
      facts: { entry: FAIL, cert: EXPIRED, 'verify:tls.expired#0': FAIL },
      replies: { symptom: answer('errors'), 'verify:provider.down@bank#0': { kind: 'quit' }, 'fix:renew': { kind: 'quit' } },
    });
    expect(first.paused).toBe(true);
    expect(first.session.ended).toBeUndefined();
    const second = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      interactive: true,
      past: first.events,
      facts: { entry: FAIL, cert: EXPIRED, 'verify:tls.expired#0': FAIL },
      replies: { 'fix:renew': answer(false) },
    });
    expect(second.asked).not.toContain('symptom');
    expect(second.probed).not.toContain('entry');
    expect(second.session.ended).toMatchObject({ verdict: 'fault', exit_code: 1 });
  });
});

describe('a journal', () => {
  const whole = () => play({ yaml: GATEWAY, profile: PROFILE, facts: { entry: FAIL, cert: EXPIRED, 'verify:tls.expired#0': FAIL } });

  it('cut after any record resumes to the same verdict and loses nothing', async () => {
    const { events, session } = await whole();
    for (let length = 1; length < events.length; length++) {
      const past = events.slice(0, length);
      const kept = fold(past);
      const resumed = await play({
        yaml: GATEWAY,
        profile: PROFILE,
        past,
        facts: { entry: FAIL, cert: EXPIRED, 'verify:tls.expired#0': FAIL },
      });
      expect(resumed.session.ended, `cut after ${length}`).toEqual(session.ended);
      for (const [key, result] of kept.results)
        expect(resumed.session.results.get(key)?.seq, `${key}, cut after ${length}`).toBe(result.seq);
    }
  });

  it('folds to the same diagnosis next week', async () => {
    const { events, session, plan } = await whole();
    const replayed = fold(JSON.parse(JSON.stringify(events)));
    const strip = ({ findings, ...rest }: ReturnType<typeof diagnose>) => ({
      ...rest,
      findings: findings.map(({ summary, ...finding }) => ({ ...finding, text: summary('en') })),
    });
    expect(strip(diagnose(plan, replayed, registry))).toEqual(strip(diagnose(plan, session, registry)));
  });
});

describe('an interruption', () => {
  it('is recorded, leaves running probes undecided and can be resumed', async () => {
    const stop = new AbortController();
    const onEvent = ({ type }: { type: string }): void => {
      if (type === 'step.finished') stop.abort('SIGINT');
    };
    const { paused, session } = await play({
      yaml: GATEWAY,
      profile: PROFILE,
      facts: { 'provider@bank': 'hang' },
      signal: stop.signal,
      onEvent,
    });
    expect(paused).toBe(true);
    expect(session.interrupted).toBe('SIGINT');
    expect(session.results.has('provider@bank')).toBe(false);
  });
});

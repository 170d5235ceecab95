/** What is done with sessions out of bundles: judged again, held against each other, told as one. */
import { describe, expect, it } from 'vitest';
import { diffSessions } from '../../src/bundle/diff.ts';
import { type MergedHost, mergeHosts } from '../../src/bundle/merge.ts';
import { renderMerged } from '../../src/bundle/merged-report.ts';
import { judgeAgain } from '../../src/bundle/replay.ts';
import { diagnose } from '../../src/engine/diagnose.ts';
import type { Incident } from '../../src/report/incident.ts';
import { answer, type Canned, type Outcome, planFrom, play, registry } from '../engine/harness.ts';
import { playIncident } from '../report/played.ts';

const SITE = `
oor: 1
id: test
title: { en: Test }
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry }
      - { id: symptom, ask: { en: What is seen? }, type: select, options: [{ value: timeouts, label: Timeouts }, { value: errors, label: Errors }] }
  hardware:
    steps: [ { id: memory, uses: mem.available } ]
  network:
    steps:
      - { id: cert, uses: tls.cert }
      - { id: port, uses: net.tcp }
causes:
  tls.expired:
    title: { en: Expired }
    class: human
    prior: uncommon
    evidence: [ { when: checks.cert.fail, supports: strong }, { when: checks.port.fail, supports: strong }, { when: "answers.symptom == 'errors'", supports: weak } ]
    explains: [ entry ]
    verify: { uses: tls.cert, with: { name: second }, predict: out.status == "fail" }
    advice: { en: renew it }
`;

const facts = (more: Readonly<Record<string, Canned>> = {}) => ({ memory: { percent: 85 }, ...more });
const failed = { status: 'fail' } as const;

describe('a session judged again', () => {
  const again = async (played: Outcome, yaml = SITE, profile = {}) =>
    await judgeAgain({ events: played.events, past: played.session, thatNight: played.plan, now: planFrom(yaml, profile), registry });

  it('by what it was judged by: comes to the same end', async () => {
    const played = await play({ yaml: SITE, facts: facts({ cert: failed, port: failed, entry: failed, 'verify:tls.expired#0': failed }) });
    const session = await again(played);
    const statuses = (of: Outcome['session']) => [...of.results].map(([key, { status }]) => `${key} ${status}`).sort();
    expect(statuses(session)).toEqual(statuses(played.session));
    expect(session.ended).toEqual(played.session.ended);
    expect(diagnose(planFrom(SITE), session, registry).causes[0]).toMatchObject({ id: 'tls.expired', state: 'confirmed' });
  });

  it('by other thresholds: the recorded facts decide', async () => {
    const played = await play({ yaml: SITE, facts: facts() });
    expect(played.session.results.get('memory')?.status).toBe('ok');
    const session = await again(played, SITE, { thresholds: { 'mem.available': { warn: 50, crit: 80 } } });
    expect(session.results.get('memory')?.status).toBe('fail');
  });

  it('with the answers that were given, and none that was not', async () => {
    const played = await play({ yaml: SITE, facts: facts(), interactive: true, replies: { symptom: answer('errors') } });
    expect((await again(played)).answers.get('symptom')?.value).toBe('errors');
  });

  it('by a playbook with a step that was never taken: that is unknown, with the way out', async () => {
    const played = await play({ yaml: SITE, facts: facts() });
    const session = await again(
      played,
      SITE.replace('{ id: port, uses: net.tcp }', '{ id: port, uses: net.tcp }\n      - { id: other, uses: net.tcp }'),
    );
    expect(session.results.get('other')).toMatchObject({ status: 'unknown', judgement: { code: 'not-recorded' } });
  });

  it('by a playbook whose step of that name is another check: the facts are not its', async () => {
    const played = await play({ yaml: SITE, facts: facts() });
    const session = await again(played, SITE.replace('{ id: port, uses: net.tcp }', '{ id: port, uses: disk.space }'));
    expect(session.results.get('port')?.status).toBe('unknown');
  });

  it('what could not be told that night cannot be told now', async () => {
    const played = await play({ yaml: SITE, facts: facts({ cert: 'unknown' }) });
    expect((await again(played)).results.get('cert')).toMatchObject({ status: 'unknown', judgement: { code: 'missing-tool' } });
  });
});

describe('two sessions', () => {
  const side = async (more: Readonly<Record<string, Canned>>) => {
    const { session, plan } = await play({ yaml: SITE, facts: facts(more) });
    return { session, diagnosis: diagnose(plan, session, registry) };
  };

  it('differ by verdict, causes and steps, what got worse first', async () => {
    const difference = diffSessions(
      await side({ memory: { percent: 99 }, port: 'unknown' }),
      await side({ memory: { percent: 20 }, cert: failed, port: failed, entry: failed, 'verify:tls.expired#0': failed }),
    );
    expect(difference).toMatchObject({ verdict: { after: 'fault' }, causes: { appeared: ['tls.expired'], gone: [], stayed: [] } });
    expect(difference.steps.map(({ step, change }) => `${step} ${change}`)).toEqual([
      'entry worse',
      'cert worse',
      'port worse',
      'memory better',
    ]);
  });

  it('do not differ by good values, nor by noise; a bad value that moves counts', async () => {
    const steps = async (one: number, other: number) =>
      diffSessions(await side({ memory: { percent: one } }), await side({ memory: { percent: other } })).steps.map(({ change }) => change);
    expect(await steps(10, 70)).toEqual([]);
    expect(await steps(99, 99.5)).toEqual([]);
    expect(await steps(98.5, 150)).toEqual(['value']);
  });

  it('tell what can no longer be seen', async () => {
    expect(diffSessions(await side({}), await side({ cert: 'unknown' })).steps).toMatchObject([{ step: 'cert', change: 'hidden' }]);
  });
});

describe('several hosts', () => {
  /** The same incident as another machine with another clock saw it. */
  const seenFrom = async (host: string, more: Readonly<Record<string, Canned>>, offsetMs?: number): Promise<MergedHost> => {
    const incident = await playIncident({ yaml: SITE, facts: facts(more) });
    const clock = { key: 'clock', step: { kind: 'check', uses: 'time.offset', id: 'clock' }, empty: false } as never;
    const looked = offsetMs === undefined ? [] : [{ key: 'clock', facts: { offsetMs } } as never];
    const session = {
      ...incident.session,
      started: { ...incident.session.started, local_host: host },
      history: [...incident.session.history, ...looked],
    };
    const plan = { ...incident.plan, stepByKey: new Map([...incident.plan.stepByKey, ['clock', clock]]) };
    return { host, incident: { ...incident, plan, session } satisfies Incident, custody: { fingerprint: 'SHA256:abc', name: null } };
  };

  it('make one timeline, each clock corrected by what was measured on it', async () => {
    const merged = mergeHosts([await seenFrom('gw', { cert: failed }, 5_000), await seenFrom('db', {}, undefined)], 'en');
    expect(merged.offsets).toEqual({ gw: 5_000, db: null });
    for (const { at, recordedAt, host } of merged.timeline) expect(at - recordedAt).toBe(host === 'gw' ? 5_000 : 0);
    expect(merged.timeline.map(({ at }) => at)).toEqual(merged.timeline.map(({ at }) => at).toSorted((one, other) => one - other));
    // By their own clocks the two ran at the same time; gw was five seconds slow.
    expect(merged.timeline.at(-1)?.host).toBe('gw');
  });

  it('make one diagnosis: what each alone half sees, together they name', async () => {
    const [one, other] = [await seenFrom('gw', { cert: failed, port: 'unknown' }), await seenFrom('db', { port: failed, cert: 'unknown' })];
    for (const { incident } of [one, other]) expect(incident.diagnosis.causes[0]?.score).toBeLessThan(0.5);
    const { causes, verdict } = mergeHosts([one, other], 'en');
    expect(causes[0]).toMatchObject({ id: 'tls.expired', seenBy: ['gw', 'db'] });
    expect(causes[0]?.score).toBeGreaterThan(0.8);
    expect(verdict).toBe('fault');
  });

  it('do not count one thing twice that both look at', async () => {
    const one = await seenFrom('gw', { cert: failed });
    const { causes } = mergeHosts([one, await seenFrom('db', { cert: failed })], 'en');
    expect(causes[0]?.score).toBeCloseTo(one.incident.diagnosis.causes[0]?.score ?? 0, 5);
    expect(causes[0]?.because).toMatchObject([{ step: 'cert', hosts: ['gw', 'db'] }]);
  });

  it('healthy is what one host saw to be healthy, where no other saw a fault', async () => {
    const end = async (host: string, verdict: 'healthy' | 'unknown'): Promise<MergedHost> => {
      const seen = await seenFrom(host, {});
      const ended = { verdict, outcome: 'healthy', exit_code: 0 } as const;
      return { ...seen, incident: { ...seen.incident, session: { ...seen.incident.session, ended } } };
    };
    expect(mergeHosts([await end('gw', 'healthy'), await end('db', 'unknown')], 'en').verdict).toBe('healthy');
    expect(mergeHosts([await end('gw', 'unknown'), await end('db', 'unknown')], 'en').verdict).toBe('unknown');
  });

  it('are told on a page that runs nothing, whatever stands in it', async () => {
    const merged = mergeHosts([await seenFrom('<img src=x onerror=alert(1)>', { cert: failed, port: failed })], 'zh-CN');
    const page = renderMerged(merged, 'zh-CN');
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).toContain('时间线');
    expect(page).toMatch(/<h1>[^<]*(?:正常|发现故障|无法判断)<\/h1>/);
    expect(page).toContain('SHA256:abc：未知密钥');
    expect(page).not.toMatch(/>(?:fault|suspected|confirmed)</);
  });
});

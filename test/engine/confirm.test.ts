import { describe, expect, it } from 'vitest';
import { anotherProbe, chooseAttempt } from '../../src/engine/confirm.ts';
import { play } from './harness.ts';

const STATUS = { F: 'fail', U: 'unknown', G: 'ok', W: 'warn' } as const;

/** What is seen, until nothing more is asked for. */
function probeAll(seen: string, rule: { of: number; need: number }) {
  const probed: { status: string; number: number }[] = [];
  do probed.push({ status: STATUS[seen[probed.length] as keyof typeof STATUS], number: probed.length + 1 });
  while (probed.length < seen.length && anotherProbe(probed, rule));
  const chosen = chooseAttempt(probed, rule);
  return `${probed.length}: ${chosen?.status} of ${chosen?.number}`;
}

describe('N of M', () => {
  it.each([
    ['a good first probe costs nothing more', 'GFF', 3, 2, '1: ok of 1'],
    ['a warning is no failure', 'WFF', 3, 2, '1: warn of 1'],
    ['two in a row', 'FFG', 3, 2, '2: fail of 2'],
    ['two with a good one between', 'FGF', 3, 2, '3: fail of 3'],
    ['one of three does not count', 'FGG', 3, 2, '3: ok of 3'],
    ['it cannot be reached any more', 'FGGGG', 5, 3, '4: ok of 4'],
    ['one that cannot tell is followed by another', 'UG', 3, 2, '2: ok of 2'],
    ['and is no failure', 'UFF', 3, 2, '3: fail of 3'],
    ['a failure and two that cannot tell', 'FUU', 3, 2, '3: unknown of 3'],
    ['nobody can tell', 'UUU', 3, 2, '3: unknown of 3'],
    ['retry: all of them have to fail', 'FFF', 3, 3, '3: fail of 3'],
    ['retry: the first good one ends it', 'FG', 3, 3, '2: ok of 2'],
    ['once', 'F', 1, 1, '1: fail of 1'],
    ['once and unknown', 'U', 1, 1, '1: unknown of 1'],
    ['time ran out: all that was seen failed', 'F', 3, 2, '1: fail of 1'],
    ['time ran out: one failed, one was good', 'FG', 3, 2, '2: ok of 2'],
    ['time ran out: a failure, then cut short', 'FU', 3, 2, '2: fail of 1'],
  ])('%s', (_name, seen, of, need, expected) => {
    expect(probeAll(seen, { of, need })).toBe(expected);
  });
});

describe('confirm in a step', () => {
  const turns = (statuses: string) => (_: unknown, call: number) => ({ status: STATUS[statuses[call] as 'F'], count: call });
  const withConfirm = (keys: string) =>
    `oor: 1\nid: t\ntitle: T\nphases: { confirm: { steps: [ { id: cert, uses: tls.cert, scope: entry, ${keys} } ] } }\n`;

  it('keeps every attempt with its status, value and time, in the journal too', async () => {
    const yaml = withConfirm('confirm: { of: 3, need: 2, every: 500ms }');
    const { session, events } = await play({ yaml, facts: { cert: turns('FGF') } });
    const { status, attempts, facts } = session.results.get('cert') ?? {};
    expect(status).toBe('fail');
    expect(facts).toEqual({ status: 'fail', count: 2 });
    expect(attempts?.map((each) => [each.status, each.value])).toEqual([
      ['fail', 0],
      ['ok', 1],
      ['fail', 2],
    ]);
    const [first, second] = attempts ?? [];
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(500);
    const event = events.find((each) => each.type === 'step.finished' && each.data.key === 'cert');
    expect(event?.data).toMatchObject({ attempts });
  });

  it('a failure that is not seen again is no finding', async () => {
    const yaml = withConfirm('confirm: { of: 3, need: 2, every: 500ms }');
    const { session } = await play({ yaml, facts: { cert: turns('FGG') } });
    expect(session.results.get('cert')).toMatchObject({ status: 'ok', facts: { count: 2 } });
  });

  it('stays within the time of the step, the last probe with what is left of it', async () => {
    const yaml = withConfirm('timeout: 2s, confirm: { of: 10, need: 10, every: 900ms }');
    const budgets: (number | undefined)[] = [];
    const cert = ({ timeoutMs }: { timeoutMs?: number }) => {
      budgets.push(timeoutMs);
      return { status: 'fail' };
    };
    const { session } = await play({ yaml, facts: { cert } });
    expect(session.results.get('cert')).toMatchObject({ status: 'fail', attempts: { length: 3 } });
    expect(budgets[0]).toBe(2_000);
    expect(budgets[1]).toBeLessThanOrEqual(1_100);
    expect(budgets[2]).toBeLessThanOrEqual(200);
  });
});

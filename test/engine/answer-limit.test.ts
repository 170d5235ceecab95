/** A question may be given a time; what happens then is written in the playbook and nowhere else. */
import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/ports.ts';
import { answer, planFrom, play } from './harness.ts';

const yaml = (limit: string): string => `
oor: 1
id: test
title: Test
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry }
      - { id: which, ask: Which site?, type: select, options: [{ value: main, label: Main }, { value: spare, label: Spare }]${limit} }
escalate: { to: the payments lead }
validate: { steps: [entry], soak: 0s }
`;

/** Whoever is asked leaves the screen alone until the question is called off. */
const nobodyThere = (signal: AbortSignal): Promise<Reply> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

const run = (limit: string) => play({ yaml: yaml(limit), interactive: true, waits: nobodyThere });

describe('a question that nobody answers', () => {
  it('default: that value, and the record says that nobody gave it', async () => {
    const { session, paused } = await run(', timeout: 30s, on_timeout: { default: spare }');
    expect(session.answers.get('which')).toMatchObject({ value: 'spare', source: 'timeout' });
    expect(paused).toBe(false);
  });

  it('abort: saved and left', async () => {
    const { session, paused } = await run(', timeout: 30s, on_timeout: abort');
    expect(paused).toBe(true);
    expect(session.interrupted).toBe('quit');
    expect(session.answers.size).toBe(0);
  });

  it('escalate: it stays without an answer, and who is to be called is on record', async () => {
    const { session, paused } = await run(', timeout: 30s, on_timeout: escalate');
    expect(paused).toBe(false);
    expect(session.unanswered.get('which')).toEqual({
      by: 'operator',
      reason: 'nobody answered within 30 s: escalate to the payments lead',
    });
  });

  it.each(['', ', timeout: 30s, on_timeout: abort'])(
    'the deadline of the run calls it off, and the run comes to its end (limit: %s)',
    async (limit) => {
      const { session, paused } = await play({ yaml: yaml(limit), interactive: true, waits: nobodyThere, flags: { deadline_ms: 100 } });
      expect(paused).toBe(false);
      expect(session.deadlinePassed).toBe(true);
      expect(session.answers.size).toBe(0);
      expect(session.ended).toMatchObject({ verdict: 'healthy' });
    },
  );

  it('an answer in time counts, and the limit stands in the question', async () => {
    let text = '';
    const { session } = await play({
      yaml: yaml(', timeout: 90s, on_timeout: abort'),
      interactive: true,
      replies: {
        which: (question) => {
          text = question.text.en;
          return answer('main');
        },
      },
    });
    expect(session.answers.get('which')).toMatchObject({ value: 'main', source: 'operator' });
    expect(text).toBe('Which site? (within 90 s, else: abort)');
  });

  it.each([
    [', timeout: 30s', /needs both timeout and on_timeout/],
    [', on_timeout: abort', /needs both timeout and on_timeout/],
    [', timeout: 30s, on_timeout: { default: moon }', /moon is not an answer/],
    [', timeout: 30s, on_timeout: yes', /./],
  ])('%s is refused', (limit, message) => {
    expect(() => planFrom(yaml(limit))).toThrow(message);
  });
});

/** `b` weighs answers anew; nothing is probed a second time for it. */
import { describe, expect, it } from 'vitest';
import { answer, play } from './harness.ts';

const LEADING = `
oor: 1
id: test
title: Test
phases:
  confirm:
    steps:
      - { id: symptom, ask: What is seen?, type: select, options: [{ value: timeouts, label: Timeouts }, { value: errors, label: Errors }, { value: unknown, label: Unknown }] }
      - { id: where, ask: Where?, type: confirm }
  network:
    steps:
      - { id: always, uses: tls.cert }
      - { id: slow, uses: net.tcp, if: "answers.symptom == 'timeouts'" }
      - { id: broken, uses: net.http, if: "answers.symptom == 'errors'" }
validate: { steps: [always], soak: 0s }
`;

/** Answers `symptom` in turn and goes back from `where` until there is nothing more to answer. */
async function wander(symptoms: readonly string[]) {
  return await play({
    yaml: LEADING,
    interactive: true,
    replies: {
      symptom: (_, call) => answer(symptoms[call] ?? 'unknown'),
      where: (_, call) => (call < symptoms.length - 1 ? { kind: 'back' } : answer(true)),
    },
  });
}

describe('going back', () => {
  it('to the same answer probes nothing again', async () => {
    const { probed, session, asked } = await wander(['timeouts', 'timeouts']);
    expect(asked).toEqual(['symptom', 'where', 'symptom', 'where']);
    expect(probed.toSorted()).toEqual(['always', 'slow']);
    expect(session.results.get('slow')?.status).toBe('ok');
  });

  it('to another answer and back again: each probe once, and what was seen counts again', async () => {
    const { probed, session } = await wander(['timeouts', 'errors', 'timeouts', 'errors', 'timeouts']);
    expect(probed.toSorted()).toEqual(['always', 'broken', 'slow']);
    expect(session.results.get('slow')).toMatchObject({ status: 'ok', facts: { status: 'ok' } });
    expect(session.results.get('broken')?.status).toBe('skipped');
  });
});

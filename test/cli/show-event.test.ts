import { expect, it } from 'vitest';
import type { Progress } from '../../src/cli/services.ts';
import { showEvent } from '../../src/cli/show-event.ts';
import { play, registry } from '../engine/harness.ts';

const YAML = `
oor: 1
id: test
title: Test
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry }
      - { id: deployed, if: checks.entry.fail, ask: Was something deployed?, type: confirm }
      - { id: cert, if: checks.entry.fail, uses: tls.cert }
causes:
  app.down:
    title: The application is down
    class: software
    prior: common
    evidence: [{ when: checks.entry.fail, supports: strong }]
validate: { steps: [entry], soak: 0s }
`;

it('a question that is passed over is no check of its phase: how far the phase is does not move', async () => {
  const { plan, session, events } = await play({ yaml: YAML });
  const decided: string[] = [];
  const ignore = (): void => {};
  const progress = {
    started: ignore,
    finished: ignore,
    decided: ({ id }: { readonly id: string }) => void decided.push(id),
    note: ignore,
    impact: ignore,
  } as unknown as Progress;
  for (const event of events) showEvent(progress, { plan, registry, language: 'en', now: 0 }, event, session);
  expect(events.flatMap((event) => (event.type === 'step.decided' ? event.data.key : []))).toEqual(
    expect.arrayContaining(['deployed', 'cert']),
  );
  expect(decided).toEqual(['cert']);
});

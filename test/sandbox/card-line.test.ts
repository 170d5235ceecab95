import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { iso8583Traffic } from '../../src/checks/iso8583-traffic.ts';
import { probeAndJudge } from '../checks/judge.ts';
import { realContext } from '../checks/real-context.ts';
import { type CardLine, LINES, readLog, STATES, startCardLine, untilBusy } from './card-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'oor-card-line-'));
const lines: CardLine[] = [];

beforeAll(async () => {
  for (const [framing, dialect] of LINES) for (const state of STATES) lines.push(await startCardLine(folder, framing, dialect, state));
  await untilBusy(lines);
});

afterAll(async () => {
  await Promise.all(lines.map((line) => line.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe(`a card line in ${LINES.length} framings, well and ill in ${STATES.length - 1} ways`, () => {
  for (const [framing, dialect] of LINES)
    test(`${framing}, ${dialect}`, async () => {
      const seen: Record<string, string> = {};
      for (const line of lines.filter((each) => each.framing === framing && each.dialect === dialect)) {
        const { judgement } = await probeAndJudge(iso8583Traffic, realContext(), { file: line.log });
        seen[line.state.name] = judgement.code;
      }
      expect(seen).toEqual(Object.fromEntries(STATES.map(({ name, code }) => [name, code])));
    });

  test('no log holds a card number', () => {
    for (const line of lines) expect(readLog(line)).not.toMatch(/\d{13,}/);
  });
});

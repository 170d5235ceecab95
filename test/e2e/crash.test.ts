/** A run that is killed or interrupted loses nothing that it had acknowledged, and ends as it would have. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeTime, writeNight } from './night.ts';
import { causesOfSite, type Desk, openDesk, parseRun, type Running, type Stack, startStack } from './oor.ts';

/** OOR_CRASH_ROUNDS=50 is the full proof. */
const ROUNDS = Number(process.env['OOR_CRASH_ROUNDS'] ?? 6);

interface Entry {
  readonly type: string;
  readonly data: { readonly key?: string; readonly id?: string; readonly loop?: number };
}

describe('killed and interrupted runs', () => {
  let desk: Desk;
  let stack: Stack;
  /** From the first record of an undisturbed run to its end. */
  let spanMs: number;
  const seen = new Set<string>();

  beforeAll(async () => {
    desk = openDesk();
    stack = await startStack(desk, 'app-down');
    const running = start();
    await newSession();
    const begun = performance.now();
    const first = parseRun(await running.ended);
    expect([first.verdict, causesOfSite(first)[0]?.id]).toEqual(['fault', 'app.down']);
    spanMs = performance.now() - begun;
  });

  afterAll(async () => {
    await stack?.stop();
    desk.leave();
  });

  function start(args: readonly string[] = ['--json']): Running {
    return desk.start(['run', '--no-input', '--profile', stack.profile, '--answer', 'symptom=errors', ...args]);
  }

  /** The id of the next session, once its first record is on disk. */
  async function newSession(): Promise<string> {
    for (;;) {
      const id = desk
        .kept()
        .map((file) => /sessions\/([^/]+)\/journal\.jsonl$/.exec(file)?.[1] ?? '')
        .find((name) => name !== '' && !seen.has(name) && readJournal(name).includes('\n'));
      if (id !== undefined) {
        seen.add(id);
        return id;
      }
      await sleep(5);
    }
  }

  function readJournal(id: string): string {
    return readFileSync(join(desk.stateDir, 'sessions', id, 'journal.jsonl'), 'utf8');
  }

  function entriesOf(id: string): Entry[] {
    return parseLines(readJournal(id));
  }

  async function untilThere(id: string, type: string, count: number): Promise<void> {
    while (entriesOf(id).filter((entry) => entry.type === type).length < count) await sleep(5);
  }

  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))('kill -9, round %i', async (round) => {
    const running = start(['--jsonl']);
    const id = await newSession();
    // Spread over the run, at random within its slice: every part of it is hit.
    await sleep(((round - 1 + Math.random()) / ROUNDS) * spanMs);
    running.child.kill('SIGKILL');
    const { stdout } = await running.ended;
    const before = readJournal(id);
    const whole = before.slice(0, before.lastIndexOf('\n') + 1);
    // What was shown was on disk before it was shown.
    const shown = parseLines(stdout).filter(isResult).map(nameOf);
    expect(parseLines(whole).filter(isResult).map(nameOf)).toEqual(expect.arrayContaining(shown));

    const resumed = await desk.run(['resume', id, '--json', '--no-input', '--answer', 'symptom=errors']);
    const result = parseRun(resumed);
    expect(result).toMatchObject({ session: id, verdict: 'fault', exit_code: 1 });
    expect(causesOfSite(result)[0]?.id).toBe('app.down');
    expect(resumed.status).toBe(1);
    const after = readJournal(id);
    expect(after.startsWith(whole)).toBe(true);
    // And nothing that was known is asked of the host or of the operator again.
    const results = parseLines(after).filter(isResult).map(nameOf);
    expect(results).toEqual([...new Set(results)]);
  });

  /** A run that goes on until it is let go: one check of it waits for a file. */
  function startHeld(): { readonly running: Running; letGo(): void } {
    const slowCheck = '1';
    const file = writeNight(desk.folder, { slowCheck, more: ['{ id: load, uses: cpu.load }', '{ id: up, uses: host.uptime }'] });
    const go = join(desk.folder, 'go');
    rmSync(go, { force: true });
    takeTime(desk.folder, `until [ -e ${go} ]; do sleep 0.1; done; echo done\n`);
    return { running: desk.start(['run', file, '--no-input', '--json']), letGo: () => writeFileSync(go, '') };
  }

  it('SIGINT, SIGTERM, SIGHUP: saved, said how to go on, and gone on', async () => {
    const { running: first, letGo } = startHeld();
    let running = first;
    const id = await newSession();
    for (const [index, [signal, code]] of (
      [
        ['SIGINT', 130],
        ['SIGTERM', 143],
        ['SIGHUP', 129],
      ] as const
    ).entries()) {
      await untilThere(id, 'step.finished', 3);
      await untilThere(id, 'session.resumed', index);
      running.child.kill(signal);
      const ended = await running.ended;
      expect(ended.stderr).toContain(`resume with: oor resume ${id}`);
      expect(parseRun(ended)).toMatchObject({ session: id, outcome: 'aborted', exit_code: code });
      expect(ended.status).toBe(code);
      running = desk.start(['resume', id, '--json', '--no-input']);
    }
    letGo();
    const result = parseRun(await running.ended);
    expect(result).toMatchObject({ session: id, verdict: 'fault', exit_code: 1 });
    expect(causesOfSite(result)[0]?.id).toBe('app.down');
    const results = entriesOf(id).filter(isResult).map(nameOf);
    expect(results).toEqual([...new Set(results)]);
    expect(entriesOf(id).filter(({ type }) => type === 'session.resumed')).toHaveLength(3);
  });

  it('a session that another run holds is not touched', async () => {
    const { running, letGo } = startHeld();
    const id = await newSession();
    const refused = await desk.run(['resume', id, '--no-input']);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain(String(running.child.pid));
    letGo();
    expect(parseRun(await running.ended)).toMatchObject({ verdict: 'fault' });
  });
});

/** Whole lines only. */
function parseLines(text: string): Entry[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry)
    .filter(({ type }) => type !== undefined);
}

function isResult({ type }: Entry): boolean {
  return ['step.finished', 'step.decided', 'answer.given', 'verify.finished'].includes(type);
}

function nameOf({ type, data }: Entry): string {
  return `${type} ${data.key ?? data.id ?? ''} ${data.loop ?? ''}`;
}

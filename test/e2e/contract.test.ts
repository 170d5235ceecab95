/** What pipelines rely on: streams, JSON, exit codes, files. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { causesOfSite, type Desk, openDesk, parseRun, type Ran, type Stack, startStack } from './oor.ts';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const TEXT = expect.stringMatching(/\S/);
const NUMBER = expect.any(Number);
const PHASES = ['confirm', 'evidence', 'hardware', 'software', 'network', 'verify', 'fix', 'validate'];
const STATUSES = ['ok', 'warn', 'fail', 'unknown', 'skipped', 'not-applicable'];
/** A test number of a card scheme, as it is printed and as it is grouped on a card. */
const PAN = '4111111111111111';
const GROUPED_PAN = '4111 1111 1111 1111';
const ESCAPE = '\u001B';

const QUESTION = `oor: 1
id: mine
title: { en: Mine }
phases:
  confirm:
    steps:
      - { id: who, ask: { en: "Who called, and with which card?" }, type: text, required: true }
  hardware:
    steps:
      - { id: uptime, uses: host.uptime }
`;

describe('what pipelines rely on', () => {
  let desk: Desk;
  let stack: Stack;
  let asJson: Ran;
  let asText: Ran;

  beforeAll(async () => {
    desk = openDesk();
    writeFileSync(join(desk.folder, 'mine.yaml'), QUESTION);
    writeFileSync(join(desk.folder, 'strict.yaml'), describeDisk(desk.folder, { warn: 0, crit: 100 }));
    writeFileSync(join(desk.folder, 'easy.yaml'), describeDisk(desk.folder, { warn: 99.8, crit: 99.9 }));
    stack = await startStack(desk, 'app-down');
    asJson = await desk.run(['run', '--json', '--no-input', '--profile', stack.profile, '--symptom', `card ${GROUPED_PAN} is declined`]);
    asText = await desk.run(['run', '--no-input', '--profile', stack.profile]);
  });

  afterAll(async () => {
    await stack?.stop();
    desk.leave();
  });

  async function json(args: readonly string[]): Promise<unknown> {
    const { stdout } = await desk.run([...args, '--json']);
    return JSON.parse(stdout);
  }

  describe('oor run --json', () => {
    it('has every key of the contract, of its type', () => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
      expect(JSON.parse(asJson.stdout)).toMatchObject({
        schema_version: 1,
        tool: { name: 'oor', version },
        session: expect.stringMatching(/^\d{8}-\d{6}-[0-9a-f]+$/),
        playbook: { id: 'payment-gateway', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        site: TEXT,
        started_at: ISO,
        ended_at: ISO,
        verdict: 'fault',
        exit_code: 1,
        outcome: 'fault-found',
        scope: { state: 'down', first_bad: ISO, failed: NUMBER, unknown_outcome: NUMBER },
      });
      expect(asJson.status).toBe(1);
    });

    it('causes: best first, each with what it stands on', () => {
      const { causes } = JSON.parse(asJson.stdout) as { causes: { id: string; [key: string]: unknown }[] };
      expect(causesOfSite({ causes })[0]).toMatchObject({
        id: 'app.down',
        class: 'software',
        component: 'app',
        host: TEXT,
        score: NUMBER,
        state: expect.stringMatching(/^(suspected|confirmed)$/),
        text: TEXT,
        because: expect.arrayContaining([{ step: TEXT, effect: 'supports', factor: NUMBER }]),
        fix: expect.stringContaining('start-app'),
      });
      const scores = causes.map(({ score }) => Number(score));
      expect(scores).toEqual([...scores].sort((one, other) => other - one));
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    });

    it('findings, phases, unknown', () => {
      const { findings, phases, unknown } = JSON.parse(asJson.stdout) as Record<string, Record<string, unknown>[]>;
      expect(findings?.find(({ id }) => id === 'app_listen@app')).toMatchObject({
        check: 'port.listen',
        phase: 'software',
        host: TEXT,
        status: 'fail',
        code: 'not-listening',
        summary: TEXT,
      });
      expect(findings?.find(({ id }) => id === 'entry')).toMatchObject({ explained_by: expect.stringContaining('app.down') });
      expect(findings?.find(({ id }) => id === 'access_log@web')).toMatchObject({
        value: NUMBER,
        threshold: NUMBER,
        threshold_source: TEXT,
      });
      expect(findings?.every(({ status }) => STATUSES.includes(String(status)) && status !== 'ok')).toBe(true);
      expect(phases).toEqual(PHASES.map((id) => ({ id, steps: NUMBER, duration_ms: NUMBER })));
      expect(unknown).toEqual(unknown?.map(() => expect.objectContaining({ check: TEXT, why: TEXT })));
    });

    it('nothing but that object is on stdout, and nothing of a terminal anywhere', () => {
      expect(asJson.stdout).toMatch(/^\{[\s\S]*\}\n$/);
      expect(asJson.stdout + asJson.stderr + asText.stdout + asText.stderr).not.toContain(ESCAPE);
    });
  });

  describe('JSON of the other commands', () => {
    it('check', async () => {
      const { status, stdout } = await desk.run(['check', 'data_disk', 'host.uptime', '--profile', 'easy.yaml', '--json']);
      const shown = JSON.parse(stdout) as { checks: Record<string, unknown>[] };
      expect(shown).toMatchObject({ schema_version: 1, verdict: 'healthy' });
      expect(shown.checks.find(({ id }) => id === 'disk.space')).toMatchObject({
        target: 'till',
        host: TEXT,
        status: 'ok',
        summary: TEXT,
        value: NUMBER,
        unit: '%',
        threshold: NUMBER,
        threshold_source: TEXT,
        duration_ms: NUMBER,
        attempts: expect.any(Array),
      });
      const keys = [
        'id',
        'target',
        'host',
        'status',
        'summary',
        'value',
        'unit',
        'threshold',
        'threshold_source',
        'duration_ms',
        'attempts',
        'unlock',
      ];
      for (const check of shown.checks) expect(Object.keys(check)).toEqual(expect.arrayContaining(keys));
      expect(status).toBe(0);
    });

    it('check --list', async () => {
      const all = (await json(['check', '--list'])) as Record<string, unknown>[];
      expect(all.length).toBeGreaterThanOrEqual(25);
      expect(all).toEqual(
        all.map(({ id, thresholds }) => ({
          // The step of a playbook that compares two sides is called as the command is.
          id: expect.stringMatching(/^([a-z0-9]+\.[a-z0-9_-]+|reconcile)$/),
          area: String(id).split('.')[0],
          phase: expect.stringMatching(new RegExp(`^(${PHASES.join('|')})$`)),
          root: expect.any(Boolean),
          active: expect.any(Boolean),
          title: { en: TEXT, 'zh-CN': TEXT },
          thresholds: thresholds === null ? null : expect.objectContaining({ warn: expect.any(Number), unit: TEXT, source: TEXT }),
        })),
      );
    });

    it('sandbox faults', async () => {
      const faults = (await json(['sandbox', 'faults'])) as Record<string, unknown>[];
      expect(faults).toEqual(
        faults.map(() => expect.objectContaining({ id: expect.stringMatching(/^[a-z0-9-]+$/), cause: TEXT, class: TEXT })),
      );
      expect(faults).toContainEqual(expect.objectContaining({ id: 'tls-expired', cause: 'tls.expired', class: 'human' }));
      expect(faults.map(({ id }) => id)).toEqual(
        expect.arrayContaining(['tls-expired', 'app-down', 'bank-timeout', 'db-down', 'disk-full']),
      );
    });

    it('playbook list and lint', async () => {
      expect(await json(['playbook', 'list'])).toContainEqual(expect.objectContaining({ id: 'payment-gateway' }));
      expect((await desk.run(['playbook', 'lint'])).status).toBe(0);
      writeFileSync(join(desk.folder, 'bad.yaml'), QUESTION.replace('uses: host.uptime', 'uses: host.uptme'));
      const { status, stdout } = await desk.run(['playbook', 'lint', 'mine.yaml', 'bad.yaml', '--json']);
      const { problems } = JSON.parse(stdout) as { problems: unknown[] };
      expect(problems).toContainEqual(
        expect.objectContaining({ file: 'bad.yaml', line: 10, col: 29, code: TEXT, message: TEXT, severity: 'error' }),
      );
      expect(status).toBe(65);
    });

    it('doctor: without a profile everything that it would name is unseen', async () => {
      const { unseen } = (await json(['doctor'])) as { unseen: Record<string, unknown>[] };
      expect(unseen).toEqual(
        unseen.map(() =>
          expect.objectContaining({ check: TEXT, status: expect.stringMatching(/^(unknown|not-applicable)$/), why: TEXT, unlock: TEXT }),
        ),
      );
      expect(unseen).toContainEqual(expect.objectContaining({ check: 'net.http', status: 'not-applicable' }));
    });

    it('sessions', async () => {
      const sessions = (await json(['sessions'])) as Record<string, unknown>[];
      expect(sessions).toContainEqual({
        id: parseRun(asJson).session,
        playbook: 'payment-gateway',
        state: 'ended',
        started_at: ISO,
        verdict: 'fault',
      });
    });

    it('--jsonl: one event a line, the result last', async () => {
      const { stdout } = await desk.run(['run', './mine.yaml', '--jsonl', '--no-input']);
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.slice(0, -1)).toEqual(lines.slice(0, -1).map(() => expect.objectContaining({ schema_version: 1, ts: ISO, type: TEXT })));
      expect(lines[0]).toMatchObject({ type: 'session.started' });
      expect(lines.at(-1)).toMatchObject({ schema_version: 1, verdict: 'unknown', causes: [] });
    });
  });

  describe('the session afterwards', () => {
    it('the report is the text of that night, to the byte', async () => {
      const id = sessionOf(asText);
      expect((await desk.run(['report', id])).stdout).toBe(asText.stdout);
      expect((await desk.run(['sessions', 'show', id])).stdout).toBe(asText.stdout);
      expect((await desk.run(['report', parseRun(asJson).session, '--json'])).stdout).toBe(asJson.stdout);
    });

    it('the same in Chinese', async () => {
      const { stdout } = await desk.run(['report', sessionOf(asText), '--lang', 'zh-CN']);
      expect(stdout).toContain('支付应用未运行');
      expect(stdout).toContain('app.down');
      expect(asText.stdout).not.toMatch(/\p{Script=Han}/u);
    });

    it('colour only where it was asked for', async () => {
      expect((await desk.run(['report', sessionOf(asText), '--color', 'always'])).stdout).toContain(ESCAPE);
      expect((await desk.run(['report', sessionOf(asText)], { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain(ESCAPE);
    });

    it('only its owner can read it', () => {
      const entries = readdirSync(desk.stateDir, { recursive: true, withFileTypes: true });
      expect(entries.length).toBeGreaterThan(2);
      const modes = entries.map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path, entry.isDirectory(), statSync(path).mode & 0o777];
      });
      expect(modes).toEqual(modes.map(([path, folder]) => [path, folder, folder ? 0o700 : 0o600]));
      expect(statSync(desk.stateDir).mode & 0o777).toBe(0o700);
    });

    it('no card number is in it, whoever typed it', async () => {
      const { status, stdout } = await desk.run(['run', './mine.yaml', '--no-input', '--json', '--answer', `who=Wang, ${PAN}`]);
      expect(parseRun({ ...asJson, stdout }).session).toMatch(/\d/);
      expect(status).toBe(7);
      const kept = desk.kept();
      expect(kept.length).toBeGreaterThan(2);
      for (const text of [stdout, asJson.stdout, asJson.stderr, ...kept.map((file) => readFileSync(file, 'utf8'))]) {
        expect(text.replaceAll(/(?<=\d)[ -](?=\d)/g, '')).not.toContain(PAN);
      }
      expect(kept.map((file) => readFileSync(file, 'utf8')).join('')).toContain('Wang');
    });

    it('deleted: nothing of it is left', async () => {
      const { stdout } = await desk.run(['run', './mine.yaml', '--no-input', '--json']);
      const { session } = parseRun({ ...asJson, stdout });
      expect(desk.kept().some((file) => file.includes(session))).toBe(true);
      expect(await desk.run(['sessions', 'delete', session])).toMatchObject({ status: 0, stdout: '' });
      expect(desk.kept().some((file) => file.includes(session))).toBe(false);
      expect(await desk.run(['report', session])).toMatchObject({ status: 2, stdout: '' });
    });
  });

  describe('exit codes', () => {
    it('2 and a short help: oor alone, without a terminal', async () => {
      const { status, stdout, stderr } = await desk.run([]);
      expect(stderr).toContain('oor run --sandbox');
      expect(stderr.split('\n').length).toBeLessThan(15);
      expect(stdout).toBe('');
      expect(status).toBe(2);
    });

    it('3: an answer is needed and nobody can give it', async () => {
      const { status, stderr } = await desk.run(['run', './mine.yaml', '--no-input']);
      expect(stderr).toContain('--answer who=');
      expect(status).toBe(3);
    });

    it('1 where --fail-on asks for it, else a warning is none', async () => {
      const check = ['check', 'data_disk', '--profile', 'strict.yaml'];
      expect((await desk.run(check)).status).toBe(0);
      const { status, stdout } = await desk.run([...check, '--fail-on', 'warn', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ verdict: 'fault', checks: [{ status: 'warn', threshold: 0 }] });
      expect(status).toBe(1);
    });

    it('7: nothing could be checked', async () => {
      const { status, stdout } = await desk.run(['check', 'net.http', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ verdict: 'unknown' });
      expect(status).toBe(7);
    });

    it('9: the record was altered', async () => {
      const { stdout } = await desk.run(['run', './mine.yaml', '--no-input', '--json']);
      const { session } = parseRun({ ...asJson, stdout });
      const journal = desk.kept().find((file) => file.includes(session) && file.endsWith('.jsonl')) ?? '';
      writeFileSync(journal, readFileSync(journal, 'utf8').replace('"actor":"oor"', '"actor":"ooz"'));
      expect(await desk.run(['report', session])).toMatchObject({ status: 9, stdout: '' });
      expect(await json(['sessions'])).toContainEqual(expect.objectContaining({ id: session, state: 'damaged' }));
    });

    it('12: a playbook that anybody could have written, until its digest is named', async () => {
      const file = join(desk.folder, 'foreign.yaml');
      writeFileSync(file, QUESTION);
      chmodSync(file, 0o666);
      const refused = await desk.run(['run', './foreign.yaml', '--no-input']);
      expect(refused.status).toBe(12);
      const digest = /--trust ([0-9a-f]{64})/.exec(refused.stderr)?.[1] ?? '';
      expect((await desk.run(['run', './foreign.yaml', '--no-input', '--trust', digest])).status).toBe(3);
      appendFileSync(file, '# changed\n');
      expect((await desk.run(['run', './foreign.yaml', '--no-input', '--trust', digest])).status).toBe(12);
    });
  });

  it('a run says first what it looks at and since when; with --quiet it does not', async () => {
    const file = join(desk.folder, 'site.yaml');
    writeFileSync(file, 'oor: 1\nsite: "till\\u009b-1"\n');
    const run = async (...args: string[]) =>
      (await desk.run(['run', 'mine.yaml', '--no-input', '--profile', file, ...args])).stderr.split('\n')[0];
    const from = expect.stringMatching(/^till\\x9b-1: as \/.*site\.yaml describes it, from \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/);
    expect(await run()).toEqual(from);
    expect(await run('--lang', 'zh-CN')).toMatch(/^till\\x9b-1: 依照 .*，自 \d{4}-.* 起$/);
    expect(await run('--quiet')).not.toContain('describes it');
  });

  it.each([
    ['a result that fits into the pipe', 'check --list'],
    ['one that does not', 'playbook show payment-gateway'],
  ])('a reader that goes away early is no error: %s', (_, typed) => {
    const script = 'set -o pipefail; "$@" | head -1; echo "${PIPESTATUS[0]}"';
    const { stdout, stderr } = spawnSync('bash', ['-c', script, '_', ...desk.argv(typed.split(' '))], {
      cwd: desk.folder,
      env: desk.env,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n')).toEqual([TEXT, '0']);
  });
});

/** Only the file system of this folder: others of this machine may be as full as they like. */
function describeDisk(folder: string, { warn, crit }: { readonly warn: number; readonly crit: number }): string {
  return `oor: 1
services: [{ name: till, kind: worker, data: [${folder}] }]
thresholds: { disk.space: { warn: ${warn}, crit: ${crit} } }
`;
}

function sessionOf({ stdout }: Ran): string {
  return /oor report (\S+)/.exec(stdout)?.[1] ?? '';
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './oor.ts';

let desk: Desk;
beforeAll(() => {
  desk = openDesk();
});
afterAll(() => desk.leave());

const write = (file: string, text: string): void => writeFileSync(join(desk.folder, file), text);
const read = (file: string): string => readFileSync(join(desk.folder, file), 'utf8');

describe('oor playbook new', () => {
  it('writes a playbook that lints clean, runs, and is drawn', async () => {
    expect((await desk.run(['playbook', 'new', 'own-disk'])).status).toBe(0);
    const lint = await desk.run(['playbook', 'lint', 'own-disk.yaml', '--fail-on', 'warn', '--json']);
    expect(lint.status).toBe(0);
    expect(JSON.parse(lint.stdout)).toMatchObject({ problems: [], playbooks: 1 });
    const run = await desk.run(['run', './own-disk.yaml', '--no-input', '--json']);
    expect([0, 1, 7]).toContain(run.status);
    expect(JSON.parse(run.stdout)).toMatchObject({ playbook: { id: 'own-disk' } });
    const graph = await desk.run(['playbook', 'graph', './own-disk.yaml']);
    expect(graph.stdout).toMatch(/^flowchart LR$/m);
  });

  it('replaces no file unless it is told to, and takes no path for a name', async () => {
    write('mine.yaml', 'precious\n');
    expect(await desk.run(['playbook', 'new', 'mine'])).toMatchObject({ status: 2, stdout: '' });
    expect(read('mine.yaml')).toBe('precious\n');
    expect((await desk.run(['playbook', 'new', 'mine', '--force'])).status).toBe(0);
    expect(read('mine.yaml')).toContain('id: mine');
    expect((await desk.run(['playbook', 'new', '../x'])).status).toBe(2);
  });
});

describe('oor playbook lint', () => {
  it('tells every problem at its place in each format, and warnings fail only when asked', async () => {
    expect((await desk.run(['playbook', 'new', 'flawed', '--force'])).status).toBe(0);
    write('flawed.yaml', read('flawed.yaml').replace('source: [F01, P04]', 'source: [F01, P99]'));
    const line =
      read('flawed.yaml')
        .split('\n')
        .findIndex((each) => each.includes('P99')) + 1;
    const plain = await desk.run(['playbook', 'lint', 'flawed.yaml']);
    expect(plain.status).toBe(0);
    expect(plain.stdout).toMatch(new RegExp(`^flawed\\.yaml:${line}:\\d+: warning: there is no row P99$`, 'm'));
    expect((await desk.run(['playbook', 'lint', 'flawed.yaml', '--fail-on', 'warn'])).status).toBe(65);
    const github = await desk.run(['playbook', 'lint', 'flawed.yaml', '--format', 'github']);
    expect(github.stdout).toContain(`::warning file=flawed.yaml,line=${line},`);
    const sarif = JSON.parse((await desk.run(['playbook', 'lint', 'flawed.yaml', '--format', 'sarif'])).stdout);
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.region.startLine).toBe(line);
    expect((await desk.run(['playbook', 'lint', 'flawed.yaml', '--format', 'junit'])).status).toBe(2);
  });

  it('finds nothing in what is shipped', async () => {
    const lint = await desk.run(['playbook', 'lint', '--json']);
    expect(lint.status).toBe(0);
    expect(JSON.parse(lint.stdout).problems).toEqual([]);
  });
});

describe('oor playbook coverage', () => {
  it('maps every row, and a row without an answer is missing and exits 1', async () => {
    const { status, stdout } = await desk.run(['playbook', 'coverage', '--json']);
    const { rows, covered, missing, map } = JSON.parse(stdout);
    expect(rows).toBe(142);
    expect(Object.keys(map)).toHaveLength(142);
    expect(covered + missing.length).toBe(142);
    expect(status).toBe(missing.length === 0 ? 0 : 1);
    expect(map.F12).toContainEqual({ kind: 'check', ref: 'temp.sensor', step: 'temperature', playbook: 'payment-gateway' });
  });
});

describe('oor playbook show, graph, schema', () => {
  it('a shipped playbook as a page, as a picture, and the schema that editors read', async () => {
    const page = await desk.run(['playbook', 'show', 'machine', '--format', 'md', '--lang', 'zh-CN']);
    expect(page.stdout).toContain('# 主机自身');
    const picture = await desk.run(['playbook', 'graph', 'payment-gateway', '--out', 'graph.svg']);
    expect(picture).toMatchObject({ status: 0, stdout: '' });
    expect(read('graph.svg')).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(JSON.parse((await desk.run(['playbook', 'schema'])).stdout)).toMatchObject({ title: 'oor playbook' });
    expect(JSON.parse((await desk.run(['playbook', 'schema', 'profile'])).stdout)).toMatchObject({ title: 'oor site profile' });
    expect((await desk.run(['playbook', 'graph', 'machine', '--cause', 'hw.fna'])).stderr).toContain('did you mean hw.fan?');
  });
});

describe('oor playbook record and test', () => {
  it('a session becomes an incident that passes as recorded, and fails when something else was seen', async () => {
    const run = await desk.run(['run', 'payment-exceptions', '--sandbox=app-down', '--no-input', '--json']);
    expect(run.status).toBe(1);
    const { session, causes } = JSON.parse(run.stdout);
    mkdirSync(join(desk.folder, 'fixtures/own'), { recursive: true });
    const recorded = await desk.run(['playbook', 'record', session, '--out', 'fixtures/own/app-down.yaml']);
    expect(recorded.stderr).toContain('passes as recorded');
    expect(recorded.status).toBe(0);
    expect(read('fixtures/own/app-down.yaml')).toContain(causes[0].id);

    const shipped = await desk.run(['playbook', 'show', 'payment-exceptions']);
    write('own.yaml', shipped.stdout.replace('id: payment-exceptions', 'id: own'));
    const tested = await desk.run(['playbook', 'test', './own.yaml', '--json']);
    expect(JSON.parse(tested.stdout)).toMatchObject({ fixtures: 1, failed: [] });
    expect(tested.status).toBe(0);

    write('own.yaml', read('own.yaml').replace(/("not-(?:running|listening)"), supports:/g, '$1, refutes:'));
    const changed = await desk.run(['playbook', 'test', './own.yaml']);
    expect(changed.status).toBe(1);
    expect(changed.stdout).toContain('own/app-down.yaml\n  leading: ');
  });

  it('names the evidence and the checks that no incident needs', async () => {
    const mutated = await desk.run(['playbook', 'test', './own.yaml', '--mutate', '--json']);
    expect(mutated.status).toBe(1);
    const { mutated: found, unproved } = JSON.parse(mutated.stdout);
    expect(found.dead.length).toBeGreaterThan(3);
    expect(unproved.map((each: { cause: string }) => each.cause)).toContain('data.method_disabled');
  });

  it('no incident at all is a matter of usage', async () => {
    expect((await desk.run(['playbook', 'test', './own-disk.yaml'])).status).toBe(2);
  });
});

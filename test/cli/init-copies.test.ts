import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createLocalActor } from '../../src/adapters/actor.ts';
import { createLocalHost } from '../../src/adapters/local-host.ts';
import { keepCopies } from '../../src/cli/init-copies.ts';
import type { FoundService } from '../../src/cli/init-services.ts';

const dir = mkdtempSync(join(tmpdir(), 'oor-copies-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const env = join(dir, 'pay.env');
const main = join(dir, 'nginx.conf');
const certificate = join(dir, 'pay.pem');
const program = join(dir, 'app', 'pay.py');
const said: string[] = [];
const services = [
  { name: 'nginx', nginx: { files: [main], servers: [{ certificates: [certificate] }] } },
  { name: 'pay', envFile: { path: env }, manifest: join(dir, 'app', 'MANIFEST.sha256') },
  { name: 'gone', envFile: { path: join(dir, 'no-such-folder', 'x.env') } },
] as unknown as readonly FoundService[];

function keep(folder: string, actor = createLocalActor()) {
  const asker = { text: async () => folder, confirm: async () => false, choose: async () => '' };
  return keepCopies({ host: createLocalHost(), actor, asker, say: (text) => void said.push(text.en) }, services);
}

beforeEach(() => {
  said.length = 0;
  mkdirSync(join(dir, 'app'), { recursive: true });
  writeFileSync(env, 'KEY=good\n');
  chmodSync(env, 0o640);
  writeFileSync(main, 'worker_processes 1;\n');
  writeFileSync(certificate, 'a certificate\n');
  writeFileSync(program, 'print(1)\n');
  writeFileSync(join(dir, 'app', 'MANIFEST.sha256'), `${'a'.repeat(64)}  pay.py\n`);
});

describe('copies of a good day', () => {
  it('are not made where no folder is named', async () => {
    const kept = await keep('');
    expect(kept).toEqual({ controls: new Map(), configs: new Map(), certificates: new Map(), resolvers: undefined });
    expect(said).toEqual([]);
  });

  it('come back as they were, and the way back from that brings the change back', async () => {
    const folder = join(dir, 'kept');
    const { controls, configs, certificates } = await keep(`${folder}/`);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'pay-config.tar')).mode & 0o777).toBe(0o600);
    expect(configs.get('pay')).toEqual([env]);
    expect([controls.get('gone'), configs.has('gone')]).toEqual([{}, false]);
    expect(readFileSync(certificates.get('nginx') as string, 'utf8')).toBe('a certificate\n');
    writeFileSync(env, 'KEY=bad\n');
    writeFileSync(program, 'garbage');
    const verbs = controls.get('pay') as Readonly<Record<string, readonly string[]>>;
    const act = async (verb: string) => (await createLocalActor().act(verbs[verb] as readonly string[])).exitCode;
    expect([await act('save_config'), await act('restore_config'), await act('restore_release')]).toEqual([0, 0, 0]);
    expect([readFileSync(env, 'utf8'), readFileSync(program, 'utf8')]).toEqual(['KEY=good\n', 'print(1)\n']);
    expect(statSync(env).mode & 0o777).toBe(0o640);
    expect(await act('undo_restore_config')).toBe(0);
    expect(readFileSync(env, 'utf8')).toBe('KEY=bad\n');
  });

  it('the state before is saved also when a file is gone by then', async () => {
    const { controls } = await keep(join(dir, 'kept-2'));
    rmSync(env);
    const { save_config: save } = controls.get('pay') as Readonly<Record<string, readonly string[]>>;
    expect((await createLocalActor().act(save as readonly string[])).exitCode).toBe(0);
  });

  it('a folder that cannot be made is said, and nothing is promised', async () => {
    const { controls, certificates } = await keep('/proc/no-such-place');
    expect(controls.get('pay')).toEqual({});
    expect(certificates.size).toBe(0);
    expect(said.join('\n')).toContain('no copy of /proc/no-such-place');
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createSshConnection } from '../../src/adapters/ssh-connection.ts';
import { createSshHost } from '../../src/adapters/ssh-host.ts';
import { environment } from '../../src/adapters/ssh-script.ts';
import { byAge, findProcesses, kill, uniqueSeconds, waitFor } from './processes.ts';
import { closeServers, findClosedPort, startTcp } from './servers.ts';
import { hasSshd, startSshServer, stopSshServers } from './ssh-server.ts';

describe.skipIf(!hasSshd())('the way to a host', () => {
  afterAll(() => {
    closeServers();
    stopSshServers();
  });

  /** A host at an address where perhaps nobody is. */
  async function hostAt(address: string, port: number, lines: readonly string[] = []) {
    const server = await startSshServer();
    const configFile = join(server.dir, 'other_config');
    const text = readFileSync(server.configFile, 'utf8')
      .replace(/HostName .*/, `HostName ${address}`)
      .replace(/Port .*/, `Port ${port}`);
    writeFileSync(configFile, [text, ...lines].join('\n'));
    return createSshHost(createSshConnection({ name: 'box', ssh: 'box' }, { configFile }));
  }

  test('reached', async () => {
    const host = createSshHost((await startSshServer()).connect());
    expect(await host.reach()).toMatchObject({ outcome: 'reached' });
    expect(await host.reach()).toMatchObject({ outcome: 'reached' });
  });

  test('no such name, nobody there, no handshake, no SSH', async () => {
    expect(await (await hostAt('box.invalid', 22)).reach()).toMatchObject({ outcome: 'name-not-resolved' });
    expect(await (await hostAt('127.0.0.1', await findClosedPort())).reach()).toMatchObject({ outcome: 'refused' });
    const closing = await startTcp((socket) => socket.destroy());
    expect(await (await hostAt('127.0.0.1', closing)).reach()).toMatchObject({ outcome: 'no-handshake' });
    const mute = await startTcp(() => {});
    expect(await (await hostAt('127.0.0.1', mute)).reach()).toMatchObject({ outcome: 'no-handshake' });
  });

  test('a key that nobody knows, a key that changed, no permission, a configuration that cannot be', async () => {
    const server = await startSshServer();
    const file = (name: string) => join(server.dir, name);
    const reach = async () => (await createSshHost(server.connect()).reach()).outcome;
    const known = readFileSync(file('known'), 'utf8');
    writeFileSync(file('known'), '');
    expect(await reach()).toBe('host-key-unknown');
    writeFileSync(file('known'), `[127.0.0.1]:${server.port} ${readFileSync(file('other.pub'), 'utf8')}`);
    expect(await reach()).toBe('host-key-changed');
    writeFileSync(file('known'), known);
    const authorized = readFileSync(file('authorized'), 'utf8');
    writeFileSync(file('authorized'), readFileSync(file('other.pub')));
    expect(await reach()).toBe('permission-denied');
    writeFileSync(file('authorized'), authorized);
    const config = readFileSync(server.configFile, 'utf8');
    writeFileSync(server.configFile, `${config} NoSuchOption yes\n`);
    expect(await reach()).toBe('bad-configuration');
    writeFileSync(server.configFile, config);
    expect(await reach()).toBe('reached');
  });

  test('a failure is known to the next question at once, and looked at again by reach', async () => {
    const server = await startSshServer();
    const host = createSshHost(server.connect());
    const known = readFileSync(join(server.dir, 'known'), 'utf8');
    writeFileSync(join(server.dir, 'known'), '');
    await expect(host.run(['true'])).rejects.toMatchObject({ reason: 'unreachable', unlock: expect.stringContaining('known_hosts') });
    // Whoever looked again would get in.
    writeFileSync(join(server.dir, 'known'), known);
    const answers = await Promise.allSettled([
      host.run(['true']),
      host.readFile('/proc/uptime'),
      host.dial({ host: '127.0.0.1', port: 1 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await host.reach()).toMatchObject({ outcome: 'reached' });
    expect(await host.run(['echo', 'back'])).toMatchObject({ stdout: 'back\n' });
  });

  test('a machine that falls silent in the middle: every deadline holds, and it is known as lost', async () => {
    const server = await startSshServer();
    const host = createSshHost(server.connect());
    await host.run(['true']);
    for (const pid of server.pids()) kill(pid, 'SIGSTOP');
    const [first, second] = await Promise.allSettled([
      host.run(['echo'], { timeoutMs: 1_000 }),
      host.readFile('/proc/uptime', { timeoutMs: 100_000 }),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { reason: 'timed-out' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { reason: 'unreachable', outcome: 'lost' } });
    await expect(host.stat('/')).rejects.toMatchObject({ outcome: 'lost' });
    for (const pid of server.pids()) kill(pid, 'SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await host.reach()).toMatchObject({ outcome: 'reached' });
  });

  test('the process that holds the login hangs', async () => {
    const server = await startSshServer();
    const host = createSshHost(server.connect());
    await host.run(['true']);
    const [master] = byAge(findProcesses(server.configFile));
    kill(master as number, 'SIGSTOP');
    const answers = await Promise.allSettled([
      host.run(['true'], { timeoutMs: 800 }),
      host.dial({ host: '127.0.0.1', port: 1 }, { timeoutMs: 800 }),
    ]);
    expect(answers).toMatchObject([{ status: 'rejected' }, { status: 'rejected', reason: { outcome: 'timed-out' } }]);
    expect(await waitFor(() => findProcesses(server.configFile).length === 0)).toBe(true);
  });

  test('a target is never an option', async () => {
    for (const ssh of ['-oProxyCommand=touch /tmp/oor-injected', 'a b', 'user@-oProxyCommand=x', '$(id)', '']) {
      const host = createSshHost(createSshConnection({ name: 'box', ssh }));
      await expect(host.run(['true'])).rejects.toMatchObject({ reason: 'unsupported' });
    }
    expect(existsSync('/tmp/oor-injected')).toBe(false);
  });

  test('sessions are few, or one', async () => {
    const few = createSshHost((await startSshServer({ server: ['MaxSessions 3'] })).connect());
    const runs = await Promise.all(Array.from({ length: 12 }, (_, index) => few.run(['echo', String(index)])));
    expect(runs.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 12 }, (_, index) => String(index)));
  });

  test('a login that talks', async () => {
    const server = await startSshServer({
      server: ['ForceCommand echo Welcome to box; echo mind the gap >&2; eval "$SSH_ORIGINAL_COMMAND"'],
    });
    const host = createSshHost(server.connect());
    expect(await host.run(['echo', 'clean'])).toMatchObject({ stdout: 'clean\n', stderr: '' });
    let text = '';
    for await (const piece of host.streamText({ argv: ['echo', 'clean'] })) text += piece;
    expect(text).toBe('clean\n');
  });

  test('no connections from there are allowed', async () => {
    const host = createSshHost((await startSshServer({ server: ['AllowTcpForwarding no'] })).connect());
    await expect(host.dial({ host: '127.0.0.1', port: 1 })).rejects.toMatchObject({
      reason: 'no-permission',
      unlock: expect.stringContaining('AllowTcpForwarding'),
    });
  });

  test('a flood does not cross the network', () => {
    const run = (argv: string) =>
      execFileSync('sh', { input: `${environment()}M=mark; r 5 ${argv}\n`, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
    expect(run('6 8 seq 1 300000')).toBe('1\n2\n3\n\n300000\n\nmark\n');
    expect(run('60 80 echo little')).toBe('little\n\nmark\n');
  });

  test('without timeout(1) there is a watchdog', async () => {
    const script = environment().replace('command -v timeout >/dev/null 2>&1', 'false');
    const seconds = uniqueSeconds();
    const ask = (text: string) => execFileSync('sh', { input: `${script}\n${text}`, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
    expect(ask(`( b 5 echo well ); echo $?`)).toBe('well\n0\n');
    expect(ask(`( b 5 sh -c 'exit 9' ); echo $?`)).toBe('9\n');
    // Whoever waited for it would wait for a day.
    expect(ask(`( b 1 sh -c 'sleep ${seconds} & sleep ${seconds}' ); echo $?`)).toBe('137\n');
    expect(await waitFor(() => findProcesses(`sleep ${seconds}`).length === 0)).toBe(true);
  });
});

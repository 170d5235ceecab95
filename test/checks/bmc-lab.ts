/** A management controller from OpenIPMI's simulator, asked over its LAN interface by the real ipmitool. */
import { createSocket } from 'node:dgram';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProbeContext } from '../../src/checks/check.ts';
import { localContext } from './local-context.ts';
import { startProgram, withArguments } from './programs.ts';

/** What it shows is in test/fixtures/checks/bmc-NAME.emu. The context takes this machine for one with a controller of its own. */
export async function startController(folder: string, name: 'good' | 'bad'): Promise<{ readonly context: ProbeContext }> {
  const port = await findUdpPort();
  const own = join(folder, name);
  mkdirSync(own);
  const auths = ['callback', 'user', 'operator', 'admin'].map((level) => `  allowed_auths_${level} none md2 md5 straight\n`).join('');
  writeFileSync(
    join(own, 'lan.conf'),
    `name "bmc"\nset_working_mc 0x20\nstartlan 1\n  addr 127.0.0.1 ${port}\n  priv_limit admin\n${auths}  guid a123456789abcdefa123456789abcdef\nendlan\n` +
      'user 1 true "" "" user 10 none md2 md5 straight\nuser 2 true "oor" "test" admin 10 none md2 md5 straight\n',
  );
  const emulation = fileURLToPath(new URL(`../fixtures/checks/bmc-${name}.emu`, import.meta.url));
  startProgram(['ipmi_sim', '-n', '-c', join(own, 'lan.conf'), '-f', emulation, '-s', own]);
  const address = ['-I', 'lan', '-A', 'MD5', '-H', '127.0.0.1', '-p', String(port), '-U', 'oor', '-P', 'test', '-N', '1'];
  const asked = withArguments(localContext(), 'ipmitool', address);
  const { host } = asked;
  const stat: typeof host.stat = (path, ...rest) => host.stat(path === '/dev/ipmi0' ? '/dev/null' : path, ...rest);
  return { context: { ...asked, host: { ...host, stat } } };
}

async function findUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { readMonoMs } from './clock.ts';
import { bytesOfCommand } from './local-bytes.ts';
import { runOverSsh } from './ssh-command.ts';
import type { SshConnection } from './ssh-connection.ts';
import { askOverSsh } from './ssh-datagram.ts';
import { dialOverSsh } from './ssh-dial.ts';
import { createSshFiles } from './ssh-files.ts';
import { createSshPool } from './ssh-pool.ts';
import { createSshCommandOpener } from './ssh-session.ts';
import { createTextStreamer } from './text-stream.ts';

/** A machine behind the system's ssh, to be looked at. Nothing is opened before it is asked something. */
export function createSshHost(connection: SshConnection): Host {
  const { name } = connection.target;
  const pool = createSshPool(connection);
  const openCommand = createSshCommandOpener(connection);
  const findBytes = async (path: string, offset: number) => bytesOfCommand(path, offset, openCommand);
  return {
    name,
    get platform() {
      return connection.platform;
    },
    reach: () => connection.reach(),
    run: (argv, options) => runOverSsh(pool, name, argv, options),
    ...createSshFiles(pool),
    searchFile: async (path, request) => (await import('./text-search.ts')).searchBytes(findBytes, path, request),
    streamText: createTextStreamer({ findBytes, openCommand }),
    inventory: async () => {
      throw new HostError('unsupported', `the inventory of ${name} is read on that machine only`, `run oor on ${name}`);
    },
    dial: (address, options) => dialOverSsh(connection, address, options),
    datagram: (address, options) => askOverSsh(pool, name, address, options),
    now: () => ({ wallMs: Date.now() + connection.clockOffsetMs, monoMs: readMonoMs() }),
  };
}

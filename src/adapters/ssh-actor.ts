import { randomBytes } from 'node:crypto';
import { HostError } from '../errors.ts';
import type { CommandResult, HostActor, RunOptions } from '../ports.ts';
import { readMonoMs } from './clock.ts';
import { refuseOdd, toResult } from './ssh-command.ts';
import type { SshConnection } from './ssh-connection.ts';
import { readFrames } from './ssh-frames.ts';
import { startSsh } from './ssh-process.ts';
import { acting } from './ssh-script.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_OUTPUT_BYTES = 1024 * 1024;

/** The one thing that may change that machine. What its commands start (services) stays alive when they, and we, end. */
export function createSshActor(connection: SshConnection): HostActor {
  return { name: connection.target.name, act: (argv, options) => actOverSsh(connection, argv, options) };
}

/** Output and messages come as one stream, in their order. */
async function actOverSsh(connection: SshConnection, argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxOutputBytes = DEFAULT_OUTPUT_BYTES, signal } = options;
  refuseOdd(argv);
  signal?.throwIfAborted();
  await connection.ready();
  const { name } = connection.target;
  const what = argv.join(' ');
  const start = readMonoMs();
  const mark = randomBytes(16).toString('hex');
  const ssh = await startSsh(connection.arguments({ command: 'exec sh' }));
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  try {
    const output = await new Promise<{ exitCode: number; stdout: Buffer }>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new HostError('timed-out', `${what}: no end within ${timeoutMs} ms on ${name}`, 'a longer timeout')),
        timeoutMs,
      );
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      readFrames(ssh.stdout, mark, ({ bytes, word }) => {
        // The first frame is what the login prints.
        if (word !== 'begin') resolve({ exitCode: Number(word), stdout: bytes });
      });
      void ssh.exited.then(() =>
        reject(new HostError('unreachable', `${name} went away during ${what}: its effect is unknown`, `look on ${name}`)),
      );
      ssh.stdin.end(acting(argv, timeoutMs, mark));
    });
    return toResult(argv, name, { ...output, stderr: Buffer.alloc(0) }, maxOutputBytes, readMonoMs() - start);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    ssh.kill();
  }
}

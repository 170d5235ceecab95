import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { pullFrom } from './byte-pull.ts';
import type { openCommand } from './command-stream.ts';
import { createOutputCapture } from './output-capture.ts';
import type { SshConnection } from './ssh-connection.ts';
import { type SshProcess, startSsh } from './ssh-process.ts';
import { bounded, environment } from './ssh-script.ts';

const GRACE_MS = 300;
const ERROR_BYTES = 64 * 1024;
/** Longer than any reader's own deadline; what is left there when the way to it broke ends then. */
const REMOTE_BOUND_MS = 10 * 60_000;

/** A command on the other machine, its standard output handed out while it comes; it ends there when the reader leaves. */
export function createSshCommandOpener(connection: SshConnection): typeof openCommand {
  return async (argv) => {
    await connection.ready();
    const mark = randomBytes(16).toString('hex');
    const ssh = await startSsh(connection.arguments({ command: 'exec sh' }));
    const stderr = createOutputCapture(ERROR_BYTES);
    ssh.stderr.on('data', (chunk: Uint8Array) => stderr.add(chunk));
    ssh.stdin.end(`${environment()}printf '\\n%s\\n' ${mark}; ${bounded(argv, REMOTE_BOUND_MS)} </dev/null; exit $?\n`);
    const next = skipGreeting(ssh, `\n${mark}\n`);
    return {
      next,
      async ending() {
        const exitCode = await Promise.race([ssh.exited, wait(GRACE_MS, null, { ref: false })]);
        return { exitCode, stderr: stderr.text() };
      },
      close: async () => ssh.kill(),
    };
  };
}

/** What a login prints before the command is none of its output. */
function skipGreeting(ssh: SshProcess, mark: string): () => Promise<Buffer | null> {
  const output = pullFrom(ssh.stdout);
  let greeting: Buffer | undefined = Buffer.alloc(0);
  return async () => {
    while (greeting !== undefined) {
      const piece = await output.next();
      if (piece === null) return null;
      greeting = Buffer.concat([greeting, piece]);
      const at = greeting.indexOf(mark);
      if (at < 0) continue;
      const rest = greeting.subarray(at + mark.length);
      greeting = undefined;
      if (rest.length > 0) return rest;
    }
    return output.next();
  };
}

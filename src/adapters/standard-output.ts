/** What leaves on standard output, and whether it still does. */
import type { OorError } from '../errors.ts';

let failure: string | undefined;

/** Resolves when it has left, or cannot. */
export function writeStandardOutput(chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(chunk, (error) => {
      if (error) failure ??= (error as NodeJS.ErrnoException).code ?? error.message;
      resolve();
    });
  });
}

export function isOutputOver(): boolean {
  return failure !== undefined;
}

/** undefined: all of it has left, or nobody reads any more (`| head`, a terminal that is gone), which is no error of ours. */
export async function lostOutput(): Promise<OorError | undefined> {
  if (failure === undefined || failure === 'EPIPE' || failure === 'EIO') return undefined;
  return (await import('./atomic-file.ts')).notWritable('standard output', failure);
}

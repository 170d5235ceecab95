import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';

const made = new Set<string>();

/**
 * A socket in a new folder of mode 0700, gone with this process. Short: a socket's path ends at 108 bytes, and ssh adds 17 while it
 * binds, so a long TMPDIR will not do.
 */
export async function createControlPath(): Promise<string> {
  const folder = await mkdtemp(join('/tmp', 'oor-'));
  if (made.size === 0)
    process.once('exit', () => {
      for (const path of made) rmSync(path, { recursive: true, force: true });
    });
  made.add(folder);
  return join(folder, 's');
}

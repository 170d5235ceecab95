import { HostError } from '../errors.ts';
import type { FileContent } from '../ports.ts';
import { explainFailure } from './file-questions.ts';
import type { SshPool } from './ssh-pool.ts';
import { asking, quoteAll } from './ssh-script.ts';

/** Arguments: most bytes and path, again and again. Answers with a line `length error` and the bytes. 2048 is O_NONBLOCK. */
const READ_MANY = `binmode STDOUT; while (my ($max, $path) = splice @ARGV, 0, 2) { my ($text, $why) = ("", "");
if (sysopen my $file, $path, 2048) { while (length $text < $max) { my $n = sysread $file, $text, 65536, length $text;
unless (defined $n) { $why = "$!"; last } last unless $n } } else { $why = "$!" }
$text = $why ne "" ? "" : substr $text, 0, $max; print length($text), " $why\\n$text" }`;
const MOST_AT_ONCE = 64;
/** Of the arguments together; one alone may be 128 KiB. */
const MOST_TEXT = 64 * 1024;

interface Wanted {
  readonly path: string;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  resolve(content: FileContent): void;
  reject(error: unknown): void;
}

type ReadMemory = (path: string, maxBytes: number, timeoutMs: number) => Promise<FileContent>;

/**
 * Files of /proc and /sys that are asked for together are read together, by one process there instead of one each: a look at all
 * processes costs as much as a few. Where one of them hangs, each is asked for by itself.
 */
export function createBatchReader(pool: SshPool, readAlone: ReadMemory): ReadMemory {
  let waiting: Wanted[] = [];
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    while (all.length > 0) void readTogether(pool, readAlone, takeSome(all));
  };
  return (path, maxBytes, timeoutMs) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ path, maxBytes, timeoutMs, resolve, reject });
    });
}

function takeSome(all: Wanted[]): Wanted[] {
  let [count, size] = [0, 0];
  while (count < all.length && count < MOST_AT_ONCE && size < MOST_TEXT) size += (all[count++] as Wanted).path.length;
  return all.splice(0, count);
}

async function readTogether(pool: SshPool, readAlone: ReadMemory, wanted: readonly Wanted[]): Promise<void> {
  const alone = (): void => {
    for (const { path, maxBytes, timeoutMs, resolve, reject } of wanted) readAlone(path, maxBytes, timeoutMs).then(resolve, reject);
  };
  if (wanted.length === 1) {
    alone();
    return;
  }
  const script = `perl -e ${quoteAll([READ_MANY, ...wanted.flatMap(({ path, maxBytes }) => [String(maxBytes), path])])}`;
  const timeoutMs = Math.min(...wanted.map((one) => one.timeoutMs));
  try {
    const { stdout, exitCode } = await pool.quick(asking(script), { timeoutMs, what: `${wanted.length} files of the kernel` });
    if (exitCode === 0) handOut(stdout, wanted);
    else alone();
  } catch (error) {
    if (error instanceof HostError && error.reason === 'timed-out') alone();
    else for (const { reject } of wanted) reject(error);
  }
}

function handOut(bytes: Buffer, wanted: readonly Wanted[]): void {
  let at = 0;
  for (const { path, resolve, reject } of wanted) {
    const lineEnd = bytes.indexOf(0x0a, at);
    const [, length, why] = /^(\d+) (.*)$/.exec(bytes.toString('latin1', at, lineEnd)) ?? [];
    if (lineEnd < 0 || length === undefined) {
      reject(new HostError('io', `${path}: the answer was cut short`));
      continue;
    }
    const start = lineEnd + 1;
    at = start + Number(length);
    if (why) reject(explainFailure(path, 1, why));
    else resolve({ text: bytes.toString('utf8', start, at), offset: 0, bytesRead: at - start, size: 0 });
  }
}

import { randomBytes } from 'node:crypto';
import { type Frame, readFrames } from './ssh-frames.ts';
import { type SshProcess, startSsh } from './ssh-process.ts';
import { prologue } from './ssh-script.ts';

export interface LaneAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** An answer did not come because the shell is gone or given up; the same may be asked of another. */
export class LaneClosed extends Error {}

/** ssh ended before the remote shell spoke. The message is what ssh said. */
export class LaneNotOpened extends Error {}

const GRACE_MS = 300;

interface Asked {
  resolve(answer: LaneAnswer): void;
  reject(error: LaneClosed): void;
}

/** A shell on the other machine that answers scripts one after the other. */
export interface Lane {
  /** In the environment of all that it starts. */
  readonly tag: string;
  /** Of the remote shell, which leads its process group. */
  readonly pid: number;
  /** Resolves when ssh has ended, with its last words. */
  readonly ended: Promise<string>;
  /** Scripts without an answer. */
  waiting(): number;
  answered(): number;
  isOpen(): boolean;
  ask(script: string): Promise<LaneAnswer>;
  /** Takes no more, and sends those away that stand behind the one at work. */
  retire(): void;
  close(): void;
}

/** Rejects with `LaneNotOpened`, or when `signal` gives up. */
export async function openLane(args: readonly string[], signal: AbortSignal, onWords: (chunk: Buffer) => void = () => {}): Promise<Lane> {
  const mark = randomBytes(16).toString('hex');
  const tag = randomBytes(8).toString('hex');
  const ssh = await startSsh([...args, 'exec sh']);
  ssh.stderr.on('data', onWords);
  const shell = talkTo(ssh, mark);
  const stop = () => shell.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    // The first answer is whatever the login prints; the second is the number of the shell.
    const noise = shell.ask(prologue(mark, tag));
    const pid = shell.ask('echo $$; e 0\n');
    const [, { stdout }] = await Promise.race([Promise.all([noise, pid]), shell.ended.then(notOpened)]);
    return { ...shell, tag, pid: Number(stdout.toString('latin1')) };
  } catch (error) {
    shell.close();
    if (signal.aborted) throw signal.reason;
    throw error instanceof LaneClosed ? notOpened(await shell.ended) : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function notOpened(words: string): never {
  throw new LaneNotOpened(words);
}

function talkTo(ssh: SshProcess, mark: string): Omit<Lane, 'tag' | 'pid'> {
  const asked: Asked[] = [];
  const frames: { stdout: Frame[]; stderr: Frame[] } = { stdout: [], stderr: [] };
  let isOpen = true;
  let answered = 0;
  const pair = () => {
    while (frames.stdout.length > 0 && frames.stderr.length > 0) {
      const [out, complaint] = [frames.stdout.shift(), frames.stderr.shift()] as [Frame, Frame];
      answered += 1;
      asked.shift()?.resolve({ exitCode: Number(complaint.word), stdout: out.bytes, stderr: complaint.bytes });
    }
  };
  const add = (queue: Frame[]) => (frame: Frame) => {
    queue.push(frame);
    pair();
  };
  readFrames(ssh.stdout, mark, add(frames.stdout));
  const lastWords = readFrames(ssh.stderr, mark, add(frames.stderr));
  const close = () => {
    isOpen = false;
    ssh.kill();
    for (const { reject } of asked.splice(0)) reject(new LaneClosed());
  };
  const ended = Promise.all([ssh.exited, ssh.exited.then(() => drained(ssh.stderr))]).then(([code]) => {
    close();
    return lastWords() || `ssh ended with ${code ?? 'a signal'}`;
  });
  return {
    ended,
    waiting: () => asked.length,
    answered: () => answered,
    isOpen: () => isOpen,
    ask: (script) =>
      new Promise((resolve, reject) => {
        if (!isOpen) {
          reject(new LaneClosed());
          return;
        }
        asked.push({ resolve, reject });
        ssh.stdin.write(script);
      }),
    retire: () => {
      isOpen = false;
      // They keep their places: the shell will answer them, to nobody.
      for (const { reject } of asked.slice(1)) reject(new LaneClosed());
    },
    close,
  };
}

/** What it said before it ended may still be in the pipe, which a ProxyCommand may hold open. */
function drained(stream: SshProcess['stderr']): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GRACE_MS);
    stream.once('end', finish).once('close', finish);
    function finish(): void {
      clearTimeout(timer);
      resolve();
    }
  });
}

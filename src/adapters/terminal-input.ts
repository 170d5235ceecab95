export type TerminalInput = NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

/** Of raw mode: there it is a byte like any other. */
const CTRL_C = '\u0003';

/** Ctrl-C is meant whenever it is typed, also while a prompt opens or closes and no longer looks at what comes. */
export function watchForInterrupt(input: TerminalInput): { interrupted(): boolean; stop(): void } {
  let seen = false;
  const look = (typed: Buffer | string): void => {
    seen ||= typed.includes(CTRL_C);
  };
  input.on('data', look);
  return { interrupted: () => seen, stop: () => void input.removeListener('data', look) };
}

/**
 * Throws away what was typed before the question was on the screen: it is no answer to it, and least of all a consent.
 * False: the terminal is gone. In normal mode the kernel hands over one line at a time, so that a single look is not enough.
 */
export async function drainInput(input: TerminalInput): Promise<boolean> {
  let open = input.readable;
  let quiet = 0;
  const arrived = (): void => {
    quiet = 0;
  };
  const ended = (): void => {
    open = false;
  };
  input.on('data', arrived).on('end', ended).on('error', ended);
  // A stream that was paused does not flow by having a listener.
  input.resume();
  while (open && quiet < 3) {
    quiet += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  input.removeListener('data', arrived).removeListener('end', ended).removeListener('error', ended);
  input.pause();
  return open;
}

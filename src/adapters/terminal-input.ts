export type TerminalInput = NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };

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

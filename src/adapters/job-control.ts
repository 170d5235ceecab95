/** Ctrl-Z while something is drawn: the shell gets its terminal in order, and what was drawn comes back with `fg`. */
export function onSuspend({ before, after }: { readonly before: () => void; readonly after: () => void }): () => void {
  const BACK_MS = 50;
  let timer: NodeJS.Timeout | undefined;
  const suspend = (): void => {
    before();
    process.removeListener('SIGTSTP', suspend);
    // Now as the terminal meant it. Where there is no job control the kernel ignores it, and it goes on.
    process.kill(process.pid, 'SIGTSTP');
    timer = setTimeout(() => {
      process.on('SIGTSTP', suspend);
      after();
    }, BACK_MS);
  };
  process.on('SIGTSTP', suspend);
  return () => {
    clearTimeout(timer);
    process.removeListener('SIGTSTP', suspend);
  };
}

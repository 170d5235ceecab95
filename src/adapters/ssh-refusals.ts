/**
 * Why a connection through the login did not come about. Only the process that holds the login says so, as lines of `ssh -v`:
 * a request for an address, the channel made for it, and how that channel failed. Newer and older versions differ in punctuation.
 */
const REQUESTED = /channel_connect_stdio_fwd:? (\S+)/;
const MADE = /channel (\d+): new .*stdio-forward/;
const FAILED = /channel (\d+): open failed: (.*)/;
const MAX_KEPT = 1_000;

export function createRefusals(): { read(chunk: Buffer): void; of(address: string): string | undefined } {
  const reasons = new Map<string, string>();
  const channels = new Map<string, string>();
  let rest = '';
  let requested = '';
  const readLine = (line: string) => {
    const [, address] = REQUESTED.exec(line) ?? [];
    if (address !== undefined) requested = address;
    const [, made] = MADE.exec(line) ?? [];
    if (made !== undefined) channels.set(made, requested);
    const [, failed, reason] = FAILED.exec(line) ?? [];
    if (failed === undefined || reason === undefined) return;
    if (reasons.size >= MAX_KEPT) reasons.clear();
    reasons.set(channels.get(failed) ?? '', reason.trim());
  };
  return {
    read: (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop()?.slice(-4096) ?? '';
      lines.forEach(readLine);
    },
    of: (address) => reasons.get(address.replace(/^\[(.*)\]:/, '$1:')) ?? reasons.get(address),
  };
}

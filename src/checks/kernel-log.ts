/** The kernel log, from whoever may show it here. */
import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { type KernelLine, parseIsoLines, parseJournalLines } from './parse-kernel-log.ts';

/** A ring of 2 MiB, larger than any distribution sets, prints as 4 MiB; more would be a tool that does not stop. */
const OUTPUT_BYTES = 8 * 1024 ** 2;

export interface KernelLog {
  readonly source: 'dmesg' | 'journalctl';
  readonly lines: readonly KernelLine[];
}

export async function readKernelLog(host: Host): Promise<KernelLog> {
  const ring = await runQuietly(host, ['dmesg', '--time-format', 'iso']);
  if (ring !== null) return { source: 'dmesg', lines: parseIsoLines(ring) };
  const journal = await runQuietly(host, ['journalctl', '--dmesg', '--boot', '--lines=20000', '--no-pager', '--output=short-unix']);
  const lines = parseJournalLines(journal ?? '');
  // journalctl ends well and prints nothing where it may not read, so silence proves nothing.
  if (lines.length === 0)
    throw new HostError(
      'no-permission',
      'the kernel log cannot be read here (dmesg and journalctl -k)',
      'run with CAP_SYSLOG (root), or as a member of the group systemd-journal',
    );
  return { source: 'journalctl', lines };
}

/** null: no such tool, or it was refused. */
async function runQuietly(host: Host, argv: readonly string[]): Promise<string | null> {
  try {
    const { exitCode, stdout } = await host.run(argv, { timeoutMs: 4_000, maxOutputBytes: OUTPUT_BYTES });
    return exitCode === 0 ? stdout : null;
  } catch (error) {
    if (error instanceof HostError && ['missing-tool', 'no-permission'].includes(error.reason)) return null;
    throw error;
  }
}

/** When the log begins inside the window, because older messages were overwritten; null: it covers the window. */
export function startInside(lines: readonly KernelLine[], since: number): number | null {
  const first = lines[0];
  const startsWithBoot = lines.slice(0, 5).some(({ text }) => /^(Linux version|Booting Linux)/.test(text));
  return first && first.at > since && !startsWithBoot ? first.at : null;
}

/** What can be made to break, and whether it can be made so here. Cheap to import: `oor sandbox faults` needs nothing else. */
import { accessSync, constants, readFileSync } from 'node:fs';
import type { Fault } from './fault.ts';
import { faults } from './fault-list.ts';

export interface ListedFault extends Fault {
  /** Only ever present as false. */
  readonly available?: false;
  readonly reason?: string;
}

/** The faults as this process can make them. */
export function listFaults(): readonly ListedFault[] {
  return faults.map((fault) => {
    const reason = whyUnavailable(fault);
    return reason === undefined ? fault : { ...fault, available: false, reason };
  });
}

/** May this process mount a small file system of its own? */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
    accessSync('/bin/mount', constants.X_OK);
    return (BigInt(`0x${effective}`) & CAP_SYS_ADMIN) !== 0n;
  } catch {
    return false;
  }
}

function whyUnavailable({ needs }: Fault): string | undefined {
  if (needs === 'mount' && !canMount()) return 'needs root with CAP_SYS_ADMIN on Linux, to mount a small file system';
  if (needs === 'unprivileged' && process.getuid?.() === 0) return 'permission bits do not bind root';
  return undefined;
}

const CAP_SYS_ADMIN = 1n << 21n;

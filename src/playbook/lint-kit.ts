/** What every rule about playbooks is handed, and how it complains. */
import type { CheckRegistry } from '../checks/check.ts';
import { type Build, type Complaint, complain, complainAtKey, type Spot } from './build.ts';
import type { Entries } from './entries.ts';
import type { Playbook } from './playbook.ts';

export interface LintOptions {
  readonly registry: CheckRegistry;
  readonly lost?: string;
}

export interface Lint extends Pick<Build, 'problems' | 'registry'> {
  readonly playbook: Playbook;
  readonly entries: Entries;
  /** Of a playbook with errors: all that could not be understood, so that nothing is called unused for an error elsewhere. */
  readonly lost: string;
}

export function warn(lint: Lint, spot: Spot, complaint: Complaint): void {
  complain(lint, spot, { ...complaint, severity: 'warning' });
}

export function warnAtKey(lint: Lint, spot: Spot, complaint: Complaint): void {
  complainAtKey(lint, spot, { ...complaint, severity: 'warning' });
}

/** Named somewhere in what could not be understood. */
export function isLost({ lost }: Lint, id: string): boolean {
  return lost !== '' && (lost.includes(`"${id}"`) || new RegExp(`\\b(?:checks|any|answers)\\.${id}\\b`).test(lost));
}

/** One writing for values that say the same. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}

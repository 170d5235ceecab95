/** What is known of a fault. */
import type { Text } from '../ports.ts';

export type FaultClass = 'hardware' | 'software' | 'network' | 'environment' | 'third-party' | 'security' | 'human' | 'data';
export type FixKind =
  | 'install-cert'
  | 'reload'
  | 'start'
  | 'restart'
  | 'restore-config'
  | 'restore-release'
  | 'end-sessions'
  | 'free-space'
  | 'remount'
  | 'restore-permission'
  | 'switch-channel'
  | 'none';

export interface Fault {
  readonly id: string;
  /** `area.state` of the cause vocabulary. */
  readonly cause: string;
  readonly class: FaultClass;
  /** Name of the profile entry where the root is. */
  readonly component: string;
  readonly title: Text;
  readonly fix: FixKind;
  /** Control commands that a good operator would end up with, in order. Empty: only the third party can repair it, and nothing is lost meanwhile. */
  readonly repair: readonly (readonly string[])[];
  /** True where customers notice nothing. */
  readonly harmless?: boolean;
  /** How long it takes until the logs tell of it. */
  readonly showsAfterMs?: number;
  /** What the process must be able to do to make it real. */
  readonly needs?: 'mount' | 'unprivileged';
}

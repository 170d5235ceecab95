import type { HostActor } from '../ports.ts';
import { runCommand } from './command.ts';
import { localShortName } from './local-host.ts';
import { returnPriority } from './priority.ts';

/** The one thing that may change this machine. What its commands start (services) stays alive when they end. */
export function createLocalActor({ name = localShortName() }: { readonly name?: string } = {}): HostActor {
  return {
    name,
    act: (argv, options) => {
      returnPriority();
      return runCommand(argv, { ...options, keepSurvivors: true });
    },
  };
}

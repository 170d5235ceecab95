import type { Host, HostActor, JsonObject, Protocols } from '../ports.ts';
import { createProtocols } from './protocols/index.ts';
import { createSshActor } from './ssh-actor.ts';
import { createSshConnection } from './ssh-connection.ts';
import { createSshHost } from './ssh-host.ts';

export interface SshMachine {
  readonly host: Host;
  readonly net: Protocols;
  readonly actor: HostActor;
  readonly ready: () => Promise<void>;
}

const machines = new Map<string, SshMachine>();

/** The machines under `hosts` of the profile; whoever looks at one and whoever acts on it share its login. */
export function findSshMachine(profile: JsonObject, name: string): SshMachine | undefined {
  const entries = Array.isArray(profile['hosts']) ? (profile['hosts'] as readonly JsonObject[]) : [];
  const ssh = entries.find((entry) => entry['name'] === name)?.['ssh'];
  if (typeof ssh !== 'string') return undefined;
  const key = JSON.stringify([name, ssh]);
  const known = machines.get(key) ?? createMachine(name, ssh);
  machines.set(key, known);
  return known;
}

function createMachine(name: string, ssh: string): SshMachine {
  const connection = createSshConnection({ name, ssh });
  const host = createSshHost(connection);
  return { host, net: createProtocols(host, { isLocal: false }), actor: createSshActor(connection), ready: connection.ready };
}

/** Which texts are logs: what their window is narrowed to is lines, of everything else it is nothing. Pure. */
import { isRotated } from '../checks/check.ts';
import type { JsonObject } from '../ports.ts';
import type { Artifact } from './events.ts';
import { isObject } from './targets.ts';

/** Of a service. */
export const LOG_KEYS = ['log', 'error_log', 'access_log'] as const;
/** The log of the machine, whatever it is asked for. */
const OF_MACHINE = /^(?:.*\/)?(?:journalctl|dmesg)$/;

/** Those that the profile names, what they were before they were rotated, and those of the machine. */
export function logsOfProfile({ services, transactions }: JsonObject): (source: Artifact['source']) => boolean {
  const named = [
    ...listed(services).flatMap((service) => LOG_KEYS.map((key) => service[key])),
    ...listed(transactions).map(({ from }) => from),
  ].map((source) => (isObject(source) ? (source['file'] ?? source['argv']) : source));
  const files = named.filter((source) => typeof source === 'string');
  const commands = new Set(named.filter(Array.isArray).map((argv) => argv.join('\0')));
  return (source) => {
    if ('argv' in source) return OF_MACHINE.test(source.argv[0] ?? '') || commands.has(source.argv.join('\0'));
    return files.some((file) => source.file === file || isRotated(source.file, file));
  };
}

function listed(entries: unknown): readonly JsonObject[] {
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

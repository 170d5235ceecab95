/** A real chronyd that never touches the clock of this machine (-x). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from './programs.ts';

export interface Chrony {
  /** As `chronyc -h` takes it. */
  readonly socket: string;
  readonly port: number;
  signal(name: NodeJS.Signals): void;
  stop(): void;
}

/** `lines`: beside where it listens. It answers NTP on the port; 0 is none. */
export function startChrony(folder: string, name: string, port: number, lines: readonly string[]): Chrony {
  const own = join(folder, name);
  // chronyd opens its socket only in a folder that others cannot enter.
  mkdirSync(own, { mode: 0o750 });
  const socket = join(own, 'chronyd.sock');
  const conf = [
    `port ${port}`,
    'bindaddress 127.0.0.1',
    'allow 127.0.0.1',
    'cmdport 0',
    `bindcmdaddress ${socket}`,
    `pidfile ${join(own, 'pid')}`,
  ];
  writeFileSync(join(own, 'chrony.conf'), [...conf, ...lines, ''].join('\n'));
  return { socket, port, ...startProgram(['chronyd', '-x', '-d', '-u', 'root', '-f', join(own, 'chrony.conf')]) };
}

import { HostError } from '../errors.ts';
import type { HardwareInventory } from '../ports.ts';
import { runCommand } from './command.ts';

const INVENTORY_TIMEOUT_MS = 8_000;

const PROGRAM = `
const { readMachine } = await import(process.argv[1]);
process.stdout.write(JSON.stringify(await readMachine()));
`;

/** What the machine is made of, asked by a child that can be killed with all it started. */
export async function readInventory({
  timeoutMs = INVENTORY_TIMEOUT_MS,
}: {
  readonly timeoutMs?: number;
} = {}): Promise<HardwareInventory> {
  const { location } = await import('./system-information.js');
  const argv = [process.execPath, '--input-type=module', '--eval', PROGRAM, '--', location];
  const { exitCode, stdout, stderr } = await runCommand(argv, { timeoutMs }).catch((error: unknown) => {
    throw error instanceof HostError && error.reason === 'timed-out'
      ? new HostError('timed-out', `hardware inventory: no end within ${timeoutMs} ms`, 'a longer timeout')
      : error;
  });
  if (exitCode !== 0) throw new HostError('io', `hardware inventory: ${stderr.trim().split('\n').at(-1) ?? ''}`, 'run as root');
  return JSON.parse(stdout) as HardwareInventory;
}

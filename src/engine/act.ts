/** Running the commands of a fix, and what is kept of them. */
import type { Command } from '../playbook/playbook.ts';
import type { HostActor } from '../ports.ts';
import type { CommandRecord, LookRecord } from './events.ts';

export interface Seen {
  readonly ok: boolean;
  readonly steps: readonly LookRecord[];
}

const COMMAND_TIMEOUT_MS = 60_000;
/** Output kept of each command in the journal. */
const OUTPUT_TAIL = 4_000;

/** One after the other, until one fails or what it had to show does not come. */
export async function actInOrder(
  actor: HostActor,
  argvs: readonly (readonly string[])[],
  commands: readonly Command[],
  signal: AbortSignal,
  see?: (until: NonNullable<Command['until']>) => Promise<Seen>,
): Promise<CommandRecord[]> {
  const records: CommandRecord[] = [];
  for (const [index, argv] of argvs.entries()) {
    const command = commands[index];
    const done = await act(actor, argv, command?.timeoutMs, signal);
    const until = done.exit_code === 0 && command?.until ? await see?.(command.until) : undefined;
    const record = { ...done, ...(until && { until }) };
    records.push(record);
    if (!isDone(record)) break;
  }
  return records;
}

export function isDone({ exit_code, until }: CommandRecord): boolean {
  return exit_code === 0 && until?.ok !== false;
}

export async function act(
  actor: HostActor,
  argv: readonly string[],
  timeoutMs: number | undefined,
  signal: AbortSignal,
): Promise<CommandRecord> {
  try {
    const result = await actor.act(argv, { timeoutMs: timeoutMs ?? COMMAND_TIMEOUT_MS, signal });
    const output = `${result.stdout}${result.stderr}`.slice(-OUTPUT_TAIL);
    return { argv, exit_code: result.exitCode, output, duration_ms: Math.round(result.durationMs) };
  } catch (error) {
    return { argv, exit_code: null, output: error instanceof Error ? error.message : String(error), duration_ms: 0 };
  }
}

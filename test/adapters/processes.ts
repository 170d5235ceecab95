import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** Pids of live processes (zombies left aside) whose command line holds the text. */
export function findProcesses(text: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && commandLine(pid).includes(text));
}

/** Of a `sleep` that outlasts every test and that nobody else has, so that it can be found by them. */
export function uniqueSeconds(): string {
  return `${randomInt(10_000, 99_999)}.${randomInt(1e9, 1e10)}`;
}

/** Nothing where it has ended. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/** Empty where it has ended. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** The limit ends a hang. */
export async function waitFor(condition: () => boolean, withinMs = 120_000): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; ) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return condition();
}

/** Children, their children and so on. */
export function descendantsOf(pid: number): number[] {
  const children = readdirSync('/proc')
    .map(Number)
    .filter((other) => other > 0 && parentOf(other) === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** In the order in which they were started; numbers of processes begin anew when they are used up. */
export function byAge(pids: readonly number[]): number[] {
  const startOf = (pid: number): number => Number(fieldsOf(pid)?.[19] ?? 0);
  return [...pids].sort((one, other) => startOf(one) - startOf(other));
}

function parentOf(pid: number): number | undefined {
  const fields = fieldsOf(pid);
  return fields && Number(fields[1]);
}

/** Of /proc/PID/stat, from the third on; proc(5). */
function fieldsOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

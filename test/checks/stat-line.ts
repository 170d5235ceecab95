/** A line of /proc/PID/stat. */
export function statLine(pid: number, name: string, state: string, parent: number, ticks = 5, startTicks = 100): string {
  return `${pid} (${name}) ${state} ${parent} 1 1 0 -1 0 1 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${startTicks} 1000 10 0\n`;
}

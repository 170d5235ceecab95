/** /proc/net/snmp and /proc/net/netstat: two lines a protocol, names and then values. Pure. */

/** Counters by `Protocol.Name`, e.g. `Tcp.RetransSegs`. */
export function parseSnmp(text: string): Readonly<Record<string, number>> {
  const counters: Record<string, number> = {};
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  for (const [index, names] of lines.entries()) {
    const values = lines[index + 1];
    if (index % 2 !== 0 || values === undefined || values[0] !== names[0]) continue;
    for (const [place, name] of names.entries()) if (place > 0) counters[`${names[0]?.replace(':', '')}.${name}`] = Number(values[place]);
  }
  return counters;
}

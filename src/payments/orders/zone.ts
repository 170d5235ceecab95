/** Distance of a zone to UTC at an instant of its own clock, in ms; undefined for a zone that nobody knows. `+08:00`, `UTC` or a name of the tz database. */
export function zoneOffsetMs(zone: string, at: number): number | undefined {
  const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?$/.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) * 60_000;
  if (/^(UTC|GMT|Z)$/.test(zone)) return 0;
  try {
    const first = offsetAt(zone, at);
    // `at` is of the clock there; one step suffices but for the hour of a change.
    return offsetAt(zone, at - first);
  } catch {
    return undefined;
  }
}

function offsetAt(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at / 1000) * 1000;
}

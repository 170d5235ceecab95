/** Instants as people read them: UTC, and the local time of the machine that looked. Never that of the machine that prints. */
export interface ClockFace {
  /** `2026-11-28 06:41:43Z` */
  utc(at: number): string;
  /** `14:41:43 +08:00`, with the day where it is another one; '' where the journal does not say, or where it is UTC. */
  local(at: number): string;
  /** `2026-11-28 06:41:43Z (14:41:43 +08:00)` */
  both(at: number): string;
}

const MINUTE_MS = 60_000;
/** Of any zone there ever was; a journal that says more is not believed. */
const MOST_MINUTES = 16 * 60;

export function createClockFace(utcOffsetMin: number | undefined): ClockFace {
  const known = utcOffsetMin !== undefined && Number.isInteger(utcOffsetMin) && Math.abs(utcOffsetMin) <= MOST_MINUTES;
  const offset = known ? utcOffsetMin : 0;
  const zone = nameOffset(offset);
  const utc = (at: number): string => `${readable(at)}Z`;
  const local = (at: number): string => {
    if (offset === 0) return '';
    const there = readable(at + offset * MINUTE_MS);
    return `${there.slice(there.startsWith(readable(at).slice(0, 10)) ? 11 : 5)} ${zone}`;
  };
  return { utc, local, both: (at) => (offset === 0 ? utc(at) : `${utc(at)} (${local(at)})`) };
}

/** `1 h 05 min`, `4.2 s`, `120 ms`: at most two units. */
export function describeDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${Math.round(ms / 100) / 10} s`;
  const [large, small, unit, below] = unitsOf(Math.round(ms / 1_000));
  return `${large} ${unit} ${String(small).padStart(2, '0')} ${below}`;
}

function unitsOf(seconds: number): readonly [large: number, small: number, unit: string, below: string] {
  if (seconds < 3_600) return [Math.floor(seconds / 60), seconds % 60, 'min', 's'];
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return [Math.floor(minutes / 60), minutes % 60, 'h', 'min'];
  const hours = Math.round(minutes / 60);
  return [Math.floor(hours / 24), hours % 24, 'd', 'h'];
}

function readable(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '????-??-?? ??:??:??' : date.toISOString().slice(0, 19).replace('T', ' ');
}

function nameOffset(minutes: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const away = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(away / 60))}:${pad(away % 60)}`;
}

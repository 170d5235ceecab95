/** Which file is due, by the clock of whoever sends it. Pure. */
import { zoneOffsetMs } from '../orders/zone.ts';

const DAY_MS = 86_400_000;

export interface DueFile {
  /** The day that the file is of, `2026-11-27`. */
  readonly day: string;
  readonly path: string;
  readonly dueAt: number;
}

export interface DueRule {
  /** `%Y`, `%y`, `%m`, `%d` stand for the day that the file is of. */
  readonly path: string;
  /** `10:00`. */
  readonly due: string;
  readonly zone: string;
  readonly daysBehind: number;
}

/** The last file whose time has come, and those of the days before it. */
export function lastDue(rule: DueRule, now: number, earlier: number): readonly [DueFile, ...DueFile[]] {
  const local = now + (zoneOffsetMs(rule.zone, now) ?? 0);
  const [hours = 0, minutes = 0] = rule.due.split(':').map(Number);
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const today = midnight + (hours * 60 + minutes) * 60_000;
  const first = today <= local ? today : today - DAY_MS;
  const at = (back: number): DueFile => {
    const due = first - back * DAY_MS;
    const day = due - rule.daysBehind * DAY_MS;
    return {
      day: new Date(day).toISOString().slice(0, 10),
      path: fillDate(rule.path, day),
      dueAt: due - (zoneOffsetMs(rule.zone, due) ?? 0),
    };
  };
  return [at(0), ...Array.from({ length: earlier }, (_, index) => at(index + 1))];
}

export function namesDay(path: string): boolean {
  return /%[Yymd]/.test(path);
}

/** Of a day, given as any instant of it in UTC. */
export function fillDate(path: string, day: number): string {
  const [year = '', month = '', date = ''] = new Date(day).toISOString().slice(0, 10).split('-');
  return path.replaceAll('%Y', year).replaceAll('%y', year.slice(2)).replaceAll('%m', month).replaceAll('%d', date);
}

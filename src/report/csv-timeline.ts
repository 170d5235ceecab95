/** The timeline for a spreadsheet: one moment a line, RFC 4180, with a byte order mark so that Chinese survives the opening. */
import type { Language } from '../ports.ts';
import { escapeControlInLine } from './escape.ts';
import { type Incident, type Telling, tell } from './incident.ts';
import { type Moment, timelineOf } from './timeline.ts';

const COLUMNS = [
  'seq',
  'time_utc',
  'time_local',
  'elapsed_s',
  'actor',
  'event',
  'phase',
  'step',
  'host',
  'status',
  'duration_ms',
  'text',
] as const;

export function renderCsv(incident: Incident, language: Language): string {
  const telling = tell(incident, language);
  const lines = [COLUMNS, ...timelineOf(telling).map((moment) => cellsOf(telling, moment))];
  return `\uFEFF${lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}

function cellsOf({ clock, plan, session }: Telling, moment: Moment): readonly (string | number)[] {
  const { seq, at, actor, type, step, host, status, durationMs, text } = moment;
  const phase = step === undefined ? undefined : plan.stepByKey.get(step)?.step.phase;
  const elapsed = ((at - session.startedAt) / 1_000).toFixed(3);
  return [
    seq ?? '',
    clock.utc(at),
    clock.local(at),
    Number(elapsed),
    actor,
    type,
    phase ?? '',
    step ?? '',
    host ?? '',
    status ?? '',
    durationMs ?? '',
    text,
  ];
}

/** A spreadsheet calculates what begins like a formula, after spaces too; an apostrophe makes it text. Numbers of our own are left alone. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value;
  const shown = escapeControlInLine(text);
  return /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

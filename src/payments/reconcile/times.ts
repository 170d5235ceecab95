/** Times of bills as instants. Pure. */
import { zoneOffsetMs } from '../orders/zone.ts';

/** ISO 8601 in UTC; '' for ''; undefined: no time, or a zone that nobody knows. */
export function toUtc(text: string, zone: string): string | undefined {
  if (text === '') return '';
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', own = ''] = match;
  const start = hourInUtc(`${year}-${month}-${day}T${hour}`, own === '' ? zone : own.toUpperCase());
  if (start === undefined) return undefined;
  if (start.minutes === 0) return `${start.hour}:${minute}:${second}${fraction.slice(0, 7)}Z`;
  const at = Date.parse(`${start.hour}:${minute}:${second}Z`) + start.minutes * 60_000;
  return `${new Date(at).toISOString().slice(0, 19)}${fraction.slice(0, 7)}Z`;
}

const TIME = /^(\d{4})[-/]?(\d\d)[-/]?(\d\d)(?:[T ]?(\d\d):?([0-5]\d)(?::?([0-5]\d)(\.\d+)?)?\s*(Z|z|[+-]\d\d:?\d\d)?)?$/;

interface Hour {
  /** `2026-11-26T16` */
  readonly hour: string;
  /** Of zones that are no whole hours from UTC. */
  readonly minutes: number;
}

/** Rows of a day lie in few hours, and zones change on the hour: each is looked up once. */
const HOURS = new Map<string, Hour | undefined>();
const KEPT = 10_000;

function hourInUtc(local: string, zone: string): Hour | undefined {
  const key = `${local}${zone}`;
  if (HOURS.has(key)) return HOURS.get(key);
  if (HOURS.size >= KEPT) HOURS.clear();
  const hour = findHour(local, zone);
  HOURS.set(key, hour);
  return hour;
}

function findHour(local: string, zone: string): Hour | undefined {
  const ms = Date.parse(`${local}:00:00Z`);
  // 30 February, 25 o'clock.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 13) !== local) return undefined;
  const offset = zoneOffsetMs(zone, ms);
  if (offset === undefined) return undefined;
  const utc = ms - offset;
  return { hour: new Date(utc).toISOString().slice(0, 13), minutes: Math.round((utc % 3_600_000) / 60_000) };
}

/** Short names that reports write and that the tz database does not have; those that mean two zones (CST, IST) stay unknown. */
const SHORT: Readonly<Record<string, string>> = {
  CEST: '+02:00',
  WEST: '+01:00',
  BST: '+01:00',
  EEST: '+03:00',
  EDT: '-04:00',
  CDT: '-05:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
  BRT: '-03:00',
  SGT: '+08:00',
  HKT: '+08:00',
  MYT: '+08:00',
  JST: '+09:00',
  AEST: '+10:00',
  AEDT: '+11:00',
  NZST: '+12:00',
  NZDT: '+13:00',
};

/** undefined: nobody knows it. */
export function namedZone(name: string): string | undefined {
  if (/^(CST|IST)$/i.test(name)) return undefined;
  const zone = SHORT[name.toUpperCase()] ?? name;
  return zoneOffsetMs(zone, 0) === undefined ? undefined : zone;
}

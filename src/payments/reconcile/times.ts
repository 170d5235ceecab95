/** Times of bills as instants. Pure. */
import { zoneOffsetMs } from '../orders/zone.ts';

/** ISO 8601 in UTC; '' for ''; undefined: no time, or a zone that nobody knows. */
export function toUtc(text: string, zone: string): string | undefined {
  if (text === '') return '';
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', own] = match;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (new Date(local).getUTCDate() !== Number(day) || Number(hour) > 23) return undefined;
  const offset = own === undefined ? offsetOf(zone, local) : zoneOffsetMs(own.toUpperCase(), local);
  if (offset === undefined) return undefined;
  const iso = new Date(local - offset).toISOString();
  return fraction === '' ? `${iso.slice(0, 19)}Z` : `${iso.slice(0, 19)}${fraction.slice(0, 7)}Z`;
}

const TIME = /^(\d{4})[-/]?(\d\d)[-/]?(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(\.\d+)?)?\s*(Z|z|[+-]\d\d:?\d\d)?)?$/;

/** Zones change their offset on the hour: an hour of a zone is looked up once. */
const OFFSETS = new Map<string, number | undefined>();
const KEPT = 10_000;

function offsetOf(zone: string, local: number): number | undefined {
  const key = `${zone} ${Math.floor(local / 3_600_000)}`;
  if (OFFSETS.has(key)) return OFFSETS.get(key);
  if (OFFSETS.size >= KEPT) OFFSETS.clear();
  const offset = zoneOffsetMs(zone, local);
  OFFSETS.set(key, offset);
  return offset;
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

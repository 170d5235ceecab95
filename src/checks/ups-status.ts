/** What upsc (Network UPS Tools) and apcaccess (apcupsd) print, in the words of the first. Pure. */
export interface UpsStatus {
  /** OL, OB, LB, RB, OVER, CHRG, DISCHRG, BYPASS, OFF, FSD, COMMLOST, ... */
  readonly states: readonly string[];
  readonly chargePercent: number | null;
  readonly runtimeSeconds: number | null;
  readonly loadPercent: number | null;
  readonly inputVolts: number | null;
}

/** Lines `ups.status: OL CHRG`. */
export function parseUpsc(text: string): UpsStatus {
  const values = new Map([...text.matchAll(/^([\w.]+): (.*)$/gm)].map(([, key, value]) => [key, value?.trim() ?? '']));
  const number = (key: string): number | null => toNumber(values.get(key));
  return {
    states: (values.get('ups.status') ?? '').split(/\s+/).filter(Boolean),
    chargePercent: number('battery.charge'),
    runtimeSeconds: number('battery.runtime'),
    loadPercent: number('ups.load'),
    inputVolts: number('input.voltage'),
  };
}

/** The words of apcupsd's STATUS line (its manual, "Status report fields"). */
const APC_STATES: readonly (readonly [RegExp, string])[] = [
  [/\bSHUTTING DOWN\b/, 'FSD'],
  [/\bONBATT\b/, 'OB'],
  [/\bLOWBATT\b/, 'LB'],
  [/\bREPLACEBATT\b|\bNOBATT\b/, 'RB'],
  [/\bOVERLOAD\b/, 'OVER'],
  [/\bCOMMLOST\b/, 'COMMLOST'],
  [/\bONLINE\b/, 'OL'],
  [/\bCAL\b/, 'CAL'],
  [/\bBOOST\b/, 'BOOST'],
  [/\bTRIM\b/, 'TRIM'],
];

/** Lines `BCHARGE  : 100.0 Percent`. */
export function parseApcaccess(text: string): UpsStatus {
  const values = new Map([...text.matchAll(/^(\w+(?: \w+)*)\s*: (.*)$/gm)].map(([, key, value]) => [key, value?.trim() ?? '']));
  const number = (key: string): number | null => toNumber(values.get(key));
  const status = values.get('STATUS') ?? '';
  const minutes = number('TIMELEFT');
  return {
    states: APC_STATES.flatMap(([pattern, word]) => (pattern.test(status) ? [word] : [])),
    chargePercent: number('BCHARGE'),
    runtimeSeconds: minutes === null ? null : minutes * 60,
    loadPercent: number('LOADPCT'),
    inputVolts: number('LINEV'),
  };
}

function toNumber(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
}

import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type Thresholds } from './check.ts';
import { listIfThere, mapLimited, requireLinux, round, tryRead, tryReadNumber } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const HWMON = '/sys/class/hwmon';
const THERMAL = '/sys/class/thermal';
const THRESHOLDS: Thresholds = { warn: 80, crit: 95, unit: '°C', source: 'own, where the sensor names no limit' };
/** Unconnected inputs and unset limits read as -128, 0, 127.5 or 65261 degrees. */
const PLAUSIBLE = { above: 0, below: 127 };

const sensor = v.object({
  name: v.string(),
  celsius: v.number(),
  /** The sensor's own limits; null where it names none. */
  maxCelsius: v.nullable(v.number()),
  critCelsius: v.nullable(v.number()),
});
const facts = v.object({ observedAt: v.number(), sensors: v.array(sensor) });
type Facts = Infer<typeof facts>;
type Sensor = Infer<typeof sensor>;

export const tempSensor = defineCheck({
  id: 'temp.sensor',
  phase: 'hardware',
  title: { en: 'Temperature', 'zh-CN': '温度' },
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: '{count|sensor|sensors}, the warmest {name} at {celsius} °C', 'zh-CN': '共 {count} 个传感器，最高的 {name} 为 {celsius} °C' },
    hot: { en: '{name} is hot: {celsius} °C (limit {limit} °C)', 'zh-CN': '{name} 温度偏高：{celsius} °C（上限 {limit} °C）' },
    critical: {
      en: '{name} is critically hot: {celsius} °C (critical {limit} °C)',
      'zh-CN': '{name} 温度达到临界：{celsius} °C（临界 {limit} °C）',
    },
    none: { en: 'this host has no temperature sensor', 'zh-CN': '此主机没有温度传感器' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const monitored = await readHwmon(host);
    return { observedAt: host.now().wallMs, sensors: monitored.length > 0 ? monitored : await readThermalZones(host) };
  },
  judge: judgeSensors,
});

async function readHwmon(host: Host): Promise<Sensor[]> {
  const found = await mapLimited(await listIfThere(host, HWMON), 8, async (chip) => {
    const folder = `${HWMON}/${chip}`;
    const inputs = (await listIfThere(host, folder)).flatMap((file) => /^(temp\d+)_input$/.exec(file)?.[1] ?? []);
    const chipName = (await tryRead(host, `${folder}/name`)) ?? chip;
    return mapLimited(inputs.toSorted(), 4, (input) => readHwmonInput(host, `${folder}/${input}`, chipName, input));
  });
  return found.flat(2);
}

async function readHwmonInput(host: Host, prefix: string, chip: string, input: string): Promise<Sensor[]> {
  const [celsius, maxCelsius, critCelsius, label, fault] = await Promise.all([
    readMilli(host, `${prefix}_input`),
    readMilli(host, `${prefix}_max`),
    readMilli(host, `${prefix}_crit`),
    tryRead(host, `${prefix}_label`),
    tryReadNumber(host, `${prefix}_fault`),
  ]);
  return celsius === null || fault === 1 ? [] : [{ name: `${chip} ${label || input}`, celsius, maxCelsius, critCelsius }];
}

async function readThermalZones(host: Host): Promise<Sensor[]> {
  const zones = (await listIfThere(host, THERMAL)).filter((name) => name.startsWith('thermal_zone'));
  const found = await mapLimited(zones, 8, async (zone): Promise<Sensor[]> => {
    const folder = `${THERMAL}/${zone}`;
    const [celsius, type] = await Promise.all([readMilli(host, `${folder}/temp`), tryRead(host, `${folder}/type`)]);
    if (celsius === null) return [];
    const trips = (await listIfThere(host, folder)).flatMap((file) => /^(trip_point_\d+)_type$/.exec(file)?.[1] ?? []);
    const limits = await mapLimited(
      trips,
      4,
      async (trip) => [await tryRead(host, `${folder}/${trip}_type`), await readMilli(host, `${folder}/${trip}_temp`)] as const,
    );
    const limit = (kind: string): number | null => limits.find(([name]) => name === kind)?.[1] ?? null;
    return [{ name: type ?? zone, celsius, maxCelsius: limit('hot'), critCelsius: limit('critical') }];
  });
  return found.flat();
}

/** Thousandths of a degree to degrees; null when it cannot be a temperature of a running machine. */
async function readMilli(host: Host, path: string): Promise<number | null> {
  const celsius = ((await tryReadNumber(host, path)) ?? Number.NaN) / 1_000;
  return celsius > PLAUSIBLE.above && celsius < PLAUSIBLE.below ? celsius : null;
}

function judgeSensors({ sensors }: Facts, _params: unknown, thresholds: Thresholds = THRESHOLDS): Judgement {
  const graded = sensors
    .map((each) => gradeSensor(each, thresholds))
    .toSorted((a, b) => b.grade - a.grade || b.sensor.celsius - a.sensor.celsius);
  const worst = graded[0];
  if (!worst) return { status: 'not-applicable', code: 'none' };
  const { sensor, grade, limit, source } = worst;
  return {
    status: (['ok', 'warn', 'fail'] as const)[grade],
    code: (['ok', 'hot', 'critical'] as const)[grade],
    data: { count: sensors.length, name: sensor.name, celsius: round(sensor.celsius), limit: round(limit) },
    value: round(sensor.celsius),
    unit: '°C',
    threshold: round(limit),
    thresholdSource: source,
  };
}

function gradeSensor(
  sensor: Sensor,
  thresholds: Thresholds,
): { readonly sensor: Sensor; readonly grade: 0 | 1 | 2; readonly limit: number; readonly source: string } {
  const ofProfile = thresholds.source !== THRESHOLDS.source;
  const own = !ofProfile && (sensor.maxCelsius !== null || sensor.critCelsius !== null);
  const crit = own ? (sensor.critCelsius ?? Number.POSITIVE_INFINITY) : thresholds.crit;
  const warn = own ? (sensor.maxCelsius ?? crit) : thresholds.warn;
  const source = own ? 'the sensor (hwmon)' : thresholds.source;
  if (sensor.celsius >= crit) return { sensor, grade: 2, limit: crit, source };
  return { sensor, grade: sensor.celsius >= warn ? 1 : 0, limit: warn, source };
}

import { describe, expect, test } from 'vitest';
import { tempSensor } from '../../src/checks/temp-sensor.ts';
import { HostError } from '../../src/errors.ts';
import { fakeHost } from './fake-host.ts';
import { judge, probeAndJudge } from './judge.ts';

const sensor = (celsius: number, maxCelsius: number | null = null, critCelsius: number | null = null, name = 'coretemp Core 0') => ({
  name,
  celsius,
  maxCelsius,
  critCelsius,
});

describe('judge', () => {
  const profile = { warn: 40, crit: 50, unit: '°C', source: 'profile' };
  test.each([
    ['cool', [sensor(45, 80, 100)], undefined, 'ok', 'ok', 80],
    ['at its maximum', [sensor(80, 80, 100)], undefined, 'warn', 'hot', 80],
    ['at its critical value', [sensor(100, 80, 100)], undefined, 'fail', 'critical', 100],
    ['the sensor allows more than our fallback', [sensor(90, 95, 105)], undefined, 'ok', 'ok', 95],
    ['only a critical value', [sensor(99, null, 100)], undefined, 'ok', 'ok', 100],
    ['only a maximum', [sensor(120, 100)], undefined, 'warn', 'hot', 100],
    ['no limits: warm', [sensor(81)], undefined, 'warn', 'hot', 80],
    ['no limits: hot', [sensor(96)], undefined, 'fail', 'critical', 95],
    ['profile', [sensor(45, 80, 100)], profile, 'warn', 'hot', 40],
    ['worst of many', [sensor(79, 100, 110), sensor(60, 55, 70, 'nvme Composite')], undefined, 'warn', 'hot', 55],
  ])('%s', (_name, sensors, thresholds, status, code, threshold) => {
    expect(judge(tempSensor, { observedAt: 0, sensors }, {}, thresholds)).toMatchObject({ status, code, threshold });
  });

  test('says whose limit it was', () => {
    expect(judge(tempSensor, { observedAt: 0, sensors: [sensor(45, 80)] }).thresholdSource).toBe('the sensor (hwmon)');
    expect(judge(tempSensor, { observedAt: 0, sensors: [sensor(45)] }).thresholdSource).toContain('own');
  });

  test('no sensor is not-applicable, not 0 degrees', () => {
    expect(judge(tempSensor, { observedAt: 0, sensors: [] })).toEqual({ status: 'not-applicable', code: 'none' });
  });
});

describe('probe', () => {
  const input = (chip: string, number: number, values: Record<string, string | Error>) =>
    Object.fromEntries(
      ['input', 'max', 'crit', 'label', 'fault'].map((key) => [`/sys/class/hwmon/${chip}/temp${number}_${key}`, values[key] ?? null]),
    );

  test('hwmon: names, limits; unset limits, dead inputs and faults left out', async () => {
    const context = fakeHost({
      lists: {
        '/sys/class/hwmon': ['hwmon0', 'hwmon1'],
        '/sys/class/hwmon/hwmon0': ['name', 'temp1_input', 'temp2_input', 'fan1_input'],
        '/sys/class/hwmon/hwmon1': ['temp1_input', 'temp2_input', 'temp3_input'],
      },
      files: {
        '/sys/class/hwmon/hwmon0/name': 'coretemp\n',
        ...input('hwmon0', 1, { input: '91000\n', max: '80000\n', crit: '100000\n', label: 'Package id 0\n' }),
        ...input('hwmon0', 2, { input: '45500\n', max: '65261850\n' }),
        '/sys/class/hwmon/hwmon1/name': null,
        ...input('hwmon1', 1, { input: new HostError('io', 'ENODATA') }),
        ...input('hwmon1', 2, { input: '-128000\n' }),
        ...input('hwmon1', 3, { input: '50000\n', fault: '1\n' }),
      },
    });
    const { facts, judgement } = await probeAndJudge(tempSensor, context);
    expect(facts.sensors).toEqual([sensor(91, 80, 100, 'coretemp Package id 0'), sensor(45.5, null, null, 'coretemp temp2')]);
    expect(judgement).toMatchObject({ status: 'warn', code: 'hot', value: 91, threshold: 80 });
  });

  test('thermal zones where there is no hwmon', async () => {
    const zone = '/sys/class/thermal/thermal_zone0';
    const context = fakeHost({
      lists: {
        '/sys/class/hwmon': null,
        '/sys/class/thermal': ['cooling_device0', 'thermal_zone0'],
        [zone]: ['type', 'temp', 'trip_point_0_type', 'trip_point_0_temp', 'trip_point_1_type', 'trip_point_1_temp'],
      },
      files: {
        [`${zone}/temp`]: '102000\n',
        [`${zone}/type`]: 'x86_pkg_temp\n',
        [`${zone}/trip_point_0_type`]: 'passive\n',
        [`${zone}/trip_point_0_temp`]: '90000\n',
        [`${zone}/trip_point_1_type`]: 'critical\n',
        [`${zone}/trip_point_1_temp`]: '101000\n',
      },
    });
    const { facts, judgement } = await probeAndJudge(tempSensor, context);
    expect(facts.sensors).toEqual([sensor(102, null, 101, 'x86_pkg_temp')]);
    expect(judgement).toMatchObject({ status: 'fail', code: 'critical' });
  });

  test('a virtual machine has neither', async () => {
    const context = fakeHost({ lists: { '/sys/class/hwmon': [], '/sys/class/thermal': null } });
    expect((await probeAndJudge(tempSensor, context)).judgement.status).toBe('not-applicable');
  });
});

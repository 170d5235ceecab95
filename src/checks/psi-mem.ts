import { defineCheck, type Thresholds } from './check.ts';
import { requireLinux } from './linux.ts';
import { judgePressure, type PressureFacts, pressureFacts, readPressure } from './pressure.ts';
import { strictObject } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 10, crit: 60, unit: '% of a minute (full)', source: 'own (warn); systemd-oomd default (crit)' };

export const psiMem = defineCheck<Record<never, never>, PressureFacts>({
  id: 'psi.mem',
  phase: 'hardware',
  title: { en: 'Stalls for want of memory', 'zh-CN': '内存压力' },
  params: strictObject({}),
  facts: pressureFacts,
  thresholds: THRESHOLDS,
  messages: {
    ok: {
      en: 'work stood still for lack of memory {value} % of the last minute ({where})',
      'zh-CN': '最近一分钟有 {value} % 的时间因内存不足而停顿（{where}）',
    },
    stalled: {
      en: 'memory is short: work stood still {value} % of the last minute ({where})',
      'zh-CN': '内存紧张：最近一分钟有 {value} % 的时间停顿（{where}）',
    },
    none: { en: 'this kernel does not measure pressure', 'zh-CN': '此内核不提供压力统计' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    return { observedAt: host.now().wallMs, ...(await readPressure(host, 'memory')) };
  },
  judge: (facts, _params, thresholds = THRESHOLDS) => judgePressure(facts, { line: 'full', ...thresholds }),
});

import { defineCheck } from './check.ts';
import { requireLinux } from './linux.ts';
import { judgePressure, type PressureFacts, pressureFacts, readPressure } from './pressure.ts';
import { strictObject } from './schema.ts';

const BOUND = { line: 'full', warn: 10, source: 'own' } as const;

export const psiIo = defineCheck<Record<never, never>, PressureFacts>({
  id: 'psi.io',
  phase: 'hardware',
  title: { en: 'Stalls for want of disks', 'zh-CN': '磁盘压力' },
  params: strictObject({}),
  facts: pressureFacts,
  messages: {
    ok: {
      en: 'work stood still for disks {value} % of the last minute ({where})',
      'zh-CN': '最近一分钟有 {value} % 的时间因等待磁盘而停顿（{where}）',
    },
    stalled: {
      en: 'disks hold everything up: work stood still {value} % of the last minute ({where})',
      'zh-CN': '磁盘拖住了全部工作：最近一分钟有 {value} % 的时间停顿（{where}）',
    },
    none: { en: 'this kernel does not measure pressure', 'zh-CN': '此内核不提供压力统计' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    return { observedAt: host.now().wallMs, ...(await readPressure(host, 'io')) };
  },
  judge: (facts) => judgePressure(facts, BOUND),
});

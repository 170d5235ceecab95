import { defineCheck } from './check.ts';
import { requireLinux } from './linux.ts';
import { judgePressure, type PressureFacts, pressureFacts, readPressure } from './pressure.ts';
import { strictObject } from './schema.ts';

const BOUND = { line: 'some', warn: 50, source: 'own' } as const;

export const psiCpu = defineCheck<Record<never, never>, PressureFacts>({
  id: 'psi.cpu',
  phase: 'hardware',
  title: { en: 'Stalls for want of processor time', 'zh-CN': '处理器压力' },
  params: strictObject({}),
  facts: pressureFacts,
  messages: {
    ok: {
      en: 'tasks waited for a processor {value} % of the last minute ({where})',
      'zh-CN': '最近一分钟有 {value} % 的时间有任务在等待处理器（{where}）',
    },
    stalled: {
      en: 'processors are short: tasks waited for one {value} % of the last minute ({where})',
      'zh-CN': '处理器紧张：最近一分钟有 {value} % 的时间有任务在等待（{where}）',
    },
    none: { en: 'this kernel does not measure pressure', 'zh-CN': '此内核不提供压力统计' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    return { observedAt: host.now().wallMs, ...(await readPressure(host, 'cpu')) };
  },
  judge: (facts) => judgePressure(facts, BOUND),
});

import { HostError } from '../errors.ts';
import { defineCheck, gradeAbove, type Judgement, type Thresholds } from './check.ts';
import { showLimit } from './limit.ts';
import { requireLinux, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const THRESHOLDS: Thresholds = { warn: 70, crit: 90, unit: '%', source: 'Prometheus node mixin NodeFileDescriptorLimit' };

const facts = v.object({ observedAt: v.number(), open: v.number(), most: v.number(), percent: v.number() });
type Facts = Infer<typeof facts>;

export const fdSystem = defineCheck({
  id: 'fd.system',
  phase: 'hardware',
  title: { en: 'Open files of the system', 'zh-CN': '系统打开文件数' },
  params: strictObject({}),
  facts,
  thresholds: THRESHOLDS,
  messages: {
    ok: { en: '{open|file|files} open of at most {most} ({percent} %)', 'zh-CN': '已打开文件 {open}，上限 {most}（{percent} %）' },
    many: {
      en: 'the system has {open|file|files} open, {percent} % of the limit {most}',
      'zh-CN': '系统已打开 {open} 个文件，为上限 {most} 的 {percent} %',
    },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const [allocated, unused, most] = (await host.readFile('/proc/sys/fs/file-nr')).text.trim().split(/\s+/).map(Number);
    if (allocated === undefined || unused === undefined || !most) throw new HostError('io', '/proc/sys/fs/file-nr holds no numbers');
    const open = allocated - unused;
    return { observedAt: host.now().wallMs, open, most, percent: round((100 * open) / most) };
  },
  judge: judgeFiles,
});

function judgeFiles({ open, most, percent }: Facts, _params: unknown, limits: Thresholds = THRESHOLDS): Judgement {
  const status = gradeAbove(percent, limits);
  return { status, code: status === 'ok' ? 'ok' : 'many', data: { open, most, percent }, ...showLimit(percent, limits, status) };
}

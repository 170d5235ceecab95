import { defineCheck, type Judgement } from './check.ts';
import { listIfThere, parseCounters, readIfThere, requireLinux, tryReadNumber } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const EDAC = '/sys/devices/system/edac/mc';
const SOURCE = 'Netdata memory.conf';

const facts = v.object({
  observedAt: v.number(),
  /** Since boot, by memory controller. */
  controllers: v.array(v.object({ name: v.string(), corrected: v.number(), uncorrected: v.number() })),
  /** Memory the kernel has taken out of use after an error. */
  corruptedKib: v.number(),
});
type Facts = Infer<typeof facts>;

export const memEcc = defineCheck({
  id: 'mem.ecc',
  phase: 'hardware',
  title: { en: 'Memory errors', 'zh-CN': '内存错误' },
  params: strictObject({}),
  facts,
  messages: {
    ok: {
      en: 'no memory error on {controllers|controller|controllers} since boot',
      'zh-CN': '开机以来 {controllers} 个内存控制器没有错误',
    },
    uncorrected: {
      en: '{count} uncorrected memory errors on {name}: replace the module',
      'zh-CN': '{name} 有 {count} 个不可纠正的内存错误：请更换内存条',
    },
    corrected: { en: '{count} corrected memory errors on {name}', 'zh-CN': '{name} 有 {count} 个已纠正的内存错误' },
    'given-up': { en: 'the kernel has taken {count} KiB of broken memory out of use', 'zh-CN': '内核已停用 {count} KiB 损坏内存' },
    none: { en: 'nothing counts memory errors here', 'zh-CN': '此主机不统计内存错误' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const names = (await listIfThere(host, EDAC)).filter((name) => /^mc\d+$/.test(name));
    const controllers = await Promise.all(
      names.map(async (name) => ({
        name,
        corrected: (await tryReadNumber(host, `${EDAC}/${name}/ce_count`)) ?? 0,
        uncorrected: (await tryReadNumber(host, `${EDAC}/${name}/ue_count`)) ?? 0,
      })),
    );
    const corruptedKib = parseCounters((await readIfThere(host, '/proc/meminfo')) ?? '').HardwareCorrupted ?? 0;
    return { observedAt: host.now().wallMs, controllers, corruptedKib };
  },
  judge: judgeErrors,
});

function judgeErrors({ controllers, corruptedKib }: Facts): Judgement {
  const limit = (value: number, unit = 'errors') => ({ value, unit, threshold: 0, thresholdSource: SOURCE });
  const broken = controllers.find(({ uncorrected }) => uncorrected > 0);
  if (broken)
    return { status: 'fail', code: 'uncorrected', data: { name: broken.name, count: broken.uncorrected }, ...limit(broken.uncorrected) };
  if (corruptedKib > 0) return { status: 'warn', code: 'given-up', data: { count: corruptedKib }, ...limit(corruptedKib, 'KiB') };
  const ailing = controllers.find(({ corrected }) => corrected > 0);
  if (ailing)
    return { status: 'warn', code: 'corrected', data: { name: ailing.name, count: ailing.corrected }, ...limit(ailing.corrected) };
  if (controllers.length === 0) return { status: 'not-applicable', code: 'none' };
  return { status: 'ok', code: 'ok', data: { controllers: controllers.length }, ...limit(0) };
}

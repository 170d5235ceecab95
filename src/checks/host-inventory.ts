import { defineCheck } from './check.ts';
import { formatBytes } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const facts = v.object({
  observedAt: v.number(),
  maker: v.string(),
  model: v.string(),
  virtual: v.boolean(),
  processor: v.string(),
  cores: v.number(),
  memoryBytes: v.number(),
  memoryModules: v.array(v.object({ sizeBytes: v.number(), type: v.string(), ecc: v.nullable(v.boolean()) })),
  disks: v.array(v.object({ device: v.string(), model: v.string(), type: v.string(), sizeBytes: v.number() })),
  battery: v.nullable(v.object({ percent: v.number(), charging: v.boolean() })),
});
type Facts = Infer<typeof facts>;

export const hostInventory = defineCheck<object, Facts>({
  id: 'host.inventory',
  phase: 'hardware',
  title: { en: 'Hardware inventory', 'zh-CN': '硬件清单' },
  params: strictObject({}),
  facts,
  messages: {
    listed: {
      en: '{machine}: {processor}, {cores|core|cores}, {memory} in {modules|module|modules}, {disks|disk|disks}',
      'zh-CN': '{machine}：{processor}，{cores} 核，内存 {memory}（{modules} 条），磁盘 {disks} 块',
    },
  },
  timeoutMs: 10_000,
  example: {},
  async probe(_params, { host, timeoutMs }) {
    const { memoryModules, disks, ...rest } = await host.inventory({ timeoutMs });
    return { observedAt: host.now().wallMs, ...rest, memoryModules: [...memoryModules], disks: [...disks] };
  },
  judge: ({ maker, model, virtual, processor, cores, memoryBytes, memoryModules, disks }) => ({
    status: 'ok',
    code: 'listed',
    data: {
      machine: [maker, model].filter((word) => word !== '').join(' ') || (virtual ? 'virtual machine' : 'machine'),
      processor,
      cores,
      memory: formatBytes(memoryBytes),
      modules: memoryModules.length,
      disks: disks.length,
    },
  }),
});

import { HostError } from '../errors.ts';
import { defineCheck, type Judgement } from './check.ts';
import { formatSeconds, requireLinux, round } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const RECENT_MINUTES = 10;

const facts = v.object({ observedAt: v.number(), since: v.number(), uptimeSeconds: v.number(), bootedAt: v.number() });
type Facts = Infer<typeof facts>;

export const hostUptime = defineCheck({
  id: 'host.uptime',
  phase: 'hardware',
  title: { en: 'Uptime', 'zh-CN': '运行时间' },
  params: strictObject({}),
  facts,
  messages: {
    ok: { en: 'up for {uptime}', 'zh-CN': '已运行 {uptime}' },
    rebooted: { en: 'the host restarted {uptime} ago, at {at}', 'zh-CN': '主机在 {uptime} 前（{at}）重启过' },
  },
  example: {},
  async probe(_params, { host, since }) {
    requireLinux(host);
    const uptimeSeconds = Number.parseFloat((await host.readFile('/proc/uptime')).text);
    if (!Number.isFinite(uptimeSeconds)) throw new HostError('io', '/proc/uptime holds no number');
    const observedAt = host.now().wallMs;
    return { observedAt, since, uptimeSeconds, bootedAt: Math.round(observedAt - uptimeSeconds * 1_000) };
  },
  judge: judgeUptime,
});

function judgeUptime({ uptimeSeconds, bootedAt, since }: Facts): Judgement {
  const minutes = uptimeSeconds / 60;
  const inWindow = bootedAt >= since;
  const recent = minutes < RECENT_MINUTES || inWindow;
  return {
    status: recent ? 'warn' : 'ok',
    code: recent ? 'rebooted' : 'ok',
    data: { uptime: formatSeconds(uptimeSeconds), at: new Date(bootedAt).toISOString() },
    value: round(minutes),
    unit: 'min',
    threshold: RECENT_MINUTES,
    thresholdSource: minutes < RECENT_MINUTES || !inWindow ? 'Netdata reboot.conf' : 'own: inside the window of interest',
  };
}

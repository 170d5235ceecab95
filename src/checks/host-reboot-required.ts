import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement } from './check.ts';
import { readIfThere, requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const facts = v.object({
  observedAt: v.number(),
  /** null: nothing here keeps a record of it. */
  required: v.nullable(v.boolean()),
  packages: v.array(v.string()),
});
type Facts = Infer<typeof facts>;

export const hostRebootRequired = defineCheck({
  id: 'host.reboot_required',
  phase: 'evidence',
  title: { en: 'Reboot pending', 'zh-CN': '待重启' },
  params: strictObject({}),
  facts,
  messages: {
    ok: { en: 'no update waits for a reboot', 'zh-CN': '没有需要重启才能生效的更新' },
    pending: { en: 'updates wait for a reboot: {packages}', 'zh-CN': '有更新需重启后生效：{packages}' },
    none: { en: 'this distribution keeps no record of pending reboots', 'zh-CN': '此发行版不记录待重启状态' },
  },
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const marker = (await readIfThere(host, '/run/reboot-required')) ?? (await readIfThere(host, '/var/run/reboot-required'));
    const packages = marker === null ? null : await readIfThere(host, '/run/reboot-required.pkgs');
    const hooked = marker === null && (await readIfThere(host, '/usr/share/update-notifier/notify-reboot-required')) !== null;
    return {
      observedAt: host.now().wallMs,
      required: marker !== null ? true : hooked ? false : await askRedHat(host),
      packages: [...new Set((packages ?? '').split('\n').filter(Boolean))],
    };
  },
  judge: judgeReboot,
});

/** needs-restarting(1): exit 1 with -r means that a reboot is wanted. */
async function askRedHat(host: Host): Promise<boolean | null> {
  try {
    const { exitCode } = await host.run(['needs-restarting', '-r'], { timeoutMs: 8_000 });
    return exitCode === 0 ? false : exitCode === 1 ? true : null;
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') return null;
    throw error;
  }
}

function judgeReboot({ required, packages }: Facts): Judgement {
  if (required === null) return { status: 'not-applicable', code: 'none' };
  if (!required) return { status: 'ok', code: 'ok' };
  return {
    status: 'warn',
    code: 'pending',
    data: { packages: packages.slice(0, 8).join(', ') || '-' },
    value: true,
    thresholdSource: 'Netdata reboot.conf',
  };
}

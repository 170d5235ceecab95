import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement } from './check.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';
import { askSupervisor, hasSystemd } from './service-manager.ts';
import { parseSupervisorStatus } from './unit-state.ts';

const SHOWN = 5;

const facts = v.object({
  observedAt: v.number(),
  /** null: neither systemd nor supervisord runs this machine. */
  manager: v.nullable(v.picklist(['systemd', 'supervisor'])),
  failed: v.array(v.object({ unit: v.string(), state: v.string() })),
});
type Facts = Infer<typeof facts>;

export const svcFailed = defineCheck<Record<never, never>, Facts>({
  id: 'svc.failed',
  phase: 'software',
  title: { en: 'Failed units', 'zh-CN': '失败的服务单元' },
  params: strictObject({}),
  facts,
  messages: {
    ok: { en: 'no unit has failed ({manager})', 'zh-CN': '没有失败的服务单元（{manager}）' },
    failed: { en: '{count|unit has|units have} failed: {units}', 'zh-CN': '{count} 个服务单元失败：{units}' },
    none: { en: 'no service manager runs this machine', 'zh-CN': '此机器没有运行服务管理器' },
  },
  timeoutMs: 8_000,
  example: {},
  async probe(_params, { host }) {
    requireLinux(host);
    const observedAt = host.now().wallMs;
    if (await hasSystemd(host)) return { observedAt, manager: 'systemd', failed: await listFailedUnits(host) };
    const text = await askSupervisor(host);
    return { observedAt, manager: text === null ? null : 'supervisor', failed: listFailedPrograms(text ?? '') };
  },
  judge,
});

/** Lines `nginx.service loaded failed failed A web server`. */
async function listFailedUnits(host: Host): Promise<Facts['failed']> {
  const argv = ['systemctl', 'list-units', '--failed', '--all', '--plain', '--no-legend', '--no-pager', '--full'];
  const { exitCode, stdout, stderr } = await host.run(argv, { timeoutMs: 5_000 });
  if (exitCode !== 0) throw new HostError('io', `systemctl list-units: ${stderr.trim().slice(0, 200)}`, 'run as root');
  return stdout.split('\n').flatMap((line) => {
    const [unit, , active, sub] = line.trim().split(/\s+/);
    return unit && active && sub ? [{ unit, state: sub }] : [];
  });
}

/** A program that ended well and was meant to, or was stopped by hand, has not failed. */
function listFailedPrograms(text: string): Facts['failed'] {
  return text.split('\n').flatMap((line) => {
    const unit = line.split(/\s+/)[0] ?? '';
    const state = /\b(FATAL|BACKOFF)\b/.exec(line)?.[1];
    return state && parseSupervisorStatus(line, unit) ? [{ unit, state: state.toLowerCase() }] : [];
  });
}

function judge({ manager, failed }: Facts): Judgement {
  if (manager === null) return { status: 'not-applicable', code: 'none' };
  const shown = failed.slice(0, SHOWN).map(({ unit }) => unit);
  const units = `${shown.join(', ')}${failed.length > SHOWN ? ', ...' : ''}`;
  return {
    status: failed.length > 0 ? 'warn' : 'ok',
    code: failed.length > 0 ? 'failed' : 'ok',
    data: { manager, count: failed.length, units },
    value: failed.length,
    unit: 'units',
    threshold: 0,
    thresholdSource: 'Netdata systemdunits.conf',
  };
}

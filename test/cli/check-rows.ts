/** Results of every kind, with text that was written to break formats. */
import type { CheckReport, CheckRow } from '../../src/report/check-report.ts';

const AT = Date.UTC(2026, 0, 15, 12, 0, 0);

const HOSTILE = 'done\n::error::fake\r\n]]></failure><x a="1"> | \'@root\' #1 `code` [a](http://evil.test) \u001B[31mred\u202E % C:\\ok ￿';

export function row(change: Partial<CheckRow> = {}): CheckRow {
  return {
    id: 'disk.space',
    step: 'disk',
    title: { en: 'Disk space', 'zh-CN': '磁盘空间' },
    phase: 'hardware',
    target: null,
    host: 'gw',
    status: 'ok',
    code: 'ok',
    summary: { en: '/ is 40 % used', 'zh-CN': '/ 已用 40 %' },
    value: 40,
    unit: '%',
    threshold: 90,
    thresholdSource: 'Netdata disks.conf',
    bounds: { warn: 90, crit: 98, unit: '%' },
    clear: null,
    held: false,
    durationMs: 12,
    attempts: [{ status: 'ok', code: 'ok', at: AT, duration_ms: 12 }],
    unlock: null,
    ...change,
  };
}

export function report(rows: readonly CheckRow[], site = 'acme-prod'): CheckReport {
  return { tool: { name: 'oor', version: '1.2.3' }, site, startedAt: AT, endedAt: AT + 1_500, rows };
}

const plain = { value: null, unit: null, threshold: null, thresholdSource: null, bounds: null } as const;

export const warning = row({
  id: 'tls.cert',
  step: 'entry_tls',
  phase: 'network',
  status: 'warn',
  code: 'expiring-soon',
  summary: { en: 'expires in 10 days', 'zh-CN': '证书将在 10 天后过期' },
  value: 10,
  unit: 'days',
  threshold: 14,
  thresholdSource: 'site profile',
  bounds: { warn: 14, crit: 7, unit: 'days' },
});

export const unknown = row({
  ...plain,
  id: 'kernel.events',
  step: 'kernel',
  status: 'unknown',
  code: 'no-permission',
  summary: { en: 'dmesg: not allowed' },
  unlock: 'run with CAP_SYSLOG',
});

export const mixed = report(
  [
    row(),
    warning,
    row({
      ...plain,
      id: 'net.http',
      step: 'provider@bank=1|2',
      phase: 'network',
      target: "bank'=1|2",
      status: 'fail',
      code: 'refused',
      summary: { en: HOSTILE, 'zh-CN': `银行接口拒绝连接：${HOSTILE}` },
      value: 0.0000012,
      unit: 's',
      threshold: HOSTILE,
      thresholdSource: 'playbook',
      attempts: [
        { status: 'unknown', code: 'timed-out', at: AT, duration_ms: 2_000 },
        { status: 'fail', code: 'refused', value: 0.0000012, unit: 's', at: AT + 1_000, duration_ms: 3 },
      ],
    }),
    unknown,
    row({ ...plain, id: 'power.mains', step: 'mains', status: 'not-applicable', code: 'virtual', summary: { en: 'a virtual machine' } }),
    row({ ...plain, step: 'data_disk', status: 'not-applicable', code: null, summary: { en: 'the profile names none' }, attempts: [] }),
    row({
      ...plain,
      id: 'net.ping',
      step: 'ping',
      phase: 'network',
      status: 'skipped',
      code: null,
      summary: { en: 'gateway is fail # x' },
      attempts: [],
    }),
  ],
  'acme|*prod*',
);

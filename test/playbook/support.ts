import { createHash } from 'node:crypto';
import { createTimeLimit } from '../../src/adapters/time-limit.ts';
import { type Check, type CheckRegistry, defineCheck } from '../../src/checks/check.ts';
import { duration, port, strictObject, v } from '../../src/checks/schema.ts';
import type { SourceFile } from '../../src/playbook/load.ts';
import { type ParseResult, parsePlaybook } from '../../src/playbook/parse.ts';
import type { Playbook, Problem } from '../../src/playbook/playbook.ts';

const http = defineCheck({
  id: 'net.http',
  phase: 'network',
  title: { en: 'HTTP', 'zh-CN': 'HTTP' },
  params: strictObject({
    url: v.string(),
    samples: v.optional(v.number()),
    since: v.optional(duration),
    headers: v.optional(v.record(v.string(), v.string())),
  }),
  facts: strictObject({
    ok_ratio: v.number(),
    p95_ms: v.nullable(v.number()),
    statuses: v.array(v.object({ status: v.number() })),
    body: v.unknown(),
  }),
  messages: { ok: { en: 'answers' }, refused: { en: 'refused' }, slow: { en: 'slow' } },
  thresholds: { warn: 1_000, crit: 2_000, unit: 'ms', source: 'own' },
  example: { url: 'https://pay.example.test/' },
  probe: async () => ({ ok_ratio: 1, p95_ms: 1, statuses: [], body: null }),
  judge: () => ({ status: 'ok', code: 'ok' }),
});

const tcp = defineCheck({
  id: 'net.tcp',
  phase: 'network',
  title: { en: 'TCP', 'zh-CN': 'TCP' },
  params: strictObject({ host: v.string(), port }),
  facts: strictObject({ connected: v.boolean() }),
  messages: { ok: { en: 'connects' }, refused: { en: 'refused' } },
  example: { host: '127.0.0.1', port: 1 },
  probe: async () => ({ connected: true }),
  judge: () => ({ status: 'ok', code: 'ok' }),
});

const disk = defineCheck({
  id: 'disk.space',
  phase: 'hardware',
  title: { en: 'Disk', 'zh-CN': '磁盘' },
  params: strictObject({ mount: v.optional(v.string()) }),
  facts: strictObject({ used_pct: v.number() }),
  messages: { ok: { en: 'free' }, full: { en: 'full' } },
  thresholds: { warn: 80, crit: 95, unit: '%', source: 'own' },
  example: {},
  probe: async () => ({ used_pct: 1 }),
  judge: () => ({ status: 'ok', code: 'ok' }),
});

export const registry: CheckRegistry = Object.fromEntries([disk, http, tcp].map((check: Check) => [check.id, check]));
/** Wide: it is the wall clock of a busy machine. */
export const timeLimit = createTimeLimit(1_000);

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function parse(text: string, files: Readonly<Record<string, string>> = {}): ParseResult {
  const include = (name: string): SourceFile | undefined =>
    files[name] === undefined ? undefined : { file: `${name}.oor.yaml`, text: files[name] };
  return parsePlaybook({ file: 'main.oor.yaml', text, registry, timeLimit, include, sha256 });
}

export function parsed(text: string, files?: Readonly<Record<string, string>>): Playbook {
  const result = parse(text, files);
  if (!result.ok) throw new Error(result.problems.map(show).join('\n'));
  return result.playbook;
}

export function problemsOf(text: string, files?: Readonly<Record<string, string>>): string[] {
  const result = parse(text, files);
  return result.ok ? [] : result.problems.map(show);
}

export function warningsOf(text: string, files?: Readonly<Record<string, string>>): string[] {
  const result = parse(text, files);
  if (!result.ok) throw new Error(result.problems.map(show).join('\n'));
  return result.warnings.map(show);
}

/** `line:col code message | hint`, with the file before it when it is not the main one. */
export function show({ file, line, col, code, message, hint }: Problem): string {
  return `${file === 'main.oor.yaml' ? '' : `${file}:`}${line}:${col} ${code}: ${message}${hint ? ` | ${hint}` : ''}`;
}

/** Line and column of the first place of a piece of text. */
export function placeOf(text: string, piece: string): string {
  const offset = text.indexOf(piece);
  if (offset < 0) throw new Error(`no ${piece} in the text`);
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1) as string).length + 1}`;
}

/** A small playbook that is whole; tests change one line of it. */
export const GOOD = `oor: 1
id: demo
title: { en: Demo, zh-CN: 演示 }
symptoms: [timeouts]
inputs:
  port: { type: int, default: 8443, min: 1 }
  since: { type: duration, default: 30m }
vars:
  health: "\${{ profile.entry.url }}?port=\${{ inputs.port }}"
defaults: { timeout: 10s, retry: { max: 1, delay: 2s } }
phases:
  confirm:
    steps:
      - id: probe
        uses: net.http
        with: { url: "\${{ vars.health }}", samples: 5 }
        expect: out.ok_ratio >= 0.8 && out.p95_ms < 2000
        scope: entry
        impact: { failed: 100 - out.ok_ratio * 100 }
      - id: symptom
        ask: { en: What is shown?, zh-CN: 显示什么？ }
        type: select
        options:
          - { value: rc91, label: { en: Switch down, zh-CN: 交换中断 } }
          - { value: decline, label: { en: Declines, zh-CN: 拒绝 } }
        next: { decline: { end: false-alarm } }
  hardware:
    steps:
      - { id: disk, uses: disk.space, with: { mount: /var } }
  network:
    steps:
      - { id: listens, for: services.web, uses: net.tcp, with: { host: 127.0.0.1, port: "\${{ target.listen[0] }}" } }
      - { id: again, needs: disk, if: checks.probe.fail, uses: net.http, with: { url: "\${{ vars.health }}" } }
causes:
  nginx.down:
    title: { en: The web server is down, zh-CN: Web 服务器停止 }
    for: services.web
    prior: common
    evidence:
      - { when: checks.listens.fail, supports: decisive }
      - { when: checks.listens.ok, excludes: true }
      - when: answers.symptom == "rc91"
        supports: weak
    explains: [probe, again]
    verify: { ask: { en: Is it down?, zh-CN: 停了吗？ }, predict: answer }
    fix: restart-web
  disk.full:
    title: { en: The disk is full, zh-CN: 磁盘已满 }
    prior: common
    evidence:
      - { when: 'checks.disk.fail && checks.disk.code == "full"', supports: strong }
    verify: { uses: disk.space, with: { mount: / }, predict: out.used_pct > 95 }
    advice: { en: Make room, zh-CN: 清理空间 }
fixes:
  restart-web:
    title: { en: Restart the web server, zh-CN: 重启 Web 服务器 }
    effect: write
    confirm: { type: "\${{ target.name }}" }
    before: { argv: [systemctl, show, "\${{ target.unit }}"], save: unit }
    run: { argv: "\${{ target.control.restart }}" }
    dry_run: { argv: [systemctl, status, "\${{ target.unit }}"] }
    rollback: { none: { en: A restart is its own rollback, zh-CN: 重启无需回退 } }
    signal: { steps: [listens, probe], within: 30s }
validate: { steps: [probe], soak: 1m, every: 5s, max: 2 }
escalate: { to: payments-oncall }
`;

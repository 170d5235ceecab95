import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/engine/diagnose.ts';
import { runAsJson } from '../../src/report/json.ts';
import { renderText } from '../../src/report/text.ts';
import { play, registry } from '../engine/harness.ts';

const YAML = `
oor: 1
id: test
title: { en: Test, zh-CN: 测试 }
phases:
  confirm: { steps: [{ id: entry, uses: net.http, scope: entry }] }
  network: { steps: [{ id: cert, uses: tls.cert }, { id: disk, uses: disk.space }] }
causes:
  tls.expired:
    title: { en: "The certificate \\u001b[31mhas expired", zh-CN: 证书已过期 }
    class: human
    prior: common
    evidence: [{ when: checks.cert.code == "expired", supports: decisive }]
    explains: [entry]
    verify: { ask: { en: Renewed?, zh-CN: 已续期? }, predict: "not answer" }
    advice: { en: Renew it, zh-CN: 续期 }
  app.error_burst:
    title: { en: Errors, zh-CN: 错误 }
    class: software
    prior: common
    evidence: [{ when: checks.entry.fail, supports: strong }]
    verify: { ask: { en: Errors?, zh-CN: 有错误? }, predict: answer }
    advice: { en: Read the log, zh-CN: 查看日志 }
validate: { steps: [entry], soak: 0s }
escalate: { to: payments-oncall }
`;
const plain = { language: 'en' as const, ascii: false, paint: (_style: string, text: string) => text };

async function broken() {
  const { session, plan } = await play({
    yaml: YAML,
    facts: { entry: { status: 'fail' }, cert: { status: 'fail', code: 'expired' }, disk: 'unknown' },
  });
  return { session, plan, diagnosis: diagnose(plan, session, registry) };
}

describe('the text of a verdict', () => {
  it('names the cause, its reasons, its rival and the test that separates them; the verdict comes last', async () => {
    const { session, plan, diagnosis } = await broken();
    const text = renderText(plan, session, diagnosis, plain);
    expect(text).toMatch(/^payments: down/);
    expect(text).toContain('[tls.expired]');
    expect(text).toContain('+ cert ×100  expired');
    expect(text).toContain('best rival: app.error_burst');
    expect(text).toContain('to separate them: Errors?');
    expect(text).toMatch(/entry {2}broken.*<- tls\.expired/);
    expect(text).toContain('? disk');
    expect(text).toContain('-> install it');
    expect(text).toContain('escalate to payments-oncall');
    expect(text.trimEnd().split('\n').at(-2)).toMatch(/^FAULT FOUND, not fixed: The certificate/);
    expect(text.trimEnd().split('\n').at(-1)).toContain('oor report test-session');
  });

  it('why a fix was not applied, in the language of the reader', async () => {
    const fix =
      'fixes:\n  renew: { title: { en: Renew, zh-CN: 续期 }, effect: write, run: { argv: [renew] }, rollback: { none: no way } }\n';
    const { session, plan } = await play({
      yaml: YAML.replace('    advice: { en: Renew it, zh-CN: 续期 }\n', '    fix: renew\n').replace('validate:', `${fix}validate:`),
      interactive: true,
      facts: { entry: { status: 'fail' }, cert: { status: 'fail', code: 'expired' } },
      replies: { 'fix:renew': { kind: 'skip', reason: 'the bank does it' } },
    });
    const text = renderText(plan, session, diagnose(plan, session, registry), { ...plain, language: 'zh-CN' });
    expect(text).toContain('renew: 未执行 (操作者已拒绝：the bank does it)');
  });

  it('lets no control character of a playbook through', async () => {
    const { session, plan, diagnosis } = await broken();
    expect(renderText(plan, session, diagnosis, plain)).not.toContain('\u001b');
  });

  it('speaks Chinese and plain ASCII marks when asked', async () => {
    const { session, plan, diagnosis } = await broken();
    const text = renderText(plan, session, diagnosis, { ...plain, language: 'zh-CN', ascii: true });
    expect(text).toContain('证书已过期');
    expect(text).toContain('[FAIL] entry');
    expect(text).toContain('发现故障');
    expect(text).not.toContain('×');
  });

  it('is the same from the same journal', async () => {
    const { session, plan, diagnosis } = await broken();
    expect(renderText(plan, session, diagnose(plan, session, registry), plain)).toBe(renderText(plan, session, diagnosis, plain));
  });
});

describe('the JSON of a run', () => {
  it('has the keys of the contract, causes best first, and what could not be told with its way out', async () => {
    const { session, plan, diagnosis } = await broken();
    const json = runAsJson(plan, session, diagnosis);
    expect(json).toMatchObject({
      schema_version: 1,
      verdict: 'fault',
      exit_code: 1,
      outcome: 'fault-found',
      scope: { state: 'down', failed: 0, unknown_outcome: 0 },
    });
    const causes = json['causes'] as { id: string; score: number; state: string; because: unknown[] }[];
    expect(causes.map(({ id }) => id)).toEqual(['tls.expired', 'app.error_burst']);
    expect(causes[0]).toMatchObject({
      class: 'human',
      host: 'gw',
      state: 'suspected',
      because: [{ step: 'cert', effect: 'supports', factor: 100 }],
    });
    expect(causes[1]?.because).toEqual([{ step: 'entry', effect: 'supports', factor: 1, explained_by: 'tls.expired' }]);
    expect(json['unknown']).toMatchObject([{ check: 'disk.space', unlock: 'install it' }]);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});

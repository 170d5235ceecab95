import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html-report.ts';
import { STYLE } from '../../src/report/html-style.ts';
import { answer } from '../engine/harness.ts';
import { playIncident } from './played.ts';

const HOSTILE = `</code></style><img src=x onerror=alert(1)>"'\`\u001b[31m\u202e`;
const YAML = `
oor: 1
id: test
title: { en: Test, zh-CN: 测试 }
phases:
  confirm: { steps: [{ id: entry, uses: net.http, scope: entry }, { id: who, ask: { en: Who?, zh-CN: 谁? }, type: text }] }
  network: { steps: [{ id: cert, uses: tls.cert, for: services }, { id: disk, uses: disk.space }] }
causes:
  tls.expired:
    title: { en: "expired <script>alert(2)</script>", zh-CN: 证书已过期 }
    class: human
    prior: common
    evidence: [{ when: 'any.cert.codes.exists(c, c == "expired")', supports: decisive }]
    explains: [entry]
    verify: { ask: { en: Renewed?, zh-CN: 已续期? }, predict: "not answer" }
    advice: { en: Renew it, zh-CN: 续期 }
validate: { steps: [entry], soak: 0s }
escalate: { to: payments-oncall }
`;

async function hostile() {
  const name = `web ${HOSTILE}`;
  return await playIncident(
    {
      yaml: YAML,
      profile: { site: HOSTILE, services: [{ name }] },
      interactive: true,
      symptom: HOSTILE,
      facts: {
        entry: { status: 'fail', body: HOSTILE },
        [`cert@${name}`]: { status: 'fail', code: 'expired', [HOSTILE]: HOSTILE },
        disk: 'unknown',
      },
      replies: { who: answer(HOSTILE) },
    },
    { artifacts: new Map([['entry', [`../../x/javascript:alert(1)/${HOSTILE}`, 'javascript:alert(1)']]]) },
  );
}

describe('the page of an incident', () => {
  it('names its style by the digest that the policy allows', async () => {
    const page = renderHtml(await hostile(), 'en');
    expect(page).toContain(`style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`.replaceAll("'", '&#39;'));
    expect(page).toContain(`<style>${STYLE}</style>`);
  });

  it('holds no markup that was not made here', async () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const page = renderHtml(await hostile(), language);
      expect(page.match(/<(script|img|iframe|object|embed|link|base|form|input|a href="(?!#|\.\/))[^>]*>/gi)).toBeNull();
      expect(page.match(/<\/style>/g)).toHaveLength(1);
      expect(page).not.toMatch(/ on\w+="/);
      expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
      expect(page).toContain(`<html lang="${language}">`);
    }
  });
});

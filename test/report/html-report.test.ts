import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html-report.ts';
import { STYLE } from '../../src/report/html-style.ts';
import { fixedIncident } from './fixed-incident.ts';
import { hostileIncident } from './hostile-incident.ts';
import { playIncident } from './played.ts';

describe('the page of an incident', () => {
  it('says in the language of the page why a question has no answer', async () => {
    const incident = await fixedIncident();
    const unanswered = new Map([['symptom', { by: 'nobody', reason: 'nobody could answer' } as const]]);
    const page = renderHtml({ ...incident, session: { ...incident.session, unanswered } }, 'zh-CN');
    expect(page).toContain('<td>没有人能回答</td>');
  });

  it('names the family of a cause in the language of the page, and says once how to make it again', async () => {
    for (const [language, family] of [
      ['en', 'software'],
      ['zh-CN', '软件'],
    ] as const) {
      const page = renderHtml(await fixedIncident(), language);
      expect(page).toMatch(new RegExp(`<p class="meta"><code>[a-z._]+</code> · ${family}`));
      expect(page.match(/oor report \S+ --format html/g)).toHaveLength(1);
    }
  });

  it('says in the language of the page, and once, what an experiment showed', async () => {
    const page = renderHtml(await fixedIncident(), 'zh-CN');
    expect(page).toContain('预测成立');
    expect(page).not.toContain('the prediction came true');
  });

  it('names its style by the digest that the policy allows, and allows nothing else', async () => {
    const page = renderHtml(await fixedIncident(), 'en');
    const digest = createHash('sha256').update(STYLE).digest('base64');
    expect(page).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    expect(page).toContain(`<style>${STYLE}</style>`);
  });

  it('holds no markup that was not made here', async () => {
    for (const language of ['en', 'zh-CN'] as const) {
      const page = renderHtml(await hostileIncident(), language);
      expect(page.match(/<(script|img|iframe|object|embed|link|base|form|input|a href="(?!#|\.\/))[^>]*>/gi)).toBeNull();
      expect(page.match(/<\/style>/g)).toHaveLength(1);
      expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(page).toContain(`<html lang="${language}">`);
    }
  });

  it('still shows after a fix what was seen before it, and what was looked at since', async () => {
    const page = renderHtml(await fixedIncident(), 'en');
    const cause = page.slice(page.indexOf('id="cause-app.down"'), page.indexOf('id="fixes"'));
    expect(cause).toMatch(/×100 \(decisive\)<\/td><td>refused/);
    expect(page).toContain('$ start app');
    expect(page).toContain('applied and validated by its own signal');
    const picture = page.slice(page.indexOf('id="path"'), page.indexOf('id="measurements"'));
    expect(picture).toMatch(/class="box bad"[^>]*><title>net.tcp \(ok later\): refused/);
    expect(picture).toContain('class="line supports heavy"');
    expect(picture).toContain('class="line fix"');
    expect(picture).toContain('class="box cause-box fixed"');
    const measured = page.slice(page.indexOf('id="measurements"'), page.indexOf('id="timeline"'));
    expect(measured).toContain('Steps that changed, and the watch after the fix');
    expect(measured).toContain('Before and after the fix: net.http');
    const step = page.slice(page.indexOf('id="step-entry"'), page.indexOf('id="phase-hardware"'));
    expect(step).toContain('"count": 900');
    expect(step).toContain('"count": 3');
  });

  it('names at the top what no cause accounts for', async () => {
    const also = (page: string): string => page.slice(page.indexOf('id="summary"'), page.indexOf('id="causes"'));
    const page = also(renderHtml(await fixedIncident({ status: 'warn' }), 'en'));
    expect(page).toMatch(/Also seen, and accounted for by no cause[\s\S]*href="#step-disk">disk.space<\/a>: so so/);
    for (const accounted of [await fixedIncident(), await hostileIncident()]) {
      expect(also(renderHtml(accounted, 'en'))).not.toContain('Also seen');
    }
  });

  it('says who proves the record', async () => {
    const page = renderHtml(await fixedIncident(), 'en');
    const proof = page.slice(page.indexOf('id="integrity"'));
    expect(proof).toContain('ab'.repeat(32));
    expect(proof).toContain('records, each chained to the one before');
    expect(proof).toContain('oor report test-session --format html');
  });

  it('links files of a bundle only beside or below itself', async () => {
    const page = renderHtml(await hostileIncident(), 'en');
    const links = [...page.matchAll(/<a href="(\.[^"]*)"/g)].map(([, href]) => href ?? '');
    expect(links.length).toBe(3);
    expect(links.filter((href) => !/^\.\/[\w%.!~*'()&#;-]+(\/[\w%.!~*'()&#;-]+)*$/.test(href) || href.includes('..'))).toEqual([]);
    expect(links).toContain('./javascript%3Aalert(1)');
  });

  it('is the same from the same journal, and small with two hundred steps that saw a lot', async () => {
    const names = [...Array(200).keys()].map((index) => `service-${index}`);
    const incident = await playIncident({
      yaml: `
oor: 1
id: test
title: { en: Test }
phases:
  network: { steps: [{ id: seen, uses: net.tcp, for: services }] }
causes:
  tls.expired: { title: { en: Expired }, class: human, prior: common, evidence: [{ when: any.seen.fail, supports: weak }], verify: { ask: { en: Renewed? }, predict: "not answer" }, advice: { en: Renew } }
validate: { steps: [seen], soak: 0s }
`,
      profile: { services: names.map((name) => ({ name })) },
      facts: Object.fromEntries(
        names.map((name, index) => [`seen@${name}`, { status: index % 3 === 0 ? 'fail' : 'ok', text: 'x'.repeat(20_000) }]),
      ),
    });
    const page = renderHtml(incident, 'en');
    expect(page.match(/id="step-seen@/g)).toHaveLength(200);
    expect(Buffer.byteLength(page)).toBeLessThan(500_000);
    expect(page).toContain('left out to keep this page small; in the journal');
    expect(renderHtml(incident, 'en')).toBe(page);
  });
});

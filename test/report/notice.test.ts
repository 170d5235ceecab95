/** What people outside are told of the causes: those that a report names, and none that its own experiment refuted. */
import { expect, it } from 'vitest';
import { NAMED } from '../../src/engine/score.ts';
import type { Incident } from '../../src/report/incident.ts';
import { noticeMessage } from '../../src/report/notice.ts';
import { answer } from '../engine/harness.ts';
import { playIncident } from './played.ts';

const YAML = `
oor: 1
id: test
title: { en: Test }
phases:
  confirm: { steps: [{ id: entry, uses: net.http, scope: entry }] }
  software:
    steps:
      - { id: listen, uses: net.tcp }
      - { id: answers, uses: net.tcp }
      - { id: certificate, uses: tls.cert }
causes:
  app.down:
    title: { en: Application down, zh-CN: 应用未运行 }
    prior: common
    evidence: [{ when: checks.listen.fail, supports: decisive }, { when: checks.answers.fail, supports: decisive }]
    explains: [entry]
    verify: { ask: { en: Is it gone?, zh-CN: 进程不在? }, predict: answer }
  tls.expired:
    title: { en: Certificate expired, zh-CN: 证书过期 }
    prior: common
    evidence: [{ when: checks.certificate.fail, supports: decisive }]
    explains: [entry]
    verify: { ask: { en: Is it over?, zh-CN: 过期? }, predict: answer }
`;

const message = ({ plan, session, diagnosis }: Incident, language: 'en' | 'zh-CN' = 'en') =>
  noticeMessage({ what: 'closed', plan, session, diagnosis, at: 0 }, language);

it('leaves out a cause that was refuted, however much speaks for it', async () => {
  const incident = await playIncident({
    yaml: YAML,
    interactive: true,
    facts: { entry: { status: 'fail' }, listen: { status: 'fail' }, answers: { status: 'fail' }, certificate: { status: 'fail' } },
    replies: { 'verify:app.down#0': answer(false), 'verify:tls.expired#0': answer(true) },
  });
  const states = incident.diagnosis.causes.filter(({ score }) => score >= NAMED).map(({ id, state }) => [id, state]);
  expect(states).toContainEqual(['app.down', 'refuted']);
  expect(states).toContainEqual(['tls.expired', 'confirmed']);
  for (const language of ['en', 'zh-CN'] as const) {
    const { text, title, cause } = message(incident, language);
    expect(text).toContain('[tls.expired]');
    expect(text).not.toContain('app.down');
    expect(title).not.toMatch(/Application down|应用未运行/);
    expect(cause).toBe('tls.expired');
  }
});

/** An incident that a fix ended: down at first, fine when looked at again. */
import type { Incident } from '../../src/report/incident.ts';
import { answer, type Canned } from '../engine/harness.ts';
import { playIncident } from './played.ts';

const YAML = `
oor: 1
id: test
title: { en: Test }
phases:
  confirm: { steps: [{ id: entry, uses: net.http, scope: entry }] }
  software: { steps: [{ id: listen, uses: net.tcp }] }
  hardware: { steps: [{ id: disk, uses: disk.space }] }
causes:
  app.down:
    title: { en: Application down, zh-CN: 应用未运行 }
    class: software
    prior: common
    evidence: [{ when: checks.listen.fail, supports: decisive }]
    explains: [entry]
    verify: { ask: { en: Is it gone?, zh-CN: 进程不在? }, predict: "answer" }
    fix: start-app
fixes:
  start-app:
    title: { en: Start it, zh-CN: 启动 }
    effect: write
    confirm: yes-no
    run: { argv: [start, app] }
    rollback: { none: { en: it was not running } }
    signal: { steps: [listen], within: 1s }
validate: { steps: [entry], soak: 0s }
`;

export async function fixedIncident(disk: Canned = 'unknown'): Promise<Incident> {
  let started = false;
  return await playIncident({
    yaml: YAML,
    interactive: true,
    facts: {
      entry: () => (started ? { status: 'ok', count: 3 } : { status: 'fail', count: 900 }),
      listen: () => (started ? { status: 'ok' } : { status: 'fail', code: 'refused' }),
      disk,
    },
    replies: { 'verify:app.down#0': answer(true), 'fix:start-app': answer(true) },
    act: () => {
      started = true;
      return { stdout: 'started' };
    },
  });
}

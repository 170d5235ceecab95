/** Nothing is changed before an operator has seen what, where, what it would do, and the way back. */
import { describe, expect, it } from 'vitest';
import type { Question } from '../../src/ports.ts';
import { answer, play } from './harness.ts';

const yaml = (fix: string): string => `
oor: 1
id: test
title: Test
phases:
  confirm:
    steps:
      - { id: entry, uses: net.http, scope: entry }
causes:
  app.down:
    title: App down
    class: software
    prior: common
    evidence: [{ when: checks.entry.fail, supports: decisive }]
    explains: [entry]
    fix: restart
fixes:
  restart:
    title: { en: Restart the application, zh-CN: 重启应用 }
    effect: write
    run: { argv: [restart, app] }
    signal: { step: entry, within: 1s }
${fix}
validate: { steps: [entry], soak: 0s }
`;

async function offered(fix: string, reply = answer(false)) {
  const questions: Question[] = [];
  const outcome = await play({
    yaml: yaml(fix),
    interactive: true,
    facts: { entry: { status: 'fail' } },
    replies: {
      'fix:restart': (question, call) => {
        questions.push(question);
        return call === 0 ? reply : answer(false);
      },
    },
    act: ([command]) => (command === 'rehearse' ? { stdout: 'would stop 3 workers\n' } : {}),
  });
  return { ...outcome, questions };
}

describe('the offer of a fix', () => {
  it('shows effect, target, commands, the output of its dry run, and the way back', async () => {
    const { questions, acted } = await offered('    dry_run: { argv: [rehearse, app] }\n    rollback: { argv: [stop, app] }');
    expect(questions[0]?.text.en).toBe(
      [
        'Restart the application',
        'effect: write',
        'target: gw',
        '    restart app',
        'dry run: rehearse app (0)',
        '    would stop 3 workers',
        'rollback:',
        '    stop app',
        'Apply it now?',
      ].join('\n'),
    );
    expect(questions[0]?.text['zh-CN']).toContain('试运行: rehearse app (0)\n    would stop 3 workers');
    expect(acted).toEqual(['rehearse app']);
  });

  it('rehearses once, however often it is asked', async () => {
    const { acted, questions, session } = await offered('    dry_run: { argv: [rehearse, app] }\n    rollback: { none: no way }', {
      kind: 'note',
      text: 'asked the lead',
    });
    expect(questions).toHaveLength(2);
    expect(acted).toEqual(['rehearse app']);
    expect(session.fixes.get('restart')?.stage).toBe('declined');
  });

  it('without a dry run nothing is run before consent; a rollback that needs a saved state says so', async () => {
    const { questions, acted } = await offered(
      '    before: { argv: [show, app], save: old }\n    rollback: { argv: [restore, "${{ saved.old }}"] }',
    );
    expect(acted).toEqual([]);
    expect(questions[0]?.text.en).toContain('rollback: yes, with the state that is saved before');
  });

  it('the default answer is No, and not knowing is no answer', async () => {
    const { questions } = await offered('    rollback: { none: no way }');
    expect(questions[0]).toMatchObject({ type: 'confirm', skippable: false });
  });

  it('whoever declines with a reason is on record with it', async () => {
    const { session } = await offered('    rollback: { none: no way }', { kind: 'skip', reason: 'the bank does it' });
    expect(session.fixes.get('restart')).toMatchObject({ stage: 'declined', reason: 'the operator declined: the bank does it' });
  });
});

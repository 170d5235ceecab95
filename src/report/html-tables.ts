/** The last sections of the page: answers, phases in numbers, what could not be seen, and what proves the record. */

import { describeReason } from '../checks/check.ts';
import { describeDuration } from './clock-face.ts';
import { html, type Markup, NOTHING, type Part } from './html.ts';
import { badge, facts, instant, section, stepLink, table } from './html-parts.ts';
import type { Telling } from './incident.ts';
import { issuersOf, phasesOf, redactionsOf } from './phases.ts';
import { nameAnswer, nameQuestion } from './timeline-words.ts';

export function renderAnswers(telling: Telling): Markup {
  const { session, say } = telling;
  const given = [...session.answers.values()].map((answer): [string, Part, Part] => [
    nameQuestion(telling, answer.id),
    nameAnswer(telling, answer),
    html`${answer.source} · ${instant(telling, answer.at)}`,
  ]);
  const open = [...session.unanswered].map(([id, { reason }]): [string, Part, Part] => [
    nameQuestion(telling, id),
    say('notAnswered'),
    describeReason(reason, telling.language),
  ]);
  const notes = session.notes.map(({ at, text }) => html`<li>${instant(telling, at)} — ${text}</li>`);
  if (given.length + open.length + notes.length === 0) return NOTHING;
  return section(
    'answers',
    say('answersTitle'),
    given.length + open.length > 0 && table(say('answersTitle'), [say('question'), say('answer'), say('source')], [...given, ...open]),
    notes.length > 0 && html`<ul>${notes}</ul>`,
  );
}

export function renderPhases(telling: Telling): Markup {
  const { say } = telling;
  const phases = phasesOf(telling);
  const longest = Math.max(1, ...phases.map(({ durationMs }) => durationMs));
  const rows = phases.map(({ id, steps, durationMs, counts }): Part[] => [
    say(`phase_${id}`),
    steps,
    html`${describeDuration(durationMs)} <svg class="bar" viewBox="0 0 100 8" aria-hidden="true"><rect class="fill" width="${Math.round((100 * durationMs) / longest)}" height="8"/></svg>`,
    counts.map(([status, n]) => html`${badge(telling, status)} ${n} `),
  ]);
  return section(
    'phases',
    say('phasesTitle'),
    table(say('phasesTitle'), [say('phaseColumn'), say('stepsColumn'), say('timeColumn'), say('resultColumn')], rows),
  );
}

export function renderUnseen(telling: Telling): Markup {
  const { say, diagnosis, language } = telling;
  const unseen = diagnosis.findings.filter(({ status }) => status === 'unknown');
  const rows = unseen.map((finding): Part[] => [
    stepLink(telling, finding.key),
    finding.summary(language),
    describeReason(finding.unlock ?? '', language),
  ]);
  return section(
    'unseen',
    say('unseenTitle'),
    unseen.length === 0
      ? html`<p>${say('allSeen')}</p>`
      : table(say('unseenTitle'), [say('stepColumn'), say('whyUnseen'), say('unlockColumn')], rows),
  );
}

export function renderIntegrity(telling: Telling): Markup {
  const { session, entries, headHash, say } = telling;
  const { started, ended } = session;
  return section(
    'integrity',
    say('integrityTitle'),
    facts([
      [say('sessionWord'), html`<code>${started.session}</code>`],
      [say('journalHead'), html`<code class="hash">${headHash}</code> ${say('journalLength', { n: entries.length })}`],
      [say('playbookWord'), html`${started.playbook.id} <code class="hash">${started.playbook.sha256}</code>`],
      [
        say('profileWord'),
        started.profile.file === '' ? say('noProfile') : html`${started.profile.file} <code class="hash">${started.profile.sha256}</code>`,
      ],
      [say('toolWord'), `${started.tool.name} ${started.tool.version}`],
      [say('hostWord'), started.local_host],
      [say('exitWord'), ended?.exit_code ?? '–'],
      [say('redactedWord'), say('redactedCount', { n: redactionsOf(telling) })],
      [say('issuersWord'), issuersOf(telling) || '–'],
    ]),
  );
}

/** The incident for a ticket: the sections of a post-mortem, filled with what the journal knows; what only people know is left to them. */
import { describeReason } from '../checks/check.ts';
import type { DiagnosedCause } from '../engine/diagnose.ts';
import type { Language } from '../ports.ts';
import { describeDuration } from './clock-face.ts';
import { factorOf, seenIn } from './factors.ts';
import { describeClock } from './impact.ts';
import { type Incident, type Telling, tell } from './incident.ts';
import { code, markdown } from './markdown-text.ts';
import { spacedPercent } from './percent.ts';
import { issuersOf, phasesOf, redactionsOf } from './phases.ts';
import { timelineOf } from './timeline.ts';
import { inLanguage, nameFix } from './timeline-words.ts';
import { headlineOf, namedCauses, nextStepsOf } from './verdict-words.ts';
import { sinceWord } from './words.ts';

export function renderMarkdown(incident: Incident, language: Language): string {
  const telling = tell(incident, language);
  const sections = [
    renderTitle(telling),
    renderOverview(telling),
    renderImpact(telling),
    renderCauses(telling),
    renderResolution(telling),
    renderTimeline(telling),
    renderUnseen(telling),
    renderActions(telling),
    renderFollowUps(telling),
    renderForPeople(telling),
    renderIntegrity(telling),
  ];
  return `${sections.join('\n\n')}\n`;
}

function heading({ say }: Telling, word: Parameters<Telling['say']>[0]): string {
  return `## ${say(word)}\n\n`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function tabled(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n');
}

function renderTitle(telling: Telling): string {
  const { session, plan, say, clock } = telling;
  const site = typeof plan.profile['site'] === 'string' && plan.profile['site'] !== '' ? ` · ${markdown(plan.profile['site'])}` : '';
  const notes = [session.started.flags.ephemeral && say('sandboxNote'), session.started.flags.dry_run && say('dryRunNote')].filter(Boolean);
  const told = session.started.symptom === '' ? [] : [`${say('symptomWas')}: ${markdown(session.started.symptom)}`];
  return [
    `# ${markdown(headlineOf(telling))}`,
    `${say('incidentReport')}${site} · ${clock.both(session.startedAt)} · ${code(session.started.session)}`,
    ...notes.map((note) => `> ${note}`),
    ...told,
  ].join('\n\n');
}

/** A few lines to paste to others. */
function renderOverview(telling: Telling): string {
  const { diagnosis, session, say, clock, language } = telling;
  const { state, firstBad, failed, unknownOutcome } = diagnosis.scope;
  const since = firstBad === undefined ? '' : `, ${say(sinceWord(state), { time: clock.both(firstBad) })}`;
  const counts = `${say('failed', { n: failed })}, ${say('unknownOutcome', { n: unknownOutcome })}`;
  const causes = namedCauses(telling).map(
    (cause) => `- ${markdown(inLanguage(cause.title, language))} (${code(cause.id)}): ${say(cause.state)}, ${spacedPercent(cause.score)}`,
  );
  const fixes = [...session.fixes.values()].map(({ key, stage }) => `- ${markdown(nameFix(telling, key))}: ${say(`stage_${stage}`)}`);
  return heading(telling, 'overview') + [`- ${say('payments')}: **${say(state)}**${since} - ${counts}`, ...causes, ...fixes].join('\n');
}

function renderImpact(telling: Telling): string {
  const { diagnosis, say, clock } = telling;
  const { scope } = diagnosis;
  const since = scope.firstBad === undefined ? say('firstBadUnknown') : clock.both(scope.firstBad);
  const rows = [
    [say('paymentsAre'), `**${say(scope.state)}**`],
    [say('failedPayments'), `${scope.failed} (${say('failedHow')})`],
    [say('valueAtRisk'), scope.value === undefined ? say('notMeasured') : markdown(scope.value)],
    [say('unknownPayments'), `${scope.unknownOutcome} (${say('unknownHow')})`],
    [say('impactSince'), since],
    ...(scope.lastGood === undefined ? [] : [[say('lastGood'), clock.both(scope.lastGood)]]),
  ];
  const { elapsed, marks } = describeClock(telling);
  const deadlines =
    scope.state === 'healthy' && marks.length === 0
      ? []
      : ['', `${say('regulatoryClock')}: ${elapsed}`, ...marks.map(({ text }) => `- ${text}`)];
  return [`${heading(telling, 'impact')}${tabled([say('impact'), ''], rows)}`, ...deadlines].join('\n');
}

function renderCauses(telling: Telling): string {
  const { say, diagnosis, language } = telling;
  const named = namedCauses(telling);
  const { rival, separating } = diagnosis;
  const rivals = rival
    ? [`**${say('bestRival')}:** ${markdown(inLanguage(rival.title, language))} (${code(rival.id)}, ${spacedPercent(rival.score)})`]
    : [];
  const tests = separating ? [`**${say('separatingTest')}:** ${markdown(inLanguage(separating, language))}`] : [];
  const body = named.length === 0 ? [say('noCauses')] : named.map((cause) => renderCause(telling, cause));
  return heading(telling, 'contributingFactors') + [...body, ...rivals, ...tests].join('\n\n');
}

function renderCause(telling: Telling, cause: DiagnosedCause): string {
  const { say, language } = telling;
  const place = [...new Set([cause.component, cause.host])]
    .filter((part) => part !== undefined)
    .map(markdown)
    .join(' @ ');
  const head = `### ${markdown(inLanguage(cause.title, language))}\n\n${code(cause.id)} · ${say(cause.state)} · ${spacedPercent(cause.score)}${place === '' ? '' : ` · ${place}`}`;
  const rows = cause.because.map((because) => [
    `${because.effect === 'supports' ? '+' : '−'} ${say(`effect_${because.effect}`)}`,
    code(because.step),
    factorOf(telling, because),
    markdown(seenIn(telling, cause, because)),
  ]);
  return `${head}\n\n${tabled([say('effectColumn'), say('evidenceColumn'), say('factorColumn'), say('seenColumn')], rows)}`;
}

function renderResolution(telling: Telling): string {
  const { session, say, clock } = telling;
  const lines = [...session.fixes.values()].map(
    ({ key, stage, at, reason }) =>
      `- ${clock.utc(at)} ${markdown(nameFix(telling, key))} (${code(key)}): **${say(`stage_${stage}`)}**${reason === undefined ? '' : ` — ${markdown(describeReason(reason, telling.language))}`}`,
  );
  return heading(telling, 'resolution') + (lines.length === 0 ? say('noFix') : lines.join('\n'));
}

function renderTimeline(telling: Telling): string {
  const { say, clock } = telling;
  const rows = timelineOf(telling)
    .filter(({ weighty }) => weighty)
    .map(({ at, actor, text, step }) => [
      clock.utc(at),
      clock.local(at),
      say(`actor_${actor}`),
      markdown(text),
      step === undefined ? '' : code(step),
    ]);
  return heading(telling, 'timeline') + tabled([say('timeUtc'), say('timeLocal'), say('actor'), say('event'), say('evidenceColumn')], rows);
}

function renderUnseen(telling: Telling): string {
  const { say, diagnosis, language } = telling;
  const rows = diagnosis.findings
    .filter(({ status }) => status === 'unknown')
    .map((finding) => [code(finding.key), markdown(finding.summary(language)), markdown(describeReason(finding.unlock ?? '', language))]);
  const body = rows.length === 0 ? say('allSeen') : tabled([say('stepColumn'), say('whyUnseen'), say('unlockColumn')], rows);
  return heading(telling, 'unseenTitle') + body;
}

function renderActions(telling: Telling): string {
  const { say } = telling;
  const lines = nextStepsOf(telling).map(
    ({ text, command }) => `- [ ] ${markdown(text)}${command === undefined ? '' : `: ${code(command)}`}`,
  );
  return heading(telling, 'nextStep') + (lines.length === 0 ? say('nothingToDo') : lines.join('\n'));
}

/** Owner and date are for people; what could not be seen tonight should be visible next time. */
function renderFollowUps(telling: Telling): string {
  const { say, diagnosis, language } = telling;
  const unlocks = diagnosis.findings.flatMap(({ status, key, unlock }) =>
    status === 'unknown' && unlock !== undefined ? [{ key, unlock }] : [],
  );
  const open = namedCauses(telling).map((cause) => say('followUpCause', { cause: cause.id }));
  const rows = [
    ...open.map(markdown),
    ...unlocks.map(({ key, unlock }) => `${code(key)}: ${markdown(describeReason(unlock, language))}`),
  ].map((what) => [what, '', '']);
  return heading(telling, 'followUps') + tabled([say('action'), say('owner'), say('due')], rows);
}

/** A post-mortem asks for them, and no journal knows them. */
function renderForPeople(telling: Telling): string {
  const { say } = telling;
  const words = ['responders', 'detectedBy', 'wentWell', 'wentBadly', 'customerMessage'] as const;
  return heading(telling, 'forPeople') + words.map((word) => `- ${say(word)}:`).join('\n');
}

function renderIntegrity(telling: Telling): string {
  const { session, entries, headHash, say } = telling;
  const { started } = session;
  const total = phasesOf(telling).reduce((sum, { steps }) => sum + steps, 0);
  return (
    heading(telling, 'integrityTitle') +
    [
      `- ${say('sessionWord')}: ${code(started.session)}, ${total} ${say('stepsColumn')}, ${describeDuration((session.endedAt ?? session.lastAt) - session.startedAt)}`,
      `- ${say('journalHead')}: ${code(headHash)}, ${say('journalLength', { n: entries.length })}`,
      `- ${say('playbookWord')}: ${markdown(started.playbook.id)} ${code(started.playbook.sha256)}`,
      `- ${say('toolWord')}: ${markdown(`${started.tool.name} ${started.tool.version}`)}`,
      `- ${say('redactedWord')}: ${say('redactedCount', { n: redactionsOf(telling) })}`,
      `- ${say('issuersWord')}: ${issuersOf(telling) || '-'}`,
    ].join('\n')
  );
}

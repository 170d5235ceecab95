/** One event of the journal as a sentence, or nothing where it says nothing to a reader. */
import { describeJudgement, describeReason, type Status } from '../checks/check.ts';
import type { Event, EventData } from '../engine/events.ts';
import { offerByKey } from '../engine/offers.ts';
import type { Text } from '../ports.ts';
import type { Telling } from './incident.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'dim' | 'plain';

export interface Told {
  readonly tone: Tone;
  /** Belongs into the short timeline; the rest is for the record. */
  readonly weighty: boolean;
  readonly text: string;
  /** The step it is about. */
  readonly step?: string;
  readonly host?: string;
  readonly status?: Status;
  readonly durationMs?: number;
}

export function describeEvent(telling: Telling, event: Event): Told | undefined {
  const { say } = telling;
  switch (event.type) {
    case 'session.started':
      return weighty('plain', `${say('wasStarted', { playbook: event.data.playbook.id })}${describeSymptom(telling)}`);
    case 'session.resumed':
      return weighty('plain', say('wasResumed'));
    case 'session.interrupted':
      return weighty('warn', say('wasInterrupted', { signal: event.data.signal }));
    case 'session.ended':
      return weighty(event.data.exit_code === 0 ? 'good' : 'bad', say(`outcome_${event.data.outcome}`));
    case 'step.finished':
      return describeResult(telling, event.data);
    case 'step.decided':
      return describeDecided(telling, event.data);
    case 'evidence.collected':
      return { tone: 'plain', weighty: false, text: say('evidenceCollected', { n: event.data.artifacts.length }) };
    case 'note.added':
      return weighty(
        'plain',
        event.data.by === undefined ? say('wasNoted', event.data) : say('wasNotedBy', { ...event.data, by: event.data.by }),
      );
    case 'notice.due':
      return { tone: 'plain', weighty: false, text: say('noticeDue', { what: say(`notice_${event.data.what}`) }) };
    case 'notice.finished':
      return describeNotice(telling, event.data);
    case 'verify.finished':
      return describeExperiment(telling, event.data);
    case 'mitigation.requested':
      return weighty('warn', say('mitigationWanted'));
    case 'loop.started':
      return weighty('plain', say('lookedAgain', { n: event.data.loop }));
    case 'deadline.passed':
      return weighty('warn', say('deadlinePassed'));
    case 'soak.sampled':
      return { tone: event.data.ok ? 'good' : 'bad', weighty: !event.data.ok, text: say(event.data.ok ? 'sampleGood' : 'sampleBad') };
    case 'soak.finished':
      return weighty(event.data.ok ? 'good' : 'bad', say(event.data.ok ? 'soakOver' : 'soakOverBad', { n: event.data.samples }));
    default:
      return describeAnswer(telling, event) ?? describeFix(telling, event);
  }
}

/** A failure of the messenger never changes what the incident is. */
function describeNotice({ session, say, language }: Telling, { notice, to, outcome, why }: EventData['notice.finished']): Told {
  const what = session.notices.get(notice)?.what;
  const text = say(`told_${outcome}`, {
    to,
    what: what === undefined ? notice : say(`notice_${what}`),
    why: describeReason(why ?? '', language),
  });
  return { tone: outcome === 'delivered' ? 'plain' : 'warn', weighty: true, text };
}

/** What a step is called: its own title, else that of its check. */
export function titleOf({ plan, registry, language }: Telling, key: string): string {
  const step = plan.stepByKey.get(key)?.step;
  const title = step?.title ?? (step?.kind === 'check' ? registry[step.uses]?.title : undefined);
  return title ? inLanguage(title, language) : key;
}

export function inLanguage(text: Text, language: Telling['language']): string {
  return text[language] ?? text.en;
}

function weighty(tone: Tone, text: string): Told {
  return { tone, weighty: true, text };
}

function describeSymptom({ session: { started }, say }: Telling): string {
  return started.symptom === '' ? '' : say('symptomSaid', { text: started.symptom });
}

const TONES: Readonly<Record<Status, Tone>> = {
  ok: 'good',
  warn: 'warn',
  fail: 'bad',
  unknown: 'warn',
  skipped: 'dim',
  'not-applicable': 'dim',
};

function describeResult(telling: Telling, { key, judgement, duration_ms }: EventData['step.finished']): Told {
  const { plan, registry, language, session } = telling;
  const step = plan.stepByKey.get(key)?.step;
  const check = step?.kind === 'check' ? registry[step.uses] : undefined;
  const { status } = judgement;
  return {
    tone: TONES[status],
    weighty: status === 'fail' || (status === 'warn' && step?.kind === 'check' && step.scope === 'entry'),
    text: `${titleOf(telling, key)}: ${check ? describeJudgement(check, judgement, language) : judgement.code}`,
    step: key,
    status,
    host: session.results.get(key)?.host ?? session.started.local_host,
    durationMs: duration_ms,
  };
}

function describeDecided(telling: Telling, { key, status, detail }: EventData['step.decided']): Told {
  const text = `${titleOf(telling, key)}: ${telling.say(status)} (${describeReason(detail, telling.language)})`;
  return { tone: TONES[status], weighty: false, text, step: key, status };
}

function describeExperiment(telling: Telling, { key, outcome, detail }: EventData['verify.finished']): Told {
  const tone = outcome === 'confirmed' ? 'good' : outcome === 'refuted' ? 'bad' : 'warn';
  return weighty(
    tone,
    `${nameExperiment(telling, key)}: ${telling.say(`experiment_${outcome}`)}${outcome === 'unknown' ? ` (${describeReason(detail, telling.language)})` : ''}`,
  );
}

/** `cause@target#0` -> what was asked or tried. */
export function nameExperiment({ plan, language }: Telling, key: string): string {
  const at = key.lastIndexOf('#');
  const verify = plan.causes.find((cause) => cause.key === key.slice(0, at))?.cause.verify[Number(key.slice(at + 1))];
  if (!verify) return key;
  if (verify.kind === 'ask') return inLanguage(verify.ask, language);
  return verify.title ? inLanguage(verify.title, language) : `${verify.uses}: ${verify.predict.text}`;
}

function describeAnswer(telling: Telling, event: Event): Told | undefined {
  const { say } = telling;
  switch (event.type) {
    case 'answer.given': {
      const question = nameQuestion(telling, event.data.id);
      return { ...weighty('plain', say('wasAnswered', { question, value: nameAnswer(telling, event.data) })), step: event.data.id };
    }
    case 'answer.withdrawn':
      return { ...weighty('plain', say('wasWithdrawn', { question: nameQuestion(telling, event.data.id) })), step: event.data.id };
    case 'question.skipped': {
      const question = nameQuestion(telling, event.data.id);
      return { ...weighty('dim', say('wasSkipped', { question, reason: event.data.reason })), step: event.data.id };
    }
    case 'question.unanswered':
      return {
        tone: 'dim',
        weighty: false,
        text: say('wasUnanswered', { question: nameQuestion(telling, event.data.id) }),
        step: event.data.id,
      };
    default:
      return undefined;
  }
}

export function nameQuestion(telling: Telling, id: string): string {
  const step = telling.plan.stepByKey.get(id)?.step;
  if (step?.kind === 'ask') return inLanguage(step.ask, telling.language);
  return id.startsWith('verify:') ? nameExperiment(telling, id.slice('verify:'.length)) : titleOf(telling, id);
}

export function nameAnswer(
  { plan, language, say }: Telling,
  { id, value }: { readonly id: string; readonly value: string | number | boolean },
): string {
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  const step = plan.stepByKey.get(id)?.step;
  const option = step?.kind === 'ask' ? step.options.find((each) => each.value === String(value)) : undefined;
  return option ? inLanguage(option.label, language) : String(value);
}

function describeFix(telling: Telling, event: Event): Told | undefined {
  if (!event.type.startsWith('fix.')) return undefined;
  const { say } = telling;
  const fix = nameFix(telling, (event.data as { readonly key: string }).key);
  switch (event.type) {
    case 'fix.declined':
      return weighty('dim', say('fixDeclined', { fix, reason: describeReason(event.data.reason, telling.language) }));
    case 'fix.consented':
      return weighty(
        'plain',
        event.data.source === '' ? say('fixConsented', { fix }) : say('fixConsentedBy', { fix, source: event.data.source }),
      );
    case 'fix.saved':
      return { tone: 'plain', weighty: false, text: say('fixSaved', { fix, name: event.data.name }) };
    case 'fix.planned':
      return weighty('plain', say('fixPlanned', { fix }));
    case 'fix.started':
      return weighty('plain', say('fixStarted', { fix, host: event.data.host }));
    case 'fix.finished':
      return weighty(event.data.ok ? 'plain' : 'bad', say(event.data.ok ? 'fixApplied' : 'fixFailed', { fix }));
    case 'fix.validated':
      return weighty(event.data.ok ? 'good' : 'bad', say(event.data.ok ? 'fixValidated' : 'fixNotValidated', { fix }));
    case 'fix.rolled-back':
      return weighty(
        event.data.ok ? 'warn' : 'bad',
        say(event.data.ok ? 'fixRolledBack' : 'fixNotRolledBack', { fix, reason: describeReason(event.data.reason, telling.language) }),
      );
    default:
      return undefined;
  }
}

export function nameFix({ plan, language }: Telling, key: string): string {
  const offer = offerByKey(plan, key);
  return offer ? inLanguage(offer.fix.title, language) : key;
}

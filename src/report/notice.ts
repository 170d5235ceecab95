/** What people outside are told of an incident: a line, and a few lines. Names, counts and states; no output of any command. */
import type { DiagnosedCause, Diagnosis } from '../engine/diagnose.ts';
import { offerByKey } from '../engine/offers.ts';
import type { Plan } from '../engine/plan.ts';
import type { Session } from '../engine/session.ts';
import { conclude } from '../engine/verdict.ts';
import type { NoticeKind, NoticeMessage } from '../playbook/playbook.ts';
import type { Language } from '../ports.ts';
import { createClockFace } from './clock-face.ts';
import { escapeControlInLine } from './escape.ts';
import { percent } from './percent.ts';
import { inLanguage } from './timeline-words.ts';
import { namedCauses } from './verdict-words.ts';
import { sinceWord, wordsIn } from './words.ts';

export interface NoticeInput {
  readonly what: NoticeKind;
  readonly plan: Plan;
  readonly session: Session;
  readonly diagnosis: Diagnosis;
  /** Of a fix or a cause that it is about. */
  readonly key?: string | undefined;
  readonly at: number;
}

const MOST_CAUSES = 3;

export function noticeMessage(input: NoticeInput, language: Language): NoticeMessage {
  const { plan, session, diagnosis, what, at } = input;
  const { scope } = diagnosis;
  const say = wordsIn(language);
  const clock = createClockFace(session.started.utc_offset_min);
  const site = typeof plan.profile['site'] === 'string' ? plan.profile['site'] : session.started.local_host;
  const cause = causeOf(input);
  const title = `${site}: ${headline(input, cause, language)}`;
  const id = session.started.session;
  const lines = [
    title,
    `${say('payments')}: ${say(scope.state)}${scope.firstBad === undefined ? '' : `, ${say(sinceWord(scope.state), { time: clock.both(scope.firstBad) })}`}`,
    `${say('failed', { n: scope.failed })}, ${say('unknownOutcome', { n: scope.unknownOutcome })}${scope.value === undefined ? '' : `, ${say('worth', { value: scope.value })}`}`,
    ...namedCauses(input)
      .slice(0, MOST_CAUSES)
      .map((each) => `${say(each.state)} ${percent(each.score)}: ${nameCause(each, language)} [${each.id}]`),
    what === 'paused' ? say('paused', { session: id }) : say('noticeFollow', { session: id, host: session.started.local_host }),
  ];
  return {
    title: escapeControlInLine(title),
    text: lines.map(escapeControlInLine).join('\n'),
    event: what,
    severity: severityOf(what, scope.state),
    session: id,
    site: escapeControlInLine(site),
    state: scope.state,
    cause: cause?.id ?? '',
    component: escapeControlInLine(cause?.component ?? ''),
    host: session.started.local_host,
    time: new Date(at).toISOString(),
    since: scope.firstBad === undefined ? '' : new Date(scope.firstBad).toISOString(),
  };
}

/** Of no incident: to see whether it arrives. */
export function testMessage(
  { what, id, site, host, at }: { what: NoticeKind; id: string; site: string; host: string; at: number },
  language: Language,
): NoticeMessage {
  const title = escapeControlInLine(`${site}: ${wordsIn(language)(what === 'test' ? 'noticeTest' : 'noticeTestOver')}`);
  const nothing = { state: 'healthy', cause: '', component: '', since: '' };
  return { title, text: title, event: what, severity: 'info', session: id, site, host, time: new Date(at).toISOString(), ...nothing };
}

function causeOf(input: NoticeInput): DiagnosedCause | undefined {
  return input.diagnosis.causes.find((cause) => cause.key === input.key) ?? namedCauses(input)[0];
}

function headline({ what, plan, session, diagnosis, key }: NoticeInput, cause: DiagnosedCause | undefined, language: Language): string {
  const say = wordsIn(language);
  const named = cause === undefined ? '' : `: ${nameCause(cause, language)}`;
  switch (what) {
    case 'opened':
      return `${say('payments')} ${say(diagnosis.scope.state)}${cause === undefined ? '' : ` - ${say(cause.state)}${named}`}`;
    case 'confirmed':
      return `${say('notice_confirmed')}${named}`;
    case 'fixed':
    case 'mitigated': {
      const offer = key === undefined ? undefined : offerByKey(plan, key);
      return `${say(`notice_${what}`)}${offer ? `: ${inLanguage(offer.fix.title, language)}` : ''}`;
    }
    case 'paused':
      return `${say('notice_paused')} - ${say('payments')} ${say(diagnosis.scope.state)}${named}`;
    default:
      return `${say(`outcome_${(session.ended ?? conclude(plan, session, diagnosis)).outcome}`)}${named}`;
  }
}

function nameCause({ title, component }: DiagnosedCause, language: Language): string {
  return `${inLanguage(title, language)}${component === undefined ? '' : ` (${component})`}`;
}

function severityOf(what: NoticeKind, state: string): string {
  if (what === 'closed') return 'info';
  if (what === 'fixed' || what === 'mitigated' || what === 'paused') return 'warning';
  return state === 'down' ? 'critical' : 'error';
}

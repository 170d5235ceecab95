/** What an operator is shown before anything is changed: effect, target, commands, a rehearsal of them, and the way back. */
import type { Language, Text } from '../ports.ts';
import type { CommandRecord } from './events.ts';
import { type FixOffer, fillCommands } from './offers.ts';
import type { Plan } from './plan.ts';
import type { Session } from './session.ts';

export interface Consent {
  readonly plan: Plan;
  readonly session: Session;
  readonly offer: FixOffer;
  /** Absent: it is done by hand. */
  readonly argvs: readonly (readonly string[])[] | undefined;
  readonly host: string;
  readonly rehearsal: CommandRecord | undefined;
}

/** Lines of the output of a rehearsal. */
const REHEARSAL_LINES = 20;

export function consentText(consent: Consent): Text {
  return { en: linesOf(consent, 'en').join('\n'), 'zh-CN': linesOf(consent, 'zh-CN').join('\n') };
}

function linesOf(consent: Consent, language: Language): string[] {
  const { session, argvs, host, rehearsal } = consent;
  const { fix, cause, key } = consent.offer;
  const say = WORDS[language];
  const pick = (text: Text): string => text[language] ?? text.en;
  const head = [
    `${pick(fix.title)}${cause?.target?.name ? ` (${cause.target.name})` : ''}`,
    ...(session.fixes.get(key)?.stage === 'interrupted' ? [say.interrupted] : []),
  ];
  if (!argvs) return [...head, fix.manual ? pick(fix.manual) : say.byHand, say.isDone];
  return [
    ...head,
    `${say.effect}: ${fix.effect}${fix.mitigates ? say.mitigates : ''}`,
    `${say.target}: ${host}`,
    ...argvs.map(indented),
    ...(rehearsal ? rehearsalLines(rehearsal, say) : []),
    ...rollbackLines(consent, language),
    say.apply,
  ];
}

function rehearsalLines({ argv, exit_code, output }: CommandRecord, say: (typeof WORDS)[Language]): string[] {
  const lines = output.trimEnd().split('\n').slice(-REHEARSAL_LINES);
  return [`${say.rehearsal}: ${argv.join(' ')} (${exit_code ?? '-'})`, ...lines.map((line) => `    ${line}`)];
}

/** With what is known before: a command that needs a state that is saved first is not known yet. */
function rollbackLines({ plan, session, offer }: Consent, language: Language): string[] {
  const { rollback } = offer.fix;
  const say = WORDS[language];
  if ('none' in rollback) return [`${say.rollback}: ${rollback.none[language] ?? rollback.none.en}`];
  const commands = fillCommands(plan, session, offer, rollback.commands);
  return commands ? [`${say.rollback}:`, ...commands.map(indented)] : [`${say.rollback}: ${say.asSaved}`];
}

function indented(argv: readonly string[]): string {
  return `    ${argv.join(' ')}`;
}

const WORDS = {
  en: {
    interrupted: 'It was interrupted the last time; its effect is unknown.',
    byHand: 'Do this by hand, as your procedure says.',
    isDone: 'Is it done?',
    effect: 'effect',
    mitigates: ' (stops the bleeding, leaves the cause)',
    target: 'target',
    rehearsal: 'dry run',
    rollback: 'rollback',
    asSaved: 'yes, with the state that is saved before',
    apply: 'Apply it now?',
  },
  'zh-CN': {
    interrupted: '上次执行被中断，结果未知。',
    byHand: '请按公司流程手动处理。',
    isDone: '已经完成？',
    effect: '影响',
    mitigates: '（止损，不消除根因）',
    target: '目标',
    rehearsal: '试运行',
    rollback: '回退',
    asSaved: '有，使用执行前保存的状态',
    apply: '现在执行？',
  },
} as const;

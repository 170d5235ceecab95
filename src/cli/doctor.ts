/** `oor doctor`: what oor cannot see on this machine, why, and exactly what would let it. */
import { type CheckRegistry, describeJudgement, type Judgement, parseParams } from '../checks/check.ts';
import { loadChecks } from '../checks/index.ts';
import type { Plan } from '../engine/plan.ts';
import type { Session } from '../engine/session.ts';
import { pauseCode } from '../engine/verdict.ts';
import { ExitCode } from '../errors.ts';
import type { CheckStep } from '../playbook/playbook.ts';
import type { Json, Language } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import { runChecks } from './check-run.ts';
import { askSlots, type Unreserved } from './doctor-slot.ts';
import { describeUnlock } from './doctor-unlock.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

export interface Unseen {
  readonly check: string;
  readonly step: string;
  readonly status: 'unknown' | 'not-applicable';
  readonly why: string;
  readonly unlock: string;
}

/** Runs every automatic step once, and every other check that can run by itself. */
export async function doctorCommand(services: Services, words: readonly string[], options: GlobalOptions): Promise<number> {
  if (words.length > 0) throw usage(`oor doctor takes no words, got ${words.join(' ')}`, 'for one check: oor check NAME');
  const { plan, session, paused } = await runChecks(services, { selection: { names: ['*'], tags: [], phases: [] }, options });
  if (paused) return pauseCode(session);
  const { language } = policyOf(options, services);
  const checks = await loadChecks();
  const caller = { ...services.user(), command: services.command };
  const unseen = [
    ...listUnseen({ plan, session, registry: checks, language: options.json ? 'en' : language }, (judgement, id) =>
      describeUnlock({ judgement, check: id, ...caller }),
    ),
    ...listUnused(plan, checks),
  ];
  const redact = await services.redactor(plan.profile);
  const slots = redact((await askSlots(services, plan.profile)) as unknown as Json).value as unknown as readonly Unreserved[];
  if (options.json) await services.out(jsonLine({ schema_version: 1, unseen, beforehand: slots }, 2));
  else
    await services.out(renderText(unseen, slots, language === 'en' ? (text) => text : (await import('./doctor-words-zh.ts')).tellDoctor));
  return ExitCode.healthy;
}

interface Looked {
  readonly plan: Pick<Plan, 'steps'>;
  readonly session: Pick<Session, 'results'>;
  readonly registry: CheckRegistry;
  readonly language: Language;
}

export function listUnseen(
  { plan: { steps }, session: { results }, registry, language }: Looked,
  unlockOf: (judgement: Judgement, check: string) => string,
): Unseen[] {
  return steps.flatMap(({ key, step, empty }): Unseen[] => {
    if (step.kind !== 'check') return [];
    const base = { check: step.uses, step: key };
    if (empty) {
      return [{ ...base, status: 'not-applicable', why: 'the site profile names none', unlock: `add ${entryFor(step)} to oor.yaml` }];
    }
    const result = results.get(key);
    if (result?.status !== 'unknown' && result?.status !== 'not-applicable') return [];
    const { status, judgement, reason } = result;
    const check = registry[step.uses];
    const why = judgement && check ? describeJudgement(check, judgement, language) : (reason ?? 'it does not exist here');
    const missing = /\bprofile\.([a-z_.]+)/.exec(reason ?? '')?.[1];
    const otherwise = missing === undefined ? `run it again and read its reason: oor check ${key} --json` : `add ${missing} to oor.yaml`;
    return [{ ...base, status, why, unlock: judgement ? unlockOf(judgement, step.uses) : otherwise }];
  });
}

/** The kind and role that its entries must have. */
function entryFor({ forEach }: CheckStep): string {
  if (!forEach) return 'it';
  const must = [
    ...(forEach.kind === undefined ? [] : [`kind: ${forEach.kind}`]),
    ...(forEach.role === undefined ? [] : [`role: ${forEach.role}`]),
  ];
  return `an entry${must.length === 0 ? '' : ` with ${must.join(' and ')}`} under ${forEach.list}`;
}

/** Checks that no step of the playbook uses and that cannot, or must not, run by themselves. */
export function listUnused({ steps }: Plan, registry: CheckRegistry): Unseen[] {
  const used = new Set(steps.map(({ step }) => (step.kind === 'check' ? step.uses : '')));
  return Object.values(registry)
    .filter(({ id }) => !used.has(id))
    .map((check): Unseen => {
      const parsed = parseParams(check, {});
      const why = check.active
        ? 'it does more than look, so it runs only where a playbook asks for it'
        : `no step uses it${parsed.ok ? '' : `, and it has to be told where to look (${parsed.message})`}`;
      const step = JSON.stringify({ id: check.id.replaceAll('.', '_'), uses: check.id, with: check.example });
      const unlock = `a step in a playbook of your own: ${step}; see: oor check --explain ${check.id}`;
      return { check: check.id, step: check.id, status: 'not-applicable', why, unlock };
    });
}

function renderText(unseen: readonly Unseen[], slots: readonly Unreserved[], say: (text: string) => string): string {
  const entry = (what: string, why: string, unlock: string): string =>
    `${escapeControlInLine(`${what}: ${say(why)}`)}\n    -> ${escapeControlInLine(say(unlock))}\n`;
  const groups = (['unknown', 'not-applicable'] as const).map((status) => {
    const mark = status === 'unknown' ? '?' : '-';
    const own = unseen.filter((each) => each.status === status);
    return own.map(({ check, step, why, unlock }) => entry(`${mark} ${check}${step === check ? '' : ` (${step})`}`, why, unlock)).join('');
  });
  const beforehand = slots.map(({ database, why, unlock }) => entry(`! ${database}`, why, unlock)).join('');
  return `${groups.join('')}${beforehand}` || `${say('every check can see')}\n`;
}

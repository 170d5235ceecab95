/** Diagnoses the session of a bundle again, with what is known today. */
import { judgeAgain } from '../bundle/replay.ts';
import { describeJudgement } from '../checks/check.ts';
import { type Diagnosis, diagnose } from '../engine/diagnose.ts';
import { buildPlan, type Plan } from '../engine/plan.ts';
import type { Session } from '../engine/session.ts';
import { isObject } from '../engine/targets.ts';
import { ExitCode } from '../errors.ts';
import type { Language } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { runAsJson } from '../report/json.ts';
import { jsonLine } from '../report/json-text.ts';
import { renderText } from '../report/text.ts';
import type { BundleOptions } from './bundle.ts';
import { type BundledSession, openSession } from './bundle-session.ts';
import { describeVerified } from './bundle-verify.ts';
import { bundleWords, describeChange } from './bundle-words.ts';
import { policyOf, usage } from './options.ts';
import { type LoadedPlaybook, loadPlaybook, loadProfile, nameOf } from './prepare.ts';
import type { Services } from './services.ts';

export async function analyzeCommand(services: Services, [file]: readonly string[], options: BundleOptions): Promise<number> {
  if (file === undefined) throw usage('bundle analyze needs a file', 'for example: oor bundle analyze incident.tar.gz');
  const bundled = await openSession(services, file, options);
  const { plan, session: past, events } = bundled;
  const { playbook, registry } = await playbookOfToday(services, bundled, options);
  const profile = await profileOfToday(services, bundled, options);
  const now = buildPlan({ playbook, profile, inputs: past.started.inputs, localHost: past.started.local_host });
  const checks = { ...bundled.registry, ...registry };
  const session = await judgeAgain({ events, past, thatNight: plan, now, registry: checks });
  const diagnosis = diagnose(now, session, checks);
  const changed = changesOf(past, session, now, checks);
  const policy = policyOf(options, services);
  if (options.json) {
    const result = {
      ...runAsJson(now, session, diagnosis),
      was: verdictThen(past, diagnose(plan, past, bundled.registry)),
      changed: changed.map(({ texts: _, ...each }) => each),
    };
    await services.out(jsonLine(result, 2));
    return session.ended?.exit_code ?? ExitCode.inconclusive;
  }
  const paint = await services.painter(policy.colourOut);
  const text = renderText(now, session, diagnosis, { language: policy.language, ascii: policy.ascii, paint, source: file });
  const lines = [describeVerified(bundled, policy.language), '', text, describeChanges(past, session, changed, policy.language)];
  await services.out(`${lines.join('\n')}\n`);
  return session.ended?.exit_code ?? ExitCode.inconclusive;
}

/** The shipped one of the same name as it is today; one of the operator's own is in the bundle. */
async function playbookOfToday(
  services: Services,
  { session, plan, registry }: BundledSession,
  options: BundleOptions,
): Promise<Pick<LoadedPlaybook, 'playbook' | 'registry'>> {
  const { file, id } = session.started.playbook;
  if (options.playbook !== undefined) return await loadPlaybook(services, options.playbook, options);
  const shipped = await services.shippedPlaybooks();
  const known = shipped.some((each) => nameOf(each.file) === id && !file.includes('/'));
  return known ? await loadPlaybook(services, id, options) : { playbook: plan.playbook, registry };
}

/** The site as it was that night; with a profile of today its thresholds. */
async function profileOfToday(services: Services, { session }: BundledSession, options: BundleOptions): Promise<Plan['profile']> {
  const { data } = session.started.profile;
  if (options.profile === undefined) return data;
  const { thresholds } = (await loadProfile(services, options.profile)).data;
  const { thresholds: _, ...site } = data;
  return isObject(thresholds) ? { ...site, thresholds } : site;
}

interface Change {
  readonly step: string;
  readonly was: string;
  readonly now: string;
  readonly texts: Readonly<Record<Language, string>>;
}

function changesOf(past: Session, session: Session, plan: Plan, registry: BundledSession['registry']): readonly Change[] {
  const first = new Map(past.history.toReversed().map((result) => [result.key, result]));
  return [...session.results.values()].flatMap(({ key, status, judgement }): readonly Change[] => {
    const was = first.get(key)?.status ?? 'skipped';
    if (was === status || (was === 'skipped' && status === 'unknown')) return [];
    const step = plan.stepByKey.get(key)?.step;
    const check = step?.kind === 'check' ? registry[step.uses] : undefined;
    const text = (language: Language): string => (check && judgement ? describeJudgement(check, judgement, language) : '');
    return [{ step: key, was, now: status, texts: { en: text('en'), 'zh-CN': text('zh-CN') } }];
  });
}

function verdictThen({ ended }: Session, { causes }: Diagnosis) {
  return {
    verdict: ended?.verdict ?? 'unknown',
    outcome: ended?.outcome ?? 'aborted',
    causes: causes.map(({ id, score }) => ({ id, score: Math.round(score * 10_000) / 10_000 })),
  };
}

function describeChanges(past: Session, session: Session, changed: readonly Change[], language: Language): string {
  const say = bundleWords(language);
  const verdict = describeChange(past.ended?.verdict ?? '-', session.ended?.verdict ?? '-', language);
  const head = say('judgedAgain', { verdict, count: changed.length });
  return [head, ...changed.map(({ step, was, now, texts }) => `  ${step}  ${describeChange(was, now, language)}  ${texts[language]}`)]
    .map(escapeControlInLine)
    .join('\n');
}

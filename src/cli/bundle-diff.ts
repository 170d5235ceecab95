/** A bundle against another, or against the snapshot of a healthy day: what changed that matters. */
import { diffSessions, type SessionDifference, type StepChange } from '../bundle/diff.ts';
import { describeJudgement, withUnit } from '../checks/check.ts';
import { parseSnapshot, type Sections, type Snapshot } from '../checks/snapshot.ts';
import { type Comparison, compareSections } from '../checks/snapshot-compare.ts';
import { describeDifference } from '../checks/snapshot-meaning.ts';
import { diagnose } from '../engine/diagnose.ts';
import { ExitCode } from '../errors.ts';
import type { Language } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import type { BundleOptions } from './bundle.ts';
import { sectionsOf } from './bundle-sections.ts';
import { type BundledSession, openSession } from './bundle-session.ts';
import { bundleWords, describeChange, nameOf } from './bundle-words.ts';
import { policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

const MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024;

export async function diffCommand(services: Services, [one, other]: readonly string[], options: BundleOptions): Promise<number> {
  if (one === undefined || other === undefined)
    throw usage('bundle diff needs two files', 'the earlier one first: oor bundle diff healthy.tar.gz|snapshot.json incident.tar.gz');
  const [before, after] = [await openSide(services, one, options), await openSide(services, other, options)];
  if (!before.bundle && !after.bundle) throw usage('both are snapshots', 'compare this machine with one of them: oor check --compare FILE');
  const machine = compareSections(before.sections, after.sections);
  const sessions = before.bundle && after.bundle ? diffSessions(sideOf(before.bundle), sideOf(after.bundle)) : undefined;
  const { language } = policyOf(options, services);
  const found: Found = { before, after, machine, sessions };
  await services.out(options.json ? asJson(found, language) : describe(found, language));
  const counts = options.failOn === 'warn' || options.failOn === 'unknown';
  return counts && differs(found) ? ExitCode.fault : ExitCode.healthy;
}

function differs({ machine, sessions }: Pick<Found, 'machine' | 'sessions'>): boolean {
  if (machine.differences.length > 0) return true;
  if (!sessions) return false;
  const { verdict, causes, steps } = sessions;
  return steps.length > 0 || verdict.before !== verdict.after || causes.appeared.length + causes.gone.length > 0;
}

interface OpenSide {
  readonly file: string;
  readonly host: string;
  readonly at: string;
  readonly sections: Sections;
  readonly bundle?: BundledSession;
}

interface Found {
  readonly before: OpenSide;
  readonly after: OpenSide;
  readonly machine: Comparison;
  readonly sessions: SessionDifference | undefined;
}

async function openSide(services: Services, file: string, options: BundleOptions): Promise<OpenSide> {
  const snapshot = await readSnapshot(services, file);
  if (snapshot) return { file, host: snapshot.host, at: snapshot.taken_at, sections: snapshot.sections };
  const bundle = await openSession(services, file, options);
  const { host, started_at } = bundle.verified.manifest;
  return { file, host, at: started_at, sections: await sectionsOf(bundle), bundle };
}

/** undefined: it is something else, a bundle in all likelihood. */
async function readSnapshot(services: Services, file: string): Promise<Snapshot | undefined> {
  const bytes = await services.readBytes(file, MAX_SNAPSHOT_BYTES);
  if (!bytes) throw usage(`${file} does not exist`, 'check the path');
  if (bytes[0] !== 0x7b) return undefined;
  try {
    const parsed = parseSnapshot(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.ok ? parsed.snapshot : undefined;
  } catch {
    return undefined;
  }
}

function sideOf({ session, plan, registry }: BundledSession) {
  return { session, diagnosis: diagnose(plan, session, registry) };
}

function asJson({ before, after, machine, sessions }: Found, language: Language): string {
  const about = ({ file, host, at, bundle }: OpenSide) => ({ file, host, at, kind: bundle ? 'bundle' : 'snapshot' });
  const changes = machine.differences.map((difference) => {
    const text = describeDifference(difference);
    return { section: difference.section, change: difference.change, item: difference.item, summary: text[language] ?? text.en };
  });
  const steps = (sessions?.steps ?? []).map((step) => ({ ...step, summary: summaryOf(after, step, language) }));
  const result = { schema_version: 1, before: about(before), after: about(after), ...sessions, steps, changes, compared: machine.compared };
  return jsonLine(result, 2);
}

function describe({ before, after, machine, sessions }: Found, language: Language): string {
  const say = bundleWords(language);
  const lines = [
    say('diffOf', { before: `${before.host} ${before.at}`, after: `${after.host} ${after.at}` }),
    ...(before.host === after.host ? [] : [say('otherHost')]),
    ...(sessions ? describeSessions(sessions, after, language) : []),
    ...(machine.differences.length > 0 ? ['', say('machineChanges', { count: machine.differences.length })] : []),
    ...machine.differences.map((difference) => {
      const text = describeDifference(difference);
      return `  ${text[language] ?? text.en}`;
    }),
  ];
  if (!differs({ machine, sessions })) lines.push(say('noDifference', { sections: machine.compared.join(', ') || '-' }));
  return `${lines.map(escapeControlInLine).join('\n')}\n`;
}

function describeSessions({ verdict, scope, causes, steps }: SessionDifference, after: OpenSide, language: Language): readonly string[] {
  const say = bundleWords(language);
  return [
    say('verdictChange', {
      verdict: describeChange(verdict.before, verdict.after, language),
      scope: describeChange(scope.before, scope.after, language),
    }),
    ...causes.appeared.map((key) => `  + ${key}`),
    ...causes.gone.map((key) => `  - ${key}`),
    ...causes.stayed.map((key) => `  = ${key}`),
    ...(steps.length > 0 ? ['', say('stepChanges', { count: steps.length })] : []),
    ...steps.map(
      (step) =>
        `  ${say(`change_${step.change}`)}  ${step.step}  ${describeStatus(step, language)}${values(step, language)}  ${summaryOf(after, step, language)}`,
    ),
  ];
}

function describeStatus({ before, after }: StepChange, language: Language): string {
  return before.status === after.status ? nameOf(after.status, language) : describeChange(before.status, after.status, language);
}

function values({ before, after }: StepChange, language: Language): string {
  if (before.value === undefined || after.value === undefined || before.value === after.value) return '';
  return ` (${String(before.value)} -> ${withUnit(after.value, after.unit ?? null, language)})`;
}

function summaryOf({ bundle }: OpenSide, { step }: StepChange, language: Language): string {
  const instance = bundle?.plan.stepByKey.get(step);
  const check = instance?.step.kind === 'check' ? bundle?.registry[instance.step.uses] : undefined;
  const judgement = bundle?.session.results.get(step)?.judgement;
  return check && judgement ? describeJudgement(check, judgement, language) : '';
}

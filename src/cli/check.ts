import { type CheckDefinition, describeJudgement, type Status } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import type { JsonObject } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { type CheckRun, runChecks } from './check-run.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import { startStack } from './run.ts';
import type { Services } from './services.ts';

type CheckOptions = GlobalOptions & { readonly sandbox?: string; readonly list?: boolean; readonly explain?: boolean };

export async function checkCommand(services: Services, names: readonly string[], options: CheckOptions): Promise<number> {
  if (options.list) return await listChecks(services, options);
  if (options.explain) return await explainChecks(services, names, options);
  const stack = await startStack(services, options);
  try {
    const done = await runChecks(services, names, options, stack);
    const exitCode = judgeAll(done, options.failOn ?? 'fail');
    await services.out(options.json ? `${JSON.stringify(asJson(done, exitCode), null, 2)}\n` : asText(done, services, options));
    return exitCode;
  } finally {
    await stack?.stop();
  }
}

const RANK: Readonly<Record<'warn' | 'fail' | 'unknown', readonly Status[]>> = {
  fail: ['fail'],
  warn: ['fail', 'warn'],
  unknown: ['fail', 'warn', 'unknown'],
};

/** 7 when nothing at all could be checked: silence is not health. */
function judgeAll({ session }: CheckRun, failOn: 'warn' | 'fail' | 'unknown'): number {
  const statuses = [...session.results.values()].map(({ status }) => status);
  if (statuses.some((status) => RANK[failOn].includes(status))) return ExitCode.fault;
  return statuses.some((status) => ['ok', 'warn', 'fail'].includes(status)) ? ExitCode.healthy : ExitCode.inconclusive;
}

function asJson({ plan, session }: CheckRun, exitCode: number): JsonObject {
  const verdict = exitCode === ExitCode.fault ? 'fault' : exitCode === ExitCode.inconclusive ? 'unknown' : 'healthy';
  return {
    schema_version: 1,
    verdict,
    // Of all checks together, as the clock on the wall saw it.
    duration_ms: session.endedAt === undefined ? 0 : session.endedAt - session.startedAt,
    checks: plan.steps.map(({ key, step, target, empty }) => {
      const result = session.results.get(key);
      const check = step.kind === 'check' ? checks[step.uses] : undefined;
      const { value, unit, threshold, thresholdSource, unlock, code } = result?.judgement ?? {};
      return {
        id: check?.id ?? step.id,
        step: key,
        target: target?.name ?? null,
        host: result?.host ?? plan.localHost,
        status: empty ? 'not-applicable' : (result?.status ?? 'unknown'),
        code: code ?? null,
        summary:
          check && result?.judgement ? describeJudgement(check, result.judgement, 'en') : (result?.reason ?? 'the profile names none'),
        value: value ?? null,
        unit: unit ?? null,
        threshold: threshold ?? null,
        threshold_source: thresholdSource ?? null,
        duration_ms: result?.durationMs ?? 0,
        attempts: [...(result?.attempts ?? [])],
        unlock: unlock ?? null,
      };
    }),
  };
}

function asText({ plan, session }: CheckRun, services: Services, options: GlobalOptions): string {
  const { language, ascii } = policyOf(options, services);
  const marks: Readonly<Record<Status, string>> = ascii
    ? { ok: '[ok]  ', warn: '[warn]', fail: '[FAIL]', unknown: '[????]', skipped: '[skip]', 'not-applicable': '[n/a] ' }
    : { ok: '✔ ok  ', warn: '! warn', fail: '✘ FAIL', unknown: '? unkn', skipped: '- skip', 'not-applicable': '- n/a ' };
  const lines = plan.steps.flatMap(({ key, step }) => {
    const result = session.results.get(key);
    if (!result || step.kind !== 'check' || (options.quiet && result.status === 'ok')) return [];
    const check = checks[step.uses];
    const summary = check && result.judgement ? describeJudgement(check, result.judgement, language) : (result.reason ?? '');
    return [`${marks[result.status]}  ${key}  ${escapeControlInLine(summary)}\n`];
  });
  return lines.join('');
}

async function listChecks(services: Services, options: GlobalOptions): Promise<number> {
  const all = Object.values(checks);
  const rows = all.map(({ id, phase, needsRoot, active, title }) => ({
    id,
    phase,
    root: needsRoot ?? false,
    active: active ?? false,
    title,
  }));
  const { language } = policyOf(options, services);
  await services.out(
    options.json
      ? `${JSON.stringify(rows, null, 2)}\n`
      : rows.map(({ id, phase, title }) => `${id.padEnd(18)} ${phase.padEnd(9)} ${title[language] ?? title.en}\n`).join(''),
  );
  return ExitCode.healthy;
}

async function explainChecks(services: Services, names: readonly string[], options: GlobalOptions): Promise<number> {
  const { language } = policyOf(options, services);
  for (const name of names) {
    const check = checks[name];
    if (!check) throw usage(`there is no check ${name}`, 'list them with: oor check --list');
    await services.out(`${describe(check, language)}\n`);
  }
  return ExitCode.healthy;
}

function describe(
  check: Pick<CheckDefinition<unknown, unknown>, 'id' | 'title' | 'docs' | 'phase' | 'thresholds' | 'messages' | 'example'>,
  language: 'en' | 'zh-CN',
): string {
  const { id, title, docs, phase, thresholds, messages, example } = check;
  const codes = Object.entries(messages).map(([code, text]) => `  ${code.padEnd(22)} ${text[language] ?? text.en}`);
  return [
    `${id} - ${title[language] ?? title.en} (${phase})`,
    docs,
    ...(thresholds
      ? [`thresholds: warn ${thresholds.warn}${thresholds.unit}, fail ${thresholds.crit}${thresholds.unit} (${thresholds.source})`]
      : []),
    `example: ${JSON.stringify({ uses: id, with: example })}`,
    'says:',
    ...codes,
  ].join('\n');
}

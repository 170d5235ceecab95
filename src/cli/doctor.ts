import { describeJudgement } from '../checks/check.ts';
import { checks } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import { type CheckRun, runChecks } from './check-run.ts';
import type { GlobalOptions } from './options.ts';
import type { Services } from './services.ts';

interface Unseen {
  readonly check: string;
  readonly step: string;
  readonly status: 'unknown' | 'not-applicable';
  readonly why: string;
  readonly unlock: string;
}

/** Runs every automatic step once and lists what could not be seen, and what would let it. */
export async function doctorCommand(services: Services, _names: readonly string[], options: GlobalOptions): Promise<number> {
  const unseen = listUnseen(await runChecks(services, [], options));
  if (options.json) await services.out(`${JSON.stringify({ schema_version: 1, unseen }, null, 2)}\n`);
  else
    await services.out(
      unseen
        .map(({ check, step, status, why, unlock }) => `${status === 'unknown' ? '?' : '-'} ${check} (${step}): ${why}\n    -> ${unlock}\n`)
        .join('') || 'every check can see\n',
    );
  return ExitCode.healthy;
}

function listUnseen({ plan, session }: CheckRun): Unseen[] {
  return plan.steps.flatMap(({ key, step, empty }): Unseen[] => {
    if (step.kind !== 'check') return [];
    const base = { check: step.uses, step: key };
    if (empty)
      return [
        { ...base, status: 'not-applicable', why: 'the site profile names none', unlock: `add ${listOf(step.forEach?.list)} to oor.yaml` },
      ];
    const result = session.results.get(key);
    if (result?.status !== 'unknown' && result?.status !== 'not-applicable') return [];
    const check = checks[step.uses];
    const why = result.judgement && check ? describeJudgement(check, result.judgement, 'en') : (result.reason ?? 'it does not exist here');
    return [
      {
        ...base,
        status: result.status,
        why,
        unlock: result.judgement?.unlock ?? (result.status === 'unknown' ? 'see the reason' : 'name it in oor.yaml if it exists'),
      },
    ];
  });
}

function listOf(list: string | undefined): string {
  return list === undefined ? 'it' : `an entry under ${list}`;
}

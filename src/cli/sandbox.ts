import { describeReason } from '../checks/check.ts';
import { ExitCode } from '../errors.ts';
import { jsonLine } from '../report/json-text.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';
import { startStack } from './stack.ts';
import { tell } from './tell.ts';

type SandboxOptions = GlobalOptions & { readonly dir?: string; readonly fault?: string };

export async function sandboxCommand(
  services: Services,
  [action = 'start', ...rest]: readonly string[],
  options: SandboxOptions,
): Promise<number> {
  switch (action) {
    case 'faults':
      return await listFaults(services, options);
    case 'start':
      return await holdStack(services, options);
    case 'serve':
      if (options.dir === undefined) throw usage('sandbox serve needs --dir', 'use: oor sandbox start');
      await services.sandbox.serve(options.dir, options.fault ?? 'none');
      return ExitCode.healthy;
    case 'control':
      return await control(services, rest, options);
    default:
      throw usage(`sandbox ${action}: no such action`, 'one of: faults, start, control');
  }
}

async function listFaults(services: Services, options: SandboxOptions): Promise<number> {
  const { json } = options;
  const { language } = policyOf(options, services);
  const blocked = language === 'en' ? 'not here' : '这里不可用';
  const faults = await services.sandbox.faults();
  await services.out(
    json
      ? jsonLine(faults, 2)
      : faults
          .map(
            ({ id, cause, available, reason }) =>
              `${id.padEnd(22)} ${cause}${available ? '' : `  (${blocked}: ${describeReason(reason ?? '', language)})`}\n`,
          )
          .join(''),
  );
  return ExitCode.healthy;
}

/** Keeps the stack up until a signal, for a second terminal. */
async function holdStack(services: Services, options: SandboxOptions): Promise<number> {
  const stack = await startStack(services, { sandbox: options.fault ?? 'none' });
  if (!stack) return ExitCode.internal;
  await services.out(options.json ? jsonLine({ schema_version: 1, profile: stack.profilePath }) : `${stack.profilePath}\n`);
  await tell(services, options, `the stack runs; in another terminal: oor run --profile ${stack.profilePath}`);
  await tell(services, options, 'Ctrl-C stops it');
  await new Promise<void>((resolve) => {
    if (services.interruption.aborted) resolve();
    services.interruption.addEventListener('abort', () => resolve(), { once: true });
  });
  await stack.stop();
  return ExitCode.healthy;
}

async function control(services: Services, [verb, ...words]: readonly string[], { dir }: SandboxOptions): Promise<number> {
  if (dir === undefined || verb === undefined)
    throw usage('sandbox control needs --dir and a verb', 'for example: oor sandbox control --dir DIR restart app');
  const { ok, output } = await services.sandbox.control(dir, verb, words);
  await services.out(output.endsWith('\n') || output === '' ? output : `${output}\n`);
  return ok ? ExitCode.healthy : ExitCode.fault;
}

import { ExitCode } from '../errors.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import { runCommand } from './run.ts';
import type { Services } from './services.ts';

const SHORT_HELP = `oor finds out why payments fail.

  oor run --sandbox      try it on the embedded payment stack
  oor run                walk the eight steps with ./oor.yaml
  oor --help             everything else
`;

/** `oor` alone: at a terminal describe the symptom or pick a playbook, then run; else say how to start. */
export async function welcome(services: Services, options: GlobalOptions): Promise<number> {
  const policy = policyOf(options, services);
  if (!policy.interactive) {
    services.err(SHORT_HELP);
    return ExitCode.usage;
  }
  const playbooks = [];
  for (const { file } of await services.shippedPlaybooks()) {
    const { playbook } = await loadPlaybook(services, nameOf(file), {});
    playbooks.push({ id: playbook.id, title: playbook.title[policy.language] ?? playbook.title.en });
  }
  const start = await services.askStart(policy, playbooks);
  if (!start) return ExitCode.aborted;
  return 'playbook' in start
    ? await runCommand(services, [start.playbook], options)
    : await runCommand(services, [], { ...options, symptom: start.symptom });
}

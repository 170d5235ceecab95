import { ExitCode, OorError } from '../errors.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Language } from '../ports.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import { DEFAULT_PLAYBOOK, loadPlaybook, nameOf } from './prepare.ts';
import { proposePlaybooks } from './propose.ts';
import { runCommand } from './run.ts';
import type { Services, StartChoice } from './services.ts';

const SHORT_HELP = `oor finds out why payments fail.

  oor run --sandbox      try it on the embedded payment stack
  oor run                walk the eight steps with ./oor.yaml
  oor --help             everything else
`;

/** `oor` alone: at a terminal say what people see, pick one of the playbooks that fit, then run; else say how to start. */
export async function welcomeCommand(services: Services, [unknown]: readonly string[], options: GlobalOptions): Promise<number> {
  if (unknown !== undefined)
    throw new OorError({
      code: 'unknown-command',
      message: `there is no command ${unknown}`,
      hint: 'see: oor --help',
      exitCode: ExitCode.usage,
    });
  const policy = policyOf(options, services);
  if (!policy.interactive) {
    services.err(SHORT_HELP);
    return ExitCode.usage;
  }
  const start = await services.askStart(policy, await readProposer(services, policy.language));
  if (!start) return ExitCode.aborted;
  return await runCommand(services, [start.playbook], start.symptom === '' ? options : { ...options, symptom: start.symptom });
}

/** Those that say for what they are made; the others are parts of them. */
async function readProposer(services: Services, language: Language): Promise<(said: string) => readonly StartChoice[]> {
  const loaded = await Promise.all((await services.shippedPlaybooks()).map(({ file }) => loadPlaybook(services, nameOf(file), {})));
  const whole = loaded.map(({ playbook }) => playbook).filter(({ symptoms }) => symptoms.length > 0);
  // The default first where nothing was understood.
  const sorted = whole.toSorted((one, other) => Number(other.id === DEFAULT_PLAYBOOK) - Number(one.id === DEFAULT_PLAYBOOK));
  const known = sorted.map(({ id, symptoms, title }) => ({ id, symptoms, titles: [title.en, title['zh-CN'] ?? ''] }));
  return (said) =>
    proposePlaybooks(said, known).map(({ id, heard }) => {
      const playbook = sorted.find((each) => each.id === id) as Playbook;
      return { id, title: playbook.title[language] ?? playbook.title.en, heard };
    });
}

/** `oor help TOPIC`: a command, a check, a cause. */
import { checkIds } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import type { Cause, Fix } from '../playbook/playbook.ts';
import { suggestion } from '../playbook/suggest.ts';
import type { Language, Text } from '../ports.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import type { Services } from './services.ts';

export interface HelpPage {
  name(): string;
  helpInformation(): string;
}

export async function helpCommand(
  services: Services,
  [topic]: readonly string[],
  options: GlobalOptions,
  { program, commands }: { readonly program: HelpPage; readonly commands: readonly HelpPage[] },
): Promise<number> {
  const page = topic === undefined ? program : commands.find((command) => command.name() === topic);
  if (page) {
    await services.out(page.helpInformation());
    return ExitCode.healthy;
  }
  const wanted = topic as string;
  if (checkIds.includes(wanted)) return await (await import('./check-explain.ts')).explainChecks(services, [wanted], options);
  const { language } = policyOf(options, services);
  const known = new Set([...commands.map((command) => command.name()), ...checkIds]);
  for (const { file } of await services.shippedPlaybooks()) {
    const { playbook } = await loadPlaybook(services, nameOf(file), {});
    const found = playbook.causes.filter(({ id }) => id === wanted);
    if (found.length > 0) {
      await services.out(found.map((cause) => describeCause(cause, playbook.fixes, language)).join('\n'));
      return ExitCode.healthy;
    }
    for (const { id } of playbook.causes) known.add(id);
  }
  throw usage(
    `there is no help on ${wanted}`,
    suggestion(wanted, [...known]) ?? 'a command, a check (oor check --list) or a cause (oor playbook show payment-gateway)',
  );
}

function describeCause(cause: Cause, fixes: readonly Fix[], language: Language): string {
  const say = (text: Text): string => text[language] ?? text.en;
  const zh = language === 'zh-CN';
  const remedies = cause.fixes.flatMap((id) => fixes.find((fix) => fix.id === id) ?? []);
  const lines = [
    `${cause.id}  ${say(cause.title)}`,
    `  ${zh ? '类别' : 'class'}: ${cause.class}`,
    ...cause.evidence.map(
      ({ when, effect, strength }) => `  ${zh ? '证据' : 'evidence'}: ${effect}${strength ? ` ${strength}` : ''}  ${when.text}`,
    ),
    ...remedies.map((fix) => `  ${zh ? '修复' : 'fix'}: ${say(fix.title)}  (--allow-fix ${fix.id})`),
    ...(cause.advice ? [`  ${zh ? '建议' : 'advice'}: ${say(cause.advice)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

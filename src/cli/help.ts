/** `oor help TOPIC`: a topic, a command, a check, a cause. */
import { checkIds } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import type { Cause, Fix } from '../playbook/playbook.ts';
import { suggestion } from '../playbook/suggest.ts';
import type { Language, Text } from '../ports.ts';
import { jsonLine } from '../report/json-text.ts';
import { ALL_TOPICS } from './help-notify.ts';
import { topicText } from './help-topics.ts';
import { type ManCommand, manPage } from './man.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import type { Services } from './services.ts';

/** As commander holds it. */
export interface HelpPage extends ManCommand {
  helpInformation(): string;
}

export interface HelpBook {
  readonly program: HelpPage;
  /** Those that are shown. */
  readonly commands: readonly HelpPage[];
}

export async function helpCommand(
  services: Services,
  [topic]: readonly string[],
  options: GlobalOptions & { readonly man?: boolean },
  { program, commands }: HelpBook,
): Promise<number> {
  const give = async (text: string): Promise<number> => {
    await services.out(options.json ? jsonLine({ schema_version: 1, topic: topic ?? null, text }, 2) : text);
    return ExitCode.healthy;
  };
  const page = topic === undefined ? program : commands.find((command) => command.name() === topic);
  const told = ALL_TOPICS.find(({ id }) => id === topic);
  const { language } = policyOf(options, services);
  if (options.man) {
    const say = language === 'en' ? undefined : (await import('./program-zh.ts')).translateWords;
    return await give(manPage({ version: services.version, program, commands, language, ...(say && { say }) }));
  }
  const pages = [...(page ? [page.helpInformation()] : []), ...(told ? [topicText(told, language)] : [])];
  if (topic === undefined) return await give(`${pages.join('')}${listTopics(language)}`);
  if (pages.length > 0) return await give(pages.join('\n'));
  if (checkIds.includes(topic)) return await (await import('./check-explain.ts')).explainChecks(services, [topic], options);
  const cause = await explainCause(services, topic, language);
  if (cause !== undefined) return await give(cause);
  const topics = ALL_TOPICS.map(({ id }) => id);
  const known = [...topics, ...commands.map((command) => command.name()), ...checkIds, ...(await causeIds(services))];
  throw usage(
    `there is no help on ${topic}`,
    suggestion(topic, new Set(known)) ?? `a topic (${topics.join(', ')}), a command, a check (oor check --list) or a cause`,
  );
}

function listTopics(language: Language): string {
  const width = Math.max(...ALL_TOPICS.map(({ id }) => id.length));
  const lines = ALL_TOPICS.map(({ id, title }) => `  ${id.padEnd(width)}  ${title[language]}\n`);
  return `\n${language === 'en' ? 'Topics: oor help TOPIC' : '主题：oor help 主题'}\n${lines.join('')}`;
}

/** undefined: no shipped playbook knows such a cause. */
async function explainCause(services: Services, wanted: string, language: Language): Promise<string | undefined> {
  for (const { file } of await services.shippedPlaybooks()) {
    const { playbook } = await loadPlaybook(services, nameOf(file), {});
    const found = playbook.causes.filter(({ id }) => id === wanted);
    if (found.length > 0) return found.map((cause) => describeCause(cause, playbook.fixes, language)).join('\n');
  }
  return undefined;
}

async function causeIds(services: Services): Promise<readonly string[]> {
  const loaded = await Promise.all((await services.shippedPlaybooks()).map(({ file }) => loadPlaybook(services, nameOf(file), {})));
  return loaded.flatMap(({ playbook }) => playbook.causes.map(({ id }) => id));
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

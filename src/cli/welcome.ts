import { ExitCode, OorError } from '../errors.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Language, Question, Text } from '../ports.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import { DEFAULT_PLAYBOOK, loadPlaybook, nameOf } from './prepare.ts';
import { proposePlaybooks } from './propose.ts';
import { runCommand } from './run.ts';
import type { Services, StartChoice } from './services.ts';
import type { TerminalPolicy } from './terminal-policy.ts';

const SHORT_HELP = `oor finds out why payments fail.

  oor run --sandbox      try it on the embedded payment stack
  oor run                walk the eight steps with ./oor.yaml
  oor --help             everything else
`;

const SHORT_HELP_ZH = `oor 查出支付为何失败。

  oor run --sandbox      在内置支付系统上试用
  oor run                用 ./oor.yaml 执行八个步骤
  oor --help             其他一切
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
    services.err(policy.language === 'en' ? SHORT_HELP : SHORT_HELP_ZH);
    return ExitCode.usage;
  }
  const propose = await readProposer(services, policy.language);
  // Where nothing may be redrawn, or not every character and colour shown, the questions are put as those of a run are.
  const start =
    policy.accessible || policy.ascii || !policy.colourErr
      ? await askPlainly(services, policy, propose)
      : await services.askStart(policy, propose);
  if (!start) return ExitCode.aborted;
  return await runCommand(services, [start.playbook], start.symptom === '' ? options : { ...options, symptom: start.symptom });
}

const SAID: Text = { en: 'What do people see? (Enter: nothing to say)', 'zh-CN': '用户看到什么现象？（回车：不说明）' };
const WHERE: Text = { en: 'Where do we start? (Enter: the first)', 'zh-CN': '从哪里开始？（回车：第一项）' };

async function askPlainly(
  services: Services,
  policy: TerminalPolicy,
  propose: (said: string) => readonly StartChoice[],
): ReturnType<Services['askStart']> {
  const operator = await services.operator(policy, { file: {}, flags: {}, allowFix: [] });
  const ask = async (question: Pick<Question, 'id' | 'type' | 'text' | 'options' | 'usual'>): Promise<string | undefined> => {
    const reply = await operator.ask({ ...question, skippable: false, canGoBack: false, canMitigate: false }, services.interruption);
    return reply.kind === 'answer' ? String(reply.value) : undefined;
  };
  const symptom = await ask({ id: 'symptom', type: 'text', text: SAID, usual: '' });
  if (symptom === undefined) return undefined;
  const choices = propose(symptom);
  const options = choices.map(({ id, title, heard }) => ({ value: id, label: labelOf(`${title} (${id})`, heard) }));
  const playbook = await ask({ id: 'playbook', type: 'select', text: WHERE, options, usual: choices[0]?.id ?? DEFAULT_PLAYBOOK });
  return playbook === undefined ? undefined : { symptom, playbook };
}

function labelOf(name: string, heard: readonly string[]): Text {
  if (heard.length === 0) return { en: name };
  return { en: `${name}  heard: ${heard.join(', ')}`, 'zh-CN': `${name}  听到：${heard.join('、')}` };
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

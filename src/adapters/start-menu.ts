import type { Language } from '../ports.ts';

export interface StartMenu {
  readonly output: NodeJS.WritableStream;
  readonly input: NodeJS.ReadableStream;
  readonly language: Language;
  /** Playbooks for what was said, the best first; all of them where nothing was. */
  readonly propose: (said: string) => readonly { readonly id: string; readonly title: string; readonly heard: readonly string[] }[];
  readonly signal: AbortSignal;
}

export interface Start {
  /** '' where nothing was said. */
  readonly symptom: string;
  readonly playbook: string;
}

/** `oor` alone at a terminal: what people see, in words, then which of the playbooks that fit. undefined: the person left. */
export async function askStart({ input, output, language, propose, signal }: StartMenu): Promise<Start | undefined> {
  const { createPromptModule } = await import('inquirer');
  const zh = language === 'zh-CN';
  const prompt = createPromptModule({ input, output, signal });
  try {
    const { said } = await prompt<{ said: string }>({
      type: 'input',
      name: 'said',
      message: zh ? '用户看到什么现象？（一句话，可直接回车）' : 'What do people see? (a few words, or just Enter)',
    });
    const choices = propose(said).map(({ id, title, heard }) => ({ value: id, name: `${title} (${id})${describe(heard, zh)}` }));
    const { playbook } = await prompt<{ playbook: string }>({
      type: 'select',
      name: 'playbook',
      message: zh ? '从哪里开始？' : 'Where do we start?',
      choices,
      theme: { style: { keysHelpTip: () => (zh ? '↑↓ 选择，回车确定，Ctrl-C 离开' : '↑↓ choose, Enter takes it, Ctrl-C leaves') } },
    });
    return { symptom: said.trim(), playbook };
  } catch (error) {
    if (error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError')) return undefined;
    throw error;
  }
}

const MOST_HEARD = 4;

function describe(heard: readonly string[], zh: boolean): string {
  if (heard.length === 0) return '';
  return zh ? `  听到：${heard.slice(0, MOST_HEARD).join('、')}` : `  heard: ${heard.slice(0, MOST_HEARD).join(', ')}`;
}

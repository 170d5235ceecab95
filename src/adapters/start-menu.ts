import type { Language } from '../ports.ts';

export interface StartMenu {
  readonly output: NodeJS.WritableStream;
  readonly input: NodeJS.ReadableStream;
  readonly language: Language;
  readonly playbooks: readonly { readonly id: string; readonly title: string }[];
  readonly signal: AbortSignal;
}

export type Start = { readonly symptom: string } | { readonly playbook: string };

const DESCRIBE = '';

/** `oor` alone at a terminal: describe the symptom, or pick a playbook. undefined: the person left. */
export async function askStart({ input, output, language, playbooks, signal }: StartMenu): Promise<Start | undefined> {
  const { createPromptModule } = await import('inquirer');
  const zh = language === 'zh-CN';
  const prompt = createPromptModule({ input, output, signal });
  try {
    const { playbook } = await prompt<{ playbook: string }>({
      type: 'select',
      name: 'playbook',
      message: zh ? '从哪里开始?' : 'Where do we start?',
      choices: [
        { value: DESCRIBE, name: zh ? '描述现象' : 'Describe what people see' },
        ...playbooks.map(({ id, title }) => ({ value: id, name: `${title} (${id})` })),
      ],
    });
    if (playbook !== DESCRIBE) return { playbook };
    return await prompt<{ symptom: string }>({
      type: 'input',
      name: 'symptom',
      message: zh ? '现象(一句话)' : 'What do people see? (one line)',
    });
  } catch (error) {
    if (error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError')) return undefined;
    throw error;
  }
}

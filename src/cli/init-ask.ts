/** The few questions of `oor init`: what no machine can tell. Each has an answer that was found; nobody answering means that one. */
import { ExitCode, OorError } from '../errors.ts';
import type { Operator, Question, Text } from '../ports.ts';

export interface Asker {
  text(id: string, question: Text, found: string): Promise<string>;
  confirm(id: string, question: Text, otherwise: boolean): Promise<boolean>;
  choose(id: string, question: Text, options: readonly string[], found: string): Promise<string>;
}

export function createAsker(operator: Operator, signal: AbortSignal): Asker {
  const ask = async <T extends string | boolean>(question: Pick<Question, 'id' | 'type' | 'text' | 'options'>, usual: T): Promise<T> => {
    for (;;) {
      const reply = await operator.ask({ ...question, usual, skippable: false, canGoBack: false, canMitigate: false }, signal);
      // There is no session to note anything in.
      if (reply.kind === 'note') continue;
      if (reply.kind === 'quit') throw new OorError({ code: 'aborted', message: 'nothing was written', exitCode: ExitCode.aborted });
      return reply.kind === 'answer' && reply.value !== '' ? (reply.value as T) : usual;
    }
  };
  return {
    text: async (id, text, found) =>
      String(await ask({ id, type: 'text', text: withUsual(text, found === '' ? NOTHING : { en: found }) }, found)).trim(),
    confirm: async (id, text, otherwise) => await ask({ id, type: 'confirm', text: withUsual(text, otherwise ? YES : NO) }, otherwise),
    choose: async (id, text, values, found) =>
      String(
        await ask(
          {
            id,
            type: 'select',
            text: withUsual(text, { en: found }),
            options: values.map((value) => ({ value, label: { en: value } })),
          },
          found,
        ),
      ),
  };
}

const NOTHING: Text = { en: 'none', 'zh-CN': '无' };
const YES: Text = { en: 'yes', 'zh-CN': '是' };
const NO: Text = { en: 'no', 'zh-CN': '否' };

function withUsual(text: Text, usual: Text): Text {
  return { en: `${text.en} (Enter: ${usual.en})`, 'zh-CN': `${text['zh-CN'] ?? text.en}（回车：${usual['zh-CN'] ?? usual.en}）` };
}

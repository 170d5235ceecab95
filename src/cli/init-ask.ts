/** The few questions of `oor init`: what no machine can tell. Each has an answer that was found; nobody answering means that one. */
import { ExitCode, OorError } from '../errors.ts';
import type { Operator, Question, Text } from '../ports.ts';

export interface Asker {
  text(id: string, question: Text, found: string): Promise<string>;
  confirm(id: string, question: Text, otherwise: boolean): Promise<boolean>;
  choose(id: string, question: Text, options: readonly string[], found: string): Promise<string>;
}

export function createAsker(operator: Operator, signal: AbortSignal): Asker {
  const ask = async <T>(question: Pick<Question, 'id' | 'type' | 'text' | 'options'>, found: T): Promise<T> => {
    const reply = await operator.ask({ ...question, skippable: true, canGoBack: false, canMitigate: false }, signal);
    if (reply.kind === 'quit') throw new OorError({ code: 'aborted', message: 'nothing was written', exitCode: ExitCode.aborted });
    return reply.kind === 'answer' && reply.value !== '' ? (reply.value as T) : found;
  };
  return {
    text: async (id, text, found) => String(await ask({ id, type: 'text', text: withFound(text, found) }, found)).trim(),
    confirm: async (id, text, otherwise) => (await ask<boolean | string>({ id, type: 'confirm', text }, otherwise)) === true,
    choose: async (id, text, values, found) =>
      String(
        await ask(
          { id, type: 'select', text: withFound(text, found), options: values.map((value) => ({ value, label: { en: value } })) },
          found,
        ),
      ),
  };
}

function withFound(text: Text, found: string): Text {
  if (found === '') return text;
  return { en: `${text.en} [${found}]`, 'zh-CN': `${text['zh-CN'] ?? text.en} [${found}]` };
}

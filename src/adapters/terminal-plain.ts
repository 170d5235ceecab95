/** Questions as numbered plain text and whole lines: for screen readers, dumb terminals and `--accessible`. Nothing is ever redrawn. */
import { createInterface, type Interface } from 'node:readline';
import type { Reply } from '../ports.ts';
import { type Asked, type Dialogue, enterLine, linesToShow, openDialogue } from './terminal-dialogue.ts';
import { describeInput, describeTask, listHelp, listKeys } from './terminal-view.ts';

export interface PlainStreams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  /** Lays one line out in the width of the terminal. */
  readonly wrap: (line: string) => readonly string[];
}

/** Rejects with the reason of the signal when it fires. */
export async function askInPlainText(asked: Asked, streams: PlainStreams): Promise<Reply> {
  const reader = createInterface({ input: streams.input, terminal: false });
  try {
    return await converse(asked, reader, streams);
  } finally {
    reader.close();
  }
}

function converse(asked: Asked, reader: Interface, { output, signal, wrap }: PlainStreams): Promise<Reply> {
  const print = (lines: readonly string[]): unknown => output.write([...lines.flatMap(wrap), '> '].join('\n'));
  return new Promise((resolve, reject) => {
    let dialogue = openDialogue(asked);
    const abort = (): void => {
      output.write('\n');
      reject(signal.reason);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    const finish = (reply: Reply): void => {
      signal.removeEventListener('abort', abort);
      resolve(reply);
    };
    reader.on('close', () => finish({ kind: 'quit' }));
    reader.on('error', () => finish({ kind: 'quit' }));
    reader.on('line', (line) => {
      const turn = enterLine(asked, dialogue, line);
      if ('reply' in turn) return finish(turn.reply);
      if ('show' in turn) return print(linesToShow(asked, turn.show));
      print(describeTurn(asked, dialogue, turn.next));
      dialogue = { ...turn.next, help: false };
    });
    print(describeQuestion(asked));
  });
}

function describeQuestion(asked: Asked): string[] {
  const choices = asked.choices.map(({ label }, index) => `  ${index + 1}  ${label}`);
  const keys = listKeys(asked, asked.choices.length > 0 ? 'keyLine' : asked.question.type === 'number' ? 'keyNumber' : 'keyType');
  const consent = asked.question.type === 'confirm' && !asked.question.skippable ? [asked.say('enterIsNo')] : [];
  const reason = asked.question.background?.reason() ?? '';
  return [
    '',
    ...(reason === '' ? [] : [asked.makeSafe(reason)]),
    `? ${describeTask(asked)}`,
    ...choices,
    ...describeInput(asked, 'answer'),
    ...consent,
    keys.join('; '),
  ];
}

function describeTurn(asked: Asked, before: Dialogue, { mode, message, help }: Dialogue): string[] {
  const task = mode === 'answer' ? [`? ${describeTask(asked)}`] : describeInput(asked, mode);
  return [...(message ? [`! ${message}`] : []), ...(help ? listHelp(asked) : []), ...(mode === before.mode ? [] : task)];
}

import { Writable } from 'node:stream';
import type { Language, Operator, Question, Reply } from '../ports.ts';
import { type Asked, showQuestion } from './terminal-dialogue.ts';
import { drainInput, type TerminalInput, watchForInterrupt } from './terminal-input.ts';
import type { PromptConfig } from './terminal-prompt.ts';
import type { Paint, Screen } from './terminal-view.ts';
import { createSay } from './terminal-words.ts';

export type TerminalOutput = NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };

export interface TerminalOperatorOptions {
  readonly input: TerminalInput;
  /** Where questions are shown: stderr, never stdout. */
  readonly output: TerminalOutput;
  readonly language: Language;
  readonly ascii: boolean;
  readonly accessible: boolean;
  readonly colour: boolean;
  /** Makes hostile characters visible; newlines stay. */
  readonly escape: (text: string) => string;
  /** Does a text match a pattern of the playbook? Must be linear in time. */
  readonly matches: (pattern: string, text: string) => boolean;
  /** Ctrl-C at a prompt comes as a key, not as SIGINT: called once before `ask` resolves with `quit`. */
  readonly onInterrupt: () => void;
}

/**
 * A person at a terminal. `ask` rejects with the signal's reason when it is aborted; whatever happens, the terminal is left
 * in its normal mode with a visible cursor. Declining a typed consent is an answer with the value ''.
 */
export function createTerminalOperator(options: TerminalOperatorOptions): Operator {
  const { input, language, escape: makeSafe, matches, accessible } = options;
  const say = createSay(language);
  return {
    interactive: true,
    async ask(question: Question, signal: AbortSignal): Promise<Reply> {
      signal.throwIfAborted();
      if (!input.isTTY) return { kind: 'nobody' };
      const asked = showQuestion(question, { language, say, makeSafe, matches });
      return accessible ? askWithLines(asked, options, signal) : askWithKeys(asked, options, signal);
    },
  };
}

async function askWithLines(asked: Asked, { input, output, language }: TerminalOperatorOptions, signal: AbortSignal): Promise<Reply> {
  const [{ askInPlainText }, { wrap }] = await Promise.all([import('./terminal-plain.ts'), import('./terminal-layout.ts')]);
  if (!(await drainInput(input))) return { kind: 'quit' };
  return askInPlainText(asked, { input, output, signal, wrap: (line) => wrap(line, countColumns(output), language) });
}

async function askWithKeys(asked: Asked, options: TerminalOperatorOptions, signal: AbortSignal): Promise<Reply> {
  const { promptReply, createPaint, ExitPromptError } = await import('./terminal-prompt.ts');
  const { input, output, colour } = options;
  const paint = createPaint(colour);
  const config = {
    asked,
    screen: () => describeScreen(options, paint),
    onResize: (redraw: () => void) => watchSize(output, redraw),
    suspend: () => suspendProcess(input, output),
    regain: () => void input.setRawMode?.(true),
  };
  // A terminal that is gone refuses to change its mode and says so by this event; the prompt finds out by the end of the input.
  const ignore = (): void => {};
  input.on('error', ignore);
  const typed = watchForInterrupt(input);
  try {
    input.setRawMode?.(true);
    if (!(await drainInput(input))) return QUIT;
    let dialogue: PromptConfig['dialogue'];
    while (!typed.interrupted()) {
      input.setRawMode?.(true);
      const end = await promptReply({ ...config, ...(dialogue && { dialogue }) }, { input, output: relayTo(output), signal });
      if ('reply' in end) {
        // In the mode in which the kernel makes a signal of Ctrl-C, one that came by now would be lost.
        await drainInput(input);
        if (!typed.interrupted()) return end.reply;
      } else dialogue = end.dialogue;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof ExitPromptError)) throw error;
  } finally {
    input.setRawMode?.(false);
    input.removeListener('error', ignore);
    typed.stop();
  }
  options.onInterrupt();
  return QUIT;
}

const QUIT: Reply = { kind: 'quit' };

/** A terminal of size 0 (serial lines) is taken for one of 80 by 24. */
function describeScreen({ output, language, ascii }: TerminalOperatorOptions, paint: Paint): Screen {
  return { language, ascii, paint, columns: countColumns(output), rows: output.rows || 24 };
}

/** The last column stays free: a full line would wrap by itself. */
function countColumns({ columns }: TerminalOutput): number {
  return Math.max(16, (columns || 80) - 1);
}

/** The prompt ends the stream it was given; the terminal must outlive it. */
function relayTo(output: TerminalOutput): Writable {
  const relay = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      output.write(chunk);
      done();
    },
  });
  Object.defineProperty(relay, 'columns', { get: () => output.columns });
  Object.defineProperty(relay, 'isTTY', { value: true });
  return relay;
}

/** Waits until the window is no longer dragged: each redraw of a narrower window leaves lines behind. */
function watchSize(output: TerminalOutput, redraw: () => void): () => void {
  const SETTLE_MS = 60;
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(redraw, SETTLE_MS);
  };
  output.on('resize', changed);
  return () => {
    clearTimeout(timer);
    output.removeListener('resize', changed);
  };
}

/** Stops the whole foreground group, as Ctrl-Z in normal mode does. Where the kernel ignores that (no job control) the question goes on. */
async function suspendProcess(input: TerminalInput, output: TerminalOutput): Promise<void> {
  const BACK_MS = 50;
  output.write('\u001B[?25h\n');
  input.setRawMode?.(false);
  process.kill(0, 'SIGTSTP');
  await new Promise((resolve) => setTimeout(resolve, BACK_MS));
}

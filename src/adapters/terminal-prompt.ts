/** The prompt with single keys, redrawn in place. Loaded with the first question: @inquirer/core is heavy. */
import { createPrompt, ExitPromptError, useEffect, useKeypress, useState } from '@inquirer/core';
import { Chalk } from 'chalk';
import type { Reply } from '../ports.ts';
import { type Asked, type Dialogue, enterLine, type Key, openDialogue, pressKey, type Shown, type Turn } from './terminal-dialogue.ts';
import { drawClosing, drawProgress, drawQuestion, drawShown, drawTable, type Paint, type Screen, takesLine } from './terminal-view.ts';

export interface PromptConfig {
  readonly asked: Asked;
  /** Where an earlier talk about the same question stood. */
  readonly dialogue?: Dialogue;
  /** Read anew for each drawing: the window may have another size by then. */
  screen(): Screen;
  onResize(redraw: () => void): () => void;
  /** Puts the process into the background as the terminal itself would, and resolves when it is back. */
  suspend(): Promise<void>;
  /** Takes single keys again. */
  regain(): void;
}

/** How a prompt ended: with a reply, or with something that was shown, after which it is put again. */
export type PromptEnd = { readonly reply: Reply } | { readonly show: Shown; readonly dialogue: Dialogue };

export { ExitPromptError };

/** Time between two looks at what goes on behind the question. */
const LOOK_EVERY_MS = 500;

export function createPaint(colour: boolean): Paint {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  // Wrapped: chalk joins all arguments, and `map` passes three.
  return {
    bold: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    mark: (text) => chalk.cyan(text),
    warn: (text) => chalk.yellow(text),
  };
}

const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';

/** Rejects with `ExitPromptError` on Ctrl-C and with `AbortPromptError` when the signal of its context fires. */
export const promptReply = createPrompt<PromptEnd, PromptConfig>((config, done) => {
  const { asked } = config;
  const [dialogue, setDialogue] = useState<Dialogue>(() => config.dialogue ?? openDialogue(asked));
  const [line, setLine] = useState('');
  const [end, setEnd] = useState<PromptEnd | undefined>(undefined);
  const [, redraw] = useState({});

  function finish(given: PromptEnd): void {
    setEnd(given);
    done(given);
  }

  useEffect((rl) => {
    let open = true;
    const leave = (): void => finish({ reply: { kind: 'quit' } });
    const suspend = (): void =>
      void config.suspend().then(() => {
        if (!open) return;
        config.regain();
        redraw({});
      });
    const unwatch = config.onResize(() => redraw({}));
    const behind = (): string => {
      const screen = config.screen();
      return [drawProgress(asked, screen), ...drawTable(asked, screen.columns, screen.rows)].join('\n');
    };
    let shown = behind();
    const look = setInterval(() => {
      const now = behind();
      if (now !== shown) redraw({});
      shown = now;
    }, LOOK_EVERY_MS);
    // Ctrl-D and a terminal that is gone close the line reader; without this the question would never end.
    rl.on('close', leave);
    // Stays for good: closing the reader of a terminal that is gone raises it once more.
    rl.on('error', leave);
    rl.on('SIGTSTP', suspend);
    // Closed already by what came before the first drawing.
    if ((rl as { readonly closed?: boolean }).closed) leave();
    return () => {
      open = false;
      clearInterval(look);
      rl.removeListener('close', leave);
      rl.removeListener('SIGTSTP', suspend);
      unwatch();
    };
  }, []);

  useKeypress((key: Key, rl) => {
    if (end) return;
    const typing = takesLine(asked, dialogue);
    const entered = key.name === 'return' || key.name === 'enter';
    if (typing && !entered && key.name !== 'escape') {
      if (key.name === 'tab') replaceLine(rl, line);
      setLine(rl.line);
      if (dialogue.message) setDialogue({ ...dialogue, message: '' });
      return;
    }
    const turn = typing ? (entered ? enterLine(asked, dialogue, line) : leaveLine(dialogue)) : pressKey(asked, dialogue, key);
    if (!('next' in turn)) {
      finish('reply' in turn ? turn : { ...turn, dialogue: { ...dialogue, message: '' } });
      return;
    }
    // A wrong answer stays to be mended, a wrong consent is typed again from its start.
    const kept = typing && entered && turn.next.message && asked.question.mustEqual === undefined ? line : '';
    replaceLine(rl, kept);
    setLine(kept);
    setDialogue(turn.next);
  });

  if (end) {
    const screen = config.screen();
    return SHOW_CURSOR + ('reply' in end ? drawClosing(asked, end.reply, screen) : drawShown(asked, end.show, screen)).join('\n');
  }
  const drawn = drawQuestion(asked, dialogue, config.screen()).join('\n');
  // The typed text stays the last thing drawn: @inquirer/core finds the cursor by its length.
  return takesLine(asked, dialogue) ? `${SHOW_CURSOR}${drawn}\n> ${showTyped(asked, line)}` : `${drawn}${HIDE_CURSOR}`;
});

function leaveLine(dialogue: Dialogue): Turn {
  return { next: { ...dialogue, mode: 'answer', message: '' } };
}

function replaceLine(rl: { clearLine(direction: 0): void; write(text: string): void }, text: string): void {
  rl.clearLine(0);
  if (text) rl.write(text);
}

/** Pasted controls are shown as `?`, each as long as it was. */
function showTyped({ makeSafe }: Asked, line: string): string {
  return Array.from(line, (character) =>
    makeSafe(character) === character && character !== '\t' ? character : '?'.repeat(character.length),
  ).join('');
}

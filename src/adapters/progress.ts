import { readMonoMs } from './clock.ts';
import { formatFinished, makeNoteSafe, makeStepSafe } from './progress-lines.ts';
import { createLiveProgress } from './progress-live.ts';
import type { Progress, ProgressOptions } from './progress-port.ts';

export function createProgress(options: ProgressOptions): Progress {
  const { output, animated } = options;
  // ora runs for ever in a window of no width.
  const canRedraw = animated && output.isTTY === true && (output.columns ?? 0) > 0;
  const safe = { ...options, makeSafe: options.escape ?? hideControls, now: options.now ?? readMonoMs };
  return canRedraw ? createLiveProgress(safe) : createPlainProgress(safe);
}

/** Escape sequences, bidirectional and invisible characters; newlines stay. */
function hideControls(text: string): string {
  return text.replace(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

function createPlainProgress({
  output,
  language,
  ascii,
  makeSafe,
}: ProgressOptions & { readonly makeSafe: (text: string) => string }): Progress {
  const style = { language, ascii, paint: (_: unknown, text: string): string => text };
  const waiting: string[] = [];
  let paused = false;
  const write = (text: string): void => {
    if (paused) waiting.push(text);
    else output.write(`${text}\n`);
  };
  const resume = (): void => {
    paused = false;
    for (const text of waiting.splice(0)) write(text);
  };
  return {
    planned() {},
    started() {},
    finished: (step) => write(formatFinished(makeStepSafe(step, makeSafe), style)),
    note: (text) => write(makeNoteSafe(text, makeSafe)),
    decided() {},
    impact() {},
    line: () => '',
    table: () => [],
    pause() {
      paused = true;
    },
    resume,
    stop: resume,
  };
}

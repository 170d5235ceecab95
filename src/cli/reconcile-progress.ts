/** How far long work is: one line on a terminal, redrawn; nothing anywhere else. */
import type { Clock, Language } from '../ports.ts';

export interface ReadProgress {
  /** Bytes read so far, of all files. */
  read(bytes: number): void;
  /** What follows, of which nobody knows how long it takes. */
  stage(name: keyof (typeof STAGES)['en']): void;
  /** The line is taken away. */
  end(): void;
}

export const NO_PROGRESS: ReadProgress = { read() {}, stage() {}, end() {} };

interface ProgressOptions {
  readonly err: (text: string) => void;
  readonly clock: Clock;
  readonly language: Language;
  readonly animated: boolean;
  readonly totalBytes: number;
}

const MIB = 1024 * 1024;
/** What is over by then needs no line. */
const QUIET_MS = 500;

export function createReadProgress({ err, clock, language, animated, totalBytes }: ProgressOptions): ReadProgress {
  if (!animated) return NO_PROGRESS;
  const started = clock.now().monoMs;
  let isShown = false;
  const show = (text: string): void => {
    if (clock.now().monoMs - started < QUIET_MS) return;
    isShown = true;
    err(`\r${text}\x1b[K`);
  };
  return {
    read: (bytes) => show(describe({ bytes, totalBytes, elapsedMs: clock.now().monoMs - started }, language)),
    stage: (name) => show(STAGES[language][name]),
    end: () => {
      if (isShown) err('\r\x1b[K');
      isShown = false;
    },
  };
}

interface Reading {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly elapsedMs: number;
}

function describe({ bytes, totalBytes, elapsedMs }: Reading, language: Language): string {
  const perSecond = bytes / Math.max(elapsedMs / 1000, 0.001);
  const left = perSecond > 0 ? Math.ceil(Math.max(totalBytes - bytes, 0) / perSecond) : undefined;
  const [done, total, rate] = [bytes, totalBytes, perSecond].map((value) => (value / MIB).toFixed(0));
  if (language === 'zh-CN') return `读取 ${done}/${total} MiB，${rate} MiB/s${left === undefined ? '' : `，约剩 ${left} 秒`}`;
  return `reading ${done} of ${total} MiB, ${rate} MiB/s${left === undefined ? '' : `, about ${left} s left`}`;
}

const STAGES = {
  en: { comparing: 'comparing', evidence: 'looking up the rows of the repairs' },
  'zh-CN': { comparing: '比对中', evidence: '查找处理项所在行' },
} as const;

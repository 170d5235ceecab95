/** The lines of a log since an instant, for checks that want the lines themselves. */
import { HostError } from '../errors.ts';
import type { ProbeContext } from './check.ts';
import { detach } from './log-lines.ts';
import { type OpenLog, openLog } from './log-parts.ts';
import { type SourceParams, textSource } from './log-source.ts';
import { walkLog } from './log-walk.ts';

/** A window that holds more is cut at its early end, and said so. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

export interface LogLine {
  /** Of the line, or of the nearest one above that has a time. */
  readonly at: number;
  readonly text: string;
}

export interface LogWindow {
  readonly source: string;
  readonly missing: boolean;
  readonly lines: readonly LogLine[];
  /** `from`, or the earliest time that was kept. */
  readonly coveredFrom: number;
}

export async function readLogWindow(params: SourceParams, from: number, context: ProbeContext): Promise<LogWindow> {
  const windows = { before: from, from, until: Number.POSITIVE_INFINITY };
  return await readAgain(async () => {
    const log = await openLog(textSource(params), windows, context);
    let lines: LogLine[] = [];
    let characters = 0;
    let coveredFrom = from;
    const walked = await walkLog({ log, windows, context }, (text, _where, at) => {
      lines.push({ at: at ?? context.host.now().wallMs, text: detach(text) });
      characters += text.length;
      if (characters <= MOST_CHARACTERS) return;
      lines = lines.slice(lines.length >> 1);
      characters = lines.reduce((sum, line) => sum + line.text.length, 0);
      coveredFrom = lines[0]?.at ?? from;
    });
    await refuseClosedJournal(log, lines.length, params, context);
    refuseOutside(log, { ...walked, seen: lines.length }, params);
    return { source: log.source, missing: log.missing, lines, coveredFrom };
  });
}

/** A file that was rotated between two reads is looked at once more. */
export async function readAgain<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HostError && error.reason === 'not-found') return await read();
    throw error;
  }
}

/** journalctl without permission prints next to nothing and exits 0; nothing seen is not the same as nothing there. */
export async function refuseClosedJournal(
  { source }: Pick<OpenLog, 'source'>,
  lines: number,
  { argv, file }: SourceParams,
  { host }: Pick<ProbeContext, 'host'>,
): Promise<void> {
  const command = textSource({ argv, file });
  if (lines > 1 || !('argv' in command) || !/(^|\/)journalctl$/.test(command.argv[0] ?? '')) return;
  const { stderr } = await host.run(command.argv, { timeoutMs: 5_000 });
  if (/not seeing messages|insufficient permissions/i.test(stderr))
    throw new HostError('no-permission', `${source}: no access to the journal`, 'run as root or as a member of the group systemd-journal');
}

/** An export is of a time of its own: that none of it lies in the window says nothing about the service. */
export function refuseOutside(
  { source }: Pick<OpenLog, 'source'>,
  { lines, lastLineAt, seen }: { readonly lines: number; readonly lastLineAt: number | null; readonly seen: number },
  params: SourceParams,
): void {
  if (!('stdin' in textSource(params)) || seen > 0) return;
  if (lines === 0) throw new HostError('io', 'nothing came in on standard input', 'what fills the pipe: see whether it ended well');
  if (lastLineAt === null) return;
  throw new HostError(
    'io',
    `none of the ${lines} lines of ${source} lies in the window; the last is of ${new Date(lastLineAt).toISOString()}`,
    'a window that holds them: --since 24h',
  );
}

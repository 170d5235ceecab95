/** DuckDB, in this process: the one package that is not part of the program, for its size, and that only reconciliation needs. */
import { join } from 'node:path';
import { ExitCode, OorError } from '../errors.ts';
import type { Database } from '../ports.ts';

/** Beyond this it works on the disk. */
const MEMORY = '1400MB';
const WATCH_MS = 200;

/** Whoever opens it closes it. */
export interface OpenedDatabase extends Database {
  close(): void;
}

export async function openDatabase(folder: string, signal: AbortSignal): Promise<OpenedDatabase> {
  const { DuckDBInstance } = await loadPackage();
  const instance = await DuckDBInstance.create(':memory:', {
    // Nothing is fetched, and nothing outside of what is asked for is run.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: join(folder, 'spill'),
    memory_limit: MEMORY,
    // Nothing here asks for the order of the file, and to keep it takes memory.
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt);
  // What was asked for before the interruption may have ended all the same.
  const unlessStopped = async <T>(answer: Promise<T>): Promise<T> => {
    const value = await answer.catch(explain);
    signal.throwIfAborted();
    return value;
  };
  const explain = (error: unknown): never => {
    signal.throwIfAborted();
    const { message } = error as Error;
    const input = /^(?:Invalid Input|Conversion|IO) Error: ([^\n]*)/.exec(message);
    if (!input) throw error;
    throw new OorError({
      code: 'unreadable-file',
      message: describe(message),
      hint: 'correct the file, or export it again; nothing was compared',
      exitCode: ExitCode.invalidInput,
    });
  };
  return {
    run: async (sql, onPercent) => {
      if (onPercent === undefined) return void (await unlessStopped(connection.run(sql)));
      // Counted, so that it can be asked for, and shown to nobody.
      await connection.run('SET enable_progress_bar = true; SET enable_progress_bar_print = false');
      const watch = setInterval(() => onPercent(Math.max(connection.progress.percentage, 0)), WATCH_MS);
      try {
        await unlessStopped(connection.run(sql));
      } finally {
        clearInterval(watch);
      }
    },
    rows: async (sql) => {
      const reader = await unlessStopped(connection.runAndReadAll(sql));
      return reader.getRowObjectsJson() as Awaited<ReturnType<Database['rows']>>;
    },
    close: () => {
      signal.removeEventListener('abort', interrupt);
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The place and the reason; never the line itself, which may hold a card number. */
function describe(message: string): string {
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const columns = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  // It stops counting at the first that is too much.
  if (line !== undefined && columns && Number(columns[2]) > Number(columns[1]))
    return `line ${line}: more cells than the ${columns[1]} of the header`;
  if (line !== undefined && columns) return `line ${line}: ${columns[2]} cells where the header has ${columns[1]}`;
  if (line !== undefined && message.includes('unterminated quote')) return `line ${line}: a quote is not closed`;
  if (line !== undefined) return `line ${line}: it is no line of this table`;
  const json = /(?:at byte \d+ )?in line (\d+)/.exec(message)?.[1];
  return json === undefined ? 'the rows cannot be read' : `line ${json}: it is no JSON object`;
}

async function loadPackage(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw new OorError({
      code: 'missing-package',
      message: 'oor reconcile needs the package @duckdb/node-api, which is not installed here',
      hint: 'npm install -g @duckdb/node-api@1.5.6-r.1 beside oor, or npm install it in the folder of oor; --print-sql works without it',
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

/** An append-only log that cannot grow without bound: past the limit the file becomes `.1` and a new one begins. */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

export interface LogFile {
  write(line: string): void;
  close(): void;
}

export type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
export type Logger = (level: Level, text: string) => void;

const MAX_BYTES = 8 * 1024 * 1024;

export function openLog(path: string, maxBytes = MAX_BYTES): LogFile {
  let file = openSync(path, 'a', 0o640);
  let size = fstatSync(file).size;
  let open = true;
  return {
    write(line) {
      if (!open) return;
      if (size > maxBytes) {
        closeSync(file);
        renameSync(path, `${path}.1`);
        file = openSync(path, 'a', 0o640);
        size = 0;
      }
      size += writeSync(file, `${line}\n`);
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

/** Lines as `2026-01-31T12:00:00.000Z ERROR text`. */
export function logTo(file: LogFile): Logger {
  return (level, text) => file.write(`${new Date().toISOString()} ${level.padEnd(5)} ${text}`);
}

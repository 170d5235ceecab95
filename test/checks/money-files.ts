/** Tables of orders and bills on the disk, for the checks of money. */
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

export interface MoneyFiles {
  path(name: string): string;
  /** Writes a file and returns its path; `at` is when it was written last. */
  write(name: string, content: string | Uint8Array, at?: number): string;
}

export function moneyFiles(): MoneyFiles {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write(name, content, at) {
      writeFileSync(path(name), content);
      if (at !== undefined) utimesSync(path(name), at / 1000, at / 1000);
      return path(name);
    },
  };
}

export function csv(...rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.join(',')}\n`).join('');
}

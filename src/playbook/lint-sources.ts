import { below, type Spot } from './build.ts';
import type { Entries } from './entries.ts';
import { type Lint, warn } from './lint-kit.ts';
import { ROW_IDS } from './rows.ts';
import { suggestion } from './suggest.ts';

/** What a step, cause or fix says that it answers must be a row that there is. */
export function lintSources(lint: Lint, { steps, causes, fixes }: Entries): void {
  for (const { raw, spot } of [...steps, ...causes, ...fixes]) {
    if (typeof raw.source === 'string') lintRow(lint, raw.source, below(spot, 'source'));
    else raw.source?.forEach((row, index) => lintRow(lint, row, below(spot, 'source', index)));
  }
}

function lintRow(lint: Lint, row: string, spot: Spot): void {
  if (ROW_IDS.includes(row)) return;
  warn(lint, spot, {
    code: 'unknown-row',
    message: `there is no row ${row}`,
    hint: suggestion(row, ROW_IDS) ?? 'F01 to F49, P01 to P27, H01 to H45, V01 to V21: oor playbook coverage lists them',
  });
}

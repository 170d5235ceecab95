/** `--print-sql`: the comparison as a script that runs elsewhere. */

import { OorError } from '../errors.ts';
import type { Window } from '../payments/reconcile/result.ts';
import { createScript, type ScriptFile } from '../payments/reconcile/script.ts';
import { readRows } from '../payments/reconcile/table-rows.ts';
import type { Workbench } from '../ports.ts';
import { createRedactor } from '../redact/index.ts';
import type { GlobalOptions } from './options.ts';
import type { Opened, OpenedAll } from './reconcile-open.ts';
import type { Services } from './services.ts';
import { tell } from './tell.ts';

interface Printing {
  readonly options: GlobalOptions;
  readonly opened: OpenedAll;
  readonly window: Window;
}

export async function printScript(services: Services, bench: Workbench, { options, opened, window }: Printing): Promise<void> {
  const redactor = createRedactor();
  const clean = (text: string): string => redactor.text(text).text;
  const files = opened.sources.map((source) => scriptFile(bench, source));
  let maskedKeys = 0;
  const onMaskedKeys = (cells: number): void => {
    maskedKeys = cells;
  };
  for await (const text of await createScript(files, { notes: opened.notes, window, clean, onMaskedKeys })) await services.out(text);
  if (maskedKeys > 0)
    await tell(
      services,
      options,
      `${maskedKeys} order numbers and transaction ids in the script are masked: no row of a file that it names is found by them, so that it may tell other differences than oor`,
    );
}

function scriptFile(bench: Workbench, { side, number, layout, file, tabular, path, shown, isConverted, reading }: Opened): ScriptFile {
  const why = isConverted
    ? `a file of the format ${shown.format}`
    : `the database does not read this file as it is (${shown.format}, ${tabular.encoding})`;
  return {
    side,
    number,
    layout,
    file,
    sha256: tabular.sha256,
    reading: reading ?? { why },
    rows: () => naming(file, readRows(bench.pieces({ ...tabular, path }), layout)),
  };
}

async function* naming<T>(file: string, rows: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* rows;
  } catch (error) {
    throw error instanceof OorError ? error.retold({ message: `${file}: ${error.message}` }) : error;
  }
}

/** As a pattern of SQL and of this language alike; a spreadsheet leaves out blanks before, and takes wide signs for the usual ones. */
export const FORMULA = '^\\s*(?:[=+@＝＋＠]|[-－][^0-9])';

const PATTERN = new RegExp(FORMULA);

/** A spreadsheet would run it; no number of an order or of a transaction begins so. */
export function isFormula(cell: string): boolean {
  return PATTERN.test(cell);
}

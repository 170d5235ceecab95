/** As a pattern of SQL and of this language alike. */
export const FORMULA = '^[=+@]|^-[^0-9]';

const PATTERN = new RegExp(FORMULA);

/** A spreadsheet would run it; no number of an order or of a transaction begins so. */
export function isFormula(cell: string): boolean {
  return PATTERN.test(cell);
}

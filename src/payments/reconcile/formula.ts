/** Named one by one: what `\s` stands for is more in this language than in SQL. */
const BLANKS = '\\t\\n\\v\\f\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

/** As a pattern of SQL and of this language alike; a spreadsheet leaves out blanks before, and takes wide signs for the usual ones. */
export const FORMULA = `^[${BLANKS}]*(?:[=+@＝＋＠]|[-－][^0-9])`;

const PATTERN = new RegExp(FORMULA);

/** A spreadsheet would run it; no number of an order or of a transaction begins so. */
export function isFormula(cell: string): boolean {
  return PATTERN.test(cell);
}

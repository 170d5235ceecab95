/** Shown by `oor reconcile --help` and in the README; a test reads it. */
export const MAPPING_EXAMPLE = `oor: 1
name: acme-bank
files: ["acme-*.csv"]          # without it: every file that has these columns
skip: 2                        # lines before the header
delimiter: ";"
columns: { order_no: Ref, provider_ref: Txn, kind: Type, amount: Value, status: State, time: [Date, Time], fee: Fee }
constants: { currency: EUR }
unit: major                    # or minor
decimal: ","
sign: { negative: refund }     # what a payment of a negative amount is
time: { format: "DD/MM/YYYY HH:mm:ss", zone: Europe/Lisbon }
words:
  kind: { Compra: payment, Devolucao: refund, Taxa: fee, Saldo: skip }
  status: { OK: paid, KO: unpaid, "...": pending }
totals: { begins: Total, count: 2, sum: 5 }   # the line that sums up: cells with the count and the sum
`;

const COMMENTS_ZH: Readonly<Record<string, string>> = {
  'without it: every file that has these columns': '不写则适用于所有含这些列的文件',
  'lines before the header': '表头之前的行数',
  'or minor': '或 minor',
  'what a payment of a negative amount is': '金额为负的支付算什么',
  'the line that sums up: cells with the count and the sum': '汇总行：笔数与合计所在的列',
};

export const MAPPING_HELP = `A mapping file:\n${indent(MAPPING_EXAMPLE)}`;

/** Its comments in Chinese; what is read stays as it is. */
export function mappingHelpZh(): string {
  return `映射文件：\n${indent(MAPPING_EXAMPLE.replace(/# (.*)$/gm, (_all, comment: string) => `# ${COMMENTS_ZH[comment] ?? comment}`))}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ').trimEnd();
}

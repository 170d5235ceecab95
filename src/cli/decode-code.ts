import { ExitCode } from '../errors.ts';
import type { Bilingual, CodeEntry, CodeTable } from '../payments/codes/code-entry.ts';
import { CODE_TABLES, type CodeAnswer, findTable, lookUp, lookUpEverywhere } from '../payments/codes/codes.ts';
import type { JsonObject, Language } from '../ports.ts';
import { createRedactor } from '../redact/index.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import { usage } from './options.ts';
import type { Services } from './services.ts';

export interface DecodeCodeRequest {
  /** undefined: list the tables. */
  readonly code: string | undefined;
  /** Id or alias; undefined: every table is asked and none is chosen. */
  readonly table?: string | undefined;
  readonly json?: boolean | undefined;
  readonly language: Language;
}

/** Explains one answer code, or lists the tables. Exit 7 when no table that was asked knows the code. */
export async function decodeCode({ out }: Pick<Services, 'out'>, { code, table, json, language }: DecodeCodeRequest): Promise<number> {
  const print = (asJson: JsonObject, asText: string): Promise<void> => out(json ? jsonLine(asJson, 2) : asText);
  if (code === undefined) {
    await print({ kind: 'code-tables', tables: CODE_TABLES.map((each) => describeTable(each, language)) }, tablesAsText(language));
    return ExitCode.healthy;
  }
  const asked = table === undefined ? undefined : mustFindTable(table);
  const answers = asked ? answersOf(asked, code) : lookUpEverywhere(code);
  const given = withoutCardData(code.trim());
  const [only] = answers;
  if (!only) {
    await print(unknownAsJson(given, asked, language), unknownAsText(given, asked, language));
    return ExitCode.inconclusive;
  }
  const several = answers.map((answer) => answerAsJson(answer, given, language));
  await print(
    asked ? { kind: 'code', ...answerAsJson(only, given, language) } : { kind: 'code', code: given, table: null, candidates: several },
    asked ? answerAsText(only, given, language) : candidatesAsText(answers, given, language),
  );
  return ExitCode.healthy;
}

/** Is this argument meant as an answer code? Two or three characters, a code some table knows, or a name as providers write them. */
export function looksLikeCode(text: string): boolean {
  return /^[A-Za-z0-9]{1,3}$/.test(text) || /^[A-Z]+(_[A-Z]+)+$/.test(text) || lookUpEverywhere(text).length > 0;
}

/** The most digits that a code has are five. */
const MOST_DIGITS = 8;
const SHORT_CODE = 16;
/** Longer ones are words: ACQ.TRADE_NOT_EXIST, insufficient_funds, isv.invalid-signature. */
const NAME = /^[A-Za-z]{1,24}(?:[._ -][A-Za-z]{1,24}){0,9}$/;

/** Somebody may paste a card number where a code belongs. */
function withoutCardData(typed: string): string {
  if ((typed.match(/\d/g)?.length ?? 0) > MOST_DIGITS || !(typed.length <= SHORT_CODE || NAME.test(typed)))
    return `[${typed.length} characters]`;
  return createRedactor().text(typed).text;
}

function answersOf(table: CodeTable, code: string): CodeAnswer[] {
  const entry = lookUp(table, code);
  return entry ? [{ table, entry }] : [];
}

function mustFindTable(name: string): CodeTable {
  const table = findTable(name);
  if (!table) throw usage(`there is no code table ${escapeControlInLine(withoutCardData(name))}`, `tables: ${tableIds().join(', ')}`);
  return table;
}

function tableIds(): string[] {
  return CODE_TABLES.map(({ id }) => id);
}

function describeTable({ id, aliases, title, entries }: CodeTable, language: Language): JsonObject {
  return { id, aliases, title: title[language], codes: entries.length };
}

/** `matched` differs from `code` where a class answered, or the more exact one of two codes. */
function answerAsJson({ table, entry }: CodeAnswer, code: string, language: Language): JsonObject {
  return {
    table: table.id,
    code,
    matched: entry.code,
    field: entry.field,
    meaning: entry.meaning[language],
    who: entry.who,
    money_moved: entry.moneyMoved,
    retry: entry.retry,
    outcome: entry.outcome,
    action: entry.action[language],
    trap: entry.trap?.[language] ?? null,
    certainty: entry.certainty,
    source: entry.source,
  };
}

function unknownAsJson(code: string, asked: CodeTable | undefined, language: Language): JsonObject {
  return {
    kind: 'code',
    code,
    table: asked?.id ?? null,
    candidates: lookUpEverywhere(code).map((answer) => answerAsJson(answer, code, language)),
    known: false,
    asked: asked ? [asked.id] : tableIds(),
    action: WORDS.unknownAction[language],
  };
}

const WORDS = {
  who: word('who acts', '由谁处理'),
  money: word('money moved', '资金是否已动'),
  retry: word('retry', '可否重试'),
  outcome: word('outcome', '结果'),
  action: word('do', '处理'),
  trap: word('careful', '注意'),
  source: word('source', '依据'),
  unknown: word('unknown to', '以下码表中没有'),
  unknownAction: word(
    'Treat the payment as unknown: query it by its order number, do not charge again. Ask the peer for its code table.',
    '按结果未知处理：用订单号查询，不要重复扣款；向对方索取其应答码表。',
  ),
  elsewhere: word('other tables know it, but they answer for other interfaces', '其他码表有此码，但属于其他接口'),
  several: word(
    'tables know it and none was chosen: the same code means different things on different interfaces. Name yours: --table ID',
    '个码表有此码，未作选择：同一代码在不同接口含义不同。请指定：--table ID',
  ),
  one: word('table knows it; if your interface is another one, this is not its meaning', '个码表有此码；若贵方接口不是它，则含义不适用'),
  us: word('us', '我方'),
  provider: word('provider', '渠道方'),
  issuer: word('issuer', '发卡行'),
  customer: word('customer', '客户'),
  yes: word('yes', '是'),
  no: word('no', '否'),
  'unknown-money': word('UNKNOWN', '未知'),
  never: word('never as it is', '不可原样重试'),
  'same-id': word('yes, the same request with the same number', '可，用相同单号与参数重发'),
  'after-query': word('only after a query', '先查询，确认未支付后方可'),
  'new-attempt': word('yes, as a new attempt', '可重新发起'),
  later: word('yes, after a pause', '可稍后重试'),
  documented: word('documented', '有文档依据'),
  'field-knowledge': word('field knowledge, not settled by documents', '实践经验，文档未定论'),
} as const satisfies Record<string, Bilingual>;

function word(en: string, zh: string): Bilingual {
  return { en, 'zh-CN': zh };
}

function tablesAsText(language: Language): string {
  return CODE_TABLES.map(
    ({ id, aliases, title, entries }) => `${id.padEnd(16)} ${title[language]} (${entries.length}; ${aliases.join(', ')})\n`,
  ).join('');
}

function candidatesAsText(answers: readonly CodeAnswer[], code: string, language: Language): string {
  const head = `${escapeControlInLine(code)}: ${answers.length} ${WORDS[answers.length === 1 ? 'one' : 'several'][language]}\n`;
  return [head, ...answers.map((answer) => answerAsText(answer, code, language))].join('\n');
}

function answerAsText({ table, entry }: CodeAnswer, code: string, language: Language): string {
  const matched = entry.code === code ? '' : ` (${entry.code})`;
  return [
    `${escapeControlInLine(code)}${matched}  ${entry.meaning[language]}\n`,
    `  [${table.id}] ${table.title[language]}, ${entry.field}\n`,
    ...linesOf(entry, language).map(([label, text]) => `  ${label[language]}: ${text}\n`),
  ].join('');
}

function linesOf(entry: CodeEntry, language: Language): [label: Bilingual, text: string][] {
  const money = entry.moneyMoved === 'unknown' ? 'unknown-money' : entry.moneyMoved;
  return [
    [WORDS.money, WORDS[money][language]],
    [WORDS.who, WORDS[entry.who][language]],
    [WORDS.retry, `${WORDS[entry.retry][language]} (${entry.retry})`],
    [WORDS.outcome, entry.outcome],
    [WORDS.action, entry.action[language]],
    ...(entry.trap ? [[WORDS.trap, entry.trap[language]] satisfies [Bilingual, string]] : []),
    [WORDS.source, `${entry.source} (${WORDS[entry.certainty][language]})`],
  ];
}

function unknownAsText(code: string, asked: CodeTable | undefined, language: Language): string {
  const others = asked ? lookUpEverywhere(code).map(({ table }) => table.id) : [];
  return [
    `${escapeControlInLine(code)}: ${WORDS.unknown[language]} ${asked ? asked.id : tableIds().join(', ')}\n`,
    ...(others.length > 0 ? [`  ${WORDS.elsewhere[language]}: ${others.join(', ')}\n`] : []),
    `  ${WORDS.unknownAction[language]}\n`,
  ].join('');
}

import type { DescribedField } from '../payments/iso8583/describe.ts';
import type { Language, Text } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { findCode } from './decode-answer.ts';
import type { MessageAnswer } from './decode-message.ts';
import { tellDecoded } from './decode-words-zh.ts';

const WORDS = {
  en: {
    dialect: 'dialect',
    framing: 'framing',
    sure: 'confidence',
    also: 'also explained by',
    refused: 'refused',
    problems: 'problems',
    at: 'byte',
    money: 'money moved:',
    who: 'who acts:',
    retry: 'retry:',
  },
  'zh-CN': {
    dialect: '方言',
    framing: '帧格式',
    sure: '把握',
    also: '另一种解释',
    refused: '拒绝解释',
    problems: '问题',
    at: '字节',
    money: '资金是否已动:',
    who: '由谁处理:',
    retry: '可否重试:',
  },
} as const;

const RESPONSE_CODE = 39;
/** For a person: what it is, its fields, what is wrong. */
export function messageAsText({ json, described }: MessageAnswer, language: Language): string {
  const words = WORDS[language];
  const pick = (text: Text): string => text[language] ?? text.en;
  const variant = json.variant === null ? '' : ` (${json.variant})`;
  const head =
    described === undefined
      ? `${words.refused}${json.mti === null ? '' : `: ${json.mti}`}`
      : `${described.mti}  ${pick(described.meaning)}`;
  const how =
    json.dialect === null
      ? ''
      : `${words.dialect} ${json.dialect}${variant}, ${words.framing} ${json.framing}, ${words.sure} ${json.confidence}\n`;
  const also = json.runner_up?.ok ? `${words.also}: ${json.runner_up.dialect}, ${json.runner_up.framing}\n` : '';
  const rows = (described?.fields ?? []).map((field) => rowOf(field, pick, json.dialect, language));
  const tell = language === 'zh-CN' ? tellDecoded : (message: string) => message;
  const problems = json.problems.map(({ code, offset, message }) => `  ${words.at} ${offset}  ${code}  ${tell(message)}\n`);
  return `${head}\n${how}${also}${rows.join('')}${problems.length === 0 ? '' : `${words.problems}\n${problems.join('')}`}`;
}

function rowOf({ number, name, value }: DescribedField, pick: (text: Text) => string, dialect: string | null, language: Language): string {
  const meaning = number === RESPONSE_CODE ? meaningOf(value, dialect, language) : '';
  return `  ${String(number).padStart(3)}  ${escapeControlInLine(value)}  ${pick(name)}${meaning}\n`;
}

function meaningOf(code: string, dialect: string | null, language: Language): string {
  const found = findCode(dialect, code);
  if (found === undefined) return '';
  const { meaning, moneyMoved, who, retry } = found.entry;
  const words = WORDS[language];
  return `: ${meaning[language]} [${found.table.id}]; ${words.money} ${moneyMoved}, ${words.who} ${who}, ${words.retry} ${retry}`;
}

/** The fixed words of what is shown at a question. */
import { fillSlots } from '../checks/check.ts';
import type { Language } from '../ports.ts';

const WORDS = {
  ranking: ['Ranking', '原因排名'],
  nothingYet: ['No evidence speaks for any cause yet.', '目前没有证据支持任何原因。'],
  forAndAgainst: ['For (+) and against (-) {id}', '支持（+）与反对（-）{id} 的证据'],
  rival: ['Best rival:', '最强的其他解释：'],
  noRival: ['No rival explains the same findings.', '没有其他原因能解释相同的发现。'],
  separating: ['Cheapest test that separates them: {test}', '区分两者代价最低的测试：{test}'],
  onlyPrior: ['only how common it is', '仅依据其常见程度'],
  excludes: ['0: excluded', '0：已排除'],
  explainedBy: ['explained by {id}', '已由 {id} 解释'],
  next: [
    'Most information per second: {test} ({bits} bit in about {time}: {rate} bit/s; about {about})',
    '每秒信息量最大：{test}（约 {time} 得 {bits} 比特，即 {rate} 比特/秒；涉及 {about}）',
  ],
  nextBest: ['then: {test} ({bits} bit in about {time})', '其次：{test}（约 {time} 得 {bits} 比特）'],
  nothingToTry: ['Nothing that is left to ask or try would tell more.', '已没有能提供更多信息的问题或测试。'],
  askedBecause: ['asked now: {bits} bit in about {time}, about {about}', '现在提问的原因：约 {time} 得 {bits} 比特，涉及 {about}'],
  cause: ['cause:', '原因：'],
  noCauseBut: ['no cause named yet; most likely:', '尚未确定原因；最可能：'],
  noCauseYet: ['no cause named yet', '尚未确定原因'],
  rivalShort: ['best rival {id} {score}', '最强的其他解释 {id} {score}'],
  due: ['next limit: {rule}', '下一个时限：{rule}'],
  checks: [
    '{done} of {total|check|checks} done, {failed} failed, {running} running',
    '检查已完成 {done}/{total}，失败 {failed}，运行中 {running}',
  ],
  nothingChanged: ['nothing was changed', '未做任何变更'],
  changed: ['changed by: {fixes}', '已执行：{fixes}'],
  session: ['session {id}', '会话 {id}'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

type Word = keyof typeof WORDS;

export function promptWordsIn(language: Language): (word: Word, data?: Readonly<Record<string, string | number>>) => string {
  return (word, data = {}) => fillSlots(WORDS[word][language === 'en' ? 0 : 1], (name) => data[name]);
}

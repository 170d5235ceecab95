/** What a drill was worth, for the person who played it. */
import { CAUSE, type Drill, type DrillState, titleOf } from '../engine/drill.ts';
import type { DrillScore, Part, Remark } from '../engine/drill-score.ts';
import type { Language, Text } from '../ports.ts';
import { wordsIn } from './words.ts';

export interface DrillTextOptions {
  readonly drill: Drill;
  readonly state: DrillState;
  readonly score: DrillScore;
  readonly seed: number;
  /** Percent, oldest first, this one included. */
  readonly trend: readonly number[];
  readonly language: Language;
}

const PART_WORDS: Readonly<Record<Part, Text>> = {
  causes: { en: 'causes named', 'zh-CN': '根因判定' },
  evidence: { en: 'evidence before naming', 'zh-CN': '先取证后判定' },
  path: { en: 'straight path', 'zh-CN': '少走弯路' },
  risk: { en: 'no unneeded risk', 'zh-CN': '无多余风险' },
  notices: { en: 'notices in time', 'zh-CN': '及时通知' },
  remedy: { en: 'remedy, and looked at again', 'zh-CN': '处置并复核' },
  time: { en: 'time', 'zh-CN': '用时' },
};

const REMARK_WORDS: Readonly<Record<Remark['kind'], Text>> = {
  idle: { en: 'looked at without need', 'zh-CN': '不必要的查看' },
  again: { en: 'looked at again, nothing had changed', 'zh-CN': '重复查看，无变化' },
  guess: { en: 'done before looking at', 'zh-CN': '未查看即执行：' },
  'wrong-cause': { en: 'not the cause', 'zh-CN': '并非根因' },
  unneeded: { en: 'was not needed', 'zh-CN': '不必要' },
  forbidden: { en: 'must not be done', 'zh-CN': '禁止执行' },
  late: { en: 'told too late', 'zh-CN': '通知过晚' },
  missing: { en: 'never told', 'zh-CN': '未通知' },
  undone: { en: 'never done: it is part of the remedy', 'zh-CN': '未执行（属于处置的一部分）' },
  'not-well': { en: 'said while customers were not served', 'zh-CN': '宣布时客户仍无法支付' },
};

/** Right or not, the points for naming a cause are for having seen it. */
const NAMED_UNSEEN: Text = { en: 'right, but a guess: named before looking at', 'zh-CN': '判定正确但属猜测，判定前未查看：' };

export function renderDrillScore({ drill, state, score, seed, trend, language }: DrillTextOptions): string {
  const say = (text: Text): string => text[language] ?? text.en;
  const zh = language === 'zh-CN';
  const words = (en: string, chinese: string): string => (zh ? chinese : en);
  const name = (word: string): string => say(titleOf(drill, word));
  const remark = ({ word, kind, unseen, text }: Remark): string => {
    const about = unseen.length > 0 ? ` ${unseen.map(name).join(', ')}` : '';
    const what = kind === 'guess' && word.startsWith(CAUSE) ? NAMED_UNSEEN : REMARK_WORDS[kind];
    return `  ${name(word)}: ${say(what)}${about}${text ? ` (${say(text)})` : ''}`;
  };
  const remarks = [...score.risky, ...score.wrongTurns, ...score.missed].map(remark);
  const causes = (ids: readonly string[]): string => ids.map((id) => `${name(`${CAUSE}${id}`)} [${id}]`).join('; ') || '-';
  return [
    `${say(drill.title)}  (${drill.id}, ${zh ? { recorded: '实录', simulated: '模拟' }[drill.kind] : drill.kind}, ${words('seed', '种子')} ${seed})`,
    '',
    `${words('Score', '得分')}: ${percent(score.score)} %   ${words('time', '用时')} ${score.minutes} min, ${words('expert', '专家')} ${score.expertMinutes} min`,
    ...score.parts.map(({ id, points, of }) => `  ${String(points).padStart(5)} / ${String(of).padEnd(3)} ${say(PART_WORDS[id])}`),
    '',
    `${words('You named', '你的判定')}: ${causes(score.causes.declared)}`,
    `${words('It was', '实际根因')}: ${causes(score.causes.right)}`,
    `${words('Minutes by phase (expert)', '各阶段分钟数（专家）')}: ${score.phases
      .filter(({ minutes, expert }) => minutes > 0 || expert > 0)
      .map(({ id, minutes, expert }) => `${zh ? wordsIn(language)(`phase_${id}`) : id} ${minutes} (${expert})`)
      .join(', ')}`,
    ...(remarks.length > 0 ? ['', `${words('What it cost', '失分')}:`, ...remarks] : []),
    '',
    `${words("The expert's path", '专家路径')}:`,
    ...score.debrief.map(
      ({ atMinute, title, why, taken }) =>
        `  ${String(atMinute).padStart(5)} min  ${taken ? '+' : '-'} ${say(title)}${why ? `\n             ${say(why)}` : ''}`,
    ),
    '',
    `${words('The trap', '陷阱')}: ${say(drill.trap)}`,
    `${words('The lesson', '教训')}: ${say(drill.lesson)}`,
    `${words('Told by', '来源')}: ${drill.from}`,
    ...(trend.length > 1 ? [`${words('Your runs', '历次得分')}: ${trend.join(' -> ')} %`] : []),
    ...(state.over ? [] : ['', words('The drill ended before you said that it was over.', '演练在宣布结束前终止。')]),
    '',
  ].join('\n');
}

export function percent(score: number): number {
  return Math.round(score * 100);
}

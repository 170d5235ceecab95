/** What the checks of an audit saw, beside what people answered. */
import { describeReason } from '../checks/check.ts';
import type { Json, JsonObject } from '../ports.ts';
import { listAt, numberAt, textAt } from './facts-reader.ts';
import type { Telling } from './incident.ts';
import { factsOf } from './results.ts';

type Seen = Pick<Telling, 'plan' | 'session' | 'language'>;

/** Each with what shows it, what stops with it and who owns it; what could not be looked at is said, for it is no good news. */
export function listSinglePoints(telling: Seen): string {
  const pick = (en: string, zh: string): string => (telling.language === 'zh-CN' ? zh : en);
  const looks = factsOf(telling, 'site.single_points');
  if (looks.length === 0) return pick('Not looked for in this session.', '本会话未排查。');
  const points = looks.flatMap((facts) => listAt(facts, 'points'));
  const closed = looks.flatMap((facts) => listAt(facts, 'unseen'));
  const rows = points.map((each) => {
    const why = textAt(each, telling.language === 'en' ? 'en' : 'zh');
    const seen = textAt(each, 'basis') === 'seen' ? pick('seen', '实测') : pick('by the profile', '按配置');
    return `| ${cell(textAt(each, 'name'))} | ${cell(why)} | ${seen} | ${cell(hitsOf(each)) || '-'} | ${cell(textAt(each, 'owner')) || `TODO(owner): ${pick('name', '姓名')}`} |`;
  });
  const head = `| ${pick('what', '对象')} | ${pick('evidence', '证据')} | ${pick('known by', '依据')} | ${pick('depends on it', '依赖它')} | ${pick('owner', '责任人')} |
| --- | --- | --- | --- | --- |
`;
  const hidden = closed.map((each) => describeHidden(each, telling.language));
  return [
    rows.length === 0 ? `- ${pick('nothing', '无')}` : `${head}${rows.join('\n')}`,
    ...(hidden.length === 0 ? [] : ['', ...hidden]),
  ].join('\n');
}

/** The rest is like the first: one missing permission hides many things. */
const MOST_UNSEEN = 10;

/** What is not equal on a standby and on the machine that it stands in for. */
export function listDrift(telling: Seen): string {
  const pick = (en: string, zh: string): string => (telling.language === 'zh-CN' ? zh : en);
  const looks = factsOf(telling, 'site.drift').filter((facts) => textAt(facts, 'primary') !== '');
  if (looks.length === 0)
    return pick('Not compared in this session (hosts with the role standby).', '本会话未比较（hosts 中角色为 standby 的主机）。');
  return looks
    .map((facts) => {
      const unseen = listAt(facts, 'unseen');
      const drifts = listAt(facts, 'drifts').map(
        (each) => `- ${textAt(each, 'section')} ${textAt(each, telling.language === 'en' ? 'en' : 'zh')}`,
      );
      const more = (count: number): string[] => (count > 0 ? [`- ${pick(`… and ${count} more`, `… 另有 ${count} 项`)}`] : []);
      const hidden = [
        ...unseen.slice(0, MOST_UNSEEN).map((each) => describeHidden(each, telling.language)),
        ...more(unseen.length - MOST_UNSEEN),
      ];
      const none = !isCompared(facts)
        ? pick('not compared', '未能比较')
        : unseen.length > 0
          ? pick('nothing differs in what was seen', '所见部分无差异')
          : pick('nothing differs', '无差异');
      const all = [...drifts, ...more((numberAt(facts, 'count') ?? 0) - drifts.length)];
      const head = `${textAt(facts, 'standby')} ${pick('against', '对比')} ${textAt(facts, 'primary')}:`;
      return [head, ...(all.length === 0 ? [`- ${none}`] : all), ...hidden].join('\n');
    })
    .join('\n\n');
}

function isCompared(facts: Json): boolean {
  const compared = (facts as JsonObject)['compared'];
  return Array.isArray(compared) && compared.length > 0;
}

function describeHidden(each: JsonObject, language: Telling['language']): string {
  const [why, unlock] = [textAt(each, 'why'), textAt(each, 'unlock')].map((text) => cell(describeReason(text, language)));
  return `- ? ${cell(textAt(each, 'what'))}: ${why} -> ${unlock}`;
}

function hitsOf(point: JsonObject): string {
  const hits = point['hits'];
  return Array.isArray(hits) ? hits.filter((each) => typeof each === 'string').join(', ') : '';
}

/** One cell of a table. */
export function cell(text: string): string {
  return text.replaceAll('|', '/').replaceAll('\n', ' ');
}

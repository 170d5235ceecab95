/** The page of a merged bundle: causes, clocks, one timeline. No script, no request. */
import type { Language } from '../ports.ts';
import { html } from '../report/html.ts';
import { renderPage } from '../report/html-page.ts';
import { section, table } from '../report/html-parts.ts';
import { spacedPercent } from '../report/percent.ts';
import { wordsIn } from '../report/words.ts';
import type { Custody, Merged } from './merge.ts';

const UNSIGNED: Custody = { fingerprint: null, name: null };

const WORDS = {
  title: ['One incident, seen from {n} hosts: {verdict}', '一次事件，{n} 台主机所见：{verdict}'],
  causes: ['Causes', '原因'],
  cause: ['cause', '原因'],
  where: ['where', '位置'],
  score: ['score', '可信度'],
  state: ['state', '状态'],
  seenBy: ['seen by', '观察者'],
  clocks: ['Hosts, their clocks and their seals', '主机、时钟与签名'],
  host: ['host', '主机'],
  offset: ['correction', '校正'],
  signedBy: ['bundle signed by', '证据包签名者'],
  nobody: ['nobody: not signed', '无：未签名'],
  notKnown: ['{key}: a key that was not known', '{key}：未知密钥'],
  healthy: ['HEALTHY', '正常'],
  fault: ['FAULT FOUND', '发现故障'],
  unknown: ['INCONCLUSIVE', '无法判断'],
  notTold: ['not measured: as recorded', '未测得：按原记录'],
  timeline: ['Timeline (corrected, UTC)', '时间线（已校正，UTC）'],
  time: ['time', '时间'],
  what: ['what', '事项'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export function renderMerged({ verdict, offsets, custody, causes, timeline }: Merged, language: Language): string {
  const say = (word: keyof typeof WORDS, data: Readonly<Record<string, string | number>> = {}): string =>
    WORDS[word][language === 'zh-CN' ? 1 : 0].replace(/\{(\w+)\}/g, (whole, name: string) => String(data[name] ?? whole));
  const signerOf = ({ fingerprint, name }: Custody = UNSIGNED): string => {
    if (fingerprint === null) return say('nobody');
    return name === null ? say('notKnown', { key: fingerprint }) : `${name[language] ?? name.en} (${fingerprint})`;
  };
  const title = say('title', { n: Object.keys(offsets).length, verdict: say(verdict) });
  const word = wordsIn(language);
  const shown = causes.map(({ id, title: text, component, host, score, state, seenBy }) => [
    `${text[language] ?? text.en} [${id}]`,
    [component, host].filter(Boolean).join(' @ '),
    spacedPercent(score),
    word(state),
    seenBy.join(', '),
  ]);
  const clocks = Object.entries(offsets).map(([host, offset]) => [
    host,
    offset === null ? say('notTold') : `${offset >= 0 ? '+' : ''}${offset} ms`,
    signerOf(custody[host]),
  ]);
  const moments = timeline.filter(({ weighty }) => weighty).map(({ at, host, text }) => [new Date(at).toISOString(), host, text]);
  const body = html`<main>
<h1>${title}</h1>
${section('causes', say('causes'), table(say('causes'), [say('cause'), say('where'), say('score'), say('state'), say('seenBy')], shown))}
${section('clocks', say('clocks'), table(say('clocks'), [say('host'), say('offset'), say('signedBy')], clocks))}
${section('timeline', say('timeline'), table(say('timeline'), [say('time'), say('host'), say('what')], moments))}
</main>`;
  return renderPage(language, title, body);
}

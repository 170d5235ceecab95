/** What `oor bundle` says. Ids, keys and exit codes are never translated. */
import { fillSlots } from '../checks/check.ts';
import type { Language } from '../ports.ts';
import { stateWord, wordsIn } from '../report/words.ts';

const WORDS = {
  created: [
    'bundle {file}: {size}, {items|entry|entries}, signed by {signed}\ncheck it with: oor bundle verify {file}{identity}\n',
    '证据包 {file}：{size}，{items} 个条目，签名者 {signed}\n校验：oor bundle verify {file}{identity}\n',
  ],
  notEnded: ['the session has not ended: this is what it held until now\n', '会话尚未结束：证据包只含到此刻为止的记录\n'],
  nobody: ['nobody', '无人'],
  good: ['GOOD: {items|entry is|entries are} what they were, signed by {by}', '完好：{items} 个条目均未改动，签名者 {by}'],
  altered: ['ALTERED OR DAMAGED: {name}: {reason}', '被篡改或损坏：{name}：{reason}'],
  unsigned: [
    'NOT SIGNED: {items|entry fits|entries fit} the manifest, and nobody vouches for it',
    '未签名：{items} 个条目与清单一致，但无人担保',
  ],
  unknownKey: [
    'UNKNOWN KEY: {items|entry is|entries are} what they were, signed by {by}, whom nobody here knows',
    '未知密钥：{items} 个条目均未改动，签名者 {by} 不在已知名单中',
  ],
  addKey: [
    'when you know whose it is: --allowed-signers FILE with the line  NAME {key}',
    '确认其归属后：--allowed-signers 文件，内含一行  姓名 {key}',
  ],
  foreign: ['NO BUNDLE: {reason}', '不是证据包：{reason}'],
  about: ['session {session} of {host} (site {site}), {from} to {to}', '会话 {session}，主机 {host}（站点 {site}），{from} 至 {to}'],
  verdict: [
    'verdict {verdict}, {outcome} (exit {code}), playbook {playbook}, oor {version}',
    '结论 {verdict}，{outcome}（退出码 {code}），剧本 {playbook}，oor {version}',
  ],
  window: ['lines of logs from {since} to {until}', '日志时间窗 {since} 至 {until}'],
  removed: ['removed when it was captured: {kinds}', '采集时已移除：{kinds}'],
  issuers: ['masked card numbers by issuer (first six digits): {groups}', '已掩码卡号（按发卡机构前六位）：{groups}'],
  items: ['Captured ({count})', '已采集（{count}）'],
  absent: ['Not collected, and why ({count})', '未采集及原因（{count}）'],
  entries: ['Entries ({count})', '条目（{count}）'],
  extracted: ['{count|entry|entries} in {folder}', '{count} 个条目已写入 {folder}'],
  judgedAgain: [
    'Judged again by what is known today: verdict {verdict}, {count|step is|steps are} judged differently',
    '按当前剧本与阈值重新判定：结论 {verdict}，{count} 个步骤的判定不同',
  ],
  diffOf: ['{before}  ->  {after}', '{before}  ->  {after}'],
  otherHost: ['these are two machines: what differs need not have changed', '两份来自不同主机：差异不一定是变更'],
  verdictChange: ['verdict {verdict}, payments {scope}', '结论 {verdict}，支付 {scope}'],
  stepChanges: ['What the checks say differently ({count})', '判定有变的检查（{count}）'],
  machineChanges: ['What changed on the machine ({count})', '主机上的变更（{count}）'],
  noDifference: ['nothing that matters differs (compared: steps, {sections})', '没有值得注意的差异（已比较：步骤、{sections}）'],
  change_worse: ['worse ', '恶化'],
  change_better: ['better', '好转'],
  change_value: ['moved ', '变动'],
  change_hidden: ['hidden', '看不到'],
  change_seen: ['seen  ', '可见'],
  merged: ['{count|bundle|bundles} in {file}: {size}\n', '已将 {count} 个证据包合并为 {file}：{size}\n'],
  mergedVerdict: ['{count|host|hosts}, one incident: {verdict}', '{count} 台主机，同一事件：{verdict}'],
  clockCorrected: ['clock corrected by {ms} ms', '时钟校正 {ms} 毫秒'],
  comma: [', ', '，'],
  memberSigned: ['signed by {name}', '签名者 {name}'],
  memberUnsigned: ['NOT SIGNED: nobody vouches for what it says', '未签名：其内容无人担保'],
  memberUnknown: ['signed by {key}, whom nobody here knows', '签名者 {key} 不在已知名单中'],
  asBefore: ['{value} as before', '{value}（未变）'],
  becameOther: ['{before} -> {after}', '{before} -> {after}'],
  endOfRun: ['the end of the run', '运行结束'],
  nothing: ['nothing', '无'],
  exit: ['exit {code}', '退出码 {code}'],
  truncated: ['truncated', '已截断'],
  clockUnknown: ['clock not measured: its instants stand as recorded', '时钟偏差未测得：按原记录时间'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

type Word = keyof typeof WORDS;
type Data = Readonly<Record<string, string | number | boolean | null>>;

export function bundleWords(language: Language): (word: Word, data?: Data) => string {
  return (word, data) => fillSlots(WORDS[word][language === 'zh-CN' ? 1 : 0], (name) => data?.[name]);
}

/** `a -> b`, or that it is what it was. */
export function describeChange(before: string, after: string, language: Language): string {
  const say = bundleWords(language);
  return before === after
    ? say('asBefore', { value: nameOf(after, language) })
    : say('becameOther', { before: nameOf(before, language), after: nameOf(after, language) });
}

/** What stands in the JSON as one word: verdicts, outcomes, statuses, states of causes, why something was not collected. */
export function nameOf(word: string, language: Language): string {
  if (language === 'en') return word;
  const state = stateWord(word);
  return state ? wordsIn(language)(state) : (NAMES_ZH[word] ?? word);
}

/** What the reports have no word of. */
const NAMES_ZH: Readonly<Record<string, string>> = {
  fault: '故障',
  'false-alarm': '误报',
  'waiting-third-party': '等待第三方',
  'fault-found': '发现故障',
  'fix-failed': '修复失败',
  inconclusive: '无定论',
  aborted: '已中止',
  failed: '失败',
  'timed-out': '超时',
  'not-found': '未找到',
  'not-installed': '未安装',
  'no-permission': '无权限',
  'skipped-by-operator': '操作员跳过',
  withheld: '已扣下',
  'out-of-window': '窗口之外',
  'over-cap': '超出上限',
};

/** What `oor bundle` says. Ids, keys and exit codes are never translated. */
import type { Language } from '../ports.ts';

const WORDS = {
  created: [
    'bundle {file}: {size}, {items} entries, signed by {signed}\ncheck it with: oor bundle verify {file}{identity}\n',
    '证据包 {file}：{size}，{items} 个条目，签名者 {signed}\n校验：oor bundle verify {file}{identity}\n',
  ],
  good: ['GOOD: {items} entries are what they were, signed by {by}', '完好：{items} 个条目均未改动，签名者 {by}'],
  altered: ['ALTERED OR DAMAGED: {name}: {reason}', '被篡改或损坏：{name}：{reason}'],
  unsigned: ['NOT SIGNED: {items} entries fit the manifest, and nobody vouches for it', '未签名：{items} 个条目与清单一致，但无人担保'],
  unknownKey: [
    'UNKNOWN KEY: {items} entries are what they were, signed by {by}, whom nobody here knows',
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
    '结论 {verdict}，{outcome}（退出码 {code}），手册 {playbook}，oor {version}',
  ],
  window: ['lines of logs from {since} to {until}', '日志时间窗 {since} 至 {until}'],
  removed: ['removed when it was captured: {kinds}', '采集时已移除：{kinds}'],
  issuers: ['masked card numbers by issuer (first six digits): {groups}', '已掩码卡号（按发卡机构前六位）：{groups}'],
  items: ['Captured ({count})', '已采集（{count}）'],
  absent: ['Not collected, and why ({count})', '未采集及原因（{count}）'],
  entries: ['Entries ({count})', '条目（{count}）'],
  extracted: ['{count} entries in {folder}', '{count} 个条目已写入 {folder}'],
  judgedAgain: [
    'Judged again by what is known today: verdict {was} -> {now}, {count} steps are judged differently',
    '按当前手册与阈值重新判定：结论 {was} -> {now}，{count} 个步骤的判定不同',
  ],
  diffOf: ['{before}  ->  {after}', '{before}  ->  {after}'],
  otherHost: ['these are two machines: what differs need not have changed', '两份来自不同主机：差异不一定是变更'],
  verdictChange: [
    'verdict {before} -> {after}, payments {scopeBefore} -> {scopeAfter}',
    '结论 {before} -> {after}，支付 {scopeBefore} -> {scopeAfter}',
  ],
  stepChanges: ['What the checks say differently ({count})', '判定有变的检查（{count}）'],
  machineChanges: ['What changed on the machine ({count})', '主机上的变更（{count}）'],
  noDifference: ['nothing that matters differs (compared: steps, {sections})', '没有值得注意的差异（已比较：步骤、{sections}）'],
  change_worse: ['worse ', '恶化'],
  change_better: ['better', '好转'],
  change_value: ['moved ', '变动'],
  change_hidden: ['hidden', '看不到'],
  change_seen: ['seen  ', '可见'],
  merged: ['{count} bundles in {file}: {size}\n', '已将 {count} 个证据包合并为 {file}：{size}\n'],
  mergedVerdict: ['{count} hosts, one incident: {verdict}', '{count} 台主机，同一事件：{verdict}'],
  clockCorrected: ['clock corrected by {ms} ms', '时钟校正 {ms} 毫秒'],
  comma: [', ', '，'],
  memberSigned: ['signed by {name}', '签名者 {name}'],
  memberUnsigned: ['NOT SIGNED: nobody vouches for what it says', '未签名：其内容无人担保'],
  memberUnknown: ['signed by {key}, whom nobody here knows', '签名者 {key} 不在已知名单中'],
  clockUnknown: ['clock not measured: its instants stand as recorded', '时钟偏差未测得：按原记录时间'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

type Word = keyof typeof WORDS;
type Data = Readonly<Record<string, string | number | boolean | null>>;

export function bundleWords(language: Language): (word: Word, data?: Data) => string {
  return (word, data) =>
    WORDS[word][language === 'zh-CN' ? 1 : 0].replace(/\{(\w+)\}/g, (whole, name: string) => String(data?.[name] ?? whole));
}

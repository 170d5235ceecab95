/** A difference between two snapshots as a sentence: what it means, not which field. Pure. */
import type { Text } from '../ports.ts';
import { withUnit } from './fill.ts';
import type { Difference } from './snapshot-compare.ts';
import type { Item } from './snapshot-section.ts';

type Value = Item[string] | undefined;
type Describe = (difference: Difference, value: (field: string, side: 'before' | 'after') => Value) => Text;

export function describeDifference(difference: Difference): Text {
  const value = (field: string, side: 'before' | 'after'): Value => difference.fields.find((each) => each.field === field)?.[side];
  return SENTENCES[difference.section](difference, value);
}

const DAY_MS = 86_400_000;

function show(value: Value): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.join(', ');
  return value === undefined || value === null || value === '' ? '-' : String(value);
}

function say(en: string, zh: string): Text {
  return { en, 'zh-CN': zh };
}

/** `a: 1 -> 2, b: 3 -> 4` */
function listFields({ fields }: Difference, names: Readonly<Record<string, Text>> = {}): Text {
  const each = (language: 'en' | 'zh-CN'): string =>
    fields
      .map(
        ({ field, before, after }) =>
          `${names[field]?.[language] ?? (language === 'en' ? field : (CHINESE[field] ?? field))} ${show(before)} -> ${show(after)}`,
      )
      .join(', ');
  return say(each('en'), each('zh-CN'));
}

const CHINESE: Readonly<Record<string, string>> = {
  active: '状态',
  sub: '子状态',
  version: '版本',
  gateway: '网关',
  device: '网卡',
  source: '来源',
  addresses: '地址',
  domains: '域',
  options: '选项',
  process: '进程',
  uid: '用户',
  gid: '组',
  home: '主目录',
  shell: '登录 shell',
  members: '成员',
  value: '值',
  type: '类型',
  answer: '应答',
  rotates: '轮换',
};
const FILE_FIELDS = { mode: say('mode', '权限'), owner: say('owner', '属主'), size: say('size', '大小') };

const describeFile: Describe = (difference, value) => {
  const { item, change, fields } = difference;
  const at = show(value('modified_at', change === 'removed' ? 'before' : 'after'));
  if (change === 'added') return say(`${item} is new (modified ${at})`, `新增 ${item}（修改于 ${at}）`);
  if (change === 'removed') return say(`${item} is gone`, `${item} 已不存在`);
  const content = fields.some(({ field }) => field === 'sha256');
  const rights = fields.filter(({ field }) => field === 'mode' || field === 'owner');
  const told = listFields({ ...difference, fields: rights }, FILE_FIELDS);
  const when = fields.some(({ field }) => field === 'modified_at') ? say(` (modified ${at})`, `（修改于 ${at}）`) : say('', '');
  const what = (language: 'en' | 'zh-CN', text: string): string =>
    [...(content ? [text] : []), ...(rights.length > 0 ? [told[language] ?? ''] : [])].join(', ');
  return say(
    `${item}: ${what('en', 'content changed') || 'size changed'}${when.en}`,
    `${item}：${what('zh-CN', '内容变更') || '大小变更'}${when['zh-CN']}`,
  );
};

const describeCertificate: Describe = (difference, value) => {
  const { change } = difference;
  const served = difference.item.startsWith('served ');
  const where = difference.item.replace(/^(served|file) /, '');
  const name = served ? say(`certificate of ${where}`, `${where} 的证书`) : say(`certificate in ${where}`, `${where} 中的证书`);
  const zh = name['zh-CN'] ?? '';
  if (change === 'added')
    return say(`${name.en} is new, until ${show(value('not_after', 'after'))}`, `新增${zh}，有效期至 ${show(value('not_after', 'after'))}`);
  if (change === 'removed') return say(`${name.en} is gone`, `${zh}已不存在`);
  const has = (field: string): boolean => difference.fields.some((each) => each.field === field);
  const days = (Date.parse(show(value('not_after', 'after'))) - Date.parse(show(value('not_after', 'before')))) / DAY_MS;
  const rounded = Math.round(Math.abs(days) * 10) / 10;
  const parts = [
    ...(has('not_after')
      ? [
          days < 0
            ? say(`expires ${withUnit(rounded, 'days', 'en')} earlier`, `提前 ${rounded} 天过期`)
            : say(`expires ${withUnit(rounded, 'days', 'en')} later`, `推迟 ${rounded} 天过期`),
        ]
      : []),
    ...(has('issuer')
      ? [
          say(
            `issuer changed (${show(value('issuer', 'before'))} -> ${show(value('issuer', 'after'))})`,
            `签发者变更（${show(value('issuer', 'before'))} -> ${show(value('issuer', 'after'))}）`,
          ),
        ]
      : []),
    ...(has('names') || has('subject')
      ? [
          say(
            `names changed (${show(value('names', 'before'))} -> ${show(value('names', 'after'))})`,
            `域名变更（${show(value('names', 'before'))} -> ${show(value('names', 'after'))}）`,
          ),
        ]
      : []),
    ...(has('intermediates') ? [say('intermediates changed', '中间证书变更')] : []),
  ];
  const replaced = has('fingerprint');
  const tail = (language: 'en' | 'zh-CN'): string => parts.map((part) => part[language]).join(language === 'en' ? ', ' : '，');
  return say(
    `${name.en} ${replaced ? 'replaced' : 'changed'}${parts.length > 0 ? `: ${tail('en')}` : ', with the same dates, names and issuer'}`,
    `${zh}${replaced ? '已更换' : '有变化'}${parts.length > 0 ? `：${tail('zh-CN')}` : '，日期、域名与签发者不变'}`,
  );
};

/** "Added", "removed" and "changed" of one kind of thing. */
function things(en: readonly [added: string, removed: string, changed: string], zh: readonly [string, string, string]): Describe {
  return (difference) => {
    const index = { added: 0, removed: 1, changed: 2 }[difference.change] as 0 | 1 | 2;
    const fields = listFields(difference);
    const details = difference.fields
      .map(({ before, after }) => show(after ?? before))
      .filter((text) => text !== '-')
      .join(' ');
    const fill = (text: string, told: string | undefined): string =>
      text
        .replace('{item}', difference.item)
        .replace('{details}', details === '' ? '' : ` (${details})`)
        .replace('{fields}', told ?? '');
    return say(fill(en[index], fields.en), fill(zh[index], fields['zh-CN']));
  };
}

const SENTENCES: Readonly<Record<Difference['section'], Describe>> = {
  machine: (difference, value) => {
    if (difference.item === 'boot') return say('the machine was restarted', '主机重启过');
    const [before, after] = ['before', 'after'].map((side) =>
      show(value(difference.item === 'kernel' ? 'release' : 'name', side as 'before' | 'after')),
    );
    return say(
      `${difference.item} changed: ${before} -> ${after}`,
      `${difference.item === 'kernel' ? '内核' : '系统'}变更：${before} -> ${after}`,
    );
  },
  packages: (difference, value) => {
    const [before, after] = [show(value('version', 'before')), show(value('version', 'after'))];
    if (difference.change === 'added')
      return say(`package ${difference.item} ${after} installed`, `安装了软件包 ${difference.item} ${after}`);
    if (difference.change === 'removed')
      return say(`package ${difference.item} ${before} removed`, `移除了软件包 ${difference.item} ${before}`);
    return say(`package ${difference.item}: ${before} -> ${after}`, `软件包 ${difference.item}：${before} -> ${after}`);
  },
  files: describeFile,
  cron: (difference, value) => {
    const { en, 'zh-CN': zh } = describeFile(difference, value);
    return say(`scheduled jobs: ${en}`, `定时任务：${zh}`);
  },
  services: (difference, value) => {
    const runs = value('running', 'after');
    if (difference.change !== 'changed')
      return say(
        `service ${difference.item} ${difference.change}`,
        `服务 ${difference.item} ${difference.change === 'added' ? '新增' : '已移除'}`,
      );
    return runs === true
      ? say(`service ${difference.item} runs, and did not`, `服务 ${difference.item} 现已运行（之前未运行）`)
      : say(`service ${difference.item} does not run any more`, `服务 ${difference.item} 已不再运行`);
  },
  units: things(
    ['{item} is active or failed, and was not{details}', '{item} is neither active nor failed any more{details}', '{item}: {fields}'],
    ['{item} 新进入运行或失败状态{details}', '{item} 已不在运行{details}', '{item}：{fields}'],
  ),
  listeners: (difference, value) => {
    const who = (side: 'before' | 'after'): string =>
      show(value('process', side)) === '-' ? `uid ${show(value('uid', side))}` : show(value('process', side));
    if (difference.change === 'added')
      return say(`${who('after')} now listens on ${difference.item}`, `${who('after')} 新监听 ${difference.item}`);
    if (difference.change === 'removed')
      return say(
        `nothing listens on ${difference.item} any more (was ${who('before')})`,
        `${difference.item} 已无监听（之前为 ${who('before')}）`,
      );
    const told = listFields(difference);
    return say(`${difference.item} has another owner: ${told.en}`, `${difference.item} 的监听者变更：${told['zh-CN']}`);
  },
  routes: things(
    ['route to {item} added{details}', 'route to {item} removed{details}', 'route to {item} changed: {fields}'],
    ['新增到 {item} 的路由{details}', '移除了到 {item} 的路由{details}', '到 {item} 的路由变更：{fields}'],
  ),
  resolvers: things(
    ['resolver {item} added{details}', 'resolver {item} removed{details}', 'resolver settings, {item}: {fields}'],
    ['新增解析器 {item}{details}', '移除解析器 {item}{details}', '解析器设置 {item}：{fields}'],
  ),
  certificates: describeCertificate,
  names: (difference, value) => {
    const [before, after] = [value('addresses', 'before'), value('addresses', 'after')];
    if (difference.change !== 'changed')
      return say(
        `name ${difference.item} ${difference.change}`,
        `域名 ${difference.item} ${difference.change === 'added' ? '新增' : '已移除'}`,
      );
    if (after === undefined)
      return say(
        `${difference.item} answers differently: ${listFields(difference).en}`,
        `${difference.item} 的解析结果变更：${listFields(difference)['zh-CN']}`,
      );
    const none = Array.isArray(after) && after.length === 0;
    return none
      ? say(
          `${difference.item} resolves to nothing any more (was ${show(before)})`,
          `${difference.item} 已无法解析（之前为 ${show(before)}）`,
        )
      : say(
          `${difference.item} now resolves to ${show(after)} (was ${show(before)})`,
          `${difference.item} 现解析为 ${show(after)}（之前为 ${show(before)}）`,
        );
  },
  versions: things(
    ['version of {item} is told now{details}', 'version of {item} is not told any more{details}', '{item}: {fields}'],
    ['{item} 的版本现可读取{details}', '{item} 的版本已无法读取{details}', '{item}：{fields}'],
  ),
  parameters: things(
    ['kernel parameter {item} is there now{details}', 'kernel parameter {item} is gone{details}', 'kernel parameter {item}: {fields}'],
    ['新增内核参数 {item}{details}', '内核参数 {item} 已不存在{details}', '内核参数 {item}：{fields}'],
  ),
  accounts: things(
    ['{item} added{details}', '{item} removed{details}', '{item} changed: {fields}'],
    ['新增 {item}{details}', '移除 {item}{details}', '{item} 变更：{fields}'],
  ),
  mounts: things(
    ['{item} mounted{details}', '{item} is not mounted any more{details}', 'mount {item} changed: {fields}'],
    ['新挂载 {item}{details}', '{item} 已不再挂载{details}', '挂载 {item} 变更：{fields}'],
  ),
};

/** Sentences with slots, and numbers with their units, as each language writes them. Pure. */
import type { Json, Language } from '../ports.ts';

/**
 * `{name}` -> its value. `{name|row is|rows are}` -> the value and what fits its number: `1 row is`, `2 rows are`.
 * A slot that nothing is known for stands as it is.
 */
export function fillSlots(template: string, find: (name: string) => string | number | boolean | null | undefined): string {
  return template.replace(/\{(\w+)(?:\|([^|{}]+)\|([^|{}]+))?\}/g, (slot, name: string, one?: string, many?: string) => {
    const value = find(name);
    if (value === undefined || value === null) return slot;
    return one === undefined ? String(value) : `${value} ${String(value) === '1' ? one : many}`;
  });
}

/** As a page shows a sentence that nothing was filled into: `{name} rows are`. */
export function showSlots(template: string): string {
  return template.replace(/\{(\w+)\|[^|{}]+\|([^|{}]+)\}/g, '{$1} $2');
}

/** `40%`, `14 days`, `1 day`, `14 天`. A unit that has no word of its own stands as the check names it. */
export function withUnit(value: Json, unit: string | null, language: Language): string {
  if (unit === null || unit === '') return String(value);
  if (unit === '%') return `${value}%`;
  const [one = unit, zh = unit] = COUNTED[unit] ?? [];
  if (language === 'zh-CN') return `${value}${/^[%（]/.test(zh) ? '' : ' '}${zh}`;
  return `${value} ${/^-?1$/.test(String(value)) ? one : unit}`;
}

/** A time span as `formatSeconds` writes it: `3 h 4 min` -> `3 小时 4 分`. Anything else stands as it is. */
export function tellSpan(value: string | number | boolean, language: Language): string | number | boolean {
  if (language !== 'zh-CN' || typeof value !== 'string' || !/^\d+ (?:d|h|min|s)(?: \d+ (?:h|min|s))?$/.test(value)) return value;
  return value.replace(/ (d|h|min|s)\b/g, (_, unit: string) => ` ${SPANS[unit]}`);
}

const SPANS: Readonly<Record<string, string>> = { d: '天', h: '小时', min: '分', s: '秒' };

/** Unit as checks name it -> of one, and in Chinese. Symbols (ms, h, /s) are the same in all languages. */
const COUNTED: Readonly<Record<string, readonly [one: string, zh: string]>> = {
  '% of a minute (full)': ['% of a minute (full)', '%（一分钟内全部停顿）'],
  '% of a minute (some)': ['% of a minute (some)', '%（一分钟内部分停顿）'],
  '% of memory in 30 min': ['% of memory in 30 min', '%（30 分钟内占内存）'],
  bytes: ['byte', '字节'],
  customers: ['customer', '位客户'],
  days: ['day', '天'],
  differences: ['difference', '处差异'],
  dumps: ['dump', '个转储'],
  errors: ['error', '个错误'],
  events: ['event', '个事件'],
  'exit bits': ['exit bits', '（退出位）'],
  'exit code': ['exit code', '（退出码）'],
  failures: ['failure', '次失败'],
  files: ['file', '个文件'],
  'inputs with power': ['input with power', '路有电输入'],
  kills: ['kill', '次终止'],
  lines: ['line', '行'],
  listeners: ['listener', '个监听'],
  'load1 per core': ['load1 per core', '（每核 load1）'],
  'load5 per core': ['load5 per core', '（每核 load5）'],
  'load15 per core': ['load15 per core', '（每核 load15）'],
  members: ['member', '个成员'],
  mounts: ['mount', '个挂载点'],
  names: ['name', '个名称'],
  orders: ['order', '笔订单'],
  packages: ['package', '个软件包'],
  pages: ['page', '页'],
  payments: ['payment', '笔支付'],
  points: ['point', '处'],
  processes: ['process', '个进程'],
  requests: ['request', '个请求'],
  sectors: ['sector', '个扇区'],
  segments: ['segment', '个报文段'],
  servers: ['server', '台服务器'],
  sockets: ['socket', '个套接字'],
  spreads: ['spread', '个离差'],
  times: ['time', '次'],
  units: ['unit', '个单元'],
  'warning bits': ['warning bits', '（告警位）'],
  zombies: ['zombie', '个僵尸进程'],
};

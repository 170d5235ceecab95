import type { Text } from '../../ports.ts';

const CLASSES: Readonly<Record<string, Text>> = {
  1: { en: 'authorisation', 'zh-CN': '授权' },
  2: { en: 'financial', 'zh-CN': '金融交易' },
  3: { en: 'file action', 'zh-CN': '文件操作' },
  4: { en: 'reversal or chargeback', 'zh-CN': '冲正或退单' },
  5: { en: 'reconciliation', 'zh-CN': '对账' },
  6: { en: 'administrative', 'zh-CN': '管理' },
  7: { en: 'fee collection', 'zh-CN': '费用收取' },
  8: { en: 'network management', 'zh-CN': '网络管理' },
};

const FUNCTIONS: readonly Text[] = [
  { en: 'request', 'zh-CN': '请求' },
  { en: 'response', 'zh-CN': '应答' },
  { en: 'advice', 'zh-CN': '通知' },
  { en: 'advice response', 'zh-CN': '通知应答' },
  { en: 'notification', 'zh-CN': '告知' },
  { en: 'notification acknowledgement', 'zh-CN': '告知确认' },
];

const ORIGINS: readonly Text[] = [
  { en: 'from the acquirer', 'zh-CN': '收单方发起' },
  { en: 'from the acquirer, repeated', 'zh-CN': '收单方重发' },
  { en: 'from the issuer', 'zh-CN': '发卡方发起' },
  { en: 'from the issuer, repeated', 'zh-CN': '发卡方重发' },
  { en: 'from another party', 'zh-CN': '其他方发起' },
  { en: 'from another party, repeated', 'zh-CN': '其他方重发' },
];

/** What a message type says, in words: `financial request, from the acquirer`. */
export function describeMti(mti: string): Text {
  const parts = [CLASSES[mti[1] ?? ''], FUNCTIONS[Number(mti[2])], ORIGINS[Number(mti[3])]];
  const [kind, task, origin] = parts.map((part) => part ?? { en: '?', 'zh-CN': '?' });
  return { en: `${kind?.en} ${task?.en}, ${origin?.en}`, 'zh-CN': `${kind?.['zh-CN']}${task?.['zh-CN']},${origin?.['zh-CN']}` };
}

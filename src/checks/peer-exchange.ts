/** What a message sent to a peer and the one frame it answers with share: facts, and the words for a peer that does not answer. */
import type { Exchange, Text } from '../ports.ts';
import type { Judgement } from './check.ts';
import { type Infer, v } from './schema.ts';

export const exchangeFacts = v.object({
  outcome: v.picklist(['answered', 'refused', 'timed-out', 'unreachable', 'name-not-resolved', 'reset', 'no-answer', 'closed', 'no-frame']),
  /** Of the answer; its contents are not kept. */
  bytes: v.number(),
  roundTripMs: v.nullable(v.number()),
  errorCode: v.string(),
});
type ExchangeFacts = Infer<typeof exchangeFacts>;

export function summariseExchange({ outcome, answer, roundTripMs, errorCode = '' }: Exchange): ExchangeFacts {
  return { outcome, bytes: answer.length / 2, roundTripMs, errorCode };
}

/** `host:port`; null: nobody to ask. */
export function describePeer({
  host,
  port,
}: {
  readonly host?: string | null | undefined;
  readonly port?: number | null | undefined;
}): string | null {
  return host == null || port == null ? null : `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export const peerMessages = {
  refused: { en: '{peer} refuses the connection', 'zh-CN': '{peer} 拒绝连接' },
  'timed-out': { en: '{peer} does not answer the attempt to connect', 'zh-CN': '连接 {peer} 超时' },
  unreachable: { en: 'there is no way to {peer} ({error})', 'zh-CN': '{peer} 不可达（{error}）' },
  'name-not-resolved': { en: 'the name of {peer} is not resolved ({error})', 'zh-CN': '{peer} 的名称无法解析（{error}）' },
  reset: { en: '{peer} resets the connection', 'zh-CN': '{peer} 重置了连接' },
  'no-answer': {
    en: '{peer} accepts the connection and says nothing whole in time ({bytes|byte|bytes} came)',
    'zh-CN': '{peer} 接受连接但未在时限内完整应答（收到 {bytes} 字节）',
  },
  closed: { en: '{peer} closes the connection without an answer', 'zh-CN': '{peer} 未应答即关闭连接' },
  'no-frame': {
    en: '{peer} answers with bytes that begin no frame: another framing, or another protocol',
    'zh-CN': '{peer} 的应答不符合约定的帧格式：帧格式或协议不一致',
  },
} satisfies Readonly<Record<string, Text>>;

/** null: a whole frame came. */
export function judgeExchange(peer: string, { outcome, bytes, errorCode }: ExchangeFacts): Judgement | null {
  if (outcome === 'answered') return null;
  return { status: 'fail', code: outcome, data: { peer, bytes, error: errorCode || '-' } };
}

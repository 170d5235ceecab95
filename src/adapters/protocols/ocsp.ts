/** An OCSP answer as a server staples it to the handshake (RFC 6960). Its signature is not verified: it only ever makes things worse. */
import type { StapledAnswer } from '../../ports.ts';
import { childrenOf, type Node, readDer, timeOf } from './der.ts';

const UNREADABLE: StapledAnswer = { status: 'unreadable', thisUpdate: null, nextUpdate: null };
const STATUS: Readonly<Record<number, StapledAnswer['status']>> = { 128: 'good', 161: 'revoked', 130: 'unknown' };

export function readStapled(der: Buffer): StapledAnswer {
  try {
    return parse(der);
  } catch {
    return UNREADABLE;
  }
}

function parse(der: Buffer): StapledAnswer {
  // OCSPResponse: status, [0] { type, OCTET STRING of BasicOCSPResponse }
  const [, wrapped] = childrenOf(readDer(der));
  const basic = wrapped && childrenOf(childrenOf(wrapped)[0] as Node)[1];
  if (!basic) return UNREADABLE;
  const data = childrenOf(readDer(basic.body))[0] as Node;
  // ResponseData: [0] version, responderID [1] or [2], producedAt, responses
  const responses = childrenOf(data).find(({ tag }) => tag === 0x30) as Node;
  const [, status, thisUpdate, next] = childrenOf(childrenOf(responses)[0] as Node);
  const nextUpdate = next?.tag === 0xa0 ? timeOf(childrenOf(next)[0]) : null;
  return { status: STATUS[status?.tag ?? 0] ?? 'unreadable', thisUpdate: timeOf(thisUpdate), nextUpdate };
}

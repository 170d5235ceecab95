/** A switch on loopback that answers network-management requests, made of the codec by itself and of its own reading of the stream. */

import { decodeMessage, encodeMessage } from '../../src/payments/iso8583/decode.ts';
import { codecsOf } from '../../src/payments/iso8583/dialects.ts';
import { measureFrame, parseFraming } from '../../src/payments/iso8583/framing.ts';
import type { FieldValue, Message } from '../../src/payments/iso8583/message.ts';
import { startTcp } from '../adapters/servers.ts';

export interface SwitchOptions {
  readonly dialect?: string;
  readonly framing?: string;
  /** What the answer says otherwise; undefined takes a field out. */
  readonly change?: Readonly<Record<number, string | undefined>>;
  readonly mti?: string;
  readonly delayMs?: number;
  /** The answer goes out in single bytes. */
  readonly dribble?: boolean;
}

export interface SmallSwitch {
  readonly port: number;
  /** What it was asked. */
  readonly asked: Message[];
}

export async function startSwitch(options: SwitchOptions = {}): Promise<SmallSwitch> {
  const { dialect = 'iso87-ascii', framing: id = 'len2-binary', change = {}, mti, delayMs = 0, dribble = false } = options;
  const [family = '', variant] = dialect.split('/');
  const codec = codecsOf(family).find((each) => variant === undefined || each.dialect.variant === variant);
  const framing = parseFraming(id);
  if (!codec || !framing) throw new Error(`no ${dialect} in ${id}`);
  const asked: Message[] = [];
  const port = await startTcp((socket) => {
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const size = measureFrame(bytes, framing);
      if (!size || bytes.length < size) return;
      const { message } = decodeMessage(bytes.subarray(0, size), codec, framing);
      if (!message) return socket.destroy();
      asked.push(message);
      const answer = Buffer.from(encodeMessage(answerTo(message, change, mti), codec, framing));
      setTimeout(() => {
        for (const part of dribble ? [...answer].map((byte) => Buffer.of(byte)) : [answer]) socket.write(part);
      }, delayMs);
    });
  });
  return { port, asked };
}

function answerTo(request: Message, change: NonNullable<SwitchOptions['change']>, mti?: string): Message {
  const approved = request.mti.startsWith('1') ? '800' : '00';
  const fields: [number, FieldValue | undefined][] = [...request.fields, [39, approved]];
  const changed = new Map([...fields, ...Object.entries(change).map(([field, value]) => [Number(field), value] as const)]);
  const kept = [...changed].filter((entry): entry is [number, FieldValue] => entry[1] !== undefined).sort(([a], [b]) => a - b);
  return { ...request, mti: mti ?? `${request.mti.slice(0, 2)}1${request.mti.slice(3)}`, fields: new Map(kept) };
}

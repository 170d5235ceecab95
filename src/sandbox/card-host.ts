/** The other side of a card line: an acquirer's host. It belongs to somebody else: no verb of an operator reaches it. */
import { createServer, type Socket } from 'node:net';
import { type CardFields, type CardWire, cutFrames, hasMac, writeWithMac } from './card-wire.ts';
import { type Listener, listen } from './listening.ts';

export interface CardHostOptions {
  readonly host: string;
  readonly port: number;
  readonly wire: CardWire;
  readonly macKey: string;
}

/** How the host works today. */
export interface CardConduct {
  /** Requests are taken in and never answered. */
  readonly silent?: boolean;
  readonly delayMs?: number;
  /** Payments are answered with this code. */
  readonly code?: string;
  /** Frames of noise, of the right length. */
  readonly garbage?: boolean;
  /** The length before an answer counts bytes that never come. */
  readonly wrongLength?: boolean;
  /** Answers carry the code of another key. */
  readonly wrongKey?: boolean;
}

export interface CardHost {
  start(): Promise<void>;
  stop(): Promise<void>;
  behave(conduct: CardConduct): void;
}

const LOST_BYTES = 7;
const NOISE = 0x5a;
/** What answers repeat of requests. */
const ECHOED = [2, 3, 4, 7, 11, 12, 13, 24, 37, 41, 42, 49, 70];

export function createCardHost({ host, port, wire, macKey }: CardHostOptions): CardHost {
  let conduct: CardConduct = {};
  let listener: Listener | undefined;

  function answer(socket: Socket, frame: Uint8Array | null): void {
    const request = frame === null ? undefined : wire.read(frame);
    if (request === undefined || typeof request === 'string') return void socket.destroy();
    const { silent, delayMs = 0 } = conduct;
    if (silent) return;
    const bytes = spoil(answerTo(request.mti, request.fields), conduct);
    setTimeout(() => socket.write(bytes), delayMs).unref();
  }

  function answerTo(mti: string, fields: CardFields): Uint8Array {
    const isNetwork = mti.charAt(1) === '8';
    const echoed = Object.fromEntries(Object.entries(fields).filter(([number]) => ECHOED.includes(Number(number))));
    const approved = wire.version === '1' ? (isNetwork ? '800' : '000') : '00';
    const code = isNetwork
      ? approved
      : !hasMac(wire, macKey, mti, fields)
        ? wire.version === '1'
          ? '916'
          : 'A0'
        : (conduct.code ?? approved);
    const answered = `${mti.slice(0, 2)}1${mti.slice(3)}`;
    const key = conduct.wrongKey === true ? `${macKey} of last month` : macKey;
    const more = code === approved && !isNetwork ? { 38: (fields[11] ?? '').padStart(6, '0') } : {};
    return isNetwork ? wire.write(answered, { ...echoed, 39: code }) : writeWithMac(wire, key, answered, { ...echoed, ...more, 39: code });
  }

  return {
    async start() {
      if (listener) return;
      const server = createServer(
        (socket) =>
          void socket.on(
            'data',
            cutFrames(wire, (frame) => answer(socket, frame)),
          ),
      );
      listener = await listen(server, host, port);
    },
    async stop() {
      const closing = listener;
      listener = undefined;
      await closing?.close();
    },
    behave(next) {
      conduct = next;
    },
  };
}

/** The length before the message stays: what it counts is at fault. */
function spoil(bytes: Uint8Array, { garbage, wrongLength }: CardConduct): Uint8Array {
  if (wrongLength) return bytes.slice(0, bytes.length - LOST_BYTES);
  return garbage ? bytes.map((byte, index) => (index < 4 ? byte : byte ^ NOISE)) : bytes;
}

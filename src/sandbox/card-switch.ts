/** The card switch of the shop: keeps the line to the acquirer, asks whether it lives, sends the payments of its terminals, writes its log. */
import { connect, createServer, type Socket } from 'node:net';
import type { Random } from '../ports.ts';
import { type CardFields, type CardWire, cutFrames, hasMac, writeWithMac } from './card-wire.ts';
import { type Listener, listen, type Service } from './listening.ts';
import type { Logger } from './log-file.ts';

export interface CardSwitchOptions {
  /** Where the acquirer listens. */
  readonly peer: { readonly host: string; readonly port: number };
  /** Where terminals connect. */
  readonly listenHost: string;
  readonly listenPort: number;
  readonly wire: CardWire;
  readonly macKey: string;
  readonly random: Random;
  readonly log: Logger;
}

const PAYMENT_EVERY_MS = 150;
const ECHO_EVERY_MS = 2000;
const RECONNECT_MS = 400;
/** Terminals wait longer; the switch answers them itself then. */
const PATIENCE_MS = 4000;
/** Payments in flight; more are not taken. */
const MAX_WAITING = 64;

/** Test numbers of the schemes; the log has their first six digits. */
const CARDS = ['4000000000000002', '5200828282828210', '6200000000000005', '3530111333300000'];

export function createCardSwitch({ peer, listenHost, listenPort, wire, macKey, random, log }: CardSwitchOptions): Service {
  const timers: NodeJS.Timeout[] = [];
  let trace = random.integer(500_000);
  let running = false;
  let listener: Listener | undefined;
  const asked = createAsked({ wire, macKey, log });
  const line = createLine({ peer, log, onUp: sendEcho, receiver: () => cutFrames(wire, (frame) => asked.receive(frame) || line.drop()) });

  function send(mti: string, stan: string, fields: CardFields, from: string): void {
    if (!line.isUp() || asked.count() >= MAX_WAITING) return;
    asked.add(mti, stan, from);
    line.write(mti.charAt(1) === '8' ? wire.write(mti, fields) : writeWithMac(wire, macKey, mti, fields));
  }

  function nextTrace(): string {
    trace = (trace % 999_999) + 1;
    return String(trace).padStart(6, '0');
  }

  function sendEcho(): void {
    const stan = nextTrace();
    const [mti, kind] = echoOf(wire);
    send(mti, stan, { ...stamp(wire, stan), ...kind }, '');
  }

  function sendPayment(): void {
    const stan = nextTrace();
    const card = CARDS[random.integer(CARDS.length)] as string;
    const terminal = `T000000${1 + random.integer(6)}`;
    const amount = String(100 + random.integer(50_000)).padStart(12, '0');
    const [mti, fields] = paymentOf(wire, { card, terminal, amount, stan });
    send(mti, stan, fields, `tid=${terminal} bin=${card.slice(0, 6)} `);
  }

  return {
    name: 'cards',
    get running() {
      return running;
    },
    async start() {
      if (running) return;
      const terminals = createServer((socket) => socket.resume());
      listener = await listen(terminals, listenHost, listenPort);
      running = true;
      line.open();
      timers.push(setInterval(sendPayment, PAYMENT_EVERY_MS), setInterval(sendEcho, ECHO_EVERY_MS));
    },
    async stop() {
      running = false;
      for (const timer of timers.splice(0)) clearInterval(timer);
      line.close();
      asked.clear();
      await listener?.close();
      listener = undefined;
    },
    async reload() {},
  };
}

interface LineOptions {
  readonly peer: CardSwitchOptions['peer'];
  readonly log: Logger;
  readonly onUp: () => void;
  /** For each connection its own. */
  readonly receiver: () => (chunk: Uint8Array) => void;
}

/** The connection to the acquirer: one, made again whenever it is gone. */
function createLine({ peer, log, onUp, receiver }: LineOptions) {
  const where = `acquirer ${peer.host}:${peer.port}`;
  let wanted = false;
  let socket: Socket | undefined;
  let isUp = false;

  function open(): void {
    wanted = true;
    if (socket) return;
    socket = connect(peer);
    socket.on('connect', () => {
      isUp = true;
      log('INFO', `link: connected to ${where}`);
      onUp();
    });
    socket.on('data', receiver());
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (!isUp) log('ERROR', `link: connect to ${where} failed: ${code === 'ECONNREFUSED' ? 'Connection refused' : code}`);
    });
    socket.on('close', () => {
      socket = undefined;
      if (isUp && wanted) log('ERROR', `link: lost the connection to ${where}`);
      isUp = false;
      if (wanted) setTimeout(() => wanted && open(), RECONNECT_MS).unref();
    });
  }

  return {
    open,
    isUp: () => isUp,
    write: (bytes: Uint8Array) => void socket?.write(bytes),
    drop: () => void socket?.destroy(),
    close() {
      wanted = false;
      socket?.destroy();
    },
  };
}

interface Waiting {
  readonly sentAt: number;
  readonly from: string;
  readonly timer: NodeJS.Timeout;
}

/** What was sent and not answered yet, by trace number. */
function createAsked({ wire, macKey, log }: Pick<CardSwitchOptions, 'wire' | 'macKey' | 'log'>) {
  const waiting = new Map<string, Waiting>();
  return {
    count: () => waiting.size,
    add(mti: string, stan: string, from: string): void {
      const timer = setTimeout(() => {
        waiting.delete(stan);
        log('ERROR', `${mti} stan=${stan} ${from}no response from acquirer within ${PATIENCE_MS / 1000} s`);
      }, PATIENCE_MS).unref();
      waiting.set(stan, { sentAt: performance.now(), from, timer });
    },
    clear(): void {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
    /** False: nothing on this connection can be trusted any more. */
    receive(frame: Uint8Array | null): boolean {
      const answer = frame === null ? 'no frame begins so' : wire.read(frame);
      if (typeof answer === 'string') {
        log('ERROR', `undecodable message from acquirer: ${answer}`);
        return false;
      }
      const { mti, fields } = answer;
      const { 11: stan = '', 39: code = '' } = fields;
      const one = waiting.get(stan);
      clearTimeout(one?.timer);
      waiting.delete(stan);
      const ms = Math.round(performance.now() - (one?.sentAt ?? 0));
      if (!one) log('WARN', `late response ${mti} stan=${stan}: nobody waits for it`);
      else if (mti.charAt(1) === '8') log('INFO', `echo answered rc=${code} in ${ms} ms`);
      else if (!hasMac(wire, macKey, mti, fields)) log('ERROR', `MAC verification failed for ${mti} stan=${stan}`);
      else log('INFO', `${mti} stan=${stan} ${one.from}rc=${code} in ${ms} ms`);
      return true;
    },
  };
}

function paymentOf(
  wire: CardWire,
  { card, terminal, amount, stan }: { readonly card: string; readonly terminal: string; readonly amount: string; readonly stan: string },
): readonly [mti: string, fields: CardFields] {
  const is93 = wire.version === '1';
  const fields = {
    2: card,
    3: '000000',
    4: amount,
    ...stamp(wire, stan),
    22: is93 ? '510101513344' : '051',
    25: is93 ? '1510' : '00',
    41: terminal,
    42: 'SHOP00000000001',
    49: '156',
  };
  return [is93 ? '1200' : '0200', fields];
}

/** 1993 has a function for it, 1987 a code; terminals of UnionPay have a message of their own. */
function echoOf(wire: CardWire): readonly [mti: string, fields: CardFields] {
  if (wire.version === '1') return ['1804', { 24: '831' }];
  return wire.has(70) ? ['0800', { 70: '301' }] : ['0820', { 41: 'SWITCH01', 42: 'SHOP00000000001' }];
}

/** Trace number, and the times that the dialect knows. */
function stamp(wire: CardWire, stan: string): CardFields {
  const time = new Date().toISOString().replace(/\D/g, '');
  const is93 = wire.version === '1';
  return {
    ...(wire.has(7) && { 7: time.slice(4, 14) }),
    11: stan,
    12: is93 ? time.slice(2, 14) : time.slice(8, 14),
    ...(is93 ? {} : { 13: time.slice(4, 8) }),
  };
}

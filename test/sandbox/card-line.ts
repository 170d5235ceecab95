/** A card line on loopback: a switch that writes its log, and the acquirer's host behind it, in any framing and dialect. */
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createWire } from '../../src/payments/iso8583/wire.ts';
import { type CardConduct, createCardHost } from '../../src/sandbox/card-host.ts';
import { createCardSwitch } from '../../src/sandbox/card-switch.ts';
import { findFreePorts } from '../../src/sandbox/listening.ts';
import { logTo, openLog } from '../../src/sandbox/log-file.ts';

export interface State {
  readonly name: string;
  /** undefined: nobody listens. */
  readonly conduct: CardConduct | undefined;
  /** What the check of the log finds. */
  readonly code: string;
  /** undefined: none. */
  readonly cause: string | undefined;
}

/** Codes of 1987, and those of 1993 that say the same. */
const CODES_1993: Readonly<Record<string, string>> = { 91: '912', 96: '909', 68: '911' };

export const STATES: readonly State[] = [
  { name: 'healthy', conduct: {}, code: 'ok', cause: undefined },
  { name: 'silent', conduct: { silent: true }, code: 'unanswered', cause: 'switch.no_response' },
  { name: 'slow', conduct: { delayMs: 2500 }, code: 'slow', cause: 'switch.slow' },
  { name: 'refuses', conduct: undefined, code: 'link-refused', cause: 'switch.down' },
  { name: 'code 91', conduct: { code: '91' }, code: 'issuer-inoperative', cause: 'switch.issuer_inoperative' },
  { name: 'code 96', conduct: { code: '96' }, code: 'system-malfunction', cause: 'switch.system_malfunction' },
  { name: 'code 68', conduct: { code: '68' }, code: 'unanswered', cause: 'switch.no_response' },
  { name: 'garbage', conduct: { garbage: true }, code: 'undecodable', cause: 'switch.bad_format' },
  { name: 'wrong length', conduct: { wrongLength: true }, code: 'undecodable', cause: 'switch.bad_format' },
  { name: 'MAC failure', conduct: { wrongKey: true }, code: 'mac-failed', cause: 'switch.keys_out_of_step' },
];

/** Every way to frame a message on a line, each with a dialect that is spoken in it. */
export const LINES: readonly (readonly [framing: string, dialect: string])[] = [
  ['len2-binary', 'iso87-ascii'],
  ['len2-binary-tpdu', 'iso87-binary'],
  ['len2-bcd', 'iso87-ascii/raw bitmap'],
  ['len2-bcd-tpdu', 'iso87-binary/padded left, tracks right with F'],
  ['len4-ascii', 'iso93'],
  ['len4-ascii-tpdu', 'iso93/padded left'],
  ['len4-hex', 'iso87-ascii'],
  ['len4-binary', 'iso87-ebcdic'],
  ['vml', 'iso87-binary/text in EBCDIC, binary lengths'],
  ['vap', 'iso87-binary'],
  ['len2-binary-etx', 'iso87-ascii'],
  ['len2-binary-inclusive', 'iso87-ebcdic/hex bitmap'],
  ['len2-binary-base24', 'iso87-ascii'],
  ['len2-binary-tpdu-header6', 'unionpay-pos'],
];

export interface CardLine {
  readonly framing: string;
  readonly dialect: string;
  readonly state: State;
  readonly log: string;
  readonly peer: { readonly host: string; readonly port: number };
  readonly listenPort: number;
  stop(): Promise<void>;
}

const random = { hex: (bytes: number) => randomBytes(bytes).toString('hex'), integer: (below: number) => randomInt(below) };
const PEER = process.platform === 'linux' ? '127.0.0.4' : '127.0.0.1';
/** Of a peer that is down. Nothing ever listens there, so no other line's host can be found at the port that this one drew. */
const NOBODY = process.platform === 'linux' ? '127.0.0.14' : '127.0.0.1';

export async function startCardLine(folder: string, framing: string, dialect: string, state: State): Promise<CardLine> {
  const host = state.conduct === undefined ? NOBODY : PEER;
  const [port = 0, listenPort = 0] = await findFreePorts(2, ['127.0.0.1', host], random);
  const peer = { host, port };
  const wire = createWire({ dialect, framing });
  const macKey = random.hex(16);
  const path = join(folder, `${framing}-${state.name}.log`.replaceAll(' ', '-'));
  const file = openLog(path);
  const acquirer = createCardHost({ ...peer, wire, macKey });
  const cards = createCardSwitch({ peer, listenHost: '127.0.0.1', listenPort, wire, macKey, random, log: logTo(file) });
  if (state.conduct !== undefined) {
    const { code, ...conduct } = state.conduct;
    acquirer.behave({ ...conduct, ...(code !== undefined && { code: wire.version === '1' ? (CODES_1993[code] ?? code) : code }) });
    await acquirer.start();
  }
  await cards.start();
  return {
    ...{ framing, dialect, state, peer, listenPort, log: path },
    async stop() {
      await cards.stop();
      await acquirer.stop();
      file.close();
    },
  };
}

/** The profile of a site that has nothing but this line. */
export function profileOf({ framing, dialect, log, peer, listenPort }: CardLine): string {
  return JSON.stringify({
    oor: 1,
    site: 'card-shop',
    services: [{ name: 'cards', kind: 'switch', listen: [listenPort], log }],
    switches: [{ name: 'acquirer', ...peer, dialect, framing }],
  });
}

/** What a payment came to, and that there is nobody to send one to. */
const OUTCOME = / rc=|no response from|undecodable message|MAC verification failed|connect to .* failed/g;
const ENOUGH = 20;

/** Until each has sent enough payments and seen what became of them; those that nobody answers are given up after seconds. */
export async function untilBusy(lines: readonly CardLine[]): Promise<void> {
  while (lines.some((line) => (readLog(line).match(OUTCOME)?.length ?? 0) < ENOUGH)) await sleep(100);
}

export function readLog({ log }: CardLine): string {
  return readFileSync(log, 'utf8');
}

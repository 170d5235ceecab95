/** The embedded payment stack as one thing: files, certificates, services, customers, and one way to break it. */
import { lookup } from 'node:dns/promises';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, OorError } from '../errors.ts';
import type { Random } from '../ports.ts';
import { createAuthorities } from './authorities.ts';
import type { CardWire } from './card-wire.ts';
import { listenForOrders } from './control.ts';
import { type ListedFault, listFaults } from './faults.ts';
import { claimDirectory, sweepLeftovers } from './leftovers.ts';
import { canListen, findFreePorts } from './listening.ts';
import { type Load, startLoad } from './load.ts';
import { LOOPBACK, layOut, type Places, writeSite } from './site.ts';
import { describeSite } from './site-profile.ts';
import { createStack, type Stack } from './stack.ts';
import { obey } from './verbs.ts';

export interface SandboxOptions {
  /** Taken over as a whole; made when it is not there, removed by its owner. */
  readonly dir: string;
  /** On before the promise resolves, so that the logs hold the change from good to bad. */
  readonly fault?: string;
  readonly random: Random;
  /** What a command begins with that the stack's own tools answer to: the order follows. */
  readonly controlArgv: readonly string[];
  /** Lays a card line whose messages are written so. */
  readonly cardWire?: CardWire | undefined;
  /** Cuts the waiting before the promise resolves short. */
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
}

export interface RunningSandbox {
  readonly dir: string;
  readonly profilePath: string;
  readonly places: Places;
  faults(): readonly ListedFault[];
  inject(fault: string): Promise<void>;
  heal(fault: string): Promise<void>;
  /** Payments since the start, as the customers saw them. */
  payments(): ReturnType<Load['counts']>;
  stop(): Promise<void>;
}

/** How long customers are served well before a fault, and badly before anybody looks. */
const HEALTHY_MS = 750;
const FAULTY_MS = 2300;

export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { random, fault, signal, log = () => {} } = options;
  if (fault !== undefined) refuseImpossible(fault);
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  await sweepLeftovers(dir);
  claimDirectory(dir);

  const { stack, entryCaPem } = await createSite(dir, options);
  const { paths, places } = stack;
  const give = async (verb: string, target: string) => {
    log(await obey(stack, { verb, target }, random));
  };
  let load: Load | undefined;
  let orders: { close(): Promise<void> } | undefined;
  async function stop(): Promise<void> {
    load?.stop();
    await orders?.close();
    await stack.stop();
  }
  try {
    await stack.start();
    orders = await listenForOrders(paths.controlSocket, (order) => obey(stack, order, random));
    load = startLoad({ entry: new URL(`https://${places.entryName}:${places.web}`), caPem: entryCaPem, random });
    await sleep(HEALTHY_MS, signal);
    if (fault !== undefined) {
      await give('inject', fault);
      await sleep(listFaults().find(({ id }) => id === fault)?.showsAfterMs ?? FAULTY_MS, signal);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const running = load;
  return {
    dir,
    profilePath: paths.profile,
    places,
    faults: listFaults,
    async inject(id) {
      refuseImpossible(id);
      await give('inject', id);
    },
    heal: (id) => give('heal', id),
    payments: () => running.counts(),
    stop,
  };
}

async function createSite(dir: string, { random, controlArgv, cardWire }: SandboxOptions): Promise<{ stack: Stack; entryCaPem: string }> {
  const paths = layOut(dir);
  const places = await choosePlaces(random);
  const now = Date.now();
  const authorities = createAuthorities([places.entryName, ...places.entryAddresses], now);
  const keys = { bank: `sk_live_${random.hex(12)}`, backup: `sk_live_${random.hex(12)}` };
  writeSite(paths, places, authorities, keys, now);
  writeFileSync(paths.profile, describeSite(paths, places, controlArgv, cardWire !== undefined));
  return { stack: createStack({ paths, places, authorities, keys, random, cardWire }), entryCaPem: authorities.entryCaPem };
}

/** `localhost` when every address behind it can be served, as customers may come by any of them. */
async function choosePlaces(random: Random): Promise<Places> {
  const found = await lookup('localhost', { all: true }).catch(() => []);
  const addresses = [...new Set(found.map(({ address }) => address))];
  const usable = await Promise.all(addresses.map((address) => canListen(address)));
  const byName = addresses.length > 0 && usable.every(Boolean);
  const entryAddresses = byName ? addresses : [LOOPBACK];
  // Only Linux answers on all of 127.0.0.0/8 without being told to.
  const [bankHost, backupHost, cardHost] =
    process.platform === 'linux' ? ['127.0.0.2', '127.0.0.3', '127.0.0.4'] : [LOOPBACK, LOOPBACK, LOOPBACK];
  const [web = 0, app = 0, spareApp = 0, store = 0, dns = 0, bank = 0, backup = 0, terminals = 0, acquirer = 0, unused = 0, ...time] =
    await findFreePorts(13, [...new Set([...entryAddresses, LOOPBACK, bankHost, backupHost, cardHost])], random);
  return {
    entryName: byName ? 'localhost' : LOOPBACK,
    entryAddresses,
    ...{ web, app, spareApp, store, dns, time, unused },
    bank: { host: bankHost, port: bank },
    backup: { host: backupHost, port: backup },
    card: { port: terminals, peer: { host: cardHost, port: acquirer } },
  };
}

function refuseImpossible(id: string): void {
  const listed = listFaults().find((fault) => fault.id === id);
  if (listed === undefined) {
    throw new OorError({
      code: 'unknown-fault',
      message: `no fault "${id}"`,
      hint: 'oor sandbox faults lists them',
      exitCode: ExitCode.usage,
    });
  }
  if (listed.available === false) {
    throw new OorError({
      code: 'fault-unavailable',
      message: `fault "${id}" cannot be made here: ${listed.reason}`,
      hint: 'oor sandbox faults lists what can',
      exitCode: ExitCode.usage,
    });
  }
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted) return done();
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      done();
    }
  });
}

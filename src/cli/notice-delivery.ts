/** One message to one service, as often as it takes within limits; what leaves was looked at once more before. */
import { scanOptions } from '../bundle/gate.ts';
import type { NoticeOutcome } from '../engine/events.ts';
import { HostError } from '../errors.ts';
import type { NoticeTemplate } from '../playbook/notice-templates.ts';
import type { NoticeTarget } from '../playbook/notify-shape.ts';
import type { NoticeMessage } from '../playbook/playbook.ts';
import type { Archives, Clock, SecretRef, Secrets, Webhook } from '../ports.ts';
import { findSensitive } from '../scan/index.ts';
import { type Reading, readAnswer, renderRequest } from './notice-request.ts';
import type { Services } from './services.ts';

export interface DeliveryDeps {
  readonly webhook: Webhook;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly archives: Pick<Archives, 'gunzip'>;
  /** Values that must be nowhere in a message. */
  readonly literals: readonly string[];
  readonly signal: AbortSignal;
}

export interface Delivery {
  readonly target: NoticeTarget;
  readonly template: NoticeTemplate;
  readonly message: NoticeMessage;
  /** Pauses between tries, so one try more than that. */
  readonly pauses: readonly number[];
}

export interface Delivered {
  readonly outcome: NoticeOutcome;
  readonly attempts: number;
  readonly duration_ms: number;
  readonly why?: string;
}

const TRY_MS = 10_000;
/** Longer than a service that counts by the minute asks for. */
const MOST_PAUSE_MS = 90_000;
const MASK = '***';

export async function openDelivery(services: Services, profile: Parameters<Services['secretsOf']>[0]): Promise<DeliveryDeps> {
  const [webhook, secrets, archives, literals] = await Promise.all([
    services.webhook(),
    services.secrets(),
    services.archives(),
    services.secretsOf(profile),
  ]);
  return { webhook, secrets, archives, literals, clock: services.clock, signal: services.interruption };
}

export async function deliver(deps: DeliveryDeps, delivery: Delivery): Promise<Delivered> {
  const { clock } = deps;
  const begun = clock.now().monoMs;
  const end = (outcome: NoticeOutcome, attempts: number, why?: string): Delivered => ({
    outcome,
    attempts,
    duration_ms: Math.round(clock.now().monoMs - begun),
    ...(why !== undefined && { why }),
  });
  const doubt = lookAgain(deps, delivery);
  if (doubt !== undefined) return end('withheld', 0, doubt);
  let request: Awaited<ReturnType<typeof fillRequest>>;
  try {
    request = await fillRequest(deps.secrets, delivery);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return end('failed', 0, error.unlock === undefined ? error.message : `${error.message} - ${error.unlock}`);
  }
  const { ca_file: caFile, proxy } = delivery.target;
  const options = {
    timeoutMs: TRY_MS,
    signal: deps.signal,
    ...(caFile !== undefined && { caFile }),
    ...(proxy !== undefined && { proxy }),
  };
  for (let attempts = 1; ; attempts++) {
    const reading = readAnswer(delivery.template, await deps.webhook.post({ ...request, ...options }));
    if (reading.outcome === 'delivered') return end('delivered', attempts);
    if (reading.outcome !== 'later') return end(reading.outcome, attempts, reading.why);
    if (!(await mayTryAgain(deps, delivery.pauses[attempts - 1], reading)))
      return end('failed', attempts, attempts === 1 ? reading.why : `${reading.why} (tried ${attempts} times)`);
  }
}

/** As it is seen without its credentials. */
export function shownRequest({ target, template, message }: Omit<Delivery, 'pauses'>): ReturnType<typeof renderRequest> {
  const url = typeof target.url === 'object' ? MASK : target.url;
  return renderRequest({ template, url, message, credentials: mapValues(target.credentials ?? {}, () => MASK) });
}

/** Kinds of what should not leave; undefined: nothing was found. */
function lookAgain({ archives, literals }: DeliveryDeps, delivery: Delivery): string | undefined {
  const { body } = shownRequest(delivery);
  const found = findSensitive('message', new TextEncoder().encode(body), scanOptions(archives, literals));
  return found.length === 0 ? undefined : [...new Set(found.map(({ kind }) => kind))].join(', ');
}

async function fillRequest(secrets: Secrets, { target, template, message }: Delivery): Promise<ReturnType<typeof renderRequest>> {
  const entries = await Promise.all(
    Object.entries(target.credentials ?? {}).map(async ([name, ref]) => [name, await secrets.reveal(ref as SecretRef)] as const),
  );
  const url = typeof target.url === 'object' ? (await secrets.reveal(target.url as SecretRef)).trim() : target.url;
  const request = renderRequest({ template, url, message, credentials: Object.fromEntries(entries) });
  if (!/^https?:\/\/[^\s]+$/i.test(request.url))
    throw new HostError('not-found', `the url of ${target.name} is none`, 'expected https://...');
  return request;
}

async function mayTryAgain(
  { clock, signal }: DeliveryDeps,
  pauseMs: number | undefined,
  { afterMs }: Extract<Reading, { outcome: 'later' }>,
): Promise<boolean> {
  if (pauseMs === undefined || signal.aborted) return false;
  await clock.sleep(Math.min(MOST_PAUSE_MS, Math.max(pauseMs, afterMs)), signal).catch(() => undefined);
  return !signal.aborted;
}

function mapValues<T, R>(map: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

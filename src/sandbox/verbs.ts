/** The words of the control command, and which of the site's tools each one calls. */
import type { Random } from '../ports.ts';
import { type Breakage, breakages } from './breakage.ts';
import { complications } from './complications.ts';
import type { Service } from './listening.ts';
import * as measures from './measures.ts';
import * as nodes from './nodes.ts';
import * as repairs from './repairs.ts';
import type { ConfigOwner } from './site.ts';
import type { ServiceName, Stack } from './stack.ts';

export interface Order {
  readonly verb: string;
  readonly target?: string;
  /** What follows the target. */
  readonly more?: readonly string[];
}

type Verb = (stack: Stack, order: Order, random: Random) => Promise<string> | string;

/** Does what it is told and says what was done. Rejects with the reason, as a command would fail. */
export async function obey(stack: Stack, order: Order, random: Random): Promise<string> {
  const verb = Object.hasOwn(verbs, order.verb) ? verbs[order.verb] : undefined;
  if (!verb) throw new Error(`unknown verb "${order.verb}"; known: ${Object.keys(verbs).join(', ')}`);
  return verb(stack, order, random);
}

const verbs: Readonly<Record<string, Verb>> = {
  async start(stack, order) {
    const service = pickService(stack, order);
    if (service.running) return `${service.name} is running already`;
    await service.start();
    return `${service.name} started`;
  },
  async stop(stack, order) {
    const service = pickService(stack, order);
    await service.stop();
    return `${service.name} stopped`;
  },
  async restart(stack, order) {
    const service = pickService(stack, order);
    await service.stop();
    await service.start();
    return `${service.name} restarted`;
  },
  async reload(stack, order) {
    const service = pickService(stack, order);
    if (!service.running) throw new Error(`${service.name} is not running`);
    await service.reload();
    return `${service.name} reloaded`;
  },
  'config-test': (stack, order) => repairs.testConfig(stack, pickService(stack, order).name),
  'restore-config': (stack, order) => repairs.restoreConfig(stack, pick(order, CONFIG_OWNERS)),
  'undo-restore-config': (stack, order) => repairs.undoRestoreConfig(stack, pick(order, CONFIG_OWNERS)),
  'restore-release': (stack) => repairs.restoreRelease(stack),
  'install-cert': (stack) => repairs.installCertificate(stack),
  'free-space': (stack) => repairs.freeSpace(stack),
  remount: (stack) => repairs.remountData(stack),
  'restore-permission': (stack) => repairs.restorePermission(stack),
  'end-sessions': (stack, order) => repairs.endSessions(stack, pick(order, ['app', 'store'])),
  'switch-channel': (stack, order) => measures.switchChannel(stack, wordsOf(order)),
  'plan-channel': (stack, order) => measures.planChannel(stack, wordsOf(order)),
  'show-channel': (stack) => measures.showChannel(stack),
  'restore-channel': (stack, order) => measures.switchChannel(stack, wordsOf(order)),
  'reroute-bin': (stack, order) => measures.rerouteBin(stack, wordsOf(order)),
  'show-routes': (stack) => measures.showRoutes(stack),
  'restore-routes': (stack, order) => measures.restoreRoutes(stack, wordsOf(order)),
  'close-functions': (stack, order) => measures.closeFunctions(stack, wordsOf(order)),
  'restore-functions': (stack) => measures.restoreFunctions(stack),
  'show-functions': (stack) => measures.showFunctions(stack),
  'hold-orders': (stack, order) => measures.holdOrders(stack, wordsOf(order)),
  'end-hold': (stack) => measures.endHold(stack),
  'show-hold': (stack) => measures.showHold(stack),
  'list-held': (stack) => measures.listHeld(stack),
  'list-vip': (stack) => measures.listVip(stack),
  'settle-held': (stack) => measures.settleHeld(stack),
  'put-banner': (stack, order) => measures.putBanner(stack, wordsOf(order)),
  'clear-banner': (stack) => measures.clearBanner(stack),
  'show-banner': (stack) => measures.showBanner(stack),
  'restore-banner': (stack, order) => measures.restoreBanner(stack, wordsOf(order)),
  'show-measures': (stack) => measures.listMeasures(stack),
  'drain-node': (stack, order) => nodes.drainNode(stack, order.target ?? ''),
  'put-node-back': (stack, order) => nodes.putNodeBack(stack, order.target ?? ''),
  'show-nodes': (stack) => nodes.showNodes(stack),
  'restart-drained': (stack, order) => nodes.restartDrained(stack, order.target ?? ''),
  async inject(stack, order, random) {
    await pickBreakage(order).inject(stack, random);
    return `${order.target} is on`;
  },
  async heal(stack, order) {
    await pickBreakage(order).heal(stack);
    return `${order.target} is off`;
  },
  status: ({ services }) =>
    Object.values(services)
      .map(({ name, running }) => `${name} ${running ? 'running' : 'stopped'}`)
      .join('\n'),
};

const CONFIG_OWNERS: readonly ConfigOwner[] = ['web', 'app', 'dns'];

function pickService({ services }: Stack, order: Order): Service {
  return services[pick(order, Object.keys(services) as ServiceName[])];
}

function pickBreakage({ target = '' }: Order): Breakage {
  const found = [breakages, complications].find((table) => Object.hasOwn(table, target))?.[target];
  if (!found) throw new Error(`unknown fault "${target}"`);
  return found;
}

function wordsOf({ target, more = [] }: Order): readonly string[] {
  return [...(target === undefined ? [] : [target]), ...more];
}

function pick<T extends string>({ target }: Order, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === target);
  if (found === undefined) throw new Error(`expected one of ${allowed.join(', ')}, got "${target ?? ''}"`);
  return found;
}

/** One node of the application out of the turn and back, so that nobody's payment is cut. */
import type { App } from './app.ts';
import { SPARE_NODE, type Stack } from './stack.ts';

/** Longer than the application waits for a provider. */
const DRAIN_MS = 8000;
const LOOK_MS = 50;

/** Takes it out of the turn; what it has in hand it ends. */
export function drainNode(stack: Stack, name: string): string {
  nodeOf(stack, name);
  stack.rotation.drain(name);
  return `${name} gets no new requests; ${stack.rotation.inFlight(name)} in flight`;
}

export function putNodeBack(stack: Stack, name: string): string {
  if (!nodeOf(stack, name).running) throw new Error(`${name} is not running`);
  stack.rotation.putBack(name);
  return `${name} gets requests again`;
}

/** One more node, for a load or in the place of one that is drained. */
export async function addSpareNode(stack: Stack): Promise<string> {
  if (!stack.spareApp.running) await stack.spareApp.start();
  return putNodeBack(stack, SPARE_NODE);
}

export function showNodes({ rotation, app, spareApp }: Stack): string {
  return [app, spareApp]
    .map(
      ({ name, running }) =>
        `${name} ${running ? 'running' : 'stopped'}, ${rotation.names().includes(name) ? 'in turn' : 'drained'}, ${rotation.inFlight(name)} in flight`,
    )
    .join('\n');
}

/** Drained, waited for, restarted, put back. A node that does not get empty is not restarted. */
export async function restartDrained(stack: Stack, name: string): Promise<string> {
  const node = nodeOf(stack, name);
  const { rotation } = stack;
  const inTurn = rotation.names().includes(name);
  const before = rotation.inFlight(name);
  const startedAt = performance.now();
  rotation.drain(name);
  try {
    while (rotation.inFlight(name) > 0) {
      if (performance.now() - startedAt > DRAIN_MS)
        throw new Error(`${rotation.inFlight(name)} payments are still in flight after ${DRAIN_MS / 1000} s: ${name} was not restarted`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    const waited = Math.round(performance.now() - startedAt);
    await node.stop();
    await node.start();
    return `${name} restarted: ${before} in flight when drained, 0 after ${waited} ms`;
  } finally {
    if (inTurn) rotation.putBack(name);
  }
}

function nodeOf({ app, spareApp }: Stack, name: string): App {
  const found = [app, spareApp].find((each) => each.name === name);
  if (!found) throw new Error(`expected app or ${SPARE_NODE}, got "${name}"`);
  return found;
}

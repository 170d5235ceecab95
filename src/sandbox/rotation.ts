/** The nodes that take payments: who is in turn, how many requests each of them has in hand. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Node extends Address {
  readonly name: string;
}

export interface Rotation {
  /** Every one that is in turn, one after the other; waits a moment where none is. undefined: there was none in time. */
  next(usual: Address): Promise<Node | undefined>;
  /** A request begins; what is returned ends it. */
  enter(node: Node): () => void;
  inFlight(name: string): number;
  names(): readonly string[];
  drain(name: string): void;
  putBack(name: string): void;
}

export interface RotationOptions {
  readonly file: string;
  /** The first node is where the web server's own configuration says; the others are here. */
  readonly others: Readonly<Record<string, Address>>;
}

/** How long a request waits while every node is drained: a restart takes less. */
const PARK_MS = 6000;
const LOOK_MS = 25;

export function createRotation({ file, others }: RotationOptions): Rotation {
  const counts = new Map<string, number>();
  let turn = 0;
  const names = () => readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const write = (list: readonly string[]) => writeFileSync(file, list.map((name) => `${name}\n`).join(''));
  return {
    async next(usual) {
      const until = performance.now() + PARK_MS;
      for (;;) {
        const list = names();
        turn += 1;
        const name = list[turn % list.length];
        if (name !== undefined) return { name, ...(others[name] ?? usual) };
        if (performance.now() >= until) return undefined;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    },
    enter({ name }) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      let open = true;
      return () => {
        if (open) counts.set(name, (counts.get(name) ?? 1) - 1);
        open = false;
      };
    },
    inFlight: (name) => counts.get(name) ?? 0,
    names,
    drain: (name) => write(names().filter((each) => each !== name)),
    putBack: (name) => write([...names().filter((each) => each !== name), name].sort()),
  };
}

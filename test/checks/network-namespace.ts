/** A network namespace of its own, made with `ip netns`, and a context that looks at it. Null where this machine cannot (not root, no iproute2). */
import { execFileSync } from 'node:child_process';
import type { ProbeContext } from '../../src/checks/check.ts';
import { HostError } from '../../src/errors.ts';
import { localContext } from './local-context.ts';

export interface NetworkNamespace {
  readonly context: ProbeContext;
  /** Runs a shell line inside of it. */
  sh(line: string): string;
  remove(): void;
}

export function makeNamespace(purpose: string): NetworkNamespace | null {
  const name = `oor-${purpose}-${process.pid}`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
  } catch {
    process.stderr.write(`no network namespace can be made here: tests of ${purpose} skip it\n`);
    return null;
  }
  const within = ['ip', 'netns', 'exec', name] as const;
  const outside = localContext();
  const ask = async (argv: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await outside.host.run([...within, ...argv]);
    if (exitCode !== 0) throw new HostError(/No such file/.test(stderr) ? 'not-found' : 'io', stderr);
    return stdout;
  };
  return {
    context: {
      ...outside,
      host: {
        ...outside.host,
        run: (argv, options) => outside.host.run([...within, ...argv], options),
        list: async (path) => (await ask(['ls', path])).split('\n').filter(Boolean),
        async readFile(path) {
          const text = await ask(['cat', path]);
          return { text, offset: 0, bytesRead: text.length, size: 0 };
        },
      },
    },
    sh: (line) => execFileSync(within[0], [...within.slice(1), 'sh', '-c', line], { encoding: 'utf8' }),
    remove: () => execFileSync('ip', ['netns', 'del', name]),
  };
}

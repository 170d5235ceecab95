/** `oor bundle ACTION`: each is loaded when it is asked for. */

import { suggestion } from '../playbook/suggest.ts';
import type { ExportOptions, OpenOptions } from './bundle-options.ts';
import { type GlobalOptions, usage } from './options.ts';
import type { Services } from './services.ts';

export type BundleOptions = GlobalOptions & ExportOptions & OpenOptions;
type Run = (services: Services, args: readonly string[], options: BundleOptions) => Promise<number>;
interface Action {
  /** More arguments are refused: one that is passed over in silence would count as looked at. */
  readonly most: number;
  readonly load: () => Promise<Run>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  create: { most: 1, load: async () => (await import('./bundle-create.ts')).createCommand },
  verify: { most: 1, load: async () => (await import('./bundle-verify.ts')).verifyCommand },
  inspect: { most: 1, load: async () => (await import('./bundle-inspect.ts')).inspectCommand },
  analyze: { most: 1, load: async () => (await import('./bundle-analyze.ts')).analyzeCommand },
  diff: { most: 2, load: async () => (await import('./bundle-diff.ts')).diffCommand },
  extract: { most: Number.POSITIVE_INFINITY, load: async () => (await import('./bundle-extract.ts')).extractCommand },
  merge: { most: Number.POSITIVE_INFINITY, load: async () => (await import('./bundle-merge.ts')).mergeCommand },
};

export async function bundleCommand(
  services: Services,
  [action = '', ...args]: readonly string[],
  options: BundleOptions,
): Promise<number> {
  const known = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!known) throw usage(`bundle ${action}: no such action`, suggestion(action, Object.keys(ACTIONS)) ?? 'see: oor help bundle');
  if (args.length > known.most) throw usage(`bundle ${action}: ${args[known.most]} is one argument too many`, 'see: oor help bundle');
  return await (await known.load())(services, args, options);
}

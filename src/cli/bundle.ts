/** `oor bundle ACTION`: each is loaded when it is asked for. */

import { suggestion } from '../playbook/suggest.ts';
import type { ExportOptions, OpenOptions } from './bundle-options.ts';
import { type GlobalOptions, usage } from './options.ts';
import type { Services } from './services.ts';

export type BundleOptions = GlobalOptions & ExportOptions & OpenOptions;
type Action = (services: Services, args: readonly string[], options: BundleOptions) => Promise<number>;

const ACTIONS: Readonly<Record<string, () => Promise<Action>>> = {
  create: async () => (await import('./bundle-create.ts')).createCommand,
  verify: async () => (await import('./bundle-verify.ts')).verifyCommand,
  inspect: async () => (await import('./bundle-inspect.ts')).inspectCommand,
  analyze: async () => (await import('./bundle-analyze.ts')).analyzeCommand,
  diff: async () => (await import('./bundle-diff.ts')).diffCommand,
  extract: async () => (await import('./bundle-extract.ts')).extractCommand,
  merge: async () => (await import('./bundle-merge.ts')).mergeCommand,
};

export async function bundleCommand(
  services: Services,
  [action = '', ...args]: readonly string[],
  options: BundleOptions,
): Promise<number> {
  const load = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!load) throw usage(`bundle ${action}: no such action`, suggestion(action, Object.keys(ACTIONS)) ?? 'see: oor help bundle');
  return await (await load())(services, args, options);
}

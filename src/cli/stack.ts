import { suggestion } from '../playbook/suggest.ts';
import { usage } from './options.ts';
import type { RunningStack, Services } from './services.ts';

/** `random` picks among the faults that the operator can repair, and does not tell which. */
export async function startStack(
  services: Services,
  { sandbox, profile }: { readonly sandbox?: string; readonly profile?: string },
): Promise<RunningStack | undefined> {
  if (sandbox === undefined) return undefined;
  if (profile !== undefined && services.env['OOR_PROFILE'] !== profile)
    throw usage('--sandbox brings its own profile', 'leave out --profile');
  const faults = await services.sandbox.faults();
  if (sandbox === 'none') return await services.sandbox.start('none');
  if (sandbox === 'random') {
    const usable = faults.filter(({ repairable, available }) => repairable && available);
    const picked = usable[services.random.integer(usable.length)];
    return await services.sandbox.start(picked?.id ?? 'none');
  }
  const wanted = faults.find(({ id }) => id === sandbox);
  if (!wanted) {
    const known = ['none', ...faults.map(({ id }) => id)];
    throw usage(`--sandbox=${sandbox}: no such fault`, suggestion(sandbox, known) ?? `one of: ${known.join(', ')}`);
  }
  if (!wanted.available)
    throw usage(`--sandbox=${sandbox} cannot be made here: ${wanted.reason ?? 'not available'}`, 'choose another one: oor sandbox faults');
  return await services.sandbox.start(sandbox);
}

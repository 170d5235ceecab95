/** `oor playbook ACTION`: each is loaded on first use. */
import type { BundleOptions } from './bundle.ts';
import type { HelpPage } from './help.ts';
import { usage } from './options.ts';
import type { GraphOptions } from './playbook-show.ts';
import type { TestOptions } from './playbook-test.ts';
import type { Services } from './services.ts';

const PLAYBOOK_ACTIONS = 'list, show NAME, lint [FILE...], graph NAME, test [FILE...], record SESSION, new NAME, schema, coverage';

type PlaybookOptions = GraphOptions & TestOptions & BundleOptions & { readonly force?: boolean };

export async function playbookCommand(
  services: Services,
  [action, ...rest]: readonly string[],
  options: PlaybookOptions,
  help: { readonly program: HelpPage; readonly commands: readonly HelpPage[] },
): Promise<number> {
  switch (action) {
    case 'list':
      return await (await import('./playbook-show.ts')).listCommand(services, options);
    case 'show':
      return await (await import('./playbook-show.ts')).showCommand(services, rest, options);
    case 'graph':
      return await (await import('./playbook-show.ts')).graphCommand(services, rest, options);
    case 'schema':
      return await (await import('./playbook-show.ts')).schemaCommand(services, rest);
    case 'lint':
      return await (await import('./playbook-lint.ts')).lintCommand(services, rest, options);
    case 'coverage':
      return await (await import('./playbook-coverage.ts')).coverageCommand(services, rest, options, help);
    case 'new':
      return await (await import('./playbook-new.ts')).newCommand(services, rest, options);
    case 'test':
      return await (await import('./playbook-test.ts')).testCommand(services, rest, options);
    case 'record':
      return await (await import('./playbook-record.ts')).recordCommand(services, rest, options);
    default:
      throw usage(`playbook ${action ?? ''}: no such action`, `one of: ${PLAYBOOK_ACTIONS}`);
  }
}

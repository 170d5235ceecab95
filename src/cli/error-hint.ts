/** What to type next; the nearest name where a mistyped one is near enough to be meant. */
import type { OorError } from '../errors.ts';
import { suggestion } from '../playbook/suggest.ts';
import type { GlobalOptions } from './options.ts';
import type { Services } from './services.ts';

export interface HintDeps {
  readonly services: Services;
  readonly options: Partial<GlobalOptions>;
  readonly commands: readonly string[];
}

export async function hintOf({ code, message, hint }: OorError, { services, options, commands }: HintDeps): Promise<string | undefined> {
  if (code === 'unknown-command') return suggestion(lastWord(message), commands) ?? hint;
  if (code !== 'session-not-found') return hint;
  const typed = lastWord(message.replace(/\.$/, ''));
  const ids = await idsOf(services, options);
  const begun = ids.filter((id) => id.startsWith(typed) || id.endsWith(typed));
  return begun.length === 1 ? `did you mean ${begun[0]}?` : (nearestId(typed, ids) ?? hint);
}

function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(' ') + 1);
}

/** All ids begin alike, so only one that differs in a letter or two is meant. */
function nearestId(typed: string, ids: readonly string[]): string | undefined {
  const near = ids.filter((id) => id.length === typed.length && [...id].filter((letter, at) => letter !== typed[at]).length <= 2);
  return near.length === 1 ? `did you mean ${near[0]}?` : undefined;
}

async function idsOf(services: Services, { stateDir }: Partial<GlobalOptions>): Promise<readonly string[]> {
  try {
    return (await (await services.store(stateDir)).list()).map(({ id }) => id);
  } catch {
    return [];
  }
}

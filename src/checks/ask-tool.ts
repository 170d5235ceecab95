/** Tools that ask hardware: what they print, or why they could not, which is itself a fact beside the answers of other devices. */
import { HostError } from '../errors.ts';
import type { CommandResult, Host } from '../ports.ts';

export interface ToolAnswer {
  readonly result: CommandResult | null;
  /** '' when there is a result that may be read. */
  readonly problem: string;
  readonly unlock: string;
}

const REFUSAL = /permission denied|operation not permitted|must be root|root privileges|are you root/i;

export async function askTool(
  host: Host,
  argv: readonly string[],
  { install, timeoutMs = 6_000 }: { readonly install: string; readonly timeoutMs?: number },
): Promise<ToolAnswer> {
  try {
    const result = await host.run(argv, { timeoutMs, maxOutputBytes: 2 * 1024 ** 2 });
    const refused = result.exitCode !== 0 && REFUSAL.test(`${result.stderr}\n${result.stdout}`);
    return refused
      ? { result: null, problem: `${argv[0]} may not ask the device`, unlock: 'run as root' }
      : { result, problem: '', unlock: '' };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const unlock = error.reason === 'missing-tool' ? `install ${install}` : (error.unlock ?? 'run as root');
    return { result: null, problem: error.reason === 'missing-tool' ? `${argv[0]} is not installed` : error.message, unlock };
  }
}

/** undefined: not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

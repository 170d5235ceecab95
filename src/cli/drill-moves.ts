/** The moves of a drill from a file: `moves: [entry, provider, "cause:provider.down", over]`. */
import { ExitCode, OorError } from '../errors.ts';
import type { Services } from './services.ts';

const READ_LIMIT = 64 * 1024;

/** undefined: no file was given. */
export async function readMoves(services: Services, file: string | undefined): Promise<readonly string[] | undefined> {
  if (file === undefined) return undefined;
  const text = await services.readFile(file, READ_LIMIT);
  if (text === undefined) throw invalid(file, 'it does not exist');
  const { parseYaml } = await import('../playbook/yaml.ts');
  const parsed = parseYaml({ file, text });
  if (!parsed.ok) throw invalid(`${file}:${parsed.problems[0]?.line}`, parsed.problems[0]?.message ?? 'it cannot be read');
  const { moves } = (parsed.yaml.value ?? {}) as { readonly moves?: unknown };
  if (!Array.isArray(moves) || !moves.every((word) => typeof word === 'string')) throw invalid(file, 'it has no list `moves`');
  return moves as string[];
}

function invalid(file: string, why: string): OorError {
  return new OorError({
    code: 'invalid-answers',
    message: `${file}: ${why}`,
    hint: 'moves: [entry, ..., "cause:provider.down", over]; oor drill NAME --expert prints one',
    exitCode: ExitCode.invalidInput,
  });
}

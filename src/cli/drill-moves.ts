/** The moves of a drill from a file: `moves: [entry, {move: provider, thought: 40s}, "cause:provider.down", over]`. */
import { parseDuration } from '../checks/schema.ts';
import { ExitCode, OorError } from '../errors.ts';
import type { Services } from './services.ts';

const READ_LIMIT = 64 * 1024;

/** A move by its word, or by its number in the list that `--seed` orders. */
export interface WrittenMove {
  readonly move: string | number;
  /** How long somebody thought about it; `--speed` makes minutes of the incident of it. */
  readonly thoughtMs: number;
}

/** undefined: no file was given. */
export async function readMoves(services: Services, file: string | undefined): Promise<readonly WrittenMove[] | undefined> {
  if (file === undefined) return undefined;
  const text = await services.readFile(file, READ_LIMIT);
  if (text === undefined) throw invalid(file, 'it does not exist');
  const { parseYaml } = await import('../playbook/yaml.ts');
  const parsed = parseYaml({ file, text });
  if (!parsed.ok) throw invalid(`${file}:${parsed.problems[0]?.line}`, parsed.problems[0]?.message ?? 'it cannot be read');
  const { moves } = (parsed.yaml.value ?? {}) as { readonly moves?: unknown };
  if (!Array.isArray(moves)) throw invalid(file, 'it has no list `moves`');
  return moves.map((written, index) => {
    const move = readMove(written);
    if (!move) throw invalid(`${file}:${parsed.yaml.at(['moves', index]).line}`, 'a move is a word, a number, or {move, thought: 40s}');
    return move;
  });
}

function readMove(written: unknown): WrittenMove | undefined {
  if (typeof written === 'string' || typeof written === 'number') return { move: written, thoughtMs: 0 };
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return undefined;
  const { move, thought, ...rest } = written as Readonly<Record<string, unknown>>;
  const thoughtMs = typeof thought === 'string' ? parseDuration(thought) : undefined;
  if ((typeof move !== 'string' && typeof move !== 'number') || thoughtMs === undefined || Object.keys(rest).length > 0) return undefined;
  return { move, thoughtMs };
}

function invalid(file: string, why: string): OorError {
  return new OorError({
    code: 'invalid-answers',
    message: `${file}: ${why}`,
    hint: 'moves: [entry, ..., "cause:provider.down", over]; oor drill NAME --expert prints one',
    exitCode: ExitCode.invalidInput,
  });
}

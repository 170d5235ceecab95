/** Where a log comes from: a file, what a command prints, or what is piped in. */
import type { TextSource } from '../ports.ts';
import { type Infer, strictObject, v } from './schema.ts';

const argv = v.pipe(v.array(v.union([v.string(), v.number()], 'expected text or a number')), v.minLength(1));

/** As the profile names a log: a path (`-` is standard input), or one of `{file}`, `{argv}`, `{stdin: true}`. */
export const namedSource = v.union(
  [
    v.pipe(v.string(), v.minLength(1)),
    strictObject({ file: v.string() }),
    strictObject({ argv, timeout: v.optional(v.string()) }),
    strictObject({ stdin: v.literal(true) }),
  ],
  'expected a path, {file: PATH}, {argv: [...]} or {stdin: true}',
);

/** Parameters of every check that reads a log; exactly one of them is given. */
export const sourceParams = {
  /** A path, `-` for standard input, or a source as the profile writes it. */
  file: v.nullish(namedSource),
  /** A command that prints the log, oldest line first. */
  argv: v.nullish(argv),
  /** What is piped in. */
  stdin: v.nullish(v.boolean()),
};

const shape = v.object(sourceParams);
export type SourceParams = Infer<typeof shape>;

export function namesOneSource({ file, argv, stdin }: SourceParams): boolean {
  return [file != null, argv != null, stdin === true].filter(Boolean).length === 1;
}

export const ONE_SOURCE = 'expected one of `file`, `argv` and `stdin: true`';

export function textSource({ file, argv, stdin }: SourceParams): TextSource {
  if (stdin === true || file === '-') return { stdin: true };
  if (argv != null) return { argv: argv.map(String) };
  if (typeof file === 'string') return { file };
  if (file && 'file' in file) return textSource({ file: file.file });
  if (file && 'argv' in file) return textSource({ argv: file.argv });
  return { stdin: true };
}

export function describeSource(source: TextSource): string {
  if ('file' in source) return source.file;
  return 'argv' in source ? source.argv.join(' ') : 'stdin';
}

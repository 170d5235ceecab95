import { ExitCode, OorError } from '../errors.ts';
import { type Codec, compileDialect } from '../payments/iso8583/codec.ts';
import { parseDialect } from '../payments/iso8583/parse-dialect.ts';
import { formatProblem } from '../playbook/problem.ts';
import { parseYaml } from '../playbook/yaml.ts';

/** A dialect that a user wrote down: one of the shelf and what differs from it. Every mistake is reported with its line. */
export function readDialectFile(file: string, text: string): Codec {
  const parsed = parseYaml({ file, text });
  if (!parsed.ok) throw refuse(parsed.problems.map((problem) => formatProblem(problem, text)));
  const { yaml } = parsed;
  const read = parseDialect(yaml.value);
  if (read.ok) return compileDialect(read.dialect);
  throw refuse(
    read.problems.map(({ path, message }) => {
      const { line, col } = yaml.at(path === '' ? [] : path.split('.'));
      return `${file}:${line}:${col}: ${path === '' ? message : `${path}: ${message}`}`;
    }),
  );
}

function refuse(problems: readonly string[]): OorError {
  return new OorError({
    code: 'invalid-dialect',
    message: problems.join('\n'),
    hint: 'keys: id, extends, versions, mti, bitmap, digits, pad, padDigit, text, lengths, binary, fields, required, echoes',
    exitCode: ExitCode.invalidInput,
  });
}

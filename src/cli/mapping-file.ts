/** The file of `--mapping`: YAML to a mapping, or every problem in it. */
import { ExitCode, OorError } from '../errors.ts';
import { findCurrency } from '../payments/money/currencies.ts';
import { STATES } from '../payments/orders/state.ts';
import { isZone, KINDS } from '../payments/reconcile/layout.ts';
import { type Mapping, SIGNS, wrongTimeFormat } from '../payments/reconcile/mapping.ts';
import type { Problem } from '../playbook/playbook.ts';
import { choose, optional, str, strictObject, v, validate, version } from '../playbook/shape-kit.ts';
import { parseYaml } from '../playbook/yaml.ts';
import { createProblemTeller } from './masked-problem.ts';
import type { Services } from './services.ts';

const MAX_BYTES = 256 * 1024;

const number = v.pipe(v.number(), v.integer(), v.minValue(1, 'cells are counted from 1'));
const one = choose((input) => (typeof input === 'number' ? 1 : 0), str, number);
const place = choose((input) => (Array.isArray(input) ? 1 : 0), one, v.pipe(v.array(one), v.minLength(1, 'expected a column')));
const columns = {
  order_no: optional(place),
  provider_ref: optional(place),
  kind: optional(place),
  amount: place,
  currency: optional(place),
  status: optional(place),
  time: optional(place),
  fee: optional(place),
};
const currency = v.pipe(
  str,
  v.check(
    (text) => findCurrency(text) !== undefined,
    (issue) => `${issue.received} is no currency of ISO 4217`,
  ),
);
const mapping = v.pipe(
  strictObject({
    oor: version,
    name: optional(str),
    files: optional(v.array(str)),
    side: optional(v.picklist(['orders', 'statements'], 'expected orders or statements')),
    skip: optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    header: optional(v.boolean()),
    delimiter: optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1, 'expected one character'))),
    comment: optional(str),
    columns: strictObject(columns),
    constants: optional(
      strictObject({
        kind: optional(v.picklist(KINDS, `expected one of ${KINDS.join(', ')}`)),
        currency: optional(currency),
        status: optional(str),
      }),
    ),
    unit: optional(v.picklist(['major', 'minor'], 'expected major or minor')),
    decimal: optional(v.picklist(['.', ','], 'expected "." or ","')),
    sign: optional(strictObject({ negative: v.picklist(SIGNS, `expected one of ${SIGNS.join(', ')}`) })),
    time: optional(
      strictObject({
        format: optional(
          v.pipe(
            str,
            v.check(
              (text) => wrongTimeFormat(text) === undefined,
              (issue) => wrongTimeFormat(String(issue.input)) ?? 'expected a format of times',
            ),
          ),
        ),
        zone: optional(v.pipe(str, v.check(isZone, 'expected a zone such as +08:00, UTC or Asia/Shanghai'))),
      }),
    ),
    words: optional(
      strictObject({
        kind: optional(v.record(v.string(), v.picklist([...KINDS, 'skip'], `expected one of ${KINDS.join(', ')}, skip`))),
        status: optional(v.record(v.string(), v.picklist([...STATES, 'skip'], `expected one of ${STATES.join(', ')}, skip`))),
        currency: optional(v.record(v.string(), currency)),
      }),
    ),
    totals: optional(strictObject({ begins: str, count: optional(number), sum: optional(number) })),
  }),
  v.forward(
    v.check(
      ({ header, files, side }) => header !== false || files !== undefined || side !== undefined,
      'a table without a header needs files or side: which it is',
    ),
    ['header'],
  ),
  v.forward(
    v.check(
      ({ header, columns: at }) =>
        header !== false ||
        Object.values(at)
          .flat()
          .every((cell) => typeof cell === 'number'),
      'without a header columns are numbers, from 1',
    ),
    ['columns'],
  ),
  v.forward(
    v.check(
      ({ columns: at, constants }) => at.currency !== undefined || constants?.currency !== undefined,
      'currency is missing: a column, or a constant',
    ),
    ['columns'],
  ),
  v.forward(
    v.check(({ columns: at }) => at.order_no !== undefined || at.provider_ref !== undefined, 'order_no or provider_ref is missing'),
    ['columns'],
  ),
);

export async function readMappings(services: Pick<Services, 'readFile'>, files: readonly string[]): Promise<readonly NamedMapping[]> {
  return await Promise.all(files.map(async (file) => ({ file, mapping: await readMapping(services, file) })));
}

export interface NamedMapping {
  readonly file: string;
  readonly mapping: Mapping;
}

async function readMapping(services: Pick<Services, 'readFile'>, file: string): Promise<Mapping> {
  const text = await services.readFile(file, MAX_BYTES);
  if (text === undefined)
    throw new OorError({
      code: 'no-such-file',
      message: `the mapping ${file} does not exist`,
      hint: 'oor reconcile --help shows one',
      exitCode: ExitCode.usage,
    });
  const parsed = parseYaml({ file, text });
  if (!parsed.ok) throw await invalid(file, text, parsed.problems);
  const shaped = validate(mapping, parsed.yaml.value, parsed.yaml);
  if (!shaped.ok) throw await invalid(file, text, shaped.problems);
  return complete(shaped.value, file);
}

function complete(given: v.InferOutput<typeof mapping>, file: string): Mapping {
  const { oor: _, name, skip, header, unit, decimal, sign, time, words, constants, ...rest } = given;
  return {
    ...rest,
    name: name ?? nameOf(file),
    skip: skip ?? 0,
    header: header ?? true,
    constants: constants ?? {},
    unit: unit ?? 'major',
    decimal: decimal ?? '.',
    negative: sign?.negative ?? 'refuse',
    time: { format: time?.format ?? 'iso', ...(time?.zone !== undefined && { zone: time.zone }) },
    words: { kind: words?.kind ?? {}, status: words?.status ?? {}, currency: words?.currency ?? {} },
  };
}

function nameOf(file: string): string {
  return (file.split('/').at(-1) ?? file).replace(/\.ya?ml$/, '');
}

async function invalid(file: string, text: string, problems: readonly Problem[]): Promise<OorError> {
  const tell = await createProblemTeller();
  const shown = problems.slice(0, 20).map((problem) => tell.format(problem, text));
  return new OorError({
    code: 'invalid-mapping',
    message: [`the mapping ${file} has ${problems.length} problem${problems.length === 1 ? '' : 's'}`, ...shown].join('\n'),
    hint: 'oor reconcile --help shows one that works',
    exitCode: ExitCode.invalidInput,
  });
}

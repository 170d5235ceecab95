/** `oor playbook lint`: everything wrong with playbooks at once, for a person, a pipeline, a code host. */
import type { CheckRegistry } from '../checks/check.ts';
import { loadChecks } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import { examinePlaybook, type Opened, openPrepared } from '../playbook/examine.ts';
import type { Problem } from '../playbook/playbook.ts';
import type { Language } from '../ports.ts';
import { jsonLine } from '../report/json-text.ts';
import { LINT_FORMATS } from './formats.ts';
import { createProblemTeller } from './masked-problem.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import { nameOf } from './prepare.ts';
import type { NamedText, Services } from './services.ts';

/** One byte more than the parser accepts, so that it can say how much is too much without reading a giant file. */
const READ_LIMIT = 256 * 1024 + 1;
type Format = (typeof LINT_FORMATS)[number];

/** 65 when one is an error; with `--fail-on warn` also when one is a warning. Without files: the shipped playbooks. */
export async function lintCommand(services: Services, files: readonly string[], options: GlobalOptions): Promise<number> {
  const format = formatOf(options);
  const startedAt = services.clock.now().monoMs;
  const shipped = await services.shippedPlaybooks();
  const sources = await Promise.all(files.map((file) => readSource(services, file)));
  const registry = await loadChecks();
  const opened = openPrepared(shipped);
  const linted = files.length === 0 ? shipped : sources;
  const found = linted.flatMap((source) => examineOne(services, source, { shipped, registry, opened }));
  // What is wrong with a part is found again in every playbook that includes it.
  const problems = [...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values()];
  const texts = new Map([...shipped, ...sources].map(({ file, text }) => [file, text]));
  const textOf = ({ file }: Problem): string => texts.get(file) ?? '';
  const took = Math.round(services.clock.now().monoMs - startedAt);
  await services.out(
    await render(services, { format, problems, textOf, playbooks: linted.length, took, language: policyOf(options, services).language }),
  );
  const bad = problems.some(({ severity }) => severity === 'error' || options.failOn === 'warn');
  return bad ? ExitCode.invalidInput : ExitCode.healthy;
}

function formatOf({ json, format = json ? 'json' : 'text' }: GlobalOptions): Format {
  const known = LINT_FORMATS.find((each) => each === format);
  if (!known) throw usage(`playbook lint has no format ${format}`, `one of: ${LINT_FORMATS.join(', ')}`);
  return known;
}

async function readSource(services: Services, file: string): Promise<NamedText> {
  const text = await services.readFile(file, READ_LIMIT);
  if (text === undefined) throw usage(`${file} does not exist`, 'name a playbook file');
  return { file, text };
}

interface Around {
  readonly shipped: readonly NamedText[];
  readonly registry: CheckRegistry;
  readonly opened: Opened;
}

function examineOne(services: Services, source: NamedText, { shipped, registry, opened }: Around): readonly Problem[] {
  const include = (name: string): NamedText | undefined => shipped.find(({ file }) => nameOf(file) === name);
  const { timeLimit, sha256 } = services;
  return examinePlaybook({ ...source, registry, timeLimit, sha256, include }, opened);
}

interface Linted {
  readonly format: Format;
  readonly problems: readonly Problem[];
  readonly textOf: (problem: Problem) => string;
  readonly playbooks: number;
  readonly took: number;
  readonly language: Language;
}

async function render({ version }: Services, { format, problems, textOf, playbooks, took, language }: Linted): Promise<string> {
  const tell = await createProblemTeller();
  const told = (): Problem[] => problems.map((problem) => tell.problem(problem, textOf(problem)));
  switch (format) {
    case 'json':
      return jsonLine({ schema_version: 1, problems: told(), playbooks, duration_ms: took }, 2);
    case 'sarif':
      return (await import('../report/lint-sarif.ts')).renderLintSarif({ version, problems: told() });
    case 'github':
      return (await import('../report/lint-github.ts')).renderLintGithub(told());
    default: {
      const lines = problems.map((problem) => `${tell.format(problem, textOf(problem))}\n`);
      if (language === 'zh-CN')
        return `${(await import('./problem-words-zh.ts')).translateProblems(lines.join(''))}${playbooks} 个剧本，${problems.length} 个问题（${took} ms）\n`;
      const count = (what: string, n: number): string => `${n} ${what}${n === 1 ? '' : 's'}`;
      return `${lines.join('')}${count('playbook', playbooks)}, ${count('problem', problems.length)} (${took} ms)\n`;
    }
  }
}

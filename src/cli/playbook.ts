import type { CheckRegistry } from '../checks/check.ts';
import { loadChecks } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import { parsePlaybook } from '../playbook/parse.ts';
import type { Problem } from '../playbook/playbook.ts';
import { jsonLine } from '../report/json-text.ts';
import { createProblemTeller } from './masked-problem.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import type { NamedText, Services } from './services.ts';

export async function playbookCommand(services: Services, [action, ...files]: readonly string[], options: GlobalOptions): Promise<number> {
  if (action === 'list') return await listPlaybooks(services, options);
  if (action === 'show') return await showPlaybook(services, files[0], options);
  if (action === 'lint') return await lintFiles(services, files, options);
  throw usage(`playbook ${action ?? ''}: no such action`, 'one of: list, show NAME, lint [FILE...]');
}

async function listPlaybooks(services: Services, options: GlobalOptions): Promise<number> {
  const { language } = policyOf(options, services);
  const rows = [];
  for (const { file } of await services.shippedPlaybooks()) {
    const { playbook } = await loadPlaybook(services, nameOf(file), {});
    rows.push({
      id: playbook.id,
      title: playbook.title,
      steps: playbook.steps.length,
      causes: playbook.causes.length,
      fixes: playbook.fixes.map(({ id }) => id),
      sha256: playbook.sha256,
    });
  }
  await services.out(
    options.json
      ? jsonLine(rows, 2)
      : rows.map(({ id, title, steps, causes }) => `${id}  ${title[language] ?? title.en}  (${steps} steps, ${causes} causes)\n`).join(''),
  );
  return ExitCode.healthy;
}

async function showPlaybook(services: Services, name: string | undefined, options: GlobalOptions): Promise<number> {
  if (name === undefined) throw usage('playbook show needs a name', 'see: oor playbook list');
  const { playbook } = await loadPlaybook(services, name, options);
  await services.out(playbook.text);
  return ExitCode.healthy;
}

/** Problems of all files at once; 65 when one is an error. */
async function lintFiles(services: Services, files: readonly string[], options: GlobalOptions): Promise<number> {
  const shipped = await services.shippedPlaybooks();
  const sources: NamedText[] = [];
  for (const file of files) {
    const text = await services.readFile(file, 256 * 1024 + 1);
    if (text === undefined) throw usage(`${file} does not exist`, 'name a playbook file');
    sources.push({ file, text });
  }
  const registry = await loadChecks();
  const linted = files.length === 0 ? shipped : sources;
  const found = linted.flatMap((source) => lintOne(services, source, shipped, registry));
  // What is wrong with a part is found again in every playbook that includes it.
  const problems = [...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values()];
  const texts = new Map([...shipped, ...sources].map(({ file, text }) => [file, text]));
  const textOf = ({ file }: Problem): string => texts.get(file) ?? '';
  const tell = await createProblemTeller();
  if (options.json)
    await services.out(jsonLine({ schema_version: 1, problems: problems.map((problem) => tell.problem(problem, textOf(problem))) }, 2));
  else {
    const lines = problems.map((problem) => `${tell.format(problem, textOf(problem))}\n`);
    await services.out(lines.join('') || `${linted.length} playbooks, 0 problems\n`);
  }
  return problems.some(({ severity }) => severity === 'error') ? ExitCode.invalidInput : ExitCode.healthy;
}

function lintOne(services: Services, source: NamedText, shipped: readonly NamedText[], registry: CheckRegistry): readonly Problem[] {
  const parsed = parsePlaybook({
    ...source,
    registry,
    timeLimit: services.timeLimit,
    sha256: services.sha256,
    include: (name) => shipped.find(({ file }) => nameOf(file) === name),
  });
  return parsed.ok ? parsed.warnings : parsed.problems;
}

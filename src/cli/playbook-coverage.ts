/** `oor playbook coverage`: the rows of the mission against what answers them. */
import { ExitCode } from '../errors.ts';
import { type Answering, type Coverage, type CoveringPlaybook, coverRows } from '../playbook/coverage.ts';
import { FEATURES, type Feature } from '../playbook/features.ts';
import { openSource } from '../playbook/parse-with.ts';
import { ROWS } from '../playbook/rows.ts';
import { suggestion } from '../playbook/suggest.ts';
import type { Language } from '../ports.ts';
import { escapeControlInLine } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import type { HelpPage } from './help.ts';
import { type GlobalOptions, policyOf } from './options.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import type { NamedText, Services } from './services.ts';

/** 0 when every row is answered. Files of one's own are counted beside the shipped ones. */
export async function coverageCommand(
  services: Services,
  files: readonly string[],
  options: GlobalOptions,
  help: { readonly program: HelpPage; readonly commands: readonly HelpPage[] },
): Promise<number> {
  refuseStale(FEATURES, help);
  const own = await Promise.all(files.map(async (file) => ({ file, text: (await loadPlaybook(services, file, options)).playbook.text })));
  const coverage = coverRows([...(await services.shippedPlaybooks()), ...own].map(toCovering), FEATURES);
  const { language } = policyOf(options, services);
  await services.out(options.json ? jsonLine({ schema_version: 1, ...coverage }, 2) : describe(coverage, language));
  return coverage.missing.length === 0 ? ExitCode.healthy : ExitCode.fault;
}

function toCovering(source: NamedText): CoveringPlaybook {
  const id = nameOf(source.file);
  if (source.prepared) return { id, raw: source.prepared.raw };
  const opened = openSource(source);
  if (!opened.ok) throw new Error(`${source.file}: ${opened.problems[0]?.message}`);
  return { id, raw: opened.value.raw };
}

/** A command that went away, and a row that nobody knows, are defects of this program. */
function refuseStale(features: readonly Feature[], { program, commands }: Parameters<typeof coverageCommand>[3]): void {
  for (const { row, command } of features) {
    if (!Object.hasOwn(ROWS, row)) throw new Error(`oor ${command} answers ${row}, and there is no such row`);
    const [name = '', ...words] = command.split(' ');
    const page = commands.find((each) => each.name() === name);
    if (!page) throw new Error(`${row} is answered by oor ${command}, and there is no command ${name}${hint(name, commands)}`);
    const pages = `${page.helpInformation()}\n${program.helpInformation()}`;
    const unknown = words.find((word) => !hasWord(pages, word));
    if (unknown !== undefined) throw new Error(`${row} is answered by oor ${command}, and oor ${name} knows no ${unknown}`);
  }
}

function hint(name: string, commands: readonly HelpPage[]): string {
  const near = suggestion(
    name,
    commands.map((each) => each.name()),
  );
  return near === undefined ? '' : ` (${near})`;
}

function hasWord(text: string, word: string): boolean {
  return text.split(/[^\w-]+/).includes(word);
}

function describe({ rows, covered, missing, map }: Coverage, language: Language): string {
  const titleOf = (row: string): string => ROWS[row]?.[language] ?? ROWS[row]?.en ?? '';
  const lines = Object.entries(map).flatMap(([row, answering]) => [
    `${row}  ${titleOf(row)}`,
    ...[...new Set(answering.map(describeOne))].map((line) => `     ${escapeControlInLine(line)}`),
  ]);
  const end = missing.map((row) => `missing: ${row}  ${titleOf(row)}`);
  return `${[...lines, ...end, language === 'en' ? `${covered} of ${rows} rows are answered` : `${rows} 行中有 ${covered} 行已有答案`].join('\n')}\n`;
}

function describeOne({ kind, ref, playbook, step, does }: Answering): string {
  if (does !== undefined) return `${kind.padEnd(8)} ${ref}: ${does}`;
  return `${kind.padEnd(8)} ${ref}  ${playbook}${step === undefined ? '' : `: ${step}`}`;
}

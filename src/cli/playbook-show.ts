/** A playbook to read, to draw, to edit by: `oor playbook list`, `show`, `graph`, `schema`. */
import { ExitCode } from '../errors.ts';
import { suggestion } from '../playbook/suggest.ts';
import { jsonLine } from '../report/json-text.ts';
import { GRAPH_FORMATS, SHOW_FORMATS } from './formats.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import { loadPlaybook, nameOf } from './prepare.ts';
import type { Services } from './services.ts';

export async function listCommand(services: Services, options: GlobalOptions): Promise<number> {
  const { language } = policyOf(options, services);
  const counted = (steps: number, causes: number): string =>
    language === 'en' ? `(${steps} steps, ${causes} causes)` : `（${steps} 步，${causes} 个原因）`;
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
      : rows.map(({ id, title, steps, causes }) => `${id}  ${title[language] ?? title.en}  ${counted(steps, causes)}\n`).join(''),
  );
  return ExitCode.healthy;
}

/** As it was written, or as a page. */
export async function showCommand(services: Services, [name]: readonly string[], options: GlobalOptions): Promise<number> {
  if (name === undefined) throw usage('playbook show needs a name', 'see: oor playbook list');
  const { format = 'yaml' } = options;
  if (!SHOW_FORMATS.some((known) => known === format))
    throw usage(`playbook show has no format ${format}`, `one of: ${SHOW_FORMATS.join(', ')}`);
  const { playbook } = await loadPlaybook(services, name, options);
  const { id, sha256, text } = playbook;
  if (options.json) await services.out(jsonLine({ schema_version: 1, id, sha256, text }, 2));
  else if (format !== 'md') await services.out(text);
  else
    await services.out(
      (await import('../report/playbook-markdown.ts')).renderPlaybookMarkdown(playbook, policyOf(options, services).language),
    );
  return ExitCode.healthy;
}

export interface GraphOptions extends GlobalOptions {
  readonly cause?: string;
  readonly out?: string;
}

export async function graphCommand(services: Services, [name]: readonly string[], options: GraphOptions): Promise<number> {
  if (name === undefined) throw usage('playbook graph needs a playbook', 'see: oor playbook list');
  const { format = options.out?.endsWith('.svg') ? 'svg' : 'mermaid', cause } = options;
  if (!GRAPH_FORMATS.some((known) => known === format))
    throw usage(`playbook graph has no format ${format}`, `one of: ${GRAPH_FORMATS.join(', ')}`);
  const { playbook } = await loadPlaybook(services, name, options);
  const ids = playbook.causes.map(({ id }) => id);
  if (cause !== undefined && !ids.includes(cause))
    throw usage(`${playbook.id} has no cause ${cause}`, suggestion(cause, ids) ?? `see: oor playbook show ${name} --format md`);
  const { graphOf } = await import('../report/playbook-graph.ts');
  const graph = graphOf(playbook, policyOf(options, services).language, cause);
  const text =
    format === 'svg'
      ? (await import('../report/playbook-svg.ts')).renderPlaybookSvg(graph)
      : (await import('../report/playbook-mermaid.ts')).renderMermaid(graph);
  if (options.out !== undefined) await services.writeFile(options.out, text, 0o644);
  // A format that is named outranks the short flag.
  else if (options.json && options.format === undefined)
    await services.out(jsonLine({ schema_version: 1, id: playbook.id, format, text }, 2));
  else await services.out(text);
  return ExitCode.healthy;
}

/** For editors; made of the shapes that validate, and shipped beside the playbooks. */
export async function schemaCommand(services: Services, [what = 'playbook']: readonly string[]): Promise<number> {
  if (what !== 'playbook' && what !== 'profile') throw usage(`there is no schema ${what}`, 'one of: playbook, profile');
  await services.out(await services.shippedSchema(what));
  return ExitCode.healthy;
}

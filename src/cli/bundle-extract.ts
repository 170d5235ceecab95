/** One entry to stdout, or some of them into a folder that was not there. */
import { ExitCode } from '../errors.ts';
import { escapeControl } from '../report/escape.ts';
import type { BundleOptions } from './bundle.ts';
import { openSound } from './bundle-open.ts';
import { bundleWords } from './bundle-words.ts';
import { policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

export async function extractCommand(services: Services, [file, ...wanted]: readonly string[], options: BundleOptions): Promise<number> {
  if (file === undefined)
    throw usage('bundle extract needs a file', 'for example: oor bundle extract incident.tar.gz report.html > report.html');
  const { entries } = await openSound(services, file, options);
  const unknown = wanted.find((name) => !entries.has(name));
  if (unknown !== undefined) throw usage(`${file} has no entry ${JSON.stringify(unknown)}`, `list them with: oor bundle inspect ${file}`);
  const { language } = policyOf(options, services);
  if (options.out !== undefined) {
    const chosen = [...entries].filter(([name]) => wanted.length === 0 || wanted.includes(name)).map(([name, bytes]) => ({ name, bytes }));
    await (await services.archives()).writeFolder(options.out, chosen);
    if (!options.quiet) services.err(`${bundleWords(language)('extracted', { count: chosen.length, folder: options.out })}\n`);
    return ExitCode.healthy;
  }
  const [name, ...others] = wanted;
  if (name === undefined || others.length > 0) throw usage('to stdout goes one entry', 'more of them go into a new folder: --out FOLDER');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(entries.get(name));
  // Into a file as it is; what a terminal would obey is shown instead.
  await services.out(services.terminal.stdoutIsTTY ? escapeControl(text) : text);
  return ExitCode.healthy;
}

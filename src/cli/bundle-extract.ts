/** One entry to stdout, or some of them into a folder that was not there. */
import { refuseFindings, scanOptions } from '../bundle/gate.ts';
import { digestsIn, parseManifest } from '../bundle/manifest.ts';
import { ExitCode } from '../errors.ts';
import type { ArchiveEntry } from '../ports.ts';
import { escapeControl } from '../report/escape.ts';
import type { BundleOptions } from './bundle.ts';
import { openSound } from './bundle-open.ts';
import { bundleWords } from './bundle-words.ts';
import { policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

export async function extractCommand(services: Services, [file, ...wanted]: readonly string[], options: BundleOptions): Promise<number> {
  if (file === undefined)
    throw usage('bundle extract needs a file', 'for example: oor bundle extract incident.tar.gz report.html > report.html');
  const { unpacked } = await openSound(services, file, options);
  const unknown = wanted.find((each) => !unpacked.entries.some(({ name }) => isWithin(name, each)));
  if (unknown !== undefined) throw usage(`${file} has no entry ${JSON.stringify(unknown)}`, `list them with: oor bundle inspect ${file}`);
  const chosen = unpacked.entries.filter(({ name }) => wanted.length === 0 || wanted.some((each) => isWithin(name, each)));
  const [only, ...others] = chosen;
  if (options.out === undefined && (wanted.length === 0 || only === undefined || others.length > 0))
    throw usage('to stdout goes one entry', 'more of them go into a new folder: --out FOLDER');
  const [archives, seals] = [await services.archives(), await services.seals(options.stateDir)];
  refuseFindings(
    { archives, seals, scan: scanOptions(archives, []), digests: namedDigests(unpacked.entries) },
    { entries: chosen, all: unpacked.entries, hint: HINT },
  );
  if (options.out !== undefined) {
    await archives.writeFolder(options.out, chosen);
    const { language } = policyOf(options, services);
    if (!options.quiet) services.err(`${bundleWords(language)('extracted', { count: chosen.length, folder: options.out })}\n`);
    return ExitCode.healthy;
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(only?.bytes);
  // Into a file as it is; what a terminal would obey is shown instead.
  await services.out(services.terminal.stdoutIsTTY ? escapeControl(text) : text);
  return ExitCode.healthy;
}

/** An entry, or what lies in a folder of the bundle. */
function isWithin(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(wanted.endsWith('/') ? wanted : `${wanted}/`);
}

const HINT =
  'oor lets no such thing into a bundle: somebody wrote it in by hand; ask for one that was not changed, and tell whose bundle this is';

/** Of what a merged bundle names and does not hold. */
function namedDigests(entries: readonly ArchiveEntry[]): readonly string[] {
  const manifests = entries.filter(({ name }) => name.endsWith('manifest.json'));
  return manifests.flatMap(({ bytes }) => {
    const manifest = parseManifest(new TextDecoder().decode(bytes));
    return manifest ? digestsIn(manifest) : [];
  });
}

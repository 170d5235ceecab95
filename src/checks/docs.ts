/** The paragraph of each check for its reference page. No run needs them, so they stand by themselves and are loaded by whoever explains. */
import type { Language } from '../ports.ts';
import { evidenceDocs } from './docs-evidence.ts';
import { hardwareDocs } from './docs-hardware.ts';
import { networkDocs } from './docs-network.ts';
import { softwareDocs } from './docs-software.ts';
import type { CheckId } from './index.ts';

export type CheckDocs = Readonly<Record<Language, string>>;

const docs: Readonly<Record<CheckId, CheckDocs>> = { ...evidenceDocs, ...hardwareDocs, ...softwareDocs, ...networkDocs };

export function docsOf(id: string): CheckDocs {
  const found = docs[id as CheckId];
  if (found === undefined) throw new Error(`no docs of ${id}`);
  return found;
}

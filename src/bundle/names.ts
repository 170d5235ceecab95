/** Which entries a bundle has. What is called otherwise was not written by oor. Pure. */

export const REPORT = 'report.html';
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.json.sig';
export const JOURNAL = 'journal.jsonl';
/** Of a bundle of several hosts. */
export const TIMELINE = 'timeline.jsonl';
export const DIAGNOSIS = 'diagnosis.json';

/** No part begins with a point, so none is `..` or hidden. */
const PART = '[A-Za-z0-9_@+=-][A-Za-z0-9_@+=.-]*';
const NAMES = new RegExp(
  `^(?:report\\.html|manifest\\.json|manifest\\.json\\.sig|journal\\.jsonl|timeline\\.jsonl|diagnosis\\.json|playbook/${PART}\\.yaml|artifacts/${PART}/${PART}\\.txt|letters/${PART}\\.csv|hosts/${PART}/(?:journal\\.jsonl|manifest\\.json|manifest\\.json\\.sig))$`,
);
/** As long as the header of an archive allows. */
const MAX_LENGTH = 100;

export function isEntryName(name: string): boolean {
  return name.length <= MAX_LENGTH && NAMES.test(name);
}

/** A part of a name out of anything: what cannot stand there becomes `-`. */
export function namePart(text: string, maxLength: number): string {
  const plain = text
    .replace(/[^A-Za-z0-9_@+=.-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  return plain.slice(0, maxLength) || 'x';
}

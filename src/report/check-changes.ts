/** `oor check --compare`: what changed since a snapshot, for a person and for programs. */
import type { Json, JsonObject } from '../ports.ts';
import { escapeControlInLine } from './escape.ts';

/** As the comparison of two snapshots gives it. */
export interface Changes {
  readonly tool: { readonly name: string; readonly version: string };
  readonly host: string;
  readonly snapshot: { readonly taken_at: string; readonly tool: { readonly name: string; readonly version: string } };
  readonly comparedAt: string;
  readonly compared: readonly string[];
  readonly differences: readonly {
    readonly section: string;
    readonly change: 'added' | 'removed' | 'changed';
    readonly item: string;
    readonly fields: readonly { readonly field: string; readonly before?: Json; readonly after?: Json }[];
  }[];
  readonly unseen: readonly {
    readonly section: string;
    readonly when: 'before' | 'now';
    readonly item: string;
    readonly why: string;
    readonly unlock: string;
  }[];
}

export function renderChangesJson({ tool, host, snapshot, comparedAt, compared, differences, unseen }: Changes, exitCode: number): string {
  const result: JsonObject = {
    schema_version: 1,
    tool,
    host,
    snapshot,
    compared_at: comparedAt,
    exit_code: exitCode,
    compared,
    changes: differences.map(({ section, change, item, fields }) => ({
      section,
      change,
      item,
      fields: fields.map(({ field, before, after }) => ({ field, before: before ?? null, after: after ?? null })),
    })),
    unknown: unseen.map((each) => ({ ...each })),
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

const MARKS = { added: '+', removed: '-', changed: '~' } as const;

export function renderChangesText({ snapshot, host, compared, differences, unseen }: Changes): string {
  const sections = [...new Set(differences.map(({ section }) => section))];
  const blocks = sections.map((section) => {
    const own = differences.filter((difference) => difference.section === section);
    return [
      section,
      ...own.flatMap(({ change, item, fields }) => [
        `  ${MARKS[change]} ${line(item)}${fields.length === 1 ? `  ${describeField(fields[0])}` : ''}`,
        ...(fields.length > 1 ? fields.map((field) => `      ${field.field}: ${describeField(field)}`) : []),
      ]),
    ];
  });
  const blind = unseen
    .filter(
      (each) =>
        each.when === 'now' || !unseen.some((other) => other.when === 'now' && other.section === each.section && other.item === each.item),
    )
    .map(({ section, item, when, why, unlock }) => {
      const what = item === '*' ? section : `${section} ${line(item)}`;
      return `  ? ${what}${when === 'before' ? ' (in the snapshot)' : ''}: ${line(why)} -> ${line(unlock)}`;
    });
  const count = differences.length === 1 ? '1 change' : `${differences.length} changes`;
  const head = `${line(host)}: ${count} since ${snapshot.taken_at}, in ${compared.length} sections that could be compared`;
  return [...blocks.flatMap((block) => [...block, '']), ...(blind.length === 0 ? [] : ['could not tell', ...blind, '']), head]
    .map((text) => `${text}\n`)
    .join('');
}

function describeField(field: Changes['differences'][number]['fields'][number] | undefined): string {
  const { before, after } = field ?? {};
  if (before === undefined) return value(after);
  return after === undefined ? `was ${value(before)}` : `${value(before)} -> ${value(after)}`;
}

function value(shown: Json | undefined): string {
  if (Array.isArray(shown)) return shown.length === 0 ? 'none' : line(shown.join(', '));
  return shown === undefined || shown === '' ? 'none' : line(String(shown));
}

function line(text: string): string {
  return escapeControlInLine(text);
}

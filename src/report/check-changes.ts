/** `oor check --compare`: what changed since a snapshot, for a person and for programs. */
import { describeReason } from '../checks/check.ts';
import type { Json, JsonObject, Language, Text } from '../ports.ts';
import { escapeControlInLine } from './escape.ts';
import { jsonLine } from './json-text.ts';

/** As the comparison of two snapshots gives it. */
export interface Changes {
  readonly tool: { readonly name: string; readonly version: string };
  readonly host: string;
  readonly snapshot: {
    readonly host: string;
    readonly taken_at: string;
    readonly tool: { readonly name: string; readonly version: string };
  };
  readonly comparedAt: string;
  readonly compared: readonly string[];
  readonly differences: readonly {
    readonly section: string;
    readonly change: 'added' | 'removed' | 'changed';
    readonly item: string;
    /** What it means. */
    readonly text: Text;
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

export function renderChangesJson(
  { tool, host, snapshot, comparedAt, compared, differences, unseen }: Changes,
  exitCode: number,
  language: Language,
): string {
  const result: JsonObject = {
    schema_version: 1,
    tool,
    host,
    snapshot,
    same_host: snapshot.host === host,
    compared_at: comparedAt,
    exit_code: exitCode,
    compared,
    changes: differences.map(({ section, change, item, text, fields }) => ({
      section,
      change,
      item,
      summary: text[language] ?? text.en,
      fields: fields.map(({ field, before, after }) => ({ field, before: before ?? null, after: after ?? null })),
    })),
    unknown: unseen.map((each) => ({ ...each })),
  };
  return jsonLine(result, 2);
}

const MARKS = { added: '+', removed: '-', changed: '~' } as const;

const WORDS = {
  en: {
    blind: 'could not tell',
    before: ' (in the snapshot)',
    elsewhere: (then: string, now: string) => `the snapshot is of ${then}, this is ${now}: much of it differs by nature`,
    head: (host: string, count: number, since: string, sections: number) =>
      `${host}: ${count === 1 ? '1 change' : `${count} changes`} since ${since}, in ${sections} sections that could be compared`,
  },
  'zh-CN': {
    blind: '无法判断',
    before: '（快照中）',
    elsewhere: (then: string, now: string) => `快照来自 ${then}，当前主机为 ${now}：许多差异属正常`,
    head: (host: string, count: number, since: string, sections: number) =>
      `${host}：自 ${since} 以来有 ${count} 处变更（比较了 ${sections} 类）`,
  },
} as const;

export function renderChangesText({ snapshot, host, compared, differences, unseen }: Changes, language: Language): string {
  const words = WORDS[language];
  const sections = [...new Set(differences.map(({ section }) => section))];
  const blocks = sections.map((section) => {
    const own = differences.filter((difference) => difference.section === section);
    return [section, ...own.map(({ change, text }) => `  ${MARKS[change]} ${line(text[language] ?? text.en)}`)];
  });
  const blind = unseen
    .filter(
      (each) =>
        each.when === 'now' || !unseen.some((other) => other.when === 'now' && other.section === each.section && other.item === each.item),
    )
    .map(({ section, item, when, why, unlock }) => {
      const what = item === '*' ? section : `${section} ${line(item)}`;
      return `  ? ${what}${when === 'before' ? words.before : ''}: ${line(describeReason(why, language))} -> ${line(describeReason(unlock, language))}`;
    });
  const elsewhere = snapshot.host === host ? [] : [words.elsewhere(line(snapshot.host), line(host)), ''];
  const head = words.head(line(host), differences.length, snapshot.taken_at, compared.length);
  return [...elsewhere, ...blocks.flatMap((block) => [...block, '']), ...(blind.length === 0 ? [] : [words.blind, ...blind, '']), head]
    .map((text) => `${text}\n`)
    .join('');
}

function line(text: string): string {
  return escapeControlInLine(text);
}

/** A site profile as a person would write it: one key a line, and beside it where the value comes from. Pure. */
import type { Json } from '../ports.ts';

export interface Line {
  readonly key: string;
  readonly value: Json;
  /** Where it comes from. */
  readonly note?: string | undefined;
}

/** One entry of a list of the profile. */
export interface Entry {
  readonly note: string;
  readonly lines: readonly Line[];
}

export interface Section {
  readonly key: string;
  readonly note?: string;
  /** A list of entries, a map of lines, or one value. */
  readonly content: { readonly entries: readonly Entry[] } | { readonly lines: readonly Line[] } | { readonly value: Json };
}

const NOTE_COLUMN = 64;

export function renderProfile(header: readonly string[], sections: readonly Section[]): string {
  const parts = sections.filter(({ content }) => !isEmpty(content)).map(renderSection);
  return `${header.map((line) => `# ${line}`.trimEnd()).join('\n')}\noor: 1\n${parts.join('')}`;
}

function isEmpty(content: Section['content']): boolean {
  if ('entries' in content) return content.entries.length === 0;
  if ('lines' in content) return content.lines.length === 0;
  return content.value === null || (Array.isArray(content.value) && content.value.length === 0);
}

function renderSection({ key, note, content }: Section): string {
  if ('value' in content) return `\n${withNote(`${key}: ${flow(content.value)}`, note)}`;
  const head = `\n${note === undefined ? '' : `# ${clean(note)}\n`}${key}:\n`;
  if ('lines' in content) return head + content.lines.map((line) => renderLine(line, '  ')).join('');
  return head + content.entries.map(renderEntry).join('');
}

function renderEntry({ note, lines }: Entry): string {
  const body = lines.map((line, index) => renderLine(line, index === 0 ? '  - ' : '    ')).join('');
  return `  # ${clean(note)}\n${body}`;
}

function renderLine({ key, value, note }: Line, indent: string): string {
  return withNote(`${indent}${scalar(key)}: ${flow(value)}`, note);
}

function withNote(text: string, note: string | undefined): string {
  return note === undefined ? `${text}\n` : `${text.padEnd(NOTE_COLUMN - 1)} # ${clean(note)}\n`;
}

function flow(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value as { readonly [key: string]: Json })
      .map(([key, inner]) => `${scalar(key)}: ${flow(inner)}`)
      .join(', ')} }`;
  return typeof value === 'string' ? scalar(value) : String(value);
}

/** Quoted where YAML could read it as something else, or where it could end early inside brackets. */
function scalar(text: string): string {
  const plain =
    /^[A-Za-z_./][\w./@+-]*(?:[:][\w./@+-]+)*$/.test(text) && !/^(?:true|false|yes|no|on|off|null|y|n|~|\.inf|\.nan)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}

/** A comment is one line, whatever a machine was called. */
function clean(note: string): string {
  return note.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}

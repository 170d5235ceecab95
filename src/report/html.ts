/**
 * Markup that cannot be broken out of: what stands in a template is markup, whatever is filled in is text unless it was made here.
 * Attribute values are always quoted in the templates.
 */
import { escapeControl } from './escape.ts';

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | false | null | undefined | readonly Part[];

export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(fixed.reduce((made, text, index) => `${made}${fill(parts[index - 1])}${text}`));
}

/** Text that stands between tags and in no attribute: its quotes may stay, which halves what JSON takes. */
export function between(text: string): Markup {
  return new Markup(safe(text).replace(/[&<>]/g, nameEntity));
}

export const NOTHING = new Markup('');

function fill(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(fill).join('');
  if (part === false || part === null || part === undefined) return '';
  return safe(String(part)).replace(/[&<>"'`]/g, nameEntity);
}

/** Nearly all text is plain, and then nothing of it has to be looked at one by one. */
function safe(text: string): string {
  return /^[\n\t\x20-\x7e]*$/.test(text) ? text : escapeControl(text);
}

function nameEntity(character: string): string {
  return ENTITIES[character] ?? character;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

/** JSON as it leaves: whatever a terminal would obey or nobody can see is written as `\uXXXX`, which every reader turns back. Pure. */
import { UNSAFE } from './escape.ts';

/** The only way from a value to JSON for people, pipelines and files; `indent` 0: one line. */
export function toJson(value: unknown, indent = 0): string {
  // A line break between values is the only raw one: JSON has its own escapes for C0 and for lone surrogates.
  return JSON.stringify(value, null, indent).replace(UNSAFE, escapeUnits);
}

/** A value and the end of its line. */
export function jsonLine(value: unknown, indent = 0): string {
  return `${toJson(value, indent)}\n`;
}

/** Beyond the first plane JSON knows only pairs of units. */
function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
}

import type { Json } from '../ports.ts';
import { type Lines, type ScalarStyle, sourceOffset } from './lines.ts';
import type { Problem } from './playbook.ts';
import type { Span } from './problem.ts';

export type Path = readonly (string | number)[];

/** A parsed file: its value and where everything in it stands. */
export interface YamlFile {
  readonly file: string;
  readonly text: string;
  readonly value: Json;
  /** The value at a path; for a path that does not exist, its nearest existing parent. */
  at(path: Path): Span;
  /** The key that leads to the value. */
  keyAt(path: Path): Span;
  /** A stretch inside a string value, counted in the string as parsed. */
  within(path: Path, offset: number, length: number): Span;
  /** The value as it was written, e.g. `1.10` where the value is 1.1. */
  source(path: Path): string;
}

export type YamlResult = { readonly ok: true; readonly yaml: YamlFile } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Offsets of a stretch of the text. */
export type Range = readonly [number, number, ...number[]];

export interface Place {
  readonly value: Range;
  readonly key?: Range;
  readonly style?: ScalarStyle;
}

// Keys with a NUL are refused.
export function pointer(path: Path): string {
  return path.join('\0');
}

export interface YamlParts {
  readonly file: string;
  readonly text: string;
  readonly value: Json;
  /** By `pointer(path)`. */
  readonly places: ReadonlyMap<string, Place>;
  readonly lines: Lines;
}

export function createYamlFile({ file, text, value, places, lines }: YamlParts): YamlFile {
  const find = (path: Path): Place => {
    for (let length = path.length; length >= 0; length -= 1) {
      const place = places.get(pointer(path.slice(0, length)));
      if (place) return length === path.length ? place : { value: place.key ?? firstLine(text, place.value) };
    }
    return { value: [0, 1] };
  };
  const span = (range: Range): Span => {
    const [start, end] = firstLine(text, range);
    return lines.span(start, end);
  };
  return {
    file,
    text,
    value,
    at: (path) => span(find(path).value),
    keyAt(path) {
      const place = find(path);
      return span(place.key ?? place.value);
    },
    within(path, offset, length) {
      const { value: range, style } = find(path);
      if (!style) return span(range);
      const start = range[0] + sourceOffset(text.slice(range[0], range[1]), style, offset, textAt(value, path));
      return lines.span(start, Math.min(start + Math.max(1, length), Math.max(range[1], start + 1)));
    },
    source: (path) => text.slice(...(find(path).value.slice(0, 2) as [number, number])),
  };
}

function textAt(value: Json, path: Path): string {
  const found = path.reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key], value);
  return typeof found === 'string' ? found : '';
}

/** A caret never underlines more than the first line. */
function firstLine(text: string, [start, end]: Range): [number, number] {
  const newline = text.indexOf('\n', start);
  return [start, newline >= 0 && newline < end ? newline : end];
}

/**
 * YAML text to plain JSON with the place of every key and value. The only importer of the YAML package;
 * none of that package's own types leaves this file.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, Lexer, type Node, parseDocument, type Scalar } from 'yaml';
import type { Json } from '../ports.ts';
import { indexLines, type Lines, type ScalarStyle } from './lines.ts';
import { findExcess, type Refusal } from './nesting.ts';
import type { Problem } from './playbook.ts';
import { createYamlFile, type Path, type Place, pointer, type Range, type YamlResult } from './yaml-file.ts';

export const MAX_BYTES = 256 * 1024;
export const MAX_DEPTH = 64;
/** Aliases in the text; those of a plain text cost nothing. */
const MAX_ALIASES = 1_000;
/** Lists and maps that aliases may copy, copies of copies included. */
const MAX_COPIES = 20;
/** Parsing time grows with this number; a dense playbook of MAX_BYTES has about 41,000. */
const MAX_TOKENS = 60_000;
const MAX_PROBLEMS = 50;

/** Refuses whatever is not one plain document of maps, lists, strings, safe numbers, booleans and nulls. */
export function parseYaml({ file, text }: { readonly file: string; readonly text: string }): YamlResult {
  const lines = indexLines(text.length > MAX_BYTES ? '' : text);
  const report = createReport(file, lines);
  checkGates(text, report);
  if (report.problems.length > 0) return { ok: false, problems: report.problems };
  const document = parseDocument(text, OPTIONS);
  const faults = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  for (const { code, message, pos } of faults.slice(0, MAX_PROBLEMS)) {
    report.add(pos, { code: 'yaml', message: MESSAGES[code] ?? message, hint: hintFor(code, text.slice(pos[0], pos[1])) });
  }
  if (report.problems.length > 0) return { ok: false, problems: report.problems };
  if (document.contents === null) report.add([0, 0], { code: 'yaml-empty', message: 'the file is empty', hint: 'start it with oor: 1' });
  const places = new Map<string, Place>();
  const value = document.contents && convert({ report, places, anchors: new Map(), copies: 0 }, document.contents, []);
  if (report.problems.length > 0 || value === null) return { ok: false, problems: report.problems };
  return { ok: true, yaml: createYamlFile({ file, text, value, places, lines }) };
}

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  stringKeys: true,
  // The package's own check is quadratic: 10,000 keys take seconds.
  uniqueKeys: false,
  merge: false,
  resolveKnownTags: false,
  prettyErrors: false,
  // 'silent' would also drop the error for a second document.
  logLevel: 'error',
} as const;

interface Report {
  readonly problems: Problem[];
  readonly lines: Lines;
  add(range: Range, problem: { readonly code: string; readonly message: string; readonly hint?: string | undefined }): void;
}

function createReport(file: string, lines: Lines): Report {
  const problems: Problem[] = [];
  return {
    problems,
    lines,
    add([start, end], { code, message, hint }) {
      if (problems.length >= MAX_PROBLEMS) return;
      problems.push({ file, ...lines.span(start, end), code, message, severity: 'error', ...(hint ? { hint } : {}) });
    },
  };
}

// Controls never belong in such a file; bidirectional marks could show a reviewer another text than the one that runs.
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/;

const REFUSALS: Readonly<Record<Refusal['what'], string>> = {
  depth: `nested deeper than ${MAX_DEPTH} levels`,
  entries: `more than ${MAX_TOKENS} entries`,
  aliases: `more than ${MAX_ALIASES} aliases`,
  directive: 'directives (%) are not supported',
};

function checkGates(text: string, report: Report): void {
  if (text.length > MAX_BYTES || new TextEncoder().encode(text).length > MAX_BYTES) {
    return report.add([0, 0], {
      code: 'yaml-too-large',
      message: `larger than ${MAX_BYTES / 1024} KiB`,
      hint: 'split it and include the parts with use:',
    });
  }
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden) {
    const point = text.charCodeAt(forbidden.index).toString(16).padStart(4, '0').toUpperCase();
    return report.add([forbidden.index, forbidden.index + 1], {
      code: 'yaml-control-character',
      message: `control character U+${point}`,
      hint: 'remove it, or write it as an escape in double quotes',
    });
  }
  const excess = findExcess(new Lexer().lex(text), { maxDepth: MAX_DEPTH, maxTokens: MAX_TOKENS, maxAliases: MAX_ALIASES });
  if (excess) report.add([excess.offset, excess.offset + 1], { code: `yaml-${excess.what}`, message: REFUSALS[excess.what] });
}

const MESSAGES: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'more than one document in the file',
  TAG_RESOLVE_FAILED: 'a value that starts with ! is a YAML tag, and this tag does not exist',
  NON_STRING_KEY: 'keys must be plain strings',
};

function hintFor(code: string, source: string): string | undefined {
  if (code === 'TAG_RESOLVE_FAILED') {
    const status = /^!checks\.(\w+)\.ok\b/.exec(source)?.[1];
    return status
      ? `name the status you mean (checks.${status}.fail); an expression that starts with ! must be quoted: "${source}"`
      : `quote it: "${source}"`;
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'BAD_SCALAR_START' || code === 'MISSING_CHAR')
    return 'quote expressions and texts that hold : # , ? ! [ { or a quote';
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (code === 'MULTIPLE_DOCS') return 'one file, one document: remove the ---';
  return undefined;
}

interface Conversion {
  readonly report: Report;
  readonly places: Map<string, Place>;
  /** The nodes that anchors named so far. */
  readonly anchors: Map<string, Node>;
  copies: number;
}

/** A key that would reach the prototype of an object. */
const UNSAFE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

function convert(conversion: Conversion, node: Node, path: Path, key?: Range): Json {
  const range = (node.range ?? [0, 0]) as Range;
  conversion.places.set(pointer(path), {
    value: range,
    ...(key ? { key } : {}),
    ...(isScalar(node) ? { style: STYLES[node.type ?? ''] ?? 'plain' } : {}),
  });
  if (isAlias(node)) return convertAlias(conversion, node, path, key);
  if (node.anchor) conversion.anchors.set(node.anchor, node);
  if (isScalar(node)) return convertScalar(conversion, node, range);
  if (isSeq(node)) return node.items.map((item, index) => convert(conversion, item as Node, [...path, index]));
  if (!isMap(node)) return null;
  const result: Record<string, Json> = {};
  const seen = new Map<string, Range>();
  for (const pair of node.items) {
    const keyNode = pair.key as Scalar<string>;
    const name = String(keyNode.value);
    const keyRange = (keyNode.range ?? range) as Range;
    if (acceptKey(conversion, name, keyRange, seen))
      result[name] = pair.value
        ? convert(conversion, pair.value as Node, [...path, name], keyRange)
        : missing(conversion, [...path, name], keyRange);
  }
  return result;
}

function acceptKey({ report }: Conversion, name: string, range: Range, seen: Map<string, Range>): boolean {
  const first = seen.get(name);
  if (first) {
    const { line, col } = report.lines.span(first[0], first[1]);
    report.add(range, { code: 'yaml-duplicate-key', message: `duplicate key ${name}, first at ${line}:${col}` });
    return false;
  }
  seen.set(name, range);
  if (!UNSAFE_KEYS.has(name) && !FORBIDDEN.test(name)) return true;
  report.add(range, { code: 'yaml-unsafe-key', message: `the key ${JSON.stringify(name).slice(1, -1)} is refused` });
  return false;
}

function missing({ places }: Conversion, path: Path, key: Range): null {
  places.set(pointer(path), { value: key, key });
  return null;
}

function convertAlias(conversion: Conversion, alias: Alias, path: Path, key?: Range): Json {
  const { anchors, report } = conversion;
  const target = anchors.get(alias.source);
  const range = alias.range as Range;
  if (!target) {
    report.add(range, { code: 'yaml', message: 'this alias names no anchor that stands before it' });
    return null;
  }
  if (!isScalar(target)) conversion.copies += 1;
  if (conversion.copies <= MAX_COPIES && path.length <= MAX_DEPTH) return convert(conversion, target, path, key);
  if (conversion.copies <= MAX_COPIES + 1)
    report.add(range, { code: 'yaml-aliases', message: `aliases copy more than ${MAX_COPIES} lists and maps` });
  return null;
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

function convertScalar({ report }: Conversion, { value }: Scalar, range: Range): Json {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value;
  report.add(range, { code: 'yaml-number', message: 'this number cannot be kept exactly', hint: 'quote it' });
  return null;
}

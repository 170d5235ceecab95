import type { Position, Problem } from './playbook.ts';

/** A stretch of the text a person wrote: 1-based start, length in UTF-16 units. */
export interface Span extends Position {
  readonly length: number;
}

/** `file:line:col: message`, the line with a caret below, the hint. Safe for a terminal whatever the text holds. */
export function formatProblem(problem: Problem, text: string): string {
  const head = `${visible(problem.file)}:${problem.line}:${problem.col}: ${problem.severity}: ${visible(problem.message)}`;
  const lines = [head];
  const source = text.split('\n')[problem.line - 1];
  if (source !== undefined) lines.push(...caret(source.replace(/\r$/, ''), problem));
  if (problem.hint) lines.push(`    hint: ${visible(problem.hint)}`);
  return lines.join('\n');
}

/** Files in the order they were met, then by place; errors and warnings mixed as a reader meets them. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((problem) => problem.file))];
  return [...problems].sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.col - b.col);
}

/** Most of a long line that is shown, before and after the caret. */
const CONTEXT = 80;

function caret(source: string, { col, length }: Problem): string[] {
  const start = col - 1;
  const from = start > CONTEXT ? start - CONTEXT : 0;
  const shown = source.slice(from, start + CONTEXT);
  const before = shown.slice(0, start - from);
  const marked = shown.slice(start - from, start - from + Math.max(1, length ?? 1));
  return [`    ${visible(shown)}`, `    ${blank(before)}${'^'.repeat(Math.max(1, blank(marked).length))}`];
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** As many spaces as the text takes columns; CJK takes two. */
function blank(text: string): string {
  return ' '.repeat(visible(text).replace(WIDE, '  ').length);
}

// Control, bidirectional and zero-width characters could rewrite what the reader sees.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function visible(text: string): string {
  return text.replace(/\t/g, ' ').replace(UNSAFE, '?');
}

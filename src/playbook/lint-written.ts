/** Secrets that stand in a playbook as they are. */
import { complainWithin, type Spot } from './build.ts';
import type { Entries } from './entries.ts';
import type { Lint } from './lint-kit.ts';
import type { Part } from './load.ts';
import { PRIVATE_KEY } from './profile.ts';

/** All that the files say, whatever it belongs to. */
export function lintWritten(lint: Lint, { steps, causes, fixes, inputs, vars }: Entries): void {
  for (const part of new Set([...steps, ...causes, ...fixes, ...inputs, ...vars].map((entry) => entry.part))) lintPart(lint, part);
}

function lintPart(lint: Lint, { raw, yaml }: Part): void {
  const path: (string | number)[] = [];
  eachText(raw, path, '', (text, before) => lintText(lint, text, before, () => ({ yaml, path: [...path] })));
}

const NAME = 'pass(?:word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|pwd';
const WRITTEN: readonly RegExp[] = [
  PRIVATE_KEY,
  /:\/\/[^/\s:@${}]{0,200}:(?!\$\{\{)[^@\s/]{2,200}@/,
  new RegExp(
    `(?:\\b|_)(?:${NAME})["']?\\s{0,9}[=:]\\s{0,9}["']?(?!\\$\\{\\{)(?:(?:bearer|basic)\\s{1,9})?(?!bearer\\b|basic\\b)[\\w+/.~!@#%^*-]{8,}`,
    'i',
  ),
  /\b(?:bearer|basic)\s{1,9}(?!\$\{\{)(?=[\w+/.~=-]{0,200}\d)[\w+/.~-]{16,}/i,
  /\b(?:sk|rk)_(?:live|test)_\w{8,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{10,}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./,
];
/** What stands before its value: a key, or an option in a list of arguments. */
const BEARER = new RegExp(`^-{0,2}(?:[a-z0-9]{1,20}[_-]){0,3}(?:${NAME})$`, 'i');
/** Of programs that take both at once. */
const USER_OPTION = /^(?:-u|--user|--proxy-user)$/;
const USER = /^[^\s:/]{1,100}:(?!\$\{\{)[^\s]{4,}$/;

function lintText(lint: Lint, text: string, before: string, spot: () => Spot): void {
  const found = WRITTEN.map((pattern) => pattern.exec(text)?.index).find((index) => index !== undefined);
  const named = BEARER.test(before) && /^(?!\$\{\{)[^\s{}]{8,}$/.test(text);
  const user = USER_OPTION.test(before) && USER.test(text);
  if (found === undefined && !named && !user) return;
  complainWithin(lint, spot(), found ?? 0, {
    code: 'secret-written',
    message: 'a secret is written here; it goes into the record of every run',
    hint: 'the profile names it: {env: NAME} or {file: PATH}, and the check asks for it',
    severity: 'warning',
  });
}

/** `path` is one list that grows and shrinks: a playbook holds thousands of texts, and places are wanted of few. */
function eachText(value: unknown, path: (string | number)[], before: string, look: (text: string, before: string) => void): void {
  if (typeof value === 'string') return look(value, before);
  if (typeof value !== 'object' || value === null) return;
  const list = Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  for (const [key, child] of Object.entries(value)) {
    path.push(list ? Number(key) : key);
    const last = list?.[Number(key) - 1];
    eachText(child, path, list ? (typeof last === 'string' && last.startsWith('-') ? last : '') : key, look);
    path.pop();
  }
}

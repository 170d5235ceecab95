/** Conditions that can never hold. Reads plain conjunctions only: where there is an alternative or a negation it says nothing. */
import type { Expression } from './playbook.ts';

const STATUS = /^checks\.(\w+)\.(ok|warn|fail|unknown|skipped|not_applicable)$/;
const CODE = /^checks\.(\w+)\.code\s*==\s*(".*"|'.*')$/;
const ANSWER = /^answers\.(\w+)\s*==\s*(".*"|'.*'|true|false|[0-9.]+)$/;

/** What contradicts what; undefined where nothing does. */
export function contradictionIn(text: string): string | undefined {
  const said = new Map<string, string>();
  for (const part of conjuncts(text)) {
    const found = readEquality(part);
    if (!found) continue;
    const before = said.get(found.of);
    if (before !== undefined && before !== found.is) return `${found.of} cannot be ${before} and ${found.is} at once`;
    said.set(found.of, found.is);
  }
  return undefined;
}

/** The answers that a condition demands, by question. */
export function answersDemanded(text: string): ReadonlyMap<string, string> {
  return new Map(
    conjuncts(text).flatMap((part) => {
      const [, id, value] = ANSWER.exec(part) ?? [];
      return id === undefined || value === undefined ? [] : [[id, unquote(value)] as const];
    }),
  );
}

const RAN = /^(?:checks|any)\.(\w+)\.(?:ok|warn|fail)$/;
const ASKED = /^!?answers\.(\w+)$/;

/** Steps and questions of which a condition demands that they ran: what is skipped is neither ok nor warn nor fail, and has no answer. */
export function stepsDemanded(text: string): readonly string[] {
  return conjuncts(text).flatMap((part) => {
    const [, id] = RAN.exec(part) ?? CODE.exec(part) ?? ANSWER.exec(part) ?? ASKED.exec(part) ?? [];
    return id === undefined ? [] : [id];
  });
}

const READS = /\b(?:inputs|vars|profile|target)\./;

/** An expression that reads nothing has one value. */
export function isFalse(condition: Expression): boolean {
  if (condition.steps.length > 0 || condition.answers.length > 0 || READS.test(condition.text)) return false;
  try {
    return condition.evaluate({}) === false;
  } catch {
    return false;
  }
}

function readEquality(part: string): { readonly of: string; readonly is: string } | undefined {
  const [, step, status] = STATUS.exec(part) ?? [];
  if (step !== undefined && status !== undefined) return { of: `checks.${step}`, is: status };
  const [, coded, code] = CODE.exec(part) ?? [];
  if (coded !== undefined && code !== undefined) return { of: `checks.${coded}.code`, is: unquote(code) };
  const [, id, value] = ANSWER.exec(part) ?? [];
  return id === undefined || value === undefined ? undefined : { of: `answers.${id}`, is: unquote(value) };
}

/** The parts between `&&`, where that is all there is. */
function conjuncts(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let quote = '';
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ('([{'.includes(character)) open += 1;
    else if (')]}'.includes(character)) open -= 1;
    else if (open === 0 && (character === '?' || text.startsWith('||', at))) return [];
    else if (open === 0 && text.startsWith('&&', at)) {
      parts.push(part.trim());
      part = '';
      at += 1;
      continue;
    }
    part += character;
  }
  return [...parts, part.trim()];
}

function unquote(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, '$2');
}

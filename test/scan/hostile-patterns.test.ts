/** Every pattern of the redaction and of the gate on texts made of what it looks for, over and over: none may take the square of their length in time, or worse. */
import { readdirSync, readFileSync } from 'node:fs';
import { type Context, createContext, Script } from 'node:vm';
import { afterAll, describe, expect, it, vi } from 'vitest';

const FOLDERS = ['src/redact', 'src/scan'].map((path) => new URL(`../../${path}/`, import.meta.url));
/** Signs of every class that patterns of logs know, and what is written with several of them. */
const SIGNS = [...'4aF_-./\\"\'<>[({=:;,&%*|~`@#$+! \n\r\t\u001b\u0000é４卡\u200b'];
const WRITINGS = [
  '<b>',
  '<b> ',
  '<b x>',
  '</a><a>',
  '[b]',
  'is ',
  '\\"',
  '\\\\"',
  '\\n',
  '\r\n ',
  '&#52;',
  '%34',
  '\\u0034',
  '\\x34',
  '=34',
  '=\r\n',
  '41 ',
  '4111 ',
  '0x34, ',
  'chr(52)+',
  '052 ',
  'card ',
  'cvv ',
  'a.a',
  'a:b@',
  'AAAA\n',
  '\u001b[0m',
];
const LENGTH = 2_000;
const FACTOR = 8;
/** Between what a linear pattern takes for eight times the text and what a quadratic one does. */
const MOST_GROWTH = 24;
/** A pattern that takes longer is looked at closely: ten times what most take. */
const NOTABLE_MS = 2;
/** So slow that its growth does not matter: a few tries at each place, each of them of thousands of ways. */
const MOST_MS = 15;
/** A pattern for one place is tried at each of a short text, over and over. */
const SHORT = 240;
const ROUNDS = 4;
const TIMEOUT_MS = 1_000;

interface Pattern {
  readonly file: string;
  readonly regexp: RegExp;
}

/** As they stand in the text of the program; those made of pieces as they are built when it is loaded. */
const patterns: Pattern[] = [...literals(), ...(await built())];
afterAll(() => vi.unstubAllGlobals());

it('all of them are looked at', () => {
  expect(patterns.length).toBeGreaterThan(300);
});

describe.each([...new Set(patterns.map(({ file }) => file))])('%s', (file) => {
  it('takes a time that the length of the text bounds', { timeout: 60_000 }, () => {
    const own = patterns.filter((pattern) => pattern.file === file);
    const slow = own.flatMap(({ regexp }) => firstSlow(regexp) ?? []);
    expect(slow).toEqual([]);
  });
});

/** Signs by themselves and in pairs: those that the pattern names, and one of each class. */
function unitsFor({ source }: RegExp): readonly string[] {
  const named = new Set(source.replace(/\\[dswbDSWB]|\\[pP]\{[^}]*\}/g, '').replace(/[a-z]{3,}/gi, (word) => word.slice(0, 2)));
  const mentioned = [...named].filter((sign) => /[^\s\w()|?*+{}^$]/.test(sign) || /[a-z]/i.test(sign)).slice(0, 5);
  const few = [...new Set([...'4a\\', ...mentioned])];
  return [...new Set([...SIGNS, ...WRITINGS, ...few.flatMap((one) => few.map((other) => one + other))])];
}

/** Where it is slow once, that is enough. */
function firstSlow(regexp: RegExp): string | undefined {
  for (const unit of unitsFor(regexp)) {
    const text = unit.repeat(Math.ceil(LENGTH / unit.length));
    const growth = growthOf(regexp, text);
    if (growth > MOST_GROWTH) return `${regexp} on ${JSON.stringify(unit)}: ${growth.toFixed(0)} times as long for ${FACTOR} times as much`;
  }
  return undefined;
}

function growthOf(regexp: RegExp, text: string): number {
  const first = timeOf(regexp, text);
  if (first < NOTABLE_MS) return 0;
  const once = first > TIMEOUT_MS ? first : least(() => timeOf(regexp, text), 4);
  if (once < NOTABLE_MS) return 0;
  return once > MOST_MS ? Number.POSITIVE_INFINITY : least(() => timeOf(regexp, text.repeat(FACTOR)), 2) / once;
}

function least(measure: () => number, times: number): number {
  return Math.min(...Array.from({ length: times }, measure));
}

const sandbox: Context = createContext({ work: undefined });
const script = new Script('work()');

/** Of processor, not of the clock: others run beside. */
function timeOf(regexp: RegExp, text: string): number {
  sandbox.work = regexp.sticky ? () => tryEverywhere(regexp, text.slice(0, SHORT)) : () => findAll(regexp, text);
  const start = process.cpuUsage();
  try {
    script.runInContext(sandbox, { timeout: TIMEOUT_MS });
  } catch {
    return Number.POSITIVE_INFINITY;
  }
  return process.cpuUsage(start).user / 1000;
}

function tryEverywhere(regexp: RegExp, text: string): void {
  for (let round = 0; round < ROUNDS; round++) {
    for (let at = 0; at < text.length; at++) {
      regexp.lastIndex = at;
      regexp.test(text);
    }
  }
}

function findAll(regexp: RegExp, text: string): void {
  if (!regexp.global) regexp.test(text);
  else for (const _ of text.matchAll(regexp));
}

function literals(): Pattern[] {
  const literal = /(?<=[=(,:?|&!\s[]|^)\/(?![*/ ])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[dgimsuvy]*/g;
  return FOLDERS.flatMap((folder) =>
    sourcesIn(folder).flatMap((name) =>
      readFileSync(new URL(name, folder), 'utf8')
        .replace(/^ *(?:\/?\*|\/\/).*$/gm, '')
        .split('\n')
        .flatMap((line) => [...line.matchAll(literal)].flatMap(([found]) => patternOf(found)))
        .map((regexp) => ({ file: nameOf(folder, name), regexp })),
    ),
  );
}

/** A division between two divisions is none. */
function patternOf(literal: string): RegExp[] {
  const end = literal.lastIndexOf('/');
  try {
    return [new RegExp(literal.slice(1, end), literal.slice(end + 1))];
  } catch {
    return [];
  }
}

async function built(): Promise<Pattern[]> {
  const found: Pattern[] = [];
  let file = '';
  const real = RegExp;
  vi.stubGlobal(
    'RegExp',
    new Proxy(real, {
      construct(target, [source, flags]: [string, string?]) {
        const regexp = new target(source, flags);
        found.push({ file, regexp });
        return regexp;
      },
    }),
  );
  vi.resetModules();
  for (const folder of FOLDERS) {
    file = nameOf(folder, 'made of pieces');
    await import(new URL('index.ts', folder).href);
  }
  vi.unstubAllGlobals();
  const seen = new Set<string>();
  return found.filter(({ regexp }) => !seen.has(String(regexp)) && seen.add(String(regexp)));
}

function sourcesIn(folder: URL): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.ts'));
}

function nameOf(folder: URL, name: string): string {
  return `${folder.pathname.split('/').at(-2)}/${name}`;
}

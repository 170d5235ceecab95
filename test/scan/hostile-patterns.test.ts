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
/** Signs. What is linear reads them in less than 0.2 s, and what takes the square would need more than 4 s. */
const LENGTH = 200_000;
const MOST_MS = 1_000;
/** On a tenth of it what takes the square needs more than 40 ms: what is done sooner needs not be tried on all of it. */
const NOTABLE_MS = 4;

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

it.each([
  ['the square of its length', /\\+x/g],
  ['a part of the square, from few places', /\\u0034[^<]*<b/],
  ['the cube of its length at one place', /(?:41 )*(?:41 )*(?:41 )*<b/y],
  ['a power of two at one place', /(?:a|a)*<b/y],
])('finds a pattern that takes %s', { timeout: 60_000 }, (_, regexp) => {
  expect(firstSlow(regexp)).toContain(`${regexp} on `);
});

it.each([
  ['some signs from each place', /[^<]{1,64}<b/],
  ['from one place to the end', /(?:(?=.)[^<])*<b|(?:(?!x)[^<])*<c/y],
])('lets a pattern pass that reads %s', (_, regexp) => {
  expect(firstSlow(regexp)).toBeUndefined();
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
    if (timeOf(regexp, unit, LENGTH / 10) > NOTABLE_MS && timeOf(regexp, unit, LENGTH) > MOST_MS)
      return `${regexp} on ${JSON.stringify(unit)}`;
  }
  return undefined;
}

const sandbox: Context = createContext({ work: undefined });
const script = new Script('work()');

/** Milliseconds of processor, not of the clock: others run beside. */
function timeOf(regexp: RegExp, unit: string, length: number): number {
  const text = unit.repeat(Math.ceil(length / unit.length));
  sandbox.work = () => search(regexp, text, unit.length);
  const start = process.cpuUsage();
  try {
    script.runInContext(sandbox, { timeout: 5 * MOST_MS });
  } catch {
    return Number.POSITIVE_INFINITY;
  }
  return process.cpuUsage(start).user / 1000;
}

/** A pattern for one place is tried at each of one unit: from there it may read to the end. */
function search(regexp: RegExp, text: string, places: number): void {
  if (regexp.sticky) {
    for (regexp.lastIndex = 0; regexp.lastIndex < places; ) {
      const at = regexp.lastIndex;
      regexp.test(text);
      regexp.lastIndex = at + 1;
    }
  } else if (regexp.global) for (const _ of text.matchAll(regexp));
  else regexp.test(text);
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

/** English and Chinese are complete: the command line, the help, errors, checks, playbooks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docsOf } from '../../src/checks/docs.ts';
import { evidenceDocs } from '../../src/checks/docs-evidence.ts';
import { hardwareDocs } from '../../src/checks/docs-hardware.ts';
import { networkDocs } from '../../src/checks/docs-network.ts';
import { softwareDocs } from '../../src/checks/docs-software.ts';
import { createProgram, visibleCommands } from '../../src/cli/command-tree.ts';
import { COMMAND_WORDS_ZH, HELP_ZH } from '../../src/cli/command-words-zh.ts';
import { ERROR_WORDS_ZH } from '../../src/cli/error-words-zh.ts';
import { ALL_TOPICS } from '../../src/cli/help-notify.ts';
import { tellProblem, translateProblems } from '../../src/cli/problem-words-zh.ts';
import { translateError } from '../../src/cli/program-zh.ts';
import { parseProfile } from '../../src/playbook/profile.ts';
import { parseYaml } from '../../src/playbook/yaml.ts';
import { checks } from '../checks/registry.ts';
import { literalsFrom } from '../source-literals.ts';

const HAN = /\p{Script=Han}/u;
const program = createProgram({ version: '0', acts: () => () => Promise.resolve() });
const commands = visibleCommands(program);

describe('the command line', () => {
  const said = [program, ...commands].flatMap((command) => [
    command.description(),
    ...command.options.map(({ description }) => description),
  ]);

  it('every command and flag has a Chinese text, and no text is left over', () => {
    expect([...new Set(said)].filter((text) => !HAN.test(COMMAND_WORDS_ZH[text] ?? '')).sort()).toEqual([]);
    const own = ['print this help'];
    expect(Object.keys(COMMAND_WORDS_ZH).filter((text) => !said.includes(text) && !own.includes(text))).toEqual([]);
  });

  it('every topic tells the same in both: commands, flags and names', () => {
    for (const { id, text } of ALL_TOPICS) {
      const names = (one: string): readonly string[] => [...new Set(one.match(/--[a-z-]+|OOR_[A-Z_]+|^ +oor [a-z]+/gm))].sort();
      expect([id, names(text['zh-CN'])]).toEqual([id, names(text.en)]);
      expect(HAN.test(text['zh-CN'])).toBe(true);
    }
    expect(HELP_ZH).toContain('退出码');
  });
});

/** First arguments of `usage(...)`, what is told beside a result, and `message:` in `new OorError({...})`, with `{}` for what they name. */
function errorTexts(): readonly (readonly [text: string, file: string])[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.flatMap((file) => {
    const source = readFileSync(join('src', file), 'utf8');
    return [...source.matchAll(/(?<![\w.])(?:usage\(\s*|tell\(\s*services,\s*(?:options|\{[^}]*\}),\s*)|new OorError\(\{/g)].flatMap(
      (match) => {
        const at = match.index + match[0].length;
        const start = match[0].startsWith('new') ? startOfMessage(source, at) : at;
        return start === undefined ? [] : literalsFrom(source, start).map((text) => [text, file] as const);
      },
    );
  });
}

function startOfMessage(source: string, at: number): number | undefined {
  const found = /[{,\s]message:\s*/g;
  found.lastIndex = at - 1;
  const match = found.exec(source);
  return match && match.index < at + 400 ? match.index + match[0].length : undefined;
}

describe('what goes wrong', () => {
  const texts = errorTexts();

  it('is found in the sources', () => {
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.map(([text]) => text)).toEqual(
      expect.arrayContaining(['there is no command {}', 'There is no session {}.', '--until lies before --since']),
    );
  });

  it('has a first line in Chinese, and no line is left over', () => {
    expect(texts.filter(([text]) => !HAN.test(ERROR_WORDS_ZH[text] ?? '')).map(([text, file]) => `${file}: ${text}`)).toEqual([]);
  });

  it('what to do next is told in Chinese too', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => /^(?!playbook|checks).*\.ts$/.test(name));
    const hints = files.flatMap((file) => {
      const source = readFileSync(join('src', file), 'utf8');
      // Where a file has its own way to refuse, what it names stands before the first text and the hint behind it.
      const ownWay = /function refuse\([^)]*\bhint: string/.test(source) ? '|(?<!function )refuse\\(' : '';
      return [...source.matchAll(new RegExp(`(?<![\\w.])(?:hint: |usage\\(${ownWay})`, 'g'))].flatMap(({ index, 0: found }) =>
        literalsFrom(source, index + found.length, found !== 'hint: ').map((text) => `${file}: ${text}`),
      );
    });
    expect(hints.length).toBeGreaterThan(150);
    const english = hints.filter((line) => {
      const text = line.slice(line.indexOf(': ') + 2);
      return (
        !/^oor (?:init|redact|reconcile) (?:\[|FILE|--orders FILE\.)/.test(text) &&
        !['', 'X1: '].some((before) => HAN.test(translateError(before + text.replaceAll('{}', 'X1'))))
      );
    });
    expect(english).toEqual([]);
  });

  it('nothing is said on stderr that is written in English alone', () => {
    const files = readdirSync('src/cli').filter((name) => name.endsWith('.ts'));
    const said = files.flatMap((file) => {
      const source = readFileSync(join('src/cli', file), 'utf8');
      return [...source.matchAll(/services\.err\(\s*/g)].flatMap(({ index, 0: { length } }) =>
        literalsFrom(source, index + length).map((text) => `${file}: ${text}`),
      );
    });
    expect(said).toEqual([]);
  });

  it.each([
    ['there is no command runn', '没有命令 runn'],
    ['There is no session 2026.', '没有会话 2026。'],
    ["error: unknown option '--jsn'\n(Did you mean --json?)", '错误：没有选项 --jsn\n（是否想输入 --json？）'],
    ['the playbook a.yaml has 2 problems\na.yaml:1:2: unknown key x', '剧本 a.yaml 有 2 个问题\na.yaml:1:2: unknown key x'],
    ['Las Vegas shop: as ./oor.yaml describes it, from 03:00Z on', 'Las Vegas shop: 依照 ./oor.yaml，自 03:00Z 起'],
    ['as ./oor.yaml describes it, from 03:00Z on', '依照 ./oor.yaml，自 03:00Z 起'],
    ['something else', 'something else'],
  ])('%j', (en, zh) => {
    expect(translateError(en)).toBe(zh);
  });
});

describe('what is wrong with a playbook or a profile', () => {
  // How a problem is written down, and what no person is told.
  const others = ['problem.ts', 'prepared.ts'];
  const files = readdirSync('src/playbook').filter((name) => name.endsWith('.ts') && !others.includes(name));
  const texts = files.flatMap((file) => {
    const source = readFileSync(join('src/playbook', file), 'utf8');
    return [...source.matchAll(/(?<![\w.])(?:message|hint): |(?:problem|add|report|warn)\(/g)].flatMap((match) =>
      literalsFrom(source, match.index + match[0].length, match[0].endsWith('(')).map((text) => [file, text] as const),
    );
  });
  /** Codes of a problem, and YAML to type. */
  const TYPED = /^[\w-]+$|^(?:signal|timeout|confirm|supports|credentials|retry): /;

  it('is found in the sources', () => {
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.map(([, text]) => text)).toEqual(expect.arrayContaining(['unknown key {}', 'add evidence, or explains']));
  });

  it('is told in Chinese', () => {
    const missing = texts.filter(([, text]) => !TYPED.test(text) && !HAN.test(tellProblem(text.replaceAll('{}', 'X1'))));
    expect(missing.map(([file, text]) => `${file}: ${text}`)).toEqual([]);
  });

  it('with its place, its line and its hint', () => {
    const text = 'a.yaml:3:1: error: unknown key pth\n  pth: 1\n  ^~~\n    hint: did you mean path?';
    expect(translateProblems(text)).toBe('a.yaml:3:1: 错误：没有键 pth\n  pth: 1\n  ^~~\n    提示：是否想输入 path？');
  });
});

interface Translated {
  readonly en: string;
  readonly 'zh-CN'?: string;
}

/** Names and numbers alone are the same in both. */
function isTranslated({ en, 'zh-CN': zh = '' }: Translated): boolean {
  const words = en.replace(/\{\w+\}/g, '').match(/[a-z]{3,}/gi) ?? [];
  return HAN.test(zh) || (zh !== '' && words.length <= 1);
}

describe('what is looked at', () => {
  it.each(Object.values(checks).map((check) => [check.id, check] as const))('%s: title, docs and every message', (_id, check) => {
    const docs = docsOf(check.id);
    expect(Math.min(docs.en.length, docs['zh-CN'].length)).toBeGreaterThan(20);
    const texts: readonly Translated[] = [check.title, docs, ...Object.values(check.messages)];
    expect(texts.filter((text) => !isTranslated(text))).toEqual([]);
  });

  it('the docs name no check that is not there, and the same thresholds, files and checks in both languages', () => {
    const left = [evidenceDocs, hardwareDocs, softwareDocs, networkDocs].flatMap(Object.keys).filter((id) => !(id in checks));
    expect(left).toEqual([]);
    const facts = (text: string): readonly string[] =>
      [
        ...new Set(text.match(/`[^`]+`|\b[a-z0-9]+\.(?:[a-z_]{2,}|conf)\b|\/(?:proc|sys|etc|run)[\w/]*|\b\d+(?:\.\d+)? %|\b\d+ GiB/g)),
      ].sort();
    for (const id of Object.keys(checks)) expect([id, facts(docsOf(id)['zh-CN'])]).toEqual([id, facts(docsOf(id).en)]);
  });
});

describe('the shipped playbooks', () => {
  const files = readdirSync('playbooks').filter((name) => name.endsWith('.yaml'));
  it.each(files)('%s: every text', (file) => {
    const parsed = parseYaml({ file, text: readFileSync(join('playbooks', file), 'utf8') });
    if (!parsed.ok) throw new Error('it cannot be read');
    const missing: string[] = [];
    walk(parsed.yaml.value, '', (path, text) => void (isTranslated(text) || missing.push(path)));
    expect(missing).toEqual([]);
  });
});

it('no expression stands where a person reads what an experiment tells', () => {
  const untold: string[] = [];
  for (const file of readdirSync('playbooks').filter((name) => name.endsWith('.yaml'))) {
    const parsed = parseYaml({ file, text: readFileSync(join('playbooks', file), 'utf8') });
    if (!parsed.ok) throw new Error('it cannot be read');
    walkAll(parsed.yaml.value, (each) => {
      if ('uses' in each && 'predict' in each && !('title' in each)) untold.push(`${file}: ${String(each['predict'])}`);
    });
  }
  expect(untold).toEqual([]);
});

function walkAll(value: unknown, tell: (each: Readonly<Record<string, unknown>>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  tell(value as Readonly<Record<string, unknown>>);
  for (const child of Object.values(value)) walkAll(child, tell);
}

function walk(value: unknown, path: string, tell: (path: string, text: Translated) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if ('en' in value && typeof value.en === 'string') return tell(path, value as Translated);
  for (const [key, child] of Object.entries(value)) walk(child, `${path}.${key}`, tell);
}

it('the example of the help on notifications is a profile', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    const text = ALL_TOPICS.find(({ id }) => id === 'notify')?.text[language] ?? '';
    const lines = text.split('\n');
    const begin = lines.indexOf('  notify:');
    const example = lines.slice(begin, lines.indexOf('', begin)).map((line) => line.slice(2));
    const parsed = parseProfile({ file: 'oor.yaml', text: `oor: 1\n${example.join('\n')}\n`, registry: checks });
    expect(parsed.ok ? parsed.profile.notify?.length : parsed.problems).toBe(5);
  }
});

import { describe, expect, it } from 'vitest';
import { defineCheck } from '../../src/checks/check.ts';
import { docsOf } from '../../src/checks/docs.ts';
import { duration, port, secretRef, strictObject, v } from '../../src/checks/schema.ts';
import { explain } from '../../src/cli/check-explain.ts';
import { describeParams } from '../../src/cli/check-params.ts';
import { renderReference } from '../../src/cli/check-reference.ts';
import { siteBounds } from '../../src/cli/check-words.ts';
import { parseProfile } from '../../src/playbook/profile.ts';
import { parseYaml } from '../../src/playbook/yaml.ts';
import { checks } from '../checks/registry.ts';

describe('parameters', () => {
  it('types, defaults, what is required', () => {
    const schema = strictObject({
      host: v.string(),
      port: v.optional(port, 443),
      ports: v.nullish(v.union([port, v.array(port)])),
      timeout: v.optional(duration, '5s'),
      share: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
      count: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      kind: v.optional(v.picklist(['a', 'b']), 'a'),
      login: v.optional(secretRef),
      pairs: v.optional(v.array(v.tuple([v.string(), v.number()]))),
      want: v.optional(v.record(v.string(), v.object({ file: v.string(), deep: v.optional(v.boolean()) }))),
    });
    const shown = describeParams(schema, 'en').map(
      ({ name, type, required, fallback }) => `${name}: ${type}${required ? '!' : ''}${fallback === undefined ? '' : ` = ${fallback}`}`,
    );
    expect(shown).toEqual([
      'host: text!',
      'port: port = 443',
      'ports: port or list of port',
      'timeout: duration = "5s"',
      'share: number 0 to 1',
      'count: whole number from 1',
      'kind: a | b = "a"',
      'login: secret ({env: NAME} or {file: PATH})',
      'pairs: list of [text, number]',
      'want: map of {file: text, deep?: true or false}',
    ]);
  });

  it('a schema with a condition over all of it', () => {
    const schema = v.pipe(
      strictObject({ url: v.string() }),
      v.check(() => true),
    );
    expect(describeParams(schema)).toEqual([{ name: 'url', type: 'text', required: true }]);
  });

  it('every parameter of every check has a type in words', () => {
    const strange = Object.values(checks).flatMap(({ id, params }) =>
      describeParams(params)
        .filter(({ type }) =>
          /undefined|_|^any$|lazy|custom|function/.test(type.replace(/\b[a-z]+_[a-z_]+(?=\??:)|\b[A-Z]+_[A-Z_]+\b/g, '')),
        )
        .map(({ name, type }) => `${id} ${name}: ${type}`),
    );
    expect(strange).toEqual([]);
  });
});

describe('--explain', () => {
  it.each(Object.values(checks).map((check) => [check.id, check] as const))('%s: its example is the YAML of a step', (id, check) => {
    const text = explain(check, docsOf(check.id), 'en');
    const example = text.slice(text.indexOf('\nexample:\n') + '\nexample:\n'.length);
    const parsed = parseYaml({ file: 'example.yaml', text: `steps:\n${example}\n` });
    const step = { id: id.replaceAll('.', '_'), uses: id, ...(Object.keys(check.example).length > 0 && { with: check.example }) };
    expect(parsed).toMatchObject({ ok: true, yaml: { value: { steps: [JSON.parse(JSON.stringify(step))] } } });
  });

  it('in Chinese, with thresholds and codes', () => {
    const check = defineCheck<unknown, unknown>({
      id: 'a.b',
      phase: 'network',
      needsRoot: true,
      title: { en: 'A', 'zh-CN': '甲' },
      params: strictObject({}),
      facts: v.unknown(),
      messages: { good: { en: 'fine', 'zh-CN': '正常' } },
      thresholds: { warn: 1, crit: 2, unit: 's', source: 'own', clear: { warn: 0.5 } },
      confirm: () => ({ of: 3, need: 2, everyMs: 250 }),
      timeoutMs: 3_000,
      example: {},
      probe: async () => ({}),
      judge: () => ({ status: 'ok', code: 'good' }),
    });
    expect(explain(check, { en: 'Looks.', 'zh-CN': '查看。' }, 'zh-CN')).toBe(`a.b - 甲 (阶段 网络 (需要 root))
查看。

参数:
  无

时限:
  3 s

阈值:
  警告 1 s，0.5 s 恢复；失败 2 s（自定）
  在 oor.yaml 中设其他界限：  thresholds: { a.b: { warn: 1, crit: 2, warn_clear: 0.5 } }

确认:
  最多 3 次探测中有 2 次看到才算失败，每次间隔 250 毫秒；首次正常即结束

可能的结论:
  good  正常

示例:
  - id: a_b
    uses: a.b`);
  });
});

it.each(Object.values(checks).map((check) => [check.id, check] as const))(
  '%s: in Chinese too each column begins where the others do',
  (_id, check) => {
    const lines = explain(check, docsOf(check.id), 'zh-CN').split('\n');
    for (const title of ['参数:', '可能的结论:']) {
      const begin = lines.indexOf(title) + 1;
      const rows = lines.slice(begin, lines.indexOf('', begin)).filter((row) => row !== '  无');
      // What stands before the text is ASCII, so characters are columns.
      const starts = rows.map((row) => /^ {2}[\x21-\x7e]+ +(?=\S)/.exec(row)?.[0].length);
      expect([title, new Set(starts).size]).toEqual([title, Math.min(1, rows.length)]);
    }
  },
);

describe('the reference page', () => {
  const page = renderReference(Object.values(checks), docsOf, 'en');

  it('a heading, an entry in the overview and an example for every check', () => {
    for (const { id, title, thresholds } of Object.values(checks)) {
      expect(page).toContain(`\n## ${id}\n\n**${title.en}.** ${docsOf(id).en}\n`);
      expect(page).toContain(`| [${id}](#${id.replaceAll('.', '')}) | ${title.en.replaceAll('|', '\\|')} |`);
      expect(page).toContain(`    uses: ${id}\n`);
      if (thresholds) expect(page).toContain(`(${thresholds.source})`);
    }
  });

  it('every table has as many cells in each row as in its head', () => {
    let columns = 0;
    for (const line of page.split('\n')) {
      const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).length : 0;
      if (cells > 0 && columns > 0) expect(cells, line).toBe(columns);
      columns = cells;
    }
  });

  it('bounds that clear, active checks and root are said', () => {
    expect(page).toContain('warn 90%, clears at 80%; fail 98%, clears at 90%');
    expect(page).toContain('warn 10%, clears at 5%; never fails');
    expect(page).toContain('* rights: active: opt-in');
    expect(page).toContain('* confirmation: a failure counts when 2 of at most 3 probes');
    expect(page).not.toMatch(/undefined|\[object|Infinity/);
  });

  it('what a site copies out of it is accepted as its bounds', () => {
    for (const { id, thresholds } of Object.values(checks)) {
      if (!thresholds) continue;
      const text = `oor: 1\nthresholds: { ${id}: ${siteBounds(thresholds)} }\n`;
      expect(parseProfile({ file: 'oor.yaml', text, registry: checks })).toMatchObject({ ok: true });
    }
  });
});

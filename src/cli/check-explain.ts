/** `oor check --list` and `--explain`: the reference of the checks, made from the checks themselves. */
import { type Check, STEP_PHASES, showSlots } from '../checks/check.ts';
import type { CheckDocs } from '../checks/docs.ts';
import { checkIds, loadChecks } from '../checks/index.ts';
import { ExitCode } from '../errors.ts';
import { suggestion } from '../playbook/suggest.ts';
import type { Language, Text } from '../ports.ts';
import { jsonLine } from '../report/json-text.ts';
import { wordsIn } from '../report/words.ts';
import { describeParams } from './check-params.ts';
import { matchesGlob } from './check-select.ts';
import { confirmationOf, describeBounds, describeConfirmation, describeSourcedBounds, exampleLines, siteBounds } from './check-words.ts';
import { type GlobalOptions, policyOf, usage } from './options.ts';
import type { Services } from './services.ts';

export async function listChecks(services: Services, options: GlobalOptions): Promise<number> {
  const all = Object.values(await loadChecks());
  if (options.json) {
    const rows = all.map(({ id, phase, needsRoot, active, title, thresholds }) => ({
      id,
      area: areaOf(id),
      phase,
      root: needsRoot ?? false,
      active: active ?? false,
      title,
      thresholds: thresholds ?? null,
    }));
    await services.out(jsonLine(rows, 2));
    return ExitCode.healthy;
  }
  const { language } = policyOf(options, services);
  const width = Math.max(...all.map(({ id }) => id.length));
  const groups = STEP_PHASES.map((phase) => {
    const own = all.filter((check) => check.phase === phase);
    const lines = own.map(
      (check) =>
        `  ${check.id.padEnd(width)}  ${inLanguage(check.title, language)}${marksOf(check, language)}${boundsOf(check, language)}\n`,
    );
    const areas = [...new Set(own.map(({ id }) => areaOf(id)))];
    return own.length === 0 ? '' : `${namePhase(phase, language)} (${areas.join(', ')})\n${lines.join('')}`;
  });
  await services.out(groups.filter((group) => group !== '').join('\n'));
  return ExitCode.healthy;
}

function marksOf({ needsRoot, active }: Check, language: Language): string {
  const words = WORDS[language];
  const marks = [...(needsRoot ? [words.root] : []), ...(active ? [words.active] : [])];
  return marks.length === 0 ? '' : ` (${marks.join(', ')})`;
}

/** In English its id is the word for it. */
function namePhase(phase: Check['phase'], language: Language): string {
  return language === 'en' ? phase : wordsIn(language)(`phase_${phase}`);
}

/** The part before the dot, which is a tag too. */
function areaOf(id: string): string {
  return id.split('.')[0] ?? id;
}

function boundsOf({ thresholds }: Check, language: Language): string {
  return thresholds ? `  [${describeBounds(thresholds, language)}]` : '';
}

export async function explainChecks(services: Services, names: readonly string[], options: GlobalOptions): Promise<number> {
  const { language } = policyOf(options, services);
  const found = (names.length === 0 ? ['*'] : names).flatMap((name) => {
    const fitting = checkIds.filter((id) => matchesGlob(name, id));
    if (fitting.length === 0) throw usage(`there is no check ${name}`, suggestion(name, checkIds) ?? 'list them with: oor check --list');
    return fitting;
  });
  const [picked, { docsOf }] = await Promise.all([loadChecks([...new Set(found)]).then(Object.values<Check>), import('../checks/docs.ts')]);
  const text = options.json
    ? jsonLine(
        picked.map((check) => explainAsJson(check, docsOf(check.id))),
        2,
      )
    : names.length === 0
      ? (await import('./check-reference.ts')).renderReference(picked, docsOf, language)
      : picked.map((check) => `${explain(check, docsOf(check.id), language)}\n`).join('\n');
  await services.out(text);
  return ExitCode.healthy;
}

function explainAsJson(check: Check, docs: CheckDocs) {
  const { id, phase, needsRoot, active, title, params, thresholds, messages, example } = check;
  return {
    id,
    area: areaOf(id),
    phase,
    root: needsRoot ?? false,
    active: active ?? false,
    title,
    docs: docs.en,
    params: describeParams(params, 'en'),
    thresholds: thresholds ?? null,
    confirm: confirmationOf(check) ?? null,
    messages: Object.fromEntries(Object.entries(messages).map(([code, text]) => [code, showTexts(text)])),
    example: { uses: id, with: example },
  };
}

function showTexts({ en, 'zh-CN': zh }: Text): Text {
  return { en: showSlots(en), ...(zh !== undefined && { 'zh-CN': showSlots(zh) }) };
}

export function explain(check: Check, docs: CheckDocs, language: Language): string {
  const { id, title, phase, thresholds, messages, example, timeoutMs } = check;
  const words = WORDS[language];
  const params = describeParams(check.params, language);
  const confirmation = confirmationOf(check);
  const width = Math.max(0, ...params.map(({ name }) => name.length));
  const codes = Object.keys(messages);
  const codeWidth = Math.max(0, ...codes.map((code) => code.length));
  return [
    `${id} - ${inLanguage(title, language)} (${words.phase} ${namePhase(phase, language)}${marksOf(check, language)})`,
    docs[language],
    ...section(words.parameters, params.length === 0 ? [`  ${words.none}`] : []),
    ...params.map(({ name, type, required, fallback }) => {
      const need = required ? ` (${words.required})` : fallback === undefined ? '' : ` (${words.standard} ${fallback})`;
      return `  ${name.padEnd(width)}  ${type}${need}`;
    }),
    ...(timeoutMs === undefined ? [] : section(words.timeout, [`  ${timeoutMs / 1_000} s`])),
    ...(thresholds
      ? section(words.thresholds, [
          `  ${describeSourcedBounds(thresholds, language)}`,
          `  ${words.bounds}  thresholds: { ${id}: ${siteBounds(thresholds)} }`,
        ])
      : []),
    ...(confirmation ? section(words.confirmation, [`  ${describeConfirmation(confirmation, language)}`]) : []),
    ...section(
      words.says,
      codes.map((code) => `  ${code.padEnd(codeWidth)}  ${showSlots(inLanguage(messages[code] ?? { en: '' }, language))}`),
    ),
    ...section(words.example, exampleLines(check.id, example)),
  ].join('\n');
}

const WORDS = {
  en: {
    root: 'needs root',
    active: 'active: opt-in',
    phase: 'phase',
    parameters: 'parameters',
    none: 'none',
    required: 'required',
    standard: 'default',
    timeout: 'timeout',
    thresholds: 'thresholds',
    bounds: 'other bounds, in oor.yaml:',
    confirmation: 'confirmation',
    says: 'says',
    example: 'example',
  },
  'zh-CN': {
    root: '需要 root',
    active: '主动探测：需显式选用',
    phase: '阶段',
    parameters: '参数',
    none: '无',
    required: '必填',
    standard: '默认',
    timeout: '时限',
    thresholds: '阈值',
    bounds: '在 oor.yaml 中设其他界限：',
    confirmation: '确认',
    says: '可能的结论',
    example: '示例',
  },
} as const;

function section(title: string, lines: readonly string[]): readonly string[] {
  return ['', `${title}:`, ...lines];
}

function inLanguage(text: Text, language: Language): string {
  return text[language] ?? text.en;
}

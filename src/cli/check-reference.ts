/** The reference page of all checks as markdown, made from the checks themselves. */
import { type Check, STEP_PHASES, showSlots } from '../checks/check.ts';
import type { CheckDocs } from '../checks/docs.ts';
import type { Language, Text } from '../ports.ts';
import { wordsIn } from '../report/words.ts';
import { describeParams } from './check-params.ts';
import { confirmationOf, describeBounds, describeConfirmation, describeSourcedBounds, exampleLines, siteBounds } from './check-words.ts';

export function renderReference(checks: readonly Check[], docsOf: (id: string) => CheckDocs, language: Language): string {
  const phases = STEP_PHASES.map((phase) => ({ phase, own: checks.filter((check) => check.phase === phase) }));
  const contents = phases
    .filter(({ own }) => own.length > 0)
    .flatMap(({ phase, own }) => ['', `## ${namePhase(phase, language)}`, '', ...overview(own, language)]);
  const pages = phases.flatMap(({ own }) => own.flatMap((check) => ['', ...describe(check, docsOf(check.id), language)]));
  const { title, count } = WORDS[language];
  return `${[`# ${title}`, '', count(checks.length), ...contents, ...pages].join('\n')}\n`;
}

function overview(checks: readonly Check[], language: Language): readonly string[] {
  const words = WORDS[language];
  const rows = checks.map((check) => {
    const { id, title, thresholds } = check;
    const bounds = thresholds ? cell(describeBounds(thresholds, language)) : '';
    return `| [${id}](#${anchorOf(id)}) | ${cell(title[language] ?? title.en)} | ${bounds} | ${rightsOf(check, language)} |`;
  });
  return [`| ${words.check} | ${words.looksAt} | ${words.thresholds} | ${words.rights} |`, '| --- | --- | --- | --- |', ...rows];
}

function describe(check: Check, docs: CheckDocs, language: Language): readonly string[] {
  const { id, title, phase, thresholds, messages, example, timeoutMs } = check;
  const words = WORDS[language];
  const confirmation = confirmationOf(check);
  const says = Object.entries(messages).map(([code, text]) => `| \`${code}\` | ${cell(showSlots(say(text, language)))} |`);
  const rules = [
    [words.phase, namePhase(phase, language)],
    [words.rights, rightsOf(check, language) || words.noRights],
    ...(timeoutMs === undefined ? [] : [[words.time, `${timeoutMs / 1_000} s`]]),
    ...(thresholds
      ? [
          [words.thresholds, describeSourcedBounds(thresholds, language)],
          [words.bounds, `\`thresholds: { ${id}: ${siteBounds(thresholds)} }\``],
        ]
      : []),
    ...(confirmation ? [[words.confirmation, describeConfirmation(confirmation, language)]] : []),
  ];
  return [
    `## ${id}`,
    '',
    `**${say(title, language)}${words.stop}**${words.gap}${docs[language]}`,
    '',
    ...rules.map(([name, rule]) => `* ${name}${words.colon}${rule}`),
    '',
    ...parameters(check, language),
    '```yaml',
    ...exampleLines(id, example),
    '```',
    '',
    `| ${words.says} | |`,
    '| --- | --- |',
    ...says,
  ];
}

function parameters({ params }: Check, language: Language): readonly string[] {
  const words = WORDS[language];
  const described = describeParams(params, language);
  if (described.length === 0) return [];
  const rows = described.map(({ name, type, required, fallback }) => {
    const need = required ? words.required : fallback === undefined ? words.optional : `${words.standard} \`${fallback}\``;
    return `| \`${name}\` | ${cell(type)} | ${cell(need)} |`;
  });
  return [`| ${words.parameter} | ${words.type} | |`, '| --- | --- | --- |', ...rows, ''];
}

function rightsOf({ needsRoot, active }: Check, language: Language): string {
  return [...(needsRoot ? ['root'] : []), ...(active ? [WORDS[language].active] : [])].join(', ');
}

/** In English its id is the word for it. */
function namePhase(phase: Check['phase'], language: Language): string {
  return language === 'en' ? phase : wordsIn(language)(`phase_${phase}`);
}

/** As renderers make it of a heading. */
function anchorOf(id: string): string {
  return id.replaceAll('.', '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function say(text: Text, language: Language): string {
  return text[language] ?? text.en;
}

const WORDS = {
  en: {
    title: 'Checks',
    count: (count: number) => `${count} checks, by phase and area. Made by \`oor check --explain\`.`,
    check: 'check',
    looksAt: 'looks at',
    thresholds: 'thresholds',
    rights: 'rights',
    noRights: 'none needed',
    active: 'active: opt-in',
    phase: 'phase',
    time: 'time',
    bounds: 'other bounds, in oor.yaml',
    confirmation: 'confirmation',
    parameter: 'parameter',
    type: 'type',
    required: 'required',
    optional: 'optional',
    standard: 'default',
    says: 'says',
    stop: '.',
    gap: ' ',
    colon: ': ',
  },
  'zh-CN': {
    title: '检查',
    count: (count: number) => `${count} 项检查，按阶段和领域排列。由 \`oor check --explain\` 生成。`,
    check: '检查',
    looksAt: '查看内容',
    thresholds: '阈值',
    rights: '权限',
    noRights: '无需特权',
    active: '主动探测：需显式选用',
    phase: '阶段',
    time: '时限',
    bounds: '在 oor.yaml 中设其他界限',
    confirmation: '确认',
    parameter: '参数',
    type: '类型',
    required: '必填',
    optional: '可选',
    standard: '默认',
    says: '可能的结论',
    stop: '。',
    gap: '',
    colon: '：',
  },
} as const;

/** The reference page of all checks as markdown, made from the checks themselves. */
import { type Check, STEP_PHASES } from '../checks/check.ts';
import type { Language, Text } from '../ports.ts';
import { describeParams } from './check-params.ts';
import { confirmationOf, describeBounds, describeConfirmation, exampleLines, siteBounds } from './check-words.ts';

export function renderReference(checks: readonly Check[], language: Language): string {
  const phases = STEP_PHASES.map((phase) => ({ phase, own: checks.filter((check) => check.phase === phase) }));
  const contents = phases
    .filter(({ own }) => own.length > 0)
    .flatMap(({ phase, own }) => ['', `## ${phase}`, '', ...overview(own, language)]);
  const pages = phases.flatMap(({ own }) => own.flatMap((check) => ['', ...describe(check, language)]));
  return `${['# Checks', '', `${checks.length} checks, by phase and area. Made by \`oor check --explain\`.`, ...contents, ...pages].join('\n')}\n`;
}

function overview(checks: readonly Check[], language: Language): readonly string[] {
  const rows = checks.map((check) => {
    const { id, title, thresholds } = check;
    return `| [${id}](#${anchorOf(id)}) | ${cell(title[language] ?? title.en)} | ${thresholds ? cell(describeBounds(thresholds)) : ''} | ${rightsOf(check)} |`;
  });
  return ['| check | looks at | thresholds | rights |', '| --- | --- | --- | --- |', ...rows];
}

function describe(check: Check, language: Language): readonly string[] {
  const { id, title, docs, phase, thresholds, messages, example, timeoutMs } = check;
  const confirmation = confirmationOf(check);
  const says = Object.entries(messages).map(([code, text]) => `| \`${code}\` | ${cell(say(text, language))} |`);
  const rules = [
    `* phase: ${phase}`,
    `* rights: ${rightsOf(check) || 'none needed'}`,
    ...(timeoutMs === undefined ? [] : [`* time: ${timeoutMs / 1_000} s`]),
    ...(thresholds
      ? [
          `* thresholds: ${describeBounds(thresholds)} (${thresholds.source})`,
          `* other bounds, in oor.yaml: \`thresholds: { ${id}: ${siteBounds(thresholds)} }\``,
        ]
      : []),
    ...(confirmation ? [`* confirmation: ${describeConfirmation(confirmation)}`] : []),
  ];
  return [
    `## ${id}`,
    '',
    `**${say(title, language)}.** ${docs}`,
    '',
    ...rules,
    '',
    ...parameters(check),
    '```yaml',
    ...exampleLines(id, example),
    '```',
    '',
    '| says | |',
    '| --- | --- |',
    ...says,
  ];
}

function parameters({ params }: Check): readonly string[] {
  const described = describeParams(params);
  if (described.length === 0) return [];
  const rows = described.map(({ name, type, required, fallback }) => {
    const need = required ? 'required' : fallback === undefined ? 'optional' : `default \`${fallback}\``;
    return `| \`${name}\` | ${cell(type)} | ${cell(need)} |`;
  });
  return ['| parameter | type | |', '| --- | --- | --- |', ...rows, ''];
}

function rightsOf({ needsRoot, active }: Check): string {
  return [...(needsRoot ? ['root'] : []), ...(active ? ['active: opt-in'] : [])].join(', ');
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

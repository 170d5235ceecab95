/** A playbook for people: what is looked at, what it means, what repairs it. */
import { STEP_PHASES } from '../checks/check.ts';
import type { Cause, Fix, ForEach, Playbook, Step, Verify } from '../playbook/playbook.ts';
import type { Language, Text } from '../ports.ts';
import { code, markdown } from './markdown-text.ts';

export function renderPlaybookMarkdown(playbook: Playbook, language: Language): string {
  const page: Page = { playbook, words: WORDS[language], say: (text) => markdown(text[language] ?? text.en) };
  const { title, description, steps, causes, fixes, escalate } = playbook;
  const parts = [
    `# ${page.say(title)}`,
    ...(description ? [page.say(description)] : []),
    ...STEP_PHASES.flatMap((phase) =>
      renderPhase(
        page,
        phase,
        steps.filter((step) => step.phase === phase),
      ),
    ),
    ...(causes.length > 0 ? [`## ${page.words.causes}`, ...causes.map((cause) => renderCause(page, cause))] : []),
    ...(fixes.length > 0 ? [`## ${page.words.fixes}`, ...fixes.map((fix) => renderFix(page, fix))] : []),
    ...(escalate ? [`## ${page.words.escalate}`, `${markdown(escalate.to)}${escalate.text ? `: ${page.say(escalate.text)}` : ''}`] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

interface Page {
  readonly playbook: Playbook;
  readonly words: Words;
  readonly say: (text: Text) => string;
}

const WORDS = {
  en: {
    step: 'Step',
    looks: 'Looks at',
    rows: 'Rows',
    causes: 'Causes',
    fixes: 'Fixes',
    escalate: 'Escalate to',
    class: 'class',
    supports: 'for it',
    refutes: 'against it',
    excludes: 'rules it out',
    verify: 'experiment',
    fix: 'fix',
    advice: 'what to do',
    effect: 'effect',
    run: 'runs',
    back: 'way back',
    signal: 'worked when',
    manual: 'by hand',
    mitigates: 'stops the bleeding, may be taken at any prompt',
    each: 'for each of',
    ask: 'asks',
    instruct: 'a person',
  },
  'zh-CN': {
    step: '步骤',
    looks: '内容',
    rows: '条目',
    causes: '原因',
    fixes: '修复',
    escalate: '升级至',
    class: '类别',
    supports: '支持',
    refutes: '反对',
    excludes: '排除',
    verify: '实验',
    fix: '修复',
    advice: '处置',
    effect: '影响',
    run: '执行',
    back: '回退',
    signal: '生效标志',
    manual: '人工',
    mitigates: '止损操作，可随时执行',
    each: '逐个',
    ask: '询问',
    instruct: '人工',
  },
} as const;
type Words = Readonly<Record<keyof (typeof WORDS)['en'], string>>;

function renderPhase({ words, say }: Page, phase: string, steps: readonly Step[]): readonly string[] {
  if (steps.length === 0) return [];
  const rows = steps.map((step) => `| ${code(step.id)} | ${whatOf(step, words, say)} | ${step.source.map(markdown).join(' ')} |`);
  return [`## ${phase}`, [`| ${words.step} | ${words.looks} | ${words.rows} |`, '|---|---|---|', ...rows].join('\n')];
}

function whatOf(step: Step, words: Words, say: Page['say']): string {
  const condition = step.if ? ` (${code(step.if.text)})` : '';
  const each = eachOf(step.forEach, words);
  if (step.kind === 'ask') return `${words.ask}: ${say(step.ask)}${condition}`;
  if (step.kind === 'instruct') return `${words.instruct}: ${say(step.instruct)}${condition}`;
  return `${step.title ? `${say(step.title)}: ` : ''}${code(step.uses)}${each}${condition}`;
}

function eachOf(forEach: ForEach | undefined, words: Words): string {
  if (!forEach) return '';
  return `, ${words.each} ${code([forEach.list, forEach.kind, forEach.role].filter((part) => part !== undefined).join('.'))}`;
}

function renderCause({ playbook, words, say }: Page, cause: Cause): string {
  const { id, title, class: kind, evidence, verify, fixes, advice, source } = cause;
  const lines = [
    `${words.class}: ${kind}${eachOf(cause.forEach, words)}${source.length > 0 ? ` · ${source.map(markdown).join(' ')}` : ''}`,
    ...evidence.map(({ when, effect, strength }) => `${words[effect]}${strength ? ` (${strength})` : ''}: ${code(when.text)}`),
    ...verify.map((one) => `${words.verify}: ${experimentOf(one, say)}`),
    ...fixes.map((fix) => {
      const known = playbook.fixes.find((each) => each.id === fix);
      return `${words.fix}: ${known ? say(known.title) : ''} ${code(fix)}`;
    }),
    ...(advice ? [`${words.advice}: ${say(advice)}`] : []),
  ];
  return `### ${say(title)} ${code(id)}\n\n${bullets(lines)}`;
}

function experimentOf(verify: Verify, say: Page['say']): string {
  if (verify.kind === 'ask') return say(verify.ask);
  return `${verify.title ? `${say(verify.title)}: ` : ''}${code(verify.uses)} ${code(verify.predict.text)}`;
}

function renderFix({ words, say }: Page, { id, title, effect, run, rollback, signal, manual, mitigates, source }: Fix): string {
  const argvs = (commands: Fix['run']): string => commands.map(({ argv }) => code(commandText(argv.source))).join(', ');
  const lines = [
    `${words.effect}: ${effect}${mitigates ? `; ${words.mitigates}` : ''}${source.length > 0 ? ` · ${source.map(markdown).join(' ')}` : ''}`,
    ...(run.length > 0 ? [`${words.run}: ${argvs(run)}`] : []),
    ...('commands' in rollback ? [`${words.back}: ${argvs(rollback.commands)}`] : [`${words.back}: ${say(rollback.none)}`]),
    ...(signal.steps.length > 0 ? [`${words.signal}: ${signal.steps.map(code).join(' ')}`] : []),
    ...(manual ? [`${words.manual}: ${say(manual)}`] : []),
  ];
  return `### ${say(title)} ${code(id)}\n\n${bullets(lines)}`;
}

function commandText(source: unknown): string {
  return Array.isArray(source) ? source.map(String).join(' ') : String(source);
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `* ${line}`).join('\n');
}

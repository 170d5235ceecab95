/** Bounds and rules of a check in words, for its reference. */
import { type Check, type Confirmation, describeReason, parseParams, type Thresholds, withUnit } from '../checks/check.ts';
import type { Language } from '../ports.ts';

/** `warn 90%, clears at 80%; fail 98%, clears at 90%`. */
export function describeBounds({ warn, crit, unit, clear }: Thresholds, language: Language): string {
  const words = WORDS[language];
  const bound = (word: string, value: number, back: number | undefined): string =>
    `${word} ${withUnit(value, unit, language)}${back === undefined ? '' : words.clears(withUnit(back, unit, language))}`;
  const fail = Number.isFinite(crit) ? bound(words.fail, crit, clear?.crit) : words.never;
  return `${bound(words.warn, warn, clear?.warn)}${words.next}${fail}`;
}

/** With where they come from. */
export function describeSourcedBounds(thresholds: Thresholds, language: Language): string {
  const source = describeReason(thresholds.source, language);
  return `${describeBounds(thresholds, language)}${language === 'en' ? ` (${source})` : `（${source}）`}`;
}

const WORDS = {
  en: { warn: 'warn', fail: 'fail', never: 'never fails', next: '; ', clears: (value: string) => `, clears at ${value}` },
  'zh-CN': { warn: '警告', fail: '失败', never: '不会失败', next: '；', clears: (value: string) => `，${value} 恢复` },
} as const;

/** As the site profile writes it. */
export function siteBounds({ warn, crit, clear }: Thresholds): string {
  const pairs = [
    ['warn', warn],
    ['crit', crit],
    ['warn_clear', clear?.warn],
    ['crit_clear', clear?.crit],
  ] as const;
  const given = pairs.filter(([, value]) => value !== undefined && Number.isFinite(value));
  return `{ ${given.map(([name, value]) => `${name}: ${value}`).join(', ')} }`;
}

export function describeConfirmation({ of, need, everyMs }: Confirmation, language: Language): string {
  if (language === 'zh-CN') return `最多 ${of} 次探测中有 ${need} 次看到才算失败，每次间隔 ${everyMs} 毫秒；首次正常即结束`;
  return `a failure counts when ${need} of at most ${of} probes see it, ${everyMs} ms apart; a good first probe ends it`;
}

/** What holds where a step says nothing: of the parameters that it has by itself, as far as it can do without any. */
export function confirmationOf({ confirm, params, example }: Pick<Check, 'confirm' | 'params' | 'example'>): Confirmation | undefined {
  const { samples: _samples, attempts: _attempts, ...sample } = example;
  const parsed = confirm && parseParams({ params }, sample);
  return parsed?.ok ? confirm?.(parsed.params) : undefined;
}

/** Flow style is JSON, and JSON is YAML. */
export function exampleLines(id: string, example: Readonly<Record<string, unknown>>): readonly string[] {
  const entries = Object.entries(example).map(([name, value]) => `      ${name}: ${yamlValue(value)}`);
  const stepId = id.replaceAll('.', '_');
  return [`  - id: ${stepId}`, `    uses: ${id}`, ...(entries.length === 0 ? [] : ['    with:', ...entries])];
}

/** Words that mean only themselves need no quotes. */
function yamlValue(value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z/][\w./-]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)) return value;
  return JSON.stringify(value);
}

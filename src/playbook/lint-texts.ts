import { type Build, below, complain, type Spot } from './build.ts';
import type { Entries } from './entries.ts';

/** Keys whose value a person reads. */
const TEXT_KEYS = new Set(['title', 'description', 'ask', 'help', 'label', 'instruct', 'advice', 'why', 'manual', 'none']);
/** Keys below which nothing is shown as it stands. */
const DATA_KEYS = new Set(['with', 'next', 'signal', 'run', 'before', 'dry_run']);

/** Every text that has no zh-CN. */
export function lintTexts(build: Pick<Build, 'problems'>, { steps, causes, fixes }: Entries): void {
  for (const part of new Set([...steps, ...causes, ...fixes].map((entry) => entry.part))) {
    const root = { yaml: part.yaml, path: [] };
    for (const key of ['title', 'description'] as const) lintText(build, below(root, key), part.raw[key]);
    lintText(build, below(root, 'escalate', 'text'), part.raw.escalate?.text);
  }
  for (const { raw, spot } of [...steps, ...causes, ...fixes]) walk(build, spot, raw);
}

function walk(build: Pick<Build, 'problems'>, spot: Spot, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (DATA_KEYS.has(key)) continue;
    const at = below(spot, Array.isArray(value) ? Number(key) : key);
    if (TEXT_KEYS.has(key)) lintText(build, at, child);
    else walk(build, at, child);
  }
}

function lintText(build: Pick<Build, 'problems'>, spot: Spot, value: unknown): void {
  const texts = typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value) : [];
  const translated = typeof value === 'object' && value !== null && 'zh-CN' in value;
  if (texts.length > 0 && !translated) {
    complain(build, spot, {
      code: 'missing-translation',
      message: 'no zh-CN text',
      hint: 'write {en: ..., zh-CN: ...}',
      severity: 'warning',
    });
  }
  if (texts.some((text) => typeof text === 'string' && text.includes('${{'))) {
    complain(build, spot, { code: 'template-in-text', message: '${{ }} is not filled in texts that people read', severity: 'warning' });
  }
}

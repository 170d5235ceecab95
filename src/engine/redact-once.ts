import type { Json } from '../ports.ts';
import type { Redact } from './probe.ts';
import { isObject } from './targets.ts';

/** Facts are redacted before they are judged; the event that then holds them need not look through them again. */
export function redactOnce(redact: Redact): Redact {
  const clean = new WeakSet<object>();
  const isClean = (value: Json | undefined): boolean => typeof value === 'object' && value !== null && clean.has(value);
  return (value) => {
    const parts = isObject(value) ? Object.entries(value) : [];
    if (!parts.some(([, part]) => isClean(part))) {
      const done = redact(value);
      if (typeof done.value === 'object' && done.value !== null) clean.add(done.value);
      return done;
    }
    const done = redact(Object.fromEntries(parts.filter(([, part]) => !isClean(part))));
    const others = new Map(Object.entries(done.value as Readonly<Record<string, Json>>));
    return { ...done, value: Object.fromEntries(parts.map(([key, part]) => [key, isClean(part) ? part : (others.get(key) ?? null)])) };
  };
}

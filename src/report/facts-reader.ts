/** Facts as they are found: of another version, cut, or made up by whoever handed over the record. Nothing is taken on trust. */
import type { Json, JsonObject } from '../ports.ts';

export function objectAt(facts: Json | undefined, key: string): JsonObject | undefined {
  const value = isObject(facts) ? facts[key] : undefined;
  return isObject(value) ? value : undefined;
}

export function listAt(facts: Json | undefined, key: string): readonly JsonObject[] {
  const value = isObject(facts) ? facts[key] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function numberAt(facts: Json | undefined, key: string): number | undefined {
  const value = isObject(facts) ? facts[key] : undefined;
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < MOST ? value : undefined;
}

export function textAt(facts: Json | undefined, key: string): string {
  const value = isObject(facts) ? facts[key] : undefined;
  return typeof value === 'string' ? value : '';
}

export function numbersAt(facts: Json | undefined, key: string): readonly number[] {
  const value = isObject(facts) ? facts[key] : undefined;
  return Array.isArray(value) ? value.filter((each): each is number => typeof each === 'number' && Number.isFinite(each)) : [];
}

/** Past any instant or count that is real, and below what an axis can still be made of. */
const MOST = 1e15;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The flags of `oor check`, and the formats it speaks. */
import type { Confirmation } from '../checks/check.ts';
import { parseDuration } from '../checks/duration.ts';
import { CHECK_FORMATS } from './formats.ts';
import { type GlobalOptions, usage } from './options.ts';

export interface CheckOptions extends GlobalOptions {
  readonly sandbox?: string;
  readonly playbook?: string;
  readonly list?: boolean;
  readonly explain?: boolean;
  readonly tag?: readonly string[];
  readonly phase?: readonly string[];
  readonly retryFor?: number;
  readonly every?: number;
  readonly confirm?: string;
  readonly output?: string;
  readonly snapshot?: string;
  readonly compare?: string;
}

export type Format = (typeof CHECK_FORMATS)[number];

/** A format that is named outranks the short flags, which may come from the environment. */
export function chooseFormat({ format, json, jsonl }: Pick<GlobalOptions, 'format' | 'json' | 'jsonl'>): Format {
  if (format === undefined) return json ? 'json' : jsonl ? 'jsonl' : 'text';
  const known = CHECK_FORMATS.find((each) => each === format);
  if (known === undefined) throw usage(`--format ${format}: oor check has no such format`, `one of: ${CHECK_FORMATS.join(', ')}`);
  return known;
}

/** `2/3`, or `2/3@500ms` with another pause than a second. */
export function parseConfirmation(text: string): Confirmation {
  const [, need, of, every] = /^(\d+)\/(\d+)(?:@(.+))?$/.exec(text) ?? [];
  const found = { of: Number(of), need: Number(need), everyMs: every === undefined ? 1_000 : (parseDuration(every) ?? Number.NaN) };
  if (found.need >= 1 && found.need <= found.of && found.of <= 20 && found.everyMs >= 0) return found;
  throw usage(`--confirm ${text}: expected how many of how many probes must fail`, 'for example --confirm 2/3, or --confirm 2/3@500ms');
}

/** Finds the places of many literals at once in a block of bytes. */
import { type ByteScanner, hashOf } from './byte-scanner.ts';
import { hashesOf, type LiteralPlan } from './literal-plan.ts';
import { EITHER_CASE } from './literal-sets.ts';

export interface LiteralFinder {
  /** Calls for each literal that begins at the place, by and large in the order of the places. */
  find(bytes: Buffer, span: Span, onFound: (patterns: ReadonlySet<number>, place: number) => void): void;
}

/** `from` to `to` are the positions looked at; what is found begins at `start` or behind it. */
export interface Span {
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** The literals by the hashes that show them. */
export type LiteralIndex = ReadonlyMap<number, readonly Entry[]>;

interface Entry {
  /** Small letters where either case will do. */
  readonly bytes: Uint8Array;
  /** The bit of the case where either will do, else 0. */
  readonly either: Uint8Array;
  /** Of the hashed bytes, from its beginning. */
  readonly shift: number;
  readonly patterns: ReadonlySet<number>;
}

export function indexLiterals({ stride, literals }: LiteralPlan): LiteralIndex {
  const index = new Map<number, Entry[]>();
  for (const { literal, window, patterns } of literals) {
    const bytes = Uint8Array.from(literal);
    const either = Uint8Array.from(literal, (unit) => (unit >= EITHER_CASE ? 0x20 : 0));
    hashesOf(literal.slice(window, window + stride + 2)).forEach((hash, at) => {
      const entry = { bytes, either, shift: window + at, patterns };
      const known = index.get(hash);
      if (known) known.push(entry);
      else index.set(hash, [entry]);
    });
  }
  return index;
}

export function createLiteralFinder(index: LiteralIndex, scanner: ByteScanner): LiteralFinder {
  for (const hash of index.keys()) scanner.table[hash] = 1;
  return {
    find(bytes, { start, from, to }, onFound) {
      const count = scanner.scan(from, to);
      for (let number = 0; number < count; number += 1) {
        const at = scanner.found[number] as number;
        if (at >= to) return;
        for (const entry of index.get(hashAt(bytes, at)) ?? NONE) {
          const place = at - entry.shift;
          if (place >= start && holds(bytes, place, entry)) onFound(entry.patterns, place);
        }
      }
    },
  };
}

const NONE: readonly Entry[] = [];

function hashAt(bytes: Buffer, at: number): number {
  return hashOf((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16));
}

function holds(content: Buffer, place: number, { bytes, either }: Entry): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    if (((content[place + at] as number) | (either[at] as number)) !== bytes[at]) return false;
  }
  return true;
}

import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../ports.ts';

export function createRandom(): Random {
  return { hex: (bytes) => randomBytes(bytes).toString('hex'), integer: (below) => randomInt(below) };
}

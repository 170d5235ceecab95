import { expect, it } from 'vitest';
import { giveBack } from '../../src/adapters/piece-memory.ts';

const MIB = 1024 * 1024;

it('holds next to nothing of what was read and given back', () => {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let read = 0; read < 320; read += 1) {
    const piece = Buffer.from(new ArrayBuffer(MIB / 16)).fill(1);
    giveBack(piece);
    expect(piece.length).toBe(0);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  expect(most).toBeLessThan(MIB);
});

it('leaves a piece alone whose memory others use, too', () => {
  const [piece, other] = [Buffer.from(new ArrayBuffer(64), 0, 32).fill(1), Buffer.from('of the pool')];
  giveBack(piece);
  giveBack(other);
  expect(piece.length).toBe(32);
  expect(other.toString()).toBe('of the pool');
});

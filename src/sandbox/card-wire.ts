/** How card messages are written on a line. The stack is handed one: it knows nothing of dialects and framings. */
import { createHmac } from 'node:crypto';

export type CardFields = Readonly<Record<number, string>>;

export interface CardWire {
  /** Bytes of the frame that begins so: undefined while that is not there yet, null when no frame begins so. */
  measure(bytes: Uint8Array): number | undefined | null;
  /** What a frame says, or why it says nothing. */
  read(frame: Uint8Array): { readonly mti: string; readonly fields: CardFields } | string;
  write(mti: string, fields: CardFields): Uint8Array;
  /** First digit of the message types: 0 or 1. */
  readonly version: string;
  has(field: number): boolean;
}

const MAC_FIELD = 64;
const NO_MAC = '0'.repeat(16);

/** The message with its code: eight bytes over all of it, the code itself taken as zeros. */
export function writeWithMac(wire: CardWire, key: string, mti: string, fields: CardFields): Uint8Array {
  return wire.write(mti, { ...fields, [MAC_FIELD]: macOf(wire, key, mti, fields) });
}

export function hasMac(wire: CardWire, key: string, mti: string, fields: CardFields): boolean {
  return fields[MAC_FIELD]?.toUpperCase() === macOf(wire, key, mti, fields);
}

function macOf(wire: CardWire, key: string, mti: string, fields: CardFields): string {
  const bytes = wire.write(mti, { ...fields, [MAC_FIELD]: NO_MAC });
  return createHmac('sha256', key).update(bytes).digest('hex').slice(0, 16).toUpperCase();
}

/** Cuts what a connection brings into frames; null: what came begins no frame. */
export function cutFrames(wire: CardWire, onFrame: (frame: Uint8Array | null) => void): (chunk: Uint8Array) => void {
  let held = new Uint8Array(0);
  return (chunk) => {
    held = Uint8Array.from([...held, ...chunk]);
    for (;;) {
      const size = wire.measure(held);
      if (size === undefined || (size !== null && held.length < size)) return;
      if (size === null) {
        held = new Uint8Array(0);
        return onFrame(null);
      }
      const frame = held.slice(0, size);
      held = held.slice(size);
      onFrame(frame);
    }
  };
}

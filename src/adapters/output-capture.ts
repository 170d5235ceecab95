import { giveBack } from './piece-memory.ts';

/** Keeps the first and the last bytes of a stream in flat memory and counts the rest. */
export interface OutputCapture {
  add(chunk: Uint8Array): void;
  readonly totalBytes: number;
  readonly truncated: boolean;
  /** What was kept; only whole when not truncated. */
  bytes(): Buffer;
  /** UTF-8 text of at most so many bytes, by default of all that was kept; head and tail around a line that says how many were left out. */
  text(mostBytes?: number): string;
  /** Nothing of it is read any more: its memory is given back at once. */
  release(): void;
}

/** How far a cut moves to leave nothing half. */
const TOKEN_WINDOW = 4096;

export function createOutputCapture(maxBytes: number): OutputCapture {
  const headLimit = Math.ceil(maxBytes / 2);
  const tailLimit = Math.max(1, maxBytes - headLimit);
  let head = Buffer.alloc(0);
  let headLength = 0;
  let ring: Buffer | undefined;
  let ringTotal = 0;
  let totalBytes = 0;

  function addToHead(chunk: Uint8Array): void {
    const needed = headLength + chunk.length;
    if (needed > head.length) {
      const grown = Buffer.alloc(Math.min(headLimit, Math.max(needed, head.length * 2, 4096)));
      head.copy(grown, 0, 0, headLength);
      giveBack(head);
      head = grown;
    }
    head.set(chunk, headLength);
    headLength = needed;
  }

  function addToTail(chunk: Uint8Array): void {
    ring ??= Buffer.alloc(tailLimit);
    const kept = chunk.length > tailLimit ? chunk.subarray(chunk.length - tailLimit) : chunk;
    const start = (ringTotal + chunk.length - kept.length) % tailLimit;
    const first = Math.min(kept.length, tailLimit - start);
    ring.set(kept.subarray(0, first), start);
    ring.set(kept.subarray(first), 0);
    ringTotal += chunk.length;
  }

  function tail(): readonly Buffer[] {
    if (!ring) return [];
    if (ringTotal <= tailLimit) return [ring.subarray(0, ringTotal)];
    const start = ringTotal % tailLimit;
    return [ring.subarray(start), ring.subarray(0, start)];
  }

  function textOf(kept: Buffer, mostBytes: number): string {
    if (totalBytes <= Math.min(kept.length, mostBytes)) return kept.toString('utf8');
    const middle = Math.min(headLength, Math.ceil(mostBytes / 2));
    const first = cutBeforeToken(kept.subarray(0, middle));
    const last = cutAfterToken(kept.subarray(Math.max(isTruncated() ? headLength : middle, kept.length - Math.floor(mostBytes / 2))));
    const leftOut = totalBytes - first.length - last.length;
    return `${first.toString('utf8')}\n[... ${leftOut} bytes left out ...]\n${last.toString('utf8')}`;
  }

  const isTruncated = () => totalBytes > headLength + Math.min(ringTotal, tailLimit);

  return {
    add(chunk) {
      totalBytes += chunk.length;
      const room = headLimit - headLength;
      if (room > 0) addToHead(chunk.subarray(0, room));
      if (chunk.length > room) addToTail(chunk.subarray(room));
    },
    get totalBytes() {
      return totalBytes;
    },
    get truncated() {
      return isTruncated();
    },
    bytes: () => Buffer.concat([head.subarray(0, headLength), ...tail()]),
    text(mostBytes = maxBytes) {
      const kept = this.bytes();
      const text = textOf(kept, mostBytes);
      giveBack(kept);
      return text;
    },
    release() {
      giveBack(head);
      if (ring) giveBack(ring);
    },
  };
}

/** Ends of lines, then of fields, then of words: the first kind found in the window is where the cut goes. */
const BORDERS: readonly ((byte: number) => boolean)[] = [isOneOf('\n'), isOneOf(',;&}'), isNoTokenByte];

// A cut through a card number, a token, or between a keyword and its value would leave a piece that redaction no longer
// recognises, so the piece goes too.
function cutBeforeToken(bytes: Buffer): Buffer {
  const floor = Math.max(0, bytes.length - TOKEN_WINDOW);
  for (const isBorder of BORDERS) {
    const at = bytes.subarray(floor).findLastIndex(isBorder);
    if (at >= 0) return bytes.subarray(0, floor + at + 1);
  }
  return bytes.subarray(0, floor);
}

function cutAfterToken(bytes: Buffer): Buffer {
  const window = bytes.subarray(0, TOKEN_WINDOW);
  for (const isBorder of BORDERS) {
    const at = window.findIndex(isBorder);
    if (at >= 0) return bytes.subarray(at + 1);
  }
  return bytes.subarray(window.length);
}

function isOneOf(characters: string): (byte: number) => boolean {
  const bytes = new Set(Buffer.from(characters));
  return (byte) => bytes.has(byte);
}

/** None of letters, digits, the separators written inside numbers and tokens, bytes of a multi-byte character. */
function isNoTokenByte(byte: number): boolean {
  return byte < 0x80 && !/[0-9A-Za-z +\-./=_]/.test(String.fromCharCode(byte));
}

/** Lines put together to records: a cell in quotes may hold the ends of lines. Each character is looked at once. Pure. */

export interface TextRecord {
  /** Of its beginning, from 1. */
  readonly line: number;
  readonly text: string;
}

export interface RecordLines {
  /** undefined: the record goes on in the next line. */
  take(line: string): TextRecord | undefined;
  /** A record whose quote was never closed. */
  rest(): TextRecord | undefined;
}

/** Nothing that a table holds is longer: a quote was not closed. */
const MAX_RECORD = 64 * 1024;

export function joinLines(quoted: boolean): RecordLines {
  let line = 0;
  let begin = 0;
  let open: string[] = [];
  let length = 0;
  const end = (): TextRecord => {
    const record = { line: begin, text: open.join('\n') };
    open = [];
    length = 0;
    return record;
  };
  return {
    take(raw) {
      line += 1;
      const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      const isContinued = open.length > 0;
      if (!isContinued && !(quoted && endsOpen(text, false))) return { line, text };
      if (!isContinued) begin = line;
      open.push(text);
      length += text.length + 1;
      return isContinued && (length >= MAX_RECORD || !endsOpen(text, true)) ? end() : undefined;
    },
    rest: () => (open.length > 0 ? end() : undefined),
  };
}

/** Only a quote at the beginning of a cell opens; two of them within are one that is meant. */
function endsOpen(line: string, isOpen: boolean): boolean {
  let open = isOpen;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) {
    if (!open) open = at === 0 || BEFORE_A_CELL.has(line[at - 1]);
    else if (line[at + 1] === '"') at += 1;
    else open = false;
  }
  return open;
}

const BEFORE_A_CELL: ReadonlySet<string | undefined> = new Set([',', ';', '\t', '|']);

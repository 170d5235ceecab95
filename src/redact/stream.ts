import { cleanText } from './clean.ts';
import { type Detector, mergeSpans, type Span } from './span.ts';

export interface TextStream {
  /** More of the text; returns what of the whole can be let go. */
  push(chunk: string): string;
  /** The rest. */
  end(): string;
}

export interface StreamOptions {
  readonly find: Detector;
  /** `line` counts from 1 in what came in. */
  onRemoved(span: Span, line: number): void;
}

/** So much is waited for before anything is looked at. */
const BLOCK = 512 * 1024;
/** Nothing that is found is longer, so what starts before it is seen to its end. */
const HOLD = 48 * 1024;
/** Where a border is looked for before what is held. */
const SEARCH = 16 * 1024;
/** A single find may hold everything back up to here. */
const MOST = 4 * 1024 * 1024;
/** Ends of lines, then of fields, then of words. */
const BORDERS = ['\n', ',;&}', ' \t"\'<>|'];

/** Cleans a text of any length in pieces of one size: what lies across their border is found, and memory stays flat. */
export function createTextStream({ find, onRemoved }: StreamOptions): TextStream {
  let held = '';
  let line = 1;
  // The head of a table that goes on: its rows are told by it, however far above it stood.
  let head = '';

  function release(cut: number, spans: readonly Span[]): string {
    const text = held.slice(0, cut);
    held = held.slice(cut);
    let at = line;
    let lineEnd = text.indexOf('\n');
    const advanceTo = (place: number): void => {
      for (; lineEnd !== -1 && lineEnd < place; lineEnd = text.indexOf('\n', lineEnd + 1)) at++;
    };
    const first = new Set(spans);
    const cleaned = cleanText(text, spans, find, (span) => {
      // Later passes see what is no longer the input: such finds stand where the last one stood.
      if (first.has(span)) advanceTo(span.start);
      onRemoved(span, at);
    });
    advanceTo(text.length);
    line = at;
    return cleaned;
  }

  function findHeld(): readonly Span[] {
    if (head === '') return mergeSpans(find(held));
    const by = head.length;
    return mergeSpans(
      find(head + held)
        .filter(({ start }) => start >= by)
        .map((span) => moved(span, -by)),
    );
  }

  return {
    push(chunk) {
      held += chunk;
      if (held.length < BLOCK) return '';
      const spans = findHeld();
      const cut = placeOfCut(held, spans);
      head = headAt(held, cut, spans, head);
      return release(
        cut,
        spans.filter(({ end }) => end <= cut),
      );
    },
    end: () => release(held.length, findHeld()),
  };
}

function moved(span: Span, by: number): Span {
  const { head } = span;
  return { ...span, start: span.start + by, end: span.end + by, ...(head && { head: { start: head.start + by, end: head.end + by } }) };
}

/** The head of the table in which a text is cut, with its line end; '' where it is cut in none. */
function headAt(text: string, cut: number, spans: readonly Span[], before: string): string {
  if (text[cut - 1] !== '\n') return '';
  const last = spans.findLast(({ end, head }) => head !== undefined && end <= cut)?.head;
  const head = last === undefined || last.start < 0 ? before : `${text.slice(last.start, last.end)}\n`;
  const row = text.slice(text.lastIndexOf('\n', cut - 2) + 1, cut);
  return head !== '' && separatorsIn(row) === separatorsIn(head) ? head : '';
}

/** How many signs part the cells of a line; those in quotes do not count. */
function separatorsIn(line: string): number {
  return line.replace(/"[^"\n]*"/g, '').replace(/[^,;|\t]/g, '').length;
}

function placeOfCut(text: string, spans: readonly Span[]): number {
  const latest = text.length - HOLD;
  let cut = latest;
  for (const border of BORDERS) {
    const place = lastOf(text, border, latest);
    if (place > 0) {
      cut = place;
      break;
    }
  }
  const across = spans.find(({ start, end }) => start < cut && end > cut);
  if (across === undefined) return cut;
  return across.start > 0 || text.length < MOST ? across.start : across.end;
}

/** Behind the last of these signs in the stretch that is searched; 0: there is none. */
function lastOf(text: string, signs: string, latest: number): number {
  for (let index = latest; index > Math.max(0, latest - SEARCH); index--) if (signs.includes(text[index - 1] ?? '')) return index;
  return 0;
}

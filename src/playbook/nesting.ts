/**
 * Looks at a file's lexical tokens only. The YAML parser recurses: a file of 900 nested levels parsed twice in one process
 * ends in an abort that nobody can catch, and its cost grows with the number of entries, so both are bounded before it runs.
 */

/** What was refused, and where in the text. */
export interface Refusal {
  readonly what: 'depth' | 'entries' | 'aliases' | 'directive';
  readonly offset: number;
}

export interface LexicalLimits {
  readonly maxDepth: number;
  readonly maxTokens: number;
  readonly maxAliases: number;
}

/** The first breach of a limit. `tokens` are those of the yaml lexer: source text in order, with zero-width marks between. */
export function findExcess(tokens: Iterable<string>, limits: LexicalLimits): Refusal | undefined {
  const state: State = { offset: 0, lineStart: 0, columns: [], flow: 0, chained: 0, fresh: true, tokens: 0, aliases: 0 };
  let scalarNext = false;
  for (const token of tokens) {
    if (ZERO_WIDTH.has(token)) {
      scalarNext = token === SCALAR;
      continue;
    }
    const what = scalarNext ? enterContent(state) : enterToken(state, token);
    scalarNext = false;
    const refusal = what ?? excess(state, limits);
    if (refusal) return { what: refusal, offset: state.offset };
    advance(state, token);
  }
  return undefined;
}

const SCALAR = '\x1f';
const ZERO_WIDTH = new Set(['\x02', '\x18', SCALAR]);

interface State {
  offset: number;
  lineStart: number;
  /** Columns at which the open block collections started. */
  columns: number[];
  flow: number;
  /** Keys, dashes and question marks of one line that nest without a deeper column of their own. */
  chained: number;
  /** Nothing but indicators seen on this line yet. */
  fresh: boolean;
  tokens: number;
  aliases: number;
}

function excess(state: State, limits: LexicalLimits): Refusal['what'] | undefined {
  if (state.columns.length + state.flow + state.chained > limits.maxDepth) return 'depth';
  if (state.tokens > limits.maxTokens) return 'entries';
  return state.aliases > limits.maxAliases ? 'aliases' : undefined;
}

function enterToken(state: State, token: string): Refusal['what'] | undefined {
  switch (token[0]) {
    case '%':
      return 'directive';
    case '*':
      state.aliases += 1;
      return enterContent(state);
    case '{':
    case '[':
      state.flow += 1;
      return enterContent(state);
    case '}':
    case ']':
      state.flow = Math.max(0, state.flow - 1);
      state.chained = 0;
      break;
    case ',':
      state.chained = 0;
      break;
    case '-':
    case '?':
    case ':':
      enterIndicator(state);
      break;
    case '"':
    case "'":
      return enterContent(state);
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case '#':
      return undefined;
  }
  state.tokens += 1;
  return undefined;
}

function enterIndicator(state: State): void {
  if (state.fresh && state.flow === 0) openColumn(state);
  else state.chained += 1;
}

function enterContent(state: State): undefined {
  if (state.fresh && state.flow === 0) openColumn(state);
  state.fresh = false;
  state.tokens += 1;
}

function openColumn(state: State): void {
  const column = state.offset - state.lineStart;
  while ((state.columns.at(-1) ?? -1) > column) state.columns.pop();
  if (state.columns.at(-1) !== column) state.columns.push(column);
}

function advance(state: State, token: string): void {
  const newline = token.lastIndexOf('\n');
  if (newline >= 0) {
    state.lineStart = state.offset + newline + 1;
    state.fresh = true;
    state.chained = 0;
  }
  state.offset += token.length;
}

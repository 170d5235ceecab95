/** The graph of a playbook as one picture that needs nothing else: steps on the left, causes in the middle, fixes on the right. */
import { STEP_PHASES } from '../checks/check.ts';
import { html, Markup, type Part } from './html.ts';
import type { GraphEdge, GraphNode, PlaybookGraph } from './playbook-graph.ts';
import { cutTo } from './svg-text.ts';

const HEIGHT = 36;
const GAP = 6;
const HEAD = 26;
const TOP = 44;
const COLUMNS = {
  step: { x: 20, width: 330, columns: 50 },
  cause: { x: 560, width: 360, columns: 54 },
  fix: { x: 1_080, width: 300, columns: 44 },
} as const;
const WIDTH = 1_400;

interface Placed {
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly columns: number;
}

export function renderPlaybookSvg(graph: PlaybookGraph): string {
  const heads: { readonly text: string; readonly x: number; readonly y: number }[] = [];
  const placed = placeAll(graph, heads);
  const bottom = Math.max(...[...placed.values()].map(({ y }) => y + HEIGHT), TOP) + 20;
  const picture = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom}" width="${WIDTH}" height="${bottom}" role="img" aria-label="${graph.title}">
<title>${graph.title}</title>
<style>${STYLE}</style>
<rect class="page" width="${WIDTH}" height="${bottom}"/>
<text class="head" x="20" y="26">${graph.title}</text>
${heads.map(({ text, x, y }) => html`<text class="phase" x="${x}" y="${y}">${text}</text>\n`)}
${graph.edges.map((edge) => renderEdge(edge, placed))}
${[...placed.values()].map(renderBox)}</svg>
`;
  return picture.text;
}

const STYLE = new Markup(`
svg{color-scheme:light dark;--page:#fff;--ink:#1f2328;--dim:#59636e;--line:#d1d9e0;--box:#f6f8fa;--cause:#fff8e6;--fix:#eefbf0;--for:#1f6f43;--against:#a4303f;--way:#59636e}
@media (prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--dim:#9198a1;--line:#3d444d;--box:#161b22;--cause:#2a2415;--fix:#12261a;--for:#57c785;--against:#f28b94;--way:#9198a1}}
.page{fill:var(--page)} text{fill:var(--ink);font:12px system-ui,"Noto Sans CJK SC",sans-serif} .head{font-size:16px;font-weight:600} .phase{font-weight:600;fill:var(--dim)} .below{font-size:10px;fill:var(--dim)}
.box{fill:var(--box);stroke:var(--line)} .question .box{stroke-dasharray:4 2} .cause .box{fill:var(--cause)} .fix .box{fill:var(--fix)} .mitigates .box{stroke:var(--for);stroke-width:2}
path{fill:none;stroke-width:1.2} .supports{stroke:var(--for)} .refutes{stroke:var(--against);stroke-dasharray:5 3} .excludes{stroke:var(--against);stroke-dasharray:1 3} .condition,.branch{stroke:var(--way);stroke-dasharray:2 3} .way-fix{stroke:var(--way);stroke-width:1.6}
`);

// ---------------------------------------------------------------------------------------------- places

function placeAll({ nodes, edges }: PlaybookGraph, heads: { text: string; x: number; y: number }[]): ReadonlyMap<string, Placed> {
  const placed = new Map<string, Placed>();
  let y = TOP;
  for (const phase of STEP_PHASES) {
    const own = nodes.filter((node) => node.phase === phase);
    if (own.length === 0) continue;
    heads.push({ text: phase, x: COLUMNS.step.x, y: y + 16 });
    y += HEAD;
    for (const node of own) {
      placed.set(node.key, { node, y, ...COLUMNS.step });
      y += HEIGHT + GAP;
    }
    y += GAP;
  }
  placeBeside(
    nodes.filter(({ kind }) => kind === 'cause'),
    COLUMNS.cause,
    edges,
    placed,
  );
  placeBeside(
    nodes.filter(({ kind }) => kind === 'fix'),
    COLUMNS.fix,
    edges,
    placed,
  );
  return placed;
}

/** Each as near as it gets to the middle of what leads to it, in that order: few lines cross. */
function placeBeside(
  nodes: readonly GraphNode[],
  column: (typeof COLUMNS)[keyof typeof COLUMNS],
  edges: readonly GraphEdge[],
  placed: Map<string, Placed>,
): void {
  const wanted = nodes.map((node) => {
    const ys = edges.filter(({ to }) => to === node.key).flatMap(({ from }) => placed.get(from)?.y ?? []);
    return { node, y: ys.length === 0 ? TOP + HEAD : ys.reduce((sum, each) => sum + each, 0) / ys.length };
  });
  wanted.sort((one, other) => one.y - other.y);
  const heights = wanted.length * (HEIGHT + GAP);
  const lowest = Math.max(TOP + HEAD + heights, ...[...placed.values()].map(({ y }) => y + HEIGHT));
  let free = TOP + HEAD;
  wanted.forEach(({ node, y }, index) => {
    // What comes after must still have its place above the end of the page.
    const last = lowest - (wanted.length - index) * (HEIGHT + GAP);
    const at = Math.max(free, Math.min(y, last));
    placed.set(node.key, { node, y: at, ...column });
    free = at + HEIGHT + GAP;
  });
}

// ---------------------------------------------------------------------------------------------- drawing

function renderBox({ node, x, y, width, columns }: Placed): Markup {
  const { kind, title, below, mitigates } = node;
  const round = kind === 'cause' ? 16 : kind === 'instruction' ? 0 : 5;
  return html`<g class="${kind}${mitigates === true && ' mitigates'}"><title>${title}: ${below}</title><rect class="box" x="${x}" y="${tenth(y)}" width="${width}" height="${HEIGHT}" rx="${round}"/><text x="${x + 10}" y="${tenth(y + 15)}">${cutTo(title, columns)}</text><text class="below" x="${x + 10}" y="${tenth(y + 29)}">${cutTo(below, columns + 8)}</text></g>
`;
}

function renderEdge({ from, to, kind, label }: GraphEdge, placed: ReadonlyMap<string, Placed>): Part {
  const [start, end] = [placed.get(from), placed.get(to)];
  if (!start || !end) return '';
  const name = kind === 'fix' ? 'way-fix' : kind;
  const [y1, y2] = [tenth(start.y + HEIGHT / 2), tenth(end.y + HEIGHT / 2)];
  if (start.x === end.x) {
    // Within a column: around its right side.
    const x = start.x + start.width;
    const out = x + 16 + Math.min(60, Math.abs(y2 - y1) / 12);
    return html`<path class="${name}" d="M${x} ${y1}C${tenth(out)} ${y1} ${tenth(out)} ${y2} ${x} ${y2}">${label !== undefined && html`<title>${label}</title>`}</path>
`;
  }
  const [x1, x2] = [start.x + start.width, end.x];
  const middle = (x1 + x2) / 2;
  return html`<path class="${name}" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"/>
`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

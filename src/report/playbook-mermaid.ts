/** The graph of a playbook as Mermaid text, for wikis and code hosts. */
import { STEP_PHASES } from '../checks/check.ts';
import { escapeControlInLine } from './escape.ts';
import type { GraphEdge, GraphNode, PlaybookGraph } from './playbook-graph.ts';

export function renderMermaid({ title, nodes, edges }: PlaybookGraph): string {
  const names = new Map(nodes.map(({ key }, index) => [key, `n${index}`]));
  const nameOf = (key: string): string => names.get(key) ?? '';
  const phases = STEP_PHASES.flatMap((phase) =>
    group(
      phase,
      phase,
      nodes.filter((node) => node.phase === phase),
      nameOf,
    ),
  );
  const causes = group(
    'causes',
    'causes',
    nodes.filter(({ kind }) => kind === 'cause'),
    nameOf,
  );
  const fixes = group(
    'fixes',
    'fixes',
    nodes.filter(({ kind }) => kind === 'fix'),
    nameOf,
  );
  const lines = edges.flatMap((edge) => {
    const [from, to] = [names.get(edge.from), names.get(edge.to)];
    return from === undefined || to === undefined ? [] : [`  ${from} ${arrow(edge)} ${to}`];
  });
  return `${[`---`, `title: ${JSON.stringify(escapeControlInLine(title))}`, `---`, 'flowchart LR', ...phases, ...causes, ...fixes, ...lines].join('\n')}\n`;
}

function group(id: string, title: string, nodes: readonly GraphNode[], nameOf: (key: string) => string): readonly string[] {
  if (nodes.length === 0) return [];
  return [`  subgraph ${id}[${quote(title)}]`, ...nodes.map((node) => `    ${nameOf(node.key)}${shape(node)}`), '  end'];
}

function shape({ kind, title, below }: GraphNode): string {
  const text = quote(`${title}\n${below}`);
  if (kind === 'question') return `{{${text}}}`;
  if (kind === 'instruction') return `[/${text}/]`;
  if (kind === 'cause') return `([${text}])`;
  return kind === 'fix' ? `[[${text}]]` : `[${text}]`;
}

function arrow({ kind, label }: GraphEdge): string {
  switch (kind) {
    case 'supports':
      return '-->';
    case 'refutes':
      return '-. against .->';
    case 'excludes':
      return '-. rules out .-x';
    case 'condition':
      return '-.->';
    case 'branch':
      return label === undefined ? '-->' : `-->|${quote(label)}|`;
    case 'fix':
      return '==>';
  }
}

/** Nothing in a text may end it, become markup or be taken for a word of the language. */
function quote(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => escapeControlInLine(line).replace(/[^\p{L}\p{N} .,;:()/_·+-]/gu, (character) => `#${character.codePointAt(0)};`));
  return `"${lines.join('<br/>')}"`;
}

import { describe, expect, it } from 'vitest';
import { graphOf } from '../../src/report/playbook-graph.ts';
import { renderPlaybookMarkdown } from '../../src/report/playbook-markdown.ts';
import { renderMermaid } from '../../src/report/playbook-mermaid.ts';
import { renderPlaybookSvg } from '../../src/report/playbook-svg.ts';
import { GOOD, parsed } from '../playbook/support.ts';

const playbook = parsed(GOOD);
const HOSTILE = 'a "quoted" <script>alert(1)</script> ]]> | # ; end';
const hostile = parsed(GOOD.replaceAll('The web server is down', `'${HOSTILE.replaceAll("'", "''")}'`).replace("{ en: '", "{ en: '"));

describe('the graph', () => {
  const graph = graphOf(playbook, 'en');

  it('has every step, cause and fix, and what leads from one to another', () => {
    expect(graph.nodes.map(({ key }) => key)).toEqual([
      'step:probe',
      'step:symptom',
      'step:disk',
      'step:listens',
      'step:again',
      'cause:nginx.down',
      'cause:disk.full',
      'fix:restart-web',
    ]);
    expect(graph.edges.map(({ from, kind, to }) => `${from} ${kind} ${to}`)).toEqual([
      'step:disk condition step:again',
      'step:probe condition step:again',
      'step:listens supports cause:nginx.down',
      'step:listens excludes cause:nginx.down',
      'step:symptom supports cause:nginx.down',
      'cause:nginx.down fix fix:restart-web',
      'step:disk supports cause:disk.full',
    ]);
  });

  it('of one cause holds what leads to it and away from it', () => {
    const { nodes } = graphOf(playbook, 'zh-CN', 'nginx.down');
    expect(nodes.map(({ key }) => key)).toEqual(['step:symptom', 'step:listens', 'cause:nginx.down', 'fix:restart-web']);
    expect(nodes.at(-1)?.title).toBe('重启 Web 服务器');
  });
});

describe('Mermaid', () => {
  it('names every box once and draws every line between named boxes', () => {
    const text = renderMermaid(graphOf(playbook, 'en'));
    const boxes = [...text.matchAll(/^ {4}(n\d+)[[({]/gm)].map(([, name]) => name);
    expect(new Set(boxes).size).toBe(8);
    const lines = [...text.matchAll(/^ {2}(n\d+) .*[-=.]+[>x](?:\|.*\|)? (n\d+)$/gm)];
    expect(lines).toHaveLength(7);
    for (const [, from, to] of lines) for (const name of [from, to]) expect(boxes).toContain(name);
  });

  it('no text ends its box', () => {
    const text = renderMermaid(graphOf(hostile, 'en'));
    expect(text).not.toContain('<script>');
    expect(text).toContain('a #34;quoted#34; #60;script#62;alert(1)#60;/script#62;');
  });
});

describe('SVG', () => {
  it('is well-formed, keeps every box on the page and none over another', () => {
    const svg = renderPlaybookSvg(graphOf(playbook, 'en'));
    const boxes = [...svg.matchAll(/<rect class="box" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)].map((match) =>
      match.slice(1).map(Number),
    ) as [number, number, number, number][];
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)?.map(Number) ?? [];
    expect(boxes).toHaveLength(8);
    for (const [x, y, w, h] of boxes) {
      expect(x + w).toBeLessThanOrEqual(width as number);
      expect(y + h).toBeLessThanOrEqual(height as number);
    }
    const overlaps = boxes.flatMap(([x, y, , h], index) => boxes.slice(index + 1).filter(([ox, oy]) => ox === x && Math.abs(oy - y) < h));
    expect(overlaps).toEqual([]);
    const open = [...svg.matchAll(/<([a-z]+)(?=[\s>])[^>]*?(\/)?>/g)]
      .filter(([, , closed]) => closed === undefined)
      .map(([, name]) => name);
    const closed = [...svg.matchAll(/<\/([a-z]+)>/g)].map(([, name]) => name);
    expect(open.toSorted()).toEqual(closed.toSorted());
  });

  it('shows texts of the playbook as text, and follows the colours of the reader', () => {
    const svg = renderPlaybookSvg(graphOf(hostile, 'en'));
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
  });
});

describe('Markdown', () => {
  it('says what is looked at, what it means and what repairs it, in both languages', () => {
    const text = renderPlaybookMarkdown(playbook, 'en');
    expect(text).toContain('# Demo');
    expect(text).toContain('| `listens` | `net.tcp`, for each of `services.web` |');
    expect(text).toContain('* for it (decisive): `checks.listens.fail`');
    expect(text).toContain('* way back: A restart is its own rollback');
    expect(renderPlaybookMarkdown(playbook, 'zh-CN')).toContain('### Web 服务器停止 `nginx.down`');
  });

  it('no text becomes markup', () => {
    const text = renderPlaybookMarkdown(hostile, 'en');
    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;script');
  });
});

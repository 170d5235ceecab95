import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../src/report/markdown-report.ts';
import { fixedIncident } from './fixed-incident.ts';
import { hostileIncident, PAYLOADS } from './hostile-incident.ts';

describe('the ticket of an incident', () => {
  it('has the sections of a post-mortem, and what is known in each', async () => {
    const text = renderMarkdown(await fixedIncident(), 'en');
    expect(text.match(/^#{1,2} .*$/gm)).toEqual([
      '# FIXED and validated: Application down',
      ...[
        'Overview',
        'Impact',
        'Contributing factors',
        'Resolution',
        'Timeline',
        'What could not be seen',
        'What to do next',
        'Follow-ups',
        'For people to fill in',
        'Integrity',
      ].map((each) => `## ${each}`),
    ]);
    expect(text).toMatch(
      /## Overview\n\n- payments: \*\*healthy\*\* - 0 failed, 0 of unknown outcome\n- Application down \(`app.down`\): fixed, 99 %\n- Start it: applied/,
    );
    expect(text).toContain('### Application down\n\n`app.down` · fixed · 99 %');
    expect(text).toContain('| + for | `listen` | ×100 (decisive) | refused |');
    expect(text).toMatch(/- .*Start it \(`start-app`\): \*\*applied and validated by its own signal\*\*/);
    expect(text).toContain(`\`${'ab'.repeat(32)}\``);
    expect(text).toContain('Start it: its signal came true');
  });

  it('speaks Chinese', async () => {
    const text = renderMarkdown(await fixedIncident(), 'zh-CN');
    expect(text).toContain('# 已修复并验证：应用未运行');
    expect(text.match(/^## .*$/gm)).toEqual(
      ['概况', '影响', '促成因素', '处置', '时间线', '未能查看的内容', '下一步', '后续事项', '待人工填写', '完整性'].map(
        (each) => `## ${each}`,
      ),
    );
  });

  it('lets no text from outside become markup, a link, a mention or another row', async () => {
    const incident = await hostileIncident();
    const text = renderMarkdown(incident, 'en');
    const outsideCode = text.replace(/`[^`\n]*`/g, '');
    expect(outsideCode).not.toMatch(/<(?!!-- -->)[a-z/!]/i);
    expect(outsideCode).not.toMatch(/https?:\/\//);
    expect(outsideCode).not.toMatch(/\]\(/);
    expect(text).not.toContain('\u001b');
    const tables = text.split('\n\n').filter((block) => block.includes('\n| --- '));
    expect(tables.length).toBeGreaterThan(3);
    for (const table of tables) {
      const rows = table.split('\n').filter((line) => line.startsWith('|'));
      expect(new Set(rows.map((row) => row.replace(/\\[\\|]/g, '').split('|').length)).size).toBe(1);
    }
    expect(text).toContain('alert(1)');
    expect(PAYLOADS.length).toBeGreaterThan(5);
  });
});

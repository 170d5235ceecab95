import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html-report.ts';
import { hasBrowser, type Reader, startReader } from './browser.ts';
import { fixedIncident } from './fixed-incident.ts';
import { hostileIncident } from './hostile-incident.ts';

/** All that a report is made of; a script, an image or a frame is not among them. */
const ELEMENTS = [
  ...[
    'a',
    'article',
    'b',
    'body',
    'br',
    'circle',
    'code',
    'dd',
    'details',
    'div',
    'dl',
    'dt',
    'figcaption',
    'figure',
    'footer',
    'g',
    'h1',
    'h2',
    'h3',
    'h4',
  ],
  ...[
    'head',
    'header',
    'html',
    'i',
    'li',
    'main',
    'meta',
    'nav',
    'ol',
    'p',
    'path',
    'pre',
    'rect',
    'section',
    'small',
    'span',
    'style',
    'summary',
    'svg',
  ],
  ...['table', 'tbody', 'td', 'text', 'th', 'thead', 'time', 'title', 'tr', 'ul'],
];

/** Of A4, less the margins of the page. */
const PAPER_WIDTH = 688;

describe.skipIf(!hasBrowser())('a report on paper', () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await startReader();
  });
  afterAll(async () => await reader?.leave());

  it('is whole: no picture runs over the edge, and the limits of regulators are spread out', async () => {
    const incident = await fixedIncident();
    const { diagnosis, session } = incident;
    const scope = { ...diagnosis.scope, state: 'down', firstBad: session.startedAt } as const;
    const { page } = await reader.open(renderHtml({ ...incident, diagnosis: { ...diagnosis, scope } }, 'en'), {
      viewport: { width: PAPER_WIDTH, height: 1_000 },
    });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PAPER_WIDTH);
    expect(await page.evaluate('document.querySelector(".path svg").getBoundingClientRect().width')).toBeLessThanOrEqual(PAPER_WIDTH);
    expect(await page.evaluate('document.querySelector(".clock ul").checkVisibility({ contentVisibilityAuto: true })')).toBe(true);
    await page.context().close();
  });
});

describe.skipIf(!hasBrowser())('a report of which every text attacks it, in a browser', () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await startReader();
  });
  afterAll(async () => await reader?.leave());

  it.each(['en', 'zh-CN'] as const)('%s: nothing runs, nothing leaves, nothing appears', async (language) => {
    const { page, incidents, audit } = await reader.open(renderHtml(await hostileIncident(), language));
    for (const summary of await page.locator('summary:visible').all()) await summary.click();
    await page.locator('summary').first().focus();
    const found = await audit();
    expect(incidents).toEqual([]);
    expect(found.elements.filter((name) => !ELEMENTS.includes(name))).toEqual([]);
    expect(found.attributes.filter((name) => /^on|^style$|^src|^srcdoc$|^xlink/i.test(name))).toEqual([]);
    expect(found.strangeLinks).toEqual([]);
    expect(found.badPaths).toEqual([]);
    expect(found.badValues).toEqual([]);
    expect(found.twiceUsedIds).toEqual([]);
    expect(found.deadLinks).toEqual([]);
    expect(found.drawn.boxes).toBeGreaterThan(3);
    expect(await page.locator('h1').textContent()).toContain('<script>alert(1)</script>');
    await page.context().close();
  });

  it('would stay inert if text became markup: the policy of the page refuses it, and nothing else does', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const slip = `<script>alert(1)</script><img src="${at}/a" onerror="alert(2)"><link rel="stylesheet" href="${at}/b"><iframe src="${at}/c"></iframe>`;
    const html = renderHtml(await hostileIncident(), 'en').replace('<main>', `<main>${slip}`);
    const look = async (text: string) => {
      asked = 0;
      const { page, incidents } = await reader.open(text, {}, 'unguarded');
      await page.waitForTimeout(200);
      await page.context().close();
      return { asked, dialogs: incidents.filter((each) => each.startsWith('dialog')).length };
    };
    expect(await look(html)).toEqual({ asked: 0, dialogs: 0 });
    const control = await look(html.replace(/<meta http-equiv[^>]*>/, ''));
    expect(control.asked).toBeGreaterThan(1);
    expect(control.dialogs).toBeGreaterThan(0);
    await new Promise((resolve) => void server.close(resolve));
  });
});

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, type Reader, startReader } from '../report/browser.ts';
import { type Desk, openDesk, parseRun } from './oor.ts';

/** `report.html` of a real run against the embedded stack, where a browser is there to open it. */
describe.skipIf(!hasBrowser())('the page of a real incident, in a browser', () => {
  let desk: Desk;
  let reader: Reader;
  let english = '';
  let chinese = '';

  beforeAll(async () => {
    desk = openDesk();
    const file = join(desk.folder, 'report.html');
    const run = ['run', '--sandbox=tls-expired', '--no-input', '--json', '--report', `html=${file}`];
    const { session, causes } = parseRun(await desk.run(run, { TZ: 'Asia/Shanghai' }));
    expect(causes[0]).toMatchObject({ id: 'tls.expired' });
    english = readFileSync(file, 'utf8');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chinese = (await desk.run(['report', session, '--format', 'html', '--lang', 'zh-CN'])).stdout;
    reader = await startReader();
  });
  afterAll(async () => {
    await reader?.leave();
    desk?.leave();
  });

  it('draws every picture, breaks no rule of a readable page, asks for nothing and complains of nothing', async () => {
    const { page, incidents, audit } = await reader.open(english);
    for (const summary of await page.locator('main > section > details > summary, .cause summary').all()) await summary.click();
    const found = await audit();
    expect(found.landmarks).toEqual({ h1: 1, main: 1, nav: 1, banner: 1, footer: 1 });
    expect(found.sections).toEqual([
      'summary',
      'causes',
      'fixes',
      'path',
      'measurements',
      'timeline',
      'evidence',
      'answers',
      'phases',
      'unseen',
      'integrity',
    ]);
    const faults = ['headsWithoutScope', 'picturesWithoutName'] as const;
    expect(faults.map((key) => found[key])).toEqual([0, 0]);
    expect([found.twiceUsedIds, found.deadLinks, found.strangeLinks, found.badPaths, found.badValues]).toEqual([[], [], [], [], []]);
    expect(found.charts.length).toBeGreaterThan(1);
    expect(found.charts.filter(({ width, height }) => width < 100 || height < 50)).toEqual([]);
    expect(found.drawn.bars.some(({ width, height }) => width > 0 && height > 5)).toBe(true);
    expect(found.drawn.lines).toBeGreaterThanOrEqual(2);
    expect(found.drawn.boxes).toBeGreaterThanOrEqual(3);
    expect(found.drawn.dots).toBeGreaterThan(40);
    expect(found.texts).toBeGreaterThan(200);
    expect(await page.locator('#timeline').textContent()).toMatch(/\+08:00/);
    expect(incidents).toEqual([]);
    await page.context().close();
  });

  it('is read with the keyboard alone', async () => {
    const { page, incidents } = await reader.open(english);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatchObject({ tag: 'a', text: 'Skip to the summary', onScreen: true });
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#summary');
    const step = page.locator('#step-entry_tls');
    await step.locator('summary').focus();
    for (const open of [true, false, true]) {
      await page.keyboard.press('Enter');
      expect(await step.getAttribute('open')).toBe(open ? '' : null);
    }
    expect(await step.locator('pre').last().textContent()).toContain('"expired"');
    expect(incidents).toEqual([]);
    await page.context().close();
  });

  it('shows the keyboard where it is, and leaves nothing out', async () => {
    const { page } = await reader.open(english);
    const reachable = Number(
      await page.evaluate(
        `[...document.querySelectorAll('a[href],summary,[tabindex="0"]')].filter((each) => each.checkVisibility()).length`,
      ),
    );
    const seen = new Set<string>();
    for (let press = 0; press < reachable; press += 1) {
      await page.keyboard.press('Tab');
      const at = await focused(page);
      seen.add(at.place);
      if (!at.outlined) expect(at).toMatchObject({ outlined: true });
    }
    expect(reachable).toBeGreaterThan(50);
    expect(seen.size).toBe(reachable);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('%s: every text stands out from its ground', async (colorScheme) => {
    const { page, audit } = await reader.open(english, { colorScheme });
    const found = await audit();
    expect(found.lowContrast).toEqual([]);
    expect(found.background.every((part) => (colorScheme === 'dark' ? part < 60 : part > 200))).toBe(true);
    await page.context().close();
  });

  it('fits a telephone, and paper', async () => {
    const narrow = await reader.open(english, { viewport: { width: 320, height: 640 } });
    expect((await narrow.audit()).tooWide).toBeLessThanOrEqual(0);
    await narrow.page.context().close();
    const { page } = await reader.open(english);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await page.context().close();
  });

  it('is the same page with scripting off', async () => {
    const shot = async (javaScriptEnabled: boolean) => {
      const { page } = await reader.open(english, { javaScriptEnabled, viewport: { width: 1200, height: 2_000 } });
      const image = await page.screenshot();
      await page.context().close();
      return image;
    };
    expect((await shot(false)).equals(await shot(true))).toBe(true);
    expect(english).not.toMatch(/<script/i);
  });

  it('speaks Chinese, in letters that are drawn', async () => {
    const { page, incidents, audit } = await reader.open(chinese);
    const found = await audit();
    expect(found.lang).toBe('zh-CN');
    expect(await page.locator('h1').textContent()).toMatch(/发现故障.*证书/);
    expect(await page.locator('h2').allInnerTexts()).toEqual([
      '摘要',
      '原因',
      '修复与验证',
      '决策路径',
      '测量',
      '时间线',
      '逐步证据',
      '问答与备注',
      '各阶段数据',
      '未能查看的内容',
      '完整性',
    ]);
    expect(incidents).toEqual([]);
    // Letters that no font has are all drawn as the same box.
    await page.evaluate(`document.body.innerHTML = '<h1 id="one">支</h1><h1 id="other">原</h1>'`);
    const [one, other] = [await page.locator('#one').screenshot(), await page.locator('#other').screenshot()];
    expect(one.equals(other)).toBe(false);
    await page.context().close();
  });
});

interface Focused {
  readonly tag: string;
  readonly text: string;
  readonly place: string;
  readonly outlined: boolean;
  readonly onScreen: boolean;
}

async function focused(page: Page): Promise<Focused> {
  return (await page.evaluate(`(() => {
    const at = document.activeElement;
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    const shape = at.querySelector('.shape');
    const outlined = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || (shape !== null && parseFloat(getComputedStyle(shape).strokeWidth) > 2);
    const place = [...document.querySelectorAll('*')].indexOf(at);
    return { tag: at.localName, text: at.textContent.trim().slice(0, 60), place: String(place), outlined, onScreen: box.x >= 0 && box.y >= 0 };
  })()`)) as Focused;
}

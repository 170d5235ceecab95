/** A real browser that opens reports from disk, and what it did while it had them open. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const program = (process.env['PATH'] ?? '')
  .split(':')
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((file) => existsSync(file));
const AUDIT = readFileSync(join(import.meta.dirname, 'page-audit.js'), 'utf8');

/** False prints why, for tests that skip. */
export function hasBrowser(): boolean {
  if (program === undefined) console.log(`skipped: none of ${NAMES.join(', ')} is installed`);
  return program !== undefined;
}

export interface Audit {
  readonly title: string;
  readonly lang: string;
  readonly landmarks: Readonly<Record<string, number>>;
  readonly sections: readonly string[];
  readonly headsWithoutScope: number;
  readonly picturesWithoutName: number;
  readonly twiceUsedIds: readonly string[];
  readonly deadLinks: readonly string[];
  readonly strangeLinks: readonly string[];
  readonly badPaths: readonly string[];
  readonly badValues: readonly string[];
  readonly charts: readonly Box[];
  readonly drawn: { readonly bars: readonly Box[]; readonly lines: number; readonly boxes: number; readonly dots: number };
  readonly elements: readonly string[];
  readonly attributes: readonly string[];
  readonly lowContrast: readonly { readonly text: string; readonly ratio: number }[];
  readonly texts: number;
  readonly background: readonly number[];
  readonly tooWide: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Opened {
  readonly page: Page;
  /** Everything that a page at rest does not do. */
  readonly incidents: readonly string[];
  audit(): Promise<Audit>;
}

export interface Reader {
  /** `unguarded`: requests are let through, where the page's own policy is what is looked at. */
  open(html: string, options?: BrowserContextOptions, unguarded?: 'unguarded'): Promise<Opened>;
  leave(): Promise<void>;
}

/** Every request but the page itself is refused and counted, and so is a dialog, an error, a word on the console, another window. */
export async function startReader(): Promise<Reader> {
  const folder = mkdtempSync(join(tmpdir(), 'oor-page-'));
  const browser: Browser = await chromium.launch({
    ...(program !== undefined && { executablePath: program }),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  let count = 0;
  return {
    async open(html, options = {}, unguarded) {
      count += 1;
      const file = join(folder, `report-${count}.html`);
      writeFileSync(file, html);
      const url = pathToFileURL(file).href;
      const context = await browser.newContext(options);
      const incidents: string[] = [];
      await context.route('**/*', async (route) => {
        if (unguarded || route.request().url() === url) return await route.continue();
        incidents.push(`request ${route.request().url()}`);
        return await route.abort();
      });
      const page = await context.newPage();
      page.on('request', (request) => void (request.url().split('#')[0] !== url && incidents.push(`request ${request.url()}`)));
      page.on('console', (message) => void incidents.push(`console ${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => void incidents.push(`error ${error.message}`));
      page.on('popup', () => void incidents.push('popup'));
      page.on('framenavigated', (frame) => void (frame.url().split('#')[0] !== url && incidents.push(`navigated ${frame.url()}`)));
      page.on('dialog', async (dialog) => {
        incidents.push(`dialog ${dialog.message()}`);
        await dialog.dismiss();
      });
      await page.goto(url);
      return { page, incidents, audit: async () => (await page.evaluate(AUDIT)) as Audit };
    },
    async leave() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

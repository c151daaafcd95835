import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';

const PAGE = fileURLToPath(new URL('../dist/renderer/index.html', import.meta.url));
const DEADLINE_MS = 30_000;

/**
 * Seconds from opening a one-time link in a real browser until the emergency button can be pressed, so until the page is
 * drawn and connected. Null when the page is not built.
 */
export async function pageInteractiveSeconds(link: string): Promise<number | null> {
  if (!existsSync(PAGE)) return null;
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [...chromium.args, '--no-sandbox'],
    headless: true,
  });
  try {
    const page = await browser.newPage();
    await page.goto('about:blank');
    const startedMs = performance.now();
    await page.goto(link, { waitUntil: 'commit' });
    const button = page.getByRole('button', { name: /emergency/i }).first();
    await button.waitFor({ state: 'visible', timeout: DEADLINE_MS });
    await button.click({ trial: true, timeout: DEADLINE_MS });
    return (performance.now() - startedMs) / 1000;
  } finally {
    await browser.close();
  }
}

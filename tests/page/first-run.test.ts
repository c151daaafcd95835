import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser } from './open-browser.ts';
import { PageStudio } from './page-studio.ts';

test('a fresh studio is on air, says how to add a folder, and shows it', { timeout: 90_000 }, async () => {
  await using studio = await PageStudio.start({ clips: 1, seconds: 6, withoutLibrary: true });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(40_000);
    await page.goto(studio.link);
    const path = page.getByLabel('Folder on this machine');
    const add = page.getByRole('button', { name: 'Add folder' });
    await page.locator('.lamp[data-air="on_air"], .lamp[data-air="emergency"]').waitFor();
    await page.locator('video[data-playing="true"]').waitFor();

    await path.fill('not/a/whole/path');
    await add.click();
    await page.locator('#first-run-problem').filter({ hasText: 'not/a/whole/path' }).waitFor();
    assert.equal(await page.locator('.toast').count(), 0, 'the form says it once');

    await path.fill(studio.library);
    await add.click();
    await page.getByRole('tab', { name: 'Queue' }).waitFor();
    await page.locator('.badge[data-kind="asset"]').waitFor();
    assert.equal(await page.locator('.program-bar__title').innerText(), 'Clip 1');
  } finally {
    await browser.close();
  }
});

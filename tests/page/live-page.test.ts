import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { openBrowser } from './open-browser.ts';
import { PageStudio } from './page-studio.ts';

/** The tests share one studio, one browser and one page, in order: a channel is a thing that goes on. */
let studio: PageStudio;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

before(
  async () => {
    [studio, browser] = await Promise.all([PageStudio.start({ clips: 6, seconds: 24 }), openBrowser()]);
    const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, colorScheme: 'dark' });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(error.message));
  },
  { timeout: 60_000 },
);

after(async () => {
  await browser?.close();
  await studio?.[Symbol.asyncDispose]();
});

const lamp = () => page.locator('.lamp');
const rows = () => page.locator('.queue-row');
const grips = () => page.locator('button.queue-row__grip');

/** Titles of the queue as shown, first to last. */
const titles = (): Promise<string[]> => page.locator('.queue-row .row__words strong').allInnerTexts();

const nextRepaint = () => page.evaluate('new Promise(requestAnimationFrame)');
const playedSeconds = async () => Number(await page.evaluate("document.querySelector('video').currentTime"));

/** Waits until the page says so; `what` names it in the failure. */
async function until(what: string, check: () => Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await nextRepaint();
  }
}

const airIs = (state: string) => until(`lamp ${state}`, async () => (await lamp().getAttribute('data-air')) === state);

/** The id of the row's item, from the timeline (rows and timeline show the same queue). */
const queueIds = () =>
  page.locator('button.item').evaluateAll((items) => items.map((item) => item.getAttribute('data-item')));

async function playing(): Promise<void> {
  const video = page.locator('video');
  await until('the picture plays', async () => (await video.getAttribute('data-playing')) === 'true', 30_000);
  const from = await playedSeconds();
  await until('time advances', async () => (await playedSeconds()) > from + 1);
}

async function drag(handle: Locator, target: Locator): Promise<void> {
  const from = await handle.boundingBox();
  const to = await target.boundingBox();
  assert.ok(from && to);
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  for (let step = 1; step <= 8; step += 1) {
    await page.mouse.move(
      from.x + from.width / 2 + ((to.x + to.width / 2 - from.x - from.width / 2) * step) / 8,
      from.y + from.height / 2 + ((to.y + to.height / 2 - from.y - from.height / 2) * step) / 8,
    );
  }
  await nextRepaint();
  await page.mouse.up();
}

/** What the host itself has, seen by a page that starts afresh. */
async function reloaded(): Promise<void> {
  await page.reload();
  await airIs('on_air');
  await until('the queue is there', async () => (await rows().count()) > 3);
}

test('the one-time link opens the control room, once', { timeout: 40_000 }, async () => {
  await page.goto(studio.link);
  await page.getByRole('heading', { name: 'voulezvous.tv' }).waitFor();
  assert.equal(new URL(page.url()).search, '');
  await until('on air', async () => ['on_air', 'emergency'].includes((await lamp().getAttribute('data-air')) ?? ''));
  const stranger = await browser.newContext();
  const answer = await stranger.request.get(studio.link);
  assert.equal(answer.status(), 401);
  await stranger.close();
});

test('the programme goes on air from the folder and plays with advancing time and sound', {
  timeout: 60_000,
}, async () => {
  await airIs('on_air');
  await until('four clips are queued', async () => (await rows().count()) >= 5, 40_000);
  await playing();
  await until('meters run', async () => (await page.locator('.meters').getAttribute('data-running')) === 'true');
  await until('the meter shows the tone', async () => {
    const shape = String(await page.evaluate("document.querySelector('.meters__bar').style.clipPath"));
    return Number.parseFloat(/inset\(([\d.]+)%/.exec(shape)?.[1] ?? '100') < 70;
  });
});

test('sound is off at first, goes on with one click, and that is remembered', { timeout: 20_000 }, async () => {
  await page.getByRole('button', { name: 'Turn the sound on' }).click();
  await page.getByRole('button', { name: 'Turn the sound off' }).waitFor();
  await reloaded();
  await page.getByRole('button', { name: 'Turn the sound off' }).waitFor();
  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Turn the sound on' }).waitFor();
});

test('take, skip and hold', { timeout: 30_000 }, async () => {
  const title = page.locator('.program-bar__title');
  const onAir = () => page.locator('button.item[data-state="on_air"]').getAttribute('data-item');
  for (const name of ['Take next', 'Skip']) {
    const before = await onAir();
    await page.getByRole('button', { name, exact: true }).click();
    await until(`${name} changes the item on air`, async () => {
      const now = await onAir().catch(() => before);
      return now !== before && (await title.innerText()) !== '';
    });
  }
  await page.keyboard.press('h');
  await page.getByRole('button', { name: 'Holding' }).waitFor();
  await page.locator('.badge[data-kind="hold"]').waitFor();
  await page.getByRole('button', { name: 'Holding' }).click();
  await page.getByRole('button', { name: 'Hold', exact: true }).waitFor();
});

test('emergency: one click there, one click back', { timeout: 20_000 }, async () => {
  await page.getByRole('button', { name: 'EMERGENCY LOOP' }).click();
  await airIs('emergency');
  await page.locator('.badge[data-kind="emergency"]').waitFor();
  await page.getByRole('button', { name: 'RETURN TO PROGRAMME' }).click();
  await airIs('on_air');
  await page.locator('.badge[data-kind="asset"]').waitFor();
});

/** The last two movable rows that are wholly in view: far enough from the air to stay while a test looks. */
async function tail(): Promise<{ upper: number; lower: number }> {
  const count = await grips().count();
  const lower = Math.min(count - 1, 5);
  assert.ok(lower >= 1, 'the queue is too short to reorder');
  return { upper: lower - 1, lower };
}

test('the queue is reordered by drag and by keyboard, and the host agrees', { timeout: 40_000 }, async () => {
  const labels = () =>
    grips().evaluateAll((all) =>
      all.map((grip) => grip.closest('.queue-row')?.querySelector('strong')?.textContent ?? ''),
    );
  const { upper, lower } = await tail();
  const before = await labels();
  await drag(grips().nth(lower), grips().nth(upper));
  const swapped = async () => {
    const now = await labels();
    return now.indexOf(before[lower] ?? '?') < now.indexOf(before[upper] ?? '?');
  };
  await until('the dragged row is above', swapped);
  await reloaded();
  await until('the host has it too', swapped);

  const again = await labels();
  const place = again.indexOf(before[lower] ?? '?');
  await grips().nth(place).focus();
  await page.keyboard.press('Space');
  await page.locator('.queue-row--lifted').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.locator('.queue-row--lifted').waitFor({ state: 'detached' });
  await until('the lifted row is below', async () => !(await swapped()));
  await reloaded();
  await until('the host has that too', async () => !(await swapped()));
});

test('the timeline is reordered with Alt and the arrow keys', { timeout: 30_000 }, async () => {
  await page.keyboard.press('1');
  const ids = await queueIds();
  const moved = ids[4];
  assert.ok(moved, 'the timeline shows five items');
  const item = page.locator(`button.item[data-item="${moved}"]`);
  await item.focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await until('it moved one place', async () => {
    const now = await queueIds();
    return now.indexOf(moved) < now.indexOf(ids[3] ?? null);
  });
});

test('an item is removed and comes back with undo', { timeout: 30_000 }, async () => {
  const { lower } = await tail();
  const row = grips().nth(lower).locator('xpath=..');
  const title = (await row.locator('strong').innerText()).trim();
  const count = async () => (await titles()).filter((text) => text === title).length;
  const before = await count();
  await row.hover();
  await row.getByRole('button', { name: /^Remove/ }).click();
  await until('it is gone', async () => (await count()) < before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await until('it is back', async () => (await count()) >= before);
});

test('a lost host is told, nothing counts as live, and the page comes back by itself', {
  timeout: 60_000,
}, async () => {
  await studio.killHost();
  await page.getByRole('alert').filter({ hasText: 'Connection to the studio lost' }).waitFor();
  await airIs('lost');
  assert.equal(await page.locator('.health').getAttribute('data-stale'), 'true');
  assert.equal(await page.locator('.emergency').getAttribute('aria-disabled'), 'true');
  await studio.startHost();
  await airIs('on_air');
  await page.getByRole('alert').filter({ hasText: 'lost' }).waitFor({ state: 'detached' });
  await playing();
});

test('the preview survives a restart of the broadcaster', { timeout: 60_000 }, async () => {
  const video = page.locator('video');
  const rebuilds = async () => Number(await video.getAttribute('data-rebuilds'));
  const before = await rebuilds();
  await studio.killBroadcaster();
  await until('the player was built anew', async () => (await rebuilds()) > before, 30_000);
  await airIs('on_air');
  await playing();
});

test('nothing went wrong inside the page meanwhile', () => {
  assert.deepEqual(complaints, []);
});

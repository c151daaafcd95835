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

/** Ids of what a selector finds, in the order of the page. Titles will not do: a small library repeats itself. */
async function idsOf(selector: string, attribute: string): Promise<string[]> {
  const script = `[...document.querySelectorAll('${selector}')].map((e) => e.getAttribute('${attribute}')).join(' ')`;
  return String(await page.evaluate(script))
    .split(' ')
    .filter(Boolean);
}

const timelineIds = () => idsOf('button.item', 'data-item');
const movableIds = () => idsOf('.queue-row:has(button.queue-row__grip)', 'data-id');
const rowOf = (id: string) => page.locator(`.queue-row[data-id="${id}"]`);

/** Two neighbours far enough from the air to stay there while a test looks at them. */
async function twoMovable(): Promise<[string, string]> {
  await until('six rows can be moved', async () => (await movableIds()).length >= 6);
  const ids = await movableIds();
  const [upper, lower] = [ids[4], ids[5]];
  assert.ok(upper && lower);
  return [upper, lower];
}

async function isAbove(upper: string, lower: string): Promise<boolean> {
  const ids = await movableIds();
  return ids.includes(upper) && ids.includes(lower) && ids.indexOf(upper) < ids.indexOf(lower);
}

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
  // The slate is held in memory and may bridge the moment until the loop is open.
  await page.locator('.badge[data-kind="emergency"], .badge[data-kind="slate"]').waitFor();
  await page.getByRole('button', { name: 'RETURN TO PROGRAMME' }).click();
  await airIs('on_air');
  await page.locator('.badge[data-kind="asset"]').waitFor();
});

test('hold keeps the item on air, so that the queue stands still', { timeout: 20_000 }, async () => {
  await page.keyboard.press('h');
  await page.getByRole('button', { name: 'Holding' }).waitFor();
});

test('the queue is reordered by drag, and the host agrees', { timeout: 30_000 }, async () => {
  const [upper, lower] = await twoMovable();
  await drag(rowOf(lower).locator('button.queue-row__grip'), rowOf(upper).locator('button.queue-row__grip'));
  await until('the dragged row is above', () => isAbove(lower, upper));
  await reloaded();
  await until('the host has it too', () => isAbove(lower, upper));
});

test('the queue is reordered by keyboard, and the host agrees', { timeout: 30_000 }, async () => {
  const [upper, lower] = await twoMovable();
  const place = Number(await rowOf(upper).getAttribute('aria-posinset'));
  const said = async () => (await page.locator('[aria-live="assertive"]').allInnerTexts()).join(' ');
  await rowOf(upper).locator('button.queue-row__grip').focus();
  await page.keyboard.press('Space');
  await until('it is said to be lifted', async () => (await said()).includes(`at place ${place}.`));
  await page.keyboard.press('ArrowDown');
  await until('it is said to be at the next place', async () => (await said()).includes(`at place ${place + 1}.`));
  await page.keyboard.press('Space');
  await page.locator('.queue-row--lifted').waitFor({ state: 'detached' });
  await until('the lifted row is below', () => isAbove(lower, upper));
  await reloaded();
  await until('the host has it too', () => isAbove(lower, upper));
});

test('the timeline is reordered with Alt and the arrow keys', { timeout: 30_000 }, async () => {
  await page.keyboard.press('1');
  const ids = await timelineIds();
  const [before, moved] = [ids[4], ids[5]];
  assert.ok(before && moved, 'the timeline shows six items');
  await page.locator(`button.item[data-item="${moved}"]`).focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await until('the queue has it one place earlier', () => isAbove(moved, before));
});

test('an item is removed and comes back with undo, at its place', { timeout: 30_000 }, async () => {
  const [removed, following] = await twoMovable();
  const title = await rowOf(removed).locator('strong').innerText();
  await rowOf(removed).hover();
  await rowOf(removed)
    .getByRole('button', { name: /^Remove/ })
    .click();
  await until('it is gone', async () => !(await movableIds()).includes(removed));
  await page.getByRole('button', { name: 'Undo' }).click();
  await until('it is back in front of the one that followed', async () => {
    const ids = await movableIds();
    const back = ids[ids.indexOf(following) - 1];
    return back !== undefined && (await rowOf(back).locator('strong').innerText()) === title;
  });
});

test('the queue goes on when hold is released', { timeout: 20_000 }, async () => {
  await page.keyboard.press('h');
  await page.getByRole('button', { name: 'Hold', exact: true }).waitFor();
});

test('a destination is added, its key never shown, and removed', { timeout: 30_000 }, async () => {
  await page.getByRole('button', { name: 'Add destination' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Nowhere');
  await page.getByLabel('Address with stream key').fill('http://example.org');
  await page.getByRole('button', { name: 'Add and connect' }).click();
  await page.getByRole('alert').filter({ hasText: 'rtmp://' }).waitFor();
  await page.getByLabel('Address with stream key').fill('rtmp://127.0.0.1:9/live/s3cret-key');
  await page.getByRole('button', { name: 'Add and connect' }).click();
  const chip = page.locator('.chip').filter({ hasText: 'Nowhere' });
  await chip.click();
  await page.locator('.popover').filter({ hasText: 'rtmp://127.0.0.1:9/live/' }).waitFor();
  assert.doesNotMatch(await page.content(), /s3cret-key/);
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await chip.waitFor({ state: 'detached' });
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

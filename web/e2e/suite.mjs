// What the app must do in a real browser, whatever the library: it reads names and questions from the server it tests.
// Every step runs even when an earlier one failed. At the end: no errors on the console, no request to another host.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchBrowser } from '../dev/browser.mjs';
import { visitAsGuest } from './guest.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WAIT = 30_000;

/** Runs all steps; true when all passed. `guest` is the token by which the server knows guests. */
export async function runSuite(url, guest) {
  const data = async (path) => {
    const response = await fetch(`${url}/api/v1${path}`);
    assert.equal(response.status, 200, `${path} answered ${response.status}`);
    return (await response.json()).data;
  };
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 850 } });
  context.setDefaultTimeout(WAIT);
  const errors = [];
  const strangers = [];
  context.on('request', (request) => {
    const target = new URL(request.url());
    if (/^https?:$/.test(target.protocol) && target.origin !== new URL(url).origin) strangers.push(request.url());
  });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));

  let failures = 0;
  const step = async (name, work) => {
    const started = Date.now();
    try {
      const note = await work();
      console.log(`ok      ${name} (${Date.now() - started} ms)${note ? `: ${note}` : ''}`);
    } catch (reason) {
      failures += 1;
      console.log(`FAILED  ${name}\n        ${String(reason?.message ?? reason).split('\n').slice(0, 12).join('\n        ')}`);
    }
  };
  const accessible = async (where) => {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // Colours must have settled: two frames, and no transition under way.
      await page.evaluate(() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled))));
      await page.waitForFunction(() => document.getAnimations().every((animation) => !(animation instanceof CSSTransition) || animation.playState !== 'running'));
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      const found = violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0]?.html.slice(0, 160)} ${v.nodes[0]?.any[0]?.message ?? ''}`);
      assert.deepEqual(found, [], `${where}, ${colorScheme}`);
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
  };
  const tiles = () => page.locator('.turn:last-of-type .grid button');
  const counter = () => page.locator('.pswp__counter');

  await step('the server sends a content security policy without inline scripts', async () => {
    const response = await page.goto(url + '/');
    const policy = response.headers()['content-security-policy'] ?? '';
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /script-src[^;]*'unsafe-inline'/);
  });

  await step('the start page suggests questions and shows the latest pictures', async () => {
    await page.locator('[data-suggestion]').first().waitFor();
    await page.locator('.latest').scrollIntoViewIfNeeded();
    await page.locator('.latest img.loaded').first().waitFor();
    await accessible('start');
  });

  await step('memories are seen again, wanted less, and wanted as before', async () => {
    const { memories } = await data('/memories');
    if (memories.length === 0) return 'no memories today';
    await page.goto(url + '/');
    await page.locator('[data-memory] img.loaded').first().waitFor();
    await accessible('memories');
    await page.getByRole('button', { name: 'Less like this' }).first().click();
    await page.getByRole('menuitem').last().click();
    await page.locator('.said').getByRole('button', { name: 'Undo' }).click();
    await page.locator('.said .what').waitFor({ state: 'detached' });
    await page.locator('[data-memory] a').first().click();
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('dialog', { name: 'Slideshow' }).locator('.shot').first().waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await accessible('memory');
    return `${memories.length} memories`;
  });

  await step('a suggestion is answered by a stream, with pictures', async () => {
    const suggestions = await data('/suggestions');
    assert.ok(suggestions.length > 0, 'no suggestions');
    for (const { question } of suggestions) {
      await page.goto(url + '/');
      const answered = page.waitForResponse((r) => r.request().method() === 'POST' && /\/turns$/.test(r.url()));
      await page.locator('[data-suggestion]', { hasText: question }).first().click();
      const response = await answered;
      assert.match(response.headers()['content-type'] ?? '', /text\/event-stream/);
      await page.locator('.turn:last-of-type[data-state="done"]').waitFor();
      assert.ok((await page.locator('.turn:last-of-type .answer').innerText()).trim().length > 0, 'empty answer');
      if ((await tiles().count()) > 1) return `“${question}”, ${await tiles().count()} tiles`;
    }
    assert.fail('no suggestion was answered with at least two pictures');
  });

  await step('the steps of the answer can be opened', async () => {
    await page.locator('.trace > summary').last().click();
    assert.ok((await page.locator('.trace ol > li').count()) > 0);
    await page.locator('.trace > summary').last().click();
    await accessible('answer');
  });

  await step('the lightbox opens, goes on by keys, shows information, closes with Esc and gives focus back', async () => {
    await tiles().first().click();
    await page.locator('.pswp--open').waitFor();
    assert.match(await counter().innerText(), /^1 \//);
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('.pswp__counter')?.textContent?.startsWith('2 /'));
    await page.keyboard.press('i');
    await page.locator('.info-panel .facts').waitFor();
    await accessible('lightbox');
    await page.keyboard.press('i');
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() => document.querySelector('.pswp__counter')?.textContent?.startsWith('1 /'));
    await page.keyboard.press('Escape');
    await page.locator('.pswp').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-index')), '0');
  });

  await step('a voice note is recorded, kept and played in the lightbox, and its deletion taken back', async () => {
    await tiles().first().click();
    await page.locator('.pswp--open').waitFor();
    await page.keyboard.press('i');
    const notes = page.locator('.info-panel .voice-notes');
    const items = notes.locator('.note');
    await notes.getByRole('button', { name: 'Record', exact: true }).waitFor();
    const before = await items.count();
    await notes.getByRole('button', { name: 'Record', exact: true }).click();
    await notes.getByRole('timer', { name: 'Recording' }).waitFor();
    await page.waitForTimeout(1500);
    await notes.getByRole('button', { name: 'Keep' }).click();
    await items.nth(before).waitFor();
    const audio = items.nth(before).locator('audio');
    await page.waitForFunction((element) => element.readyState > 0 && element.duration > 0.5, await audio.elementHandle());
    await accessible('voice notes');
    await items.nth(before).getByRole('button', { name: 'Delete this note' }).click();
    await notes.getByRole('button', { name: 'Take it back' }).click();
    await items.nth(before).waitFor();
    const state = await items.nth(before).getAttribute('data-state');
    await items.nth(before).getByRole('button', { name: 'Delete this note' }).click();
    await notes.getByText('The note is deleted.').waitFor();
    await page.keyboard.press('i');
    await page.keyboard.press('Escape');
    await page.locator('.pswp').waitFor({ state: 'detached' });
    return state;
  });

  await step('citations open the picture they name', async () => {
    const cites = page.locator('.turn:last-of-type .cite');
    if ((await cites.count()) === 0) return 'this answer cites no picture in its text';
    await cites.first().click();
    await page.locator('.pswp--open').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.pswp').waitFor({ state: 'detached' });
  });

  await step('a conversation goes on, is listed and can be opened again', async () => {
    await page.getByLabel('Ask about your photos and videos').fill('only the videos');
    await page.keyboard.press('Enter');
    await page.locator('.turn:nth-of-type(2)[data-state="done"]').waitFor();
    assert.match(page.url(), /\/ask\/.+/);
    await page.reload();
    await page.locator('.turn:nth-of-type(2)[data-state="done"]').waitFor();
    assert.ok((await page.getByRole('region', { name: 'Conversations' }).getByRole('link').count()) > 1);
  });

  await step('a question can be changed and takes the place of the one before', async () => {
    const turns = await page.locator('.turn').count();
    await page.getByLabel('Edit the question').click();
    await page.getByLabel('Change the question').fill('all photos');
    await page.keyboard.press('Enter');
    await page.locator('.turn:last-of-type[data-state="done"] h2', { hasText: 'all photos' }).waitFor();
    assert.equal(await page.locator('.turn').count(), turns);
    await page.reload();
    await page.locator('.turn:last-of-type[data-state="done"] h2', { hasText: 'all photos' }).waitFor();
    assert.equal(await page.locator('.turn').count(), turns);
  });

  await step('a question can be spoken; its words can be corrected, or it is said what is missing', async () => {
    await page.goto(url + '/');
    const field = page.getByLabel('Ask about your photos and videos');
    const ready = (await data('/status')).models.some((model) => model.role === 'speech' && model.state === 'ready');
    await page.getByRole('button', { name: 'Speak your question' }).click();
    if (ready) {
      await page.getByRole('button', { name: 'End the recording' }).waitFor();
      await accessible('recording');
      await page.waitForTimeout(3500);
      await page.getByRole('button', { name: 'End the recording' }).click();
    }
    const problem = page.locator('.problem');
    await page.waitForFunction(() => document.querySelector('.problem') || document.querySelector('#question')?.value);
    if (await problem.count()) {
      const text = await problem.innerText();
      if (!ready) assert.match(text, /recollect models pull|speech\.model/);
      await accessible('voice problem');
      await problem.getByRole('button', { name: 'Close' }).click();
      await problem.waitFor({ state: 'detached' });
      return text.split('\n')[0];
    }
    const heard = await field.inputValue();
    await field.fill(`${heard} corrected`);
    await page.keyboard.press('Enter');
    await page.locator('.turn:last-of-type[data-state="done"]').waitFor();
    return heard;
  });

  await step('search shows what it recognised; a removed chip stays removed', async () => {
    const [person] = (await data('/people')).filter((each) => each.name);
    assert.ok(person, 'the library names nobody');
    await page.goto(url + '/search');
    await page.getByLabel('Search photos and videos').fill(person.name);
    const chip = page.getByRole('button', { name: /^Remove person/ }).first();
    await chip.waitFor();
    await page.locator('.results img.loaded').first().waitFor();
    await accessible('search');
    await chip.click();
    await page.waitForURL(/without=/);
    await page.getByRole('button', { name: /^Remove person/ }).first().waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('Put back what was removed').click();
    await page.getByRole('button', { name: /^Remove person/ }).first().waitFor();
    return person.name;
  });

  await step('the library scrolls to its end, draws only what is near, and moves by keys', async () => {
    const { total } = await data('/timeline');
    await page.goto(url + '/library');
    await page.locator('.tile img.loaded').first().waitFor();
    const frames = await page.locator('.scroller').evaluate(async (scroller) => {
      const times = [];
      let last = performance.now();
      const reach = Math.min(scroller.scrollHeight - scroller.clientHeight, 60 * 400);
      for (let i = 1; i <= 60; i++) {
        scroller.scrollTop = (reach * i) / 60;
        await new Promise((next) => requestAnimationFrame(next));
        times.push(performance.now() - last);
        last = performance.now();
      }
      scroller.scrollTop = scroller.scrollHeight;
      return times.sort((a, b) => a - b);
    });
    await page.locator(`.tile[data-index="${total - 1}"] img.loaded`).waitFor();
    const drawn = await page.locator('.tile').count();
    assert.ok(drawn < 700, `${drawn} tiles are drawn`);
    await page.locator(`.tile[data-index="${total - 1}"]`).focus();
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-index') === '0');
    await page.keyboard.press('Enter');
    await page.locator('.pswp--open').waitFor();
    assert.equal((await counter().innerText()).replace(/\s/g, ''), `1/${total}`);
    await page.keyboard.press('Escape');
    await page.locator('.pswp').waitFor({ state: 'detached' });
    await accessible('library');
    return `${total} media, ${drawn} tiles drawn, frame while scrolling: median ${frames[30].toFixed(0)} ms, slowest of 60 ${frames[59].toFixed(0)} ms`;
  });

  await step('the map shows marks, and a mark its pictures, by keys alone', async () => {
    await page.goto(url + '/map');
    await page.locator('.mark img.loaded').first().waitFor();
    await page.locator('[data-world="coarse"], [data-world="fine"]').waitFor();
    const marks = await page.locator('.mark').count();
    await accessible('map');
    await page.locator('.mark').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('section.side img.loaded').first().waitFor();
    await accessible('a mark');
    await page.keyboard.press('Escape');
    await page.locator('section.side').waitFor({ state: 'detached' });
    const before = page.url();
    await page.getByRole('group', { name: /^Map of your pictures/ }).focus();
    await page.keyboard.press('+');
    await page.waitForFunction((address) => location.href !== address, before);
    return `${marks} marks`;
  });

  await step('in the studio what is seen is set by hand, and music is listened to and chosen', async () => {
    const [event] = await data('/events');
    const made = await fetch(`${url}/api/v1/films`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ prompt: `a film of ${event.name}` }) });
    const film = (await made.json()).data;
    assert.ok(film?.id, 'no film was planned');
    await page.goto(`${url}/films/${film.id}`);
    await page.locator('.words').first().waitFor();
    await page.locator('button.tile').first().click();
    const whole = page.getByLabel('Show all of it');
    if (await whole.isChecked()) {
      await whole.uncheck();
      await page.getByText('Done: changed what is seen').waitFor();
    }
    const box = page.locator('.crop .box').first();
    const before = await box.boundingBox();
    await box.focus();
    for (const key of ['-', '-', '-', 'ArrowRight']) await page.keyboard.press(key);
    await page.waitForFunction((width) => document.querySelector('.crop .box').getBoundingClientRect().width < width - 2, before.width);
    await page.getByText('Done: changed what is seen').waitFor();
    await page.getByRole('button', { name: /^Music/ }).click();
    await page.getByRole('button', { name: 'Listen to Epic' }).click();
    await page.getByRole('button', { name: 'Stop Epic' }).waitFor();
    await accessible('studio');
    await page.getByRole('button', { name: /^Epic/ }).click();
    await page.getByText('Done: changed the music').waitFor();
    const now = await data(`/films/${film.id}`);
    assert.deepEqual([now.storyboard.mood, now.storyboard.music.kind], ['epic', 'made']);
    await fetch(`${url}/api/v1/films/${film.id}`, { method: 'DELETE' });
    return event.name;
  });

  for (const [path, name] of [['/people', 'People'], ['/events', 'Events and albums'], ['/themes', 'Themes'], ['/activity', 'Activity'], ['/models', 'Models']]) {
    await step(`${name} shows its page`, async () => {
      await page.goto(url + path);
      await page.getByRole('heading', { level: 1, name }).waitFor();
      if (path === '/activity') await page.locator('progress').first().waitFor();
      if (path === '/models') await page.getByRole('button', { name: /: the set / }).first().waitFor();
      await page.waitForTimeout(400);
      await accessible(name);
    });
  }

  await step('a licence that forbids something is asked about before its model is got', async () => {
    const restricted = (await data('/models')).models.find((model) => model.restriction && !model.installed);
    assert.ok(restricted, 'no model has a restriction');
    await page.goto(url + '/models');
    await page.getByRole('button', { name: `Get ${restricted.id}` }).click();
    await page.getByRole('group', { name: `Licence of ${restricted.id}` }).waitFor();
    await accessible('licence');
    await page.getByRole('button', { name: 'Leave it' }).click();
    await page.getByRole('button', { name: `Get ${restricted.id}` }).waitFor();
    const after = (await data('/models')).models.find((model) => model.id === restricted.id);
    assert.equal(after.pull, null);
  });

  await step('everything fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/', '/library', '/search', '/people', '/map', '/events', '/themes', '/activity', '/models']) {
      await page.goto(url + path);
      await page.getByRole('navigation', { name: 'Pages' }).waitFor();
      await page.waitForTimeout(300);
      const [wide, narrow] = await page.evaluate(() => {
        const main = document.querySelector('main');
        return [Math.max(document.documentElement.scrollWidth, main.scrollWidth), Math.max(document.documentElement.clientWidth, main.clientWidth)];
      });
      assert.ok(wide <= narrow, `${path} is ${wide} pixels wide on a screen of ${narrow}`);
    }
    await accessible('phone');
    await page.setViewportSize({ width: 1280, height: 850 });
  });

  await step('on a phone the other pages are behind “More”', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(url + '/library');
    await page.getByRole('button', { name: 'More' }).click();
    await accessible('more');
    await page.locator('.sheet').getByRole('link', { name: 'Map' }).click();
    await page.waitForURL(/\/map/);
    assert.equal(await page.locator('.sheet').count(), 0, 'it closes by itself');
    await page.setViewportSize({ width: 1280, height: 850 });
  });

  await step('a guest starts in the library and meets nothing that is refused', () => visitAsGuest(browser, url, guest, { data, wait: WAIT }));

  await step('unknown addresses say so', async () => {
    await page.goto(url + '/no/such/page');
    await page.getByText('There is no such page').waitFor();
  });

  await step('no errors on the console', () => assert.deepEqual(errors, []));
  await step('no request to another host', () => assert.deepEqual(strangers, []));
  await browser.close();
  console.log(failures === 0 ? 'browser test: all passed' : `browser test: ${failures} failed`);
  return failures === 0;
}

// Takes a picture of every page, light and dark, wide and narrow, into web/shots/ (not committed).
//   npm run shots [-- name …]      RECOLLECT_URL: a real server instead of the mock one

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.mjs';
import { startMock } from './mock-server.mjs';

const OUT = fileURLToPath(new URL('../shots/', import.meta.url));
mkdirSync(OUT, { recursive: true });
const only = process.argv.slice(2);

const ask = async (page, question) => {
  await page.getByLabel('Ask about your photos and videos').fill(question);
  await page.keyboard.press('Enter');
  await page.locator('.turn:last-of-type[data-state="done"]').waitFor({ timeout: 20_000 });
};
const SHOTS = {
  start: { path: '/', also: async (page) => {
    await page.locator('[data-suggestion]').first().waitFor();
    await page.locator('[data-memory] img.loaded').first().waitFor();
  } },
  memories: { path: '/', also: async (page) => {
    await page.locator('[data-memory] img.loaded').first().waitFor();
    await page.locator('[data-memory]').nth(1).scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Less like this' }).nth(1).click();
  } },
  memory: { path: '/memories/on_this_day-6?date=2026-11-22', also: (page) => page.locator('.grid img.loaded').first().waitFor() },
  themes: { path: '/themes', also: (page) => page.locator('img.loaded').first().waitFor() },
  theme: { path: '/themes/h2', also: async (page) => {
    await page.locator('.grid img.loaded').first().waitFor();
    await page.getByText('What sets it apart').click();
  } },
  memorypair: { path: '/memories/person-p0?date=2026-11-22', also: (page) => page.locator('.sides img.loaded').first().waitFor() },
  answer: { path: '/', also: (page) => ask(page, 'Show me Mira in Lisbon last summer') },
  asking: { path: '/', also: async (page) => {
    await page.getByLabel('Ask about your photos and videos').fill('Sunsets in Norway');
    await page.keyboard.press('Enter');
    await page.locator('.answer').waitFor();
    await page.waitForTimeout(250);
  } },
  agent: { path: '/', also: async (page) => {
    await page.getByLabel('How to answer').selectOption('agent');
    await ask(page, 'Why were we in Lisbon with Mira last summer');
    await page.getByText('What the model thought').click();
  } },
  agentsteps: { path: '/', also: async (page) => {
    await page.getByLabel('How to answer').selectOption('agent');
    await ask(page, 'Why were we in Lisbon with Mira last summer');
    await page.getByText('How this was answered').click();
    await page.locator('.trace').scrollIntoViewIfNeeded();
  } },
  edit: { path: '/', also: async (page) => {
    await ask(page, 'Show me Mira in Lisbon last summer');
    await page.getByLabel('Edit the question').click();
  } },
  change: { path: '/', also: async (page) => {
    await ask(page, 'Make an album called Kyoto of pictures in Kyoto');
  } },
  nothing: { path: '/', also: (page) => ask(page, 'unicorns in 2021') },
  failed: { path: '/', also: async (page) => {
    await page.getByLabel('Ask about your photos and videos').fill('a broken question');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
  } },
  trace: { path: '/', also: async (page) => {
    await ask(page, 'How many photos of Mira in 2019');
    await page.getByText('How this was answered').click();
    await page.locator('.trace').scrollIntoViewIfNeeded();
  } },
  films: { path: '/films', also: (page) => page.locator('.cover img.loaded').first().waitFor() },
  film: { path: '/films/f1', also: async (page) => {
    await page.locator('.tile img.loaded').first().waitFor();
    await page.locator('.tile').nth(2).click();
    await page.getByRole('button', { name: 'Replace…' }).click();
    await page.locator('.others img.loaded').first().waitFor();
  } },
  filmmusic: { path: '/films/f1', also: async (page) => {
    await page.locator('.tile img.loaded').first().waitFor();
    await page.getByRole('button', { name: /^Music/ }).click();
    await page.getByText('Summer rain').waitFor();
  } },
  filmclip: { path: '/films/f1', also: async (page) => {
    await page.locator('.tile img.loaded').first().waitFor();
    await page.locator('button.tile').last().click();
    await page.locator('.trim').scrollIntoViewIfNeeded();
    await page.waitForTimeout(800);
  } },
  filmcrop: { path: '/films/f1', also: async (page) => {
    await page.locator('.tile img.loaded').first().waitFor();
    await page.locator('button.tile').nth(2).click();
    await page.locator('.crop').scrollIntoViewIfNeeded();
  } },
  library: { path: '/library', also: (page) => page.locator('.tile img.loaded').first().waitFor() },
  librarydeep: { path: '/library', also: async (page) => {
    await page.locator('.tile').first().waitFor();
    await page.getByRole('slider', { name: 'Date' }).click({ position: { x: 30, y: 330 } });
    await page.waitForTimeout(1200);
  } },
  search: { path: '/search?q=Mira%20in%20Lisbon%20videos', also: (page) => page.locator('.grid img.loaded').first().waitFor() },
  moments: { path: '/search?q=Mira%20in%20Lisbon%20videos', also: async (page) => {
    await page.locator('.grid img.loaded').first().waitFor();
    await page.locator('.grid button').first().click();
    await page.locator('.moments .mark').nth(1).waitFor();
    await page.waitForTimeout(600);
    await page.locator('.moments .mark').nth(1).hover();
    await page.waitForTimeout(600);
  } },
  searchempty: { path: '/search' },
  region: { path: '/library', also: async (page) => {
    await page.locator('.tile img.loaded').first().click();
    await page.locator('.pswp__img').first().waitFor();
    await page.waitForTimeout(500);
    await page.keyboard.press('r');
    await page.getByText('Search this region').waitFor();
  } },
  like: { path: '/library', also: async (page) => {
    await page.locator('.tile img.loaded').first().click();
    await page.locator('.pswp__img').first().waitFor();
    await page.waitForTimeout(500);
    await page.keyboard.press('r');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('.grid img.loaded').first().waitFor();
  } },
  people: { path: '/people', also: (page) => page.locator('img.loaded').first().waitFor() },
  groups: { path: '/people', also: async (page) => {
    await page.locator('img.loaded').first().waitFor();
    await page.getByText('Not named yet').scrollIntoViewIfNeeded();
    await page.locator('.groups').scrollIntoViewIfNeeded();
  } },
  questions: { path: '/people', also: async (page) => {
    await page.getByRole('button', { name: 'Answer questions' }).click();
    await page.getByText('Is Pip a pet?').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText('Is this Mira?').waitFor();
    await page.keyboard.press('y');
    await page.getByText('Is this Jonas?').waitFor();
  } },
  petquestion: { path: '/people', also: async (page) => {
    await page.getByRole('button', { name: 'Answer questions' }).click();
    await page.getByText('Is Pip a pet?').waitFor();
  } },
  person: { path: '/people/p0', also: async (page) => {
    await page.locator('.grid img.loaded').first().waitFor();
    await page.getByRole('button', { name: /faces/ }).click();
    await page.locator('.faces li button').nth(9).click();
  } },
  about: { path: '/people/p1', also: async (page) => {
    await page.getByRole('button', { name: 'About' }).click();
    await page.getByRole('button', { name: 'Forget this person' }).click();
  } },
  faces: { path: '/people/p0', also: async (page) => {
    await page.locator('.grid button').nth(2).click();
    await page.waitForTimeout(900);
    await page.keyboard.press('f');
    await page.locator('.pswp .face.unnamed').first().click();
  } },
  concepts: { path: '/concepts', also: (page) => page.locator('img.loaded').first().waitFor() },
  concept: { path: '/concepts/k0', also: async (page) => {
    await page.locator('.grid img.loaded').first().waitFor();
    await page.getByRole('button', { name: 'Answer questions' }).click();
    await page.getByText('Does this belong').waitFor();
    await page.keyboard.press('y');
    await page.waitForTimeout(500);
  } },
  conceptpanel: { path: '/concepts/k0', also: async (page) => {
    await page.locator('.grid button').nth(2).click();
    await page.waitForTimeout(700);
    await page.keyboard.press('i');
    await page.locator('.info-panel .facts').waitFor();
    await page.getByRole('button', { name: /our cabin/ }).click();
    await page.waitForTimeout(900);
  } },
  teach: { path: '/search?q=Mira%20in%20Lisbon', also: async (page) => {
    await page.locator('.grid img.loaded').first().waitFor();
    await page.getByRole('button', { name: 'Teach a concept with these' }).click();
    await page.getByLabel('What these pictures are').fill('our cabin');
    await page.waitForTimeout(700);
  } },
  events: { path: '/events', also: (page) => page.locator('img.loaded').first().waitFor() },
  album: { path: '/albums/a1', also: async (page) => {
    await page.getByRole('button', { name: 'Why is it here?' }).click();
    await page.locator('.grid img.loaded').first().waitFor();
    await page.locator('.grid button').nth(2).click();
    await page.locator('.reasons li').first().waitFor();
  } },
  share: { path: '/albums/a1', also: async (page) => {
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('Copies for others').click();
  } },
  sharebook: { path: '/events/e1', also: async (page) => {
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText('Photo book').click();
  } },
  albumrule: { path: '/albums/a1', also: async (page) => {
    await page.getByRole('button', { name: 'Change the rule' }).click();
    await page.locator('[role=combobox]').fill('people: Mira; peple: Ada; rating >= 3');
    await page.locator('mark').first().waitFor();
  } },
  newalbum: { path: '/events', also: async (page) => {
    await page.getByRole('button', { name: 'New album' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Mira in the north');
    await page.getByRole('combobox').fill('rating >= 3; people: ');
    await page.getByRole('option').first().waitFor();
  } },
  map: { path: '/map', also: async (page) => {
    await page.locator('.mark img.loaded').first().waitFor();
    await page.locator('[data-world="coarse"]').waitFor();
  } },
  mapopen: { path: '/map?at=67.95,13.1,7', also: async (page) => {
    await page.locator('.mark img.loaded').first().waitFor();
    await page.locator('[data-world="fine"]').waitFor();
    await page.locator('.mark').first().click();
    await page.locator('section.side img.loaded').first().waitFor();
  } },
  mapnear: { path: '/map?at=43.3,11.3,5.4', also: async (page) => {
    await page.locator('.mark img.loaded').first().waitFor();
    await page.locator('[data-world="fine"]').waitFor();
  } },
  maponline: { path: '/map', also: async (page) => {
    await page.locator('.mark img.loaded').first().waitFor();
    await page.getByRole('button', { name: 'Online map' }).click();
  } },
  more: { path: '/library', also: async (page) => {
    await page.locator('.tile img.loaded').first().waitFor();
    if (await page.getByRole('button', { name: 'More' }).isVisible()) await page.getByRole('button', { name: 'More' }).click();
  } },
  event: { path: '/events/e1', also: async (page) => {
    await page.locator('.grid img.loaded').first().waitFor();
    await page.locator('[data-world="fine"]').waitFor();
  } },
  activity: { path: '/activity', also: (page) => page.getByText('Folders').first().waitFor() },
  models: { path: '/models', also: async (page) => {
    await page.getByRole('heading', { name: 'Sets' }).waitFor();
    await page.locator('[data-model] progress').first().waitFor();
  } },
  modelslist: { path: '/models', also: async (page) => {
    await page.locator('[data-model] progress').first().waitFor();
    await page.getByRole('button', { name: 'Get buffalo_l-recognition' }).click();
    await page.getByRole('button', { name: 'Remove yunet-2023mar' }).click();
    await page.locator('[data-model="yunet-2023mar"]').scrollIntoViewIfNeeded();
  } },
  packs: { path: '/models', also: async (page) => {
    await page.getByRole('checkbox', { name: 'Korean' }).check();
    await page.getByRole('heading', { name: 'Text in pictures' }).scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector('#group-text-in-pictures').scrollIntoView());
  } },
  lightbox: { path: '/people/p0', also: async (page) => {
    await page.locator('.grid button').nth(2).click();
    await page.waitForTimeout(900);
  } },
  described: { path: '/events/e1', also: async (page) => {
    await page.locator('.grid button').nth(2).click();
    await page.waitForTimeout(700);
    await page.keyboard.press('i');
    await page.getByText('Written by qwen3-vl-4b').waitFor();
  } },
  describing: { path: '/events/e1', also: async (page) => {
    await page.locator('.grid button').nth(2).click();
    await page.waitForTimeout(700);
    await page.keyboard.press('i');
    await page.getByRole('button', { name: 'Describe it in your own words' }).click();
  } },
  panel: { path: '/events/e1', also: async (page) => {
    await page.locator('.grid button').nth(5).click();
    await page.waitForTimeout(700);
    await page.keyboard.press('i');
    await page.locator('.info-panel .facts').waitFor();
    await page.waitForTimeout(900);
  } },
  text: { path: '/search?q=departures', also: async (page) => {
    await page.locator('.grid button').nth(1).click();
    await page.waitForTimeout(900);
    await page.keyboard.press('i');
    await page.locator('.info-panel .written').scrollIntoViewIfNeeded();
    await page.locator('.text-marks .hit').first().waitFor();
    await page.waitForTimeout(500);
  } },
  video: { path: '/search?q=videos%20of%20Mira', also: async (page) => {
    await page.locator('.grid button').nth(1).click();
    await page.waitForTimeout(1800);
  } },
  notes: { path: '/events/e1', also: async (page) => {
    await page.locator('.grid button').nth(2).click();
    await page.waitForTimeout(700);
    await page.keyboard.press('i');
    await page.locator('.info-panel .facts').waitFor();
    await page.locator('.info-panel .voice-notes').scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Record', exact: true }).last().click();
    await page.waitForTimeout(2300);
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.locator('.info-panel .note[data-state="done"] li').first().waitFor();
    await page.getByRole('button', { name: 'Record', exact: true }).last().click();
    await page.waitForTimeout(1300);
    await page.locator('.info-panel .voice-notes').evaluate((element) => element.scrollIntoView({ block: 'start' }));
  } },
  noteedit: { path: '/events/e1', also: async (page) => {
    await page.locator('.grid button').nth(2).click();
    await page.waitForTimeout(700);
    await page.keyboard.press('i');
    await page.locator('.info-panel .facts').waitFor();
    await page.getByRole('button', { name: 'Record', exact: true }).last().click();
    await page.waitForTimeout(1300);
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.locator('.info-panel .note[data-state="done"] li').first().waitFor();
    await page.locator('.info-panel').getByRole('button', { name: 'Put the words right' }).first().click();
    await page.locator('.info-panel .voice-notes').evaluate((element) => element.scrollIntoView({ block: 'start' }));
  } },
  askpicture: { path: '/events/e1', also: async (page) => {
    await page.locator('.grid button').nth(5).click();
    await page.waitForTimeout(700);
    await page.keyboard.press('i');
    await page.getByPlaceholder('Ask about this picture').fill('What is in the harbour?');
    await page.keyboard.press('Enter');
    await page.locator('.said').waitFor();
    await page.locator('.said').scrollIntoViewIfNeeded();
  } },
  spoken: { path: '/search?q=videos%20of%20Mira', also: async (page) => {
    await page.locator('.grid button').nth(1).click();
    await page.waitForTimeout(700);
    await page.keyboard.press('i');
    await page.getByText('What is said').waitFor();
    await page.getByRole('button', { name: 'Play from 0:02' }).click();
    await page.waitForTimeout(500);
    await page.getByText('What is said').scrollIntoViewIfNeeded();
  } },
  notfound: { path: '/nowhere' },
};

/** What guests see. */
const FOR_GUESTS = {
  guest: { path: '/', also: (page) => page.locator('.tile img.loaded').first().waitFor() },
  guestpanel: { path: '/events/e1', also: async (page) => {
    await page.locator('.grid button').nth(5).click();
    await page.waitForTimeout(700);
    await page.keyboard.press('i');
    await page.locator('.info-panel .facts').waitFor();
    await page.waitForTimeout(900);
  } },
  guestevent: { path: '/events/e1', also: (page) => page.locator('.grid img.loaded').first().waitFor() },
  guestrefused: { path: '/films' },
};

const mock = process.env.RECOLLECT_URL ? null : await startMock();
const empty = await startMock({ empty: true });

const url = process.env.RECOLLECT_URL ?? mock.url;
const browser = await launchBrowser();
for (const [width, height] of [[1440, 900], [390, 844]]) {
  for (const scheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, hasTouch: width < 500 });
    for (const [name, shot] of [...Object.entries(SHOTS), ['first', { path: '/', at: empty.url }], ...Object.entries(FOR_GUESTS)]) {
      const tag = `${name}-${width}-${scheme}`;
      if (only.length && !only.some((want) => tag.startsWith(want) && (want.includes('-') || name === want))) continue;
      await context.clearCookies();
      if (name in FOR_GUESTS) await context.addCookies([{ name: 'recollect_token', value: 'guest', url }]);
      const page = await context.newPage();
      page.on('console', (message) => message.type() === 'error' && console.log(tag, 'console:', message.text()));
      page.on('pageerror', (error) => console.log(tag, 'error:', error.message));
      await page.goto((shot.at ?? url) + shot.path);
      await shot.also?.(page).catch((reason) => console.log(tag, String(reason).split('\n')[0]));
      await page.waitForTimeout(700);
      await page.screenshot({ path: `${OUT}${tag}.png` });
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
await mock?.close();
await empty.close();
process.exit(0);

// What a guest meets in a real browser: the library, and nothing that is refused to them or that only the owner may do.

import assert from 'node:assert/strict';

/** Looks around with the token of a guest; `data` reads from the server as the owner. */
export async function visitAsGuest(browser, url, guest, { data, wait }) {
  const theirs = await browser.newContext({ viewport: { width: 1280, height: 850 } });
  theirs.setDefaultTimeout(wait);
  await theirs.addCookies([{ name: 'recollect_token', value: guest, url }]);
  const refused = [];
  theirs.on('response', (response) => response.status() >= 400 && refused.push(`${response.status()} ${response.url()}`));
  const view = await theirs.newPage();
  view.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  await view.goto(url + '/');
  await view.waitForURL(/\/library$/);
  await view.locator('.tile img.loaded').first().waitFor();
  const pages = await view.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts();
  assert.deepEqual(pages.map((name) => name.trim()), ['Library', 'Search', 'People', 'Events', 'Map']);
  await view.locator('.tile').first().click();
  await view.locator('.pswp--open').waitFor();
  await view.keyboard.press('i');
  await view.locator('.info-panel .facts').waitFor();
  assert.equal(await view.locator('.info-panel').getByRole('button', { name: /Record|Describe|Have it/ }).count(), 0);
  await view.keyboard.press('Escape');
  const [person] = (await data('/people')).filter((each) => each.name);
  for (const path of [`/search?q=${encodeURIComponent(person.name)}`, '/people', '/events', '/map']) {
    await view.goto(url + path);
    await view.getByRole('navigation', { name: 'Pages' }).waitFor();
    await view.locator('main img.loaded').first().waitFor();
  }
  await view.goto(url + '/events');
  await view.locator('main li a').first().click();
  await view.locator('.grid img.loaded').first().waitFor();
  assert.equal(await view.locator('main').getByRole('button', { name: /Rename|Record|Edit|Change/ }).count(), 0);
  await view.goto(url + '/films');
  await view.getByText('This page is the owner’s').waitFor();
  assert.deepEqual(refused, []);
  await view.getByRole('button', { name: /^Leave as a guest/ }).click();
  await view.locator('[data-suggestion]').first().waitFor();
  await theirs.close();
}

// @ts-check
/** The address holds the whole run; what is done in the past makes a branch; two runs stand side by side. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { inEveryBrowser } from './browsers.mjs';
import { Timeline } from './timeline.mjs';

/** @typedef {import('./browsers.mjs').Visit} Visit */

/** @param {Visit} visit */
function permalink(visit) {
  return visit.page.evaluate(() => {
    const timeline = /** @type {HTMLElement & {permalink: Promise<string>}} */ (document.querySelector('tcp-timeline'));
    return timeline.permalink;
  });
}

/** @param {Visit} visit */
function hash(visit) {
  return visit.page.evaluate(() => location.hash);
}

/**
 * @param {Visit} visit
 * @param {string} what inside the element
 */
function texts(visit, what) {
  return visit.page.evaluate((what) => {
    const found = document.querySelector('tcp-timeline')?.shadowRoot?.querySelectorAll(what) ?? [];
    return [...found].map((each) => each.textContent ?? '');
  }, what);
}

inEveryBrowser('an address opens that very run, in its language', {}, async (visit) => {
  await visit.open('#story=handshake&step=5&lang=zh-Hans');
  const timeline = await new Timeline(visit).ready();
  assert.equal(await permalink(visit), 'story=handshake&step=5');
  const now = await timeline.read();
  assert.equal(now.current, 5);
  assert.match(now.status, /客户端|服务器/);
  assert.equal(await visit.page.$eval('#story', (each) => /** @type {HTMLSelectElement} */ (each).value), 'handshake');

  // Something is done in the past: the address says so, and opens it again elsewhere.
  await timeline.choose('.steps', 'SYN seq=100');
  await timeline.press('hold');
  await visit.until(() => location.hash.startsWith('#run='));
  const [link, address, before] = [await permalink(visit), await hash(visit), await timeline.read()];
  assert.ok(address.length < 2000, `${address.length} characters`);
  await visit.open();
  await visit.open(address);
  const again = await new Timeline(visit).ready();
  assert.equal(await permalink(visit), link);
  const after = await again.read();
  const where = (/** @type {typeof after} */ it) => [it.sent, it.client.state, it.server.state, it.time, it.inFlight];
  assert.deepEqual(where(after), where(before));
});

inEveryBrowser('a broken address gives a message and the first story', {}, async (visit) => {
  for (const broken of ['#run=1.garbage', '#run=99.abc', '#story=no-such-story', `#run=1.${'A'.repeat(5000)}`]) {
    await visit.open();
    await visit.open(broken);
    const timeline = await new Timeline(visit).ready();
    await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.alert:not([hidden])'));
    assert.match((await timeline.read()).alert, /could not be opened/, broken);
    assert.equal(await permalink(visit), 'story=life');
    await timeline.press('step');
    await timeline.told(/./);
  }
});

inEveryBrowser('what is done in the past makes a branch, and the other one stays', {}, async (visit) => {
  await visit.open('#story=handshake&lang=en');
  const timeline = await new Timeline(visit).ready();
  assert.deepEqual(await texts(visit, '.branches:not([hidden]) .branch'), []);
  await timeline.press('end');
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('[data-does="end"][aria-disabled="true"]'));
  const whole = await timeline.read();
  await timeline.choose('.steps', 'SYN seq=100');
  await timeline.press('drop');
  const names = await texts(visit, '.branches:not([hidden]) .branch');
  assert.equal(names.length, 2);
  assert.notDeepEqual((await timeline.read()).sent, whole.sent);
  await visit.until(() => location.hash.startsWith('#run='));
  await visit.expectAccessible();
  await visit.shot('branches');

  // Back to what was there before, and a name for the other.
  await timeline.click('.branch:not([aria-current="true"])');
  assert.deepEqual((await timeline.read()).sent, whole.sent);
  await timeline.click('.branches li:last-child [data-does="rename"]');
  await visit.page.keyboard.type('without the SYN');
  await visit.page.keyboard.press('Enter');
  assert.deepEqual(await texts(visit, '.branches .branch'), [names[0], 'without the SYN']);
  await timeline.click('.branches li:last-child [data-does="delete"]');
  assert.deepEqual(await texts(visit, '.branches:not([hidden]) .branch'), []);
  assert.deepEqual((await timeline.read()).sent, whole.sent);

  // The browser's back button brings back what was deleted.
  await visit.until(() => location.hash.startsWith('#story='));
  await visit.page.goBack();
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelectorAll('.branches:not([hidden]) .branch').length === 2);
});

inEveryBrowser('two-way against three-way: the ghost stands in the table', {}, async (visit) => {
  await visit.open('#story=stale-data-three-way&lang=en');
  const timeline = await new Timeline(visit).ready();
  await timeline.click('[data-world="two-way-handshake"]');
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('[data-row="ghosts"]'));
  const row = async (/** @type {string} */ name) => (await texts(visit, `[data-row="${name}"] td`)).map(Number);
  assert.deepEqual(await row('ghosts'), [0, 1]);
  const [, stale] = await row('stale');
  assert.ok(stale > 0, 'old octets are delivered to the server');
  const [status] = await texts(visit, '[role="status"]');
  assert.match(status, /the runs part\. On the left: .*SYN-RECEIVED.*On the right: .*ESTABLISHED/);
  await visit.until(() => location.hash.includes('compare=two-way-handshake'));
  await visit.expectAccessible();
  await visit.shot('compare');
  const address = await hash(visit);

  // The address opens the comparison too; stepping back takes the difference away.
  await visit.open();
  await visit.open(address);
  await new Timeline(visit).ready();
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('[data-row="ghosts"]'));
  await timeline.press('reset');
  assert.deepEqual(await row('ghosts'), [0], 'what is equal is said once');
  assert.deepEqual(await texts(visit, '[role="status"]'), ['So far both runs are the same.']);
  await timeline.click('[data-does="leave"]');
  assert.equal((await timeline.read()).current >= 0, true);
});

inEveryBrowser('a link to the start of another story shows nothing of the story that the page brings with it', {}, async (visit) => {
  const isPoster = () => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.picture')?.classList.contains('poster');
  await visit.open('#lang=en');
  await new Timeline(visit).ready();
  assert.equal(await visit.page.evaluate(isPoster), true);
  await visit.open();
  await visit.open('#story=refused&lang=en');
  await new Timeline(visit).ready();
  assert.equal(await visit.page.evaluate(isPoster), false);
});

inEveryBrowser('links that were given away open the same runs, in the page and in a lab', {}, async (visit) => {
  const kept = (await readFile(new URL('../links.tsv', import.meta.url), 'utf8')).trimEnd().split('\n');
  assert.ok(kept.length > 80, `${kept.length} links`);
  await visit.open('#lang=en');
  await new Timeline(visit).ready();
  const opened = await visit.page.evaluate(async (links) => {
    const address = new URL('synfin.js', document.baseURI).href;
    const { default: start, Lab, storyOf, unpackLink } = await import(address);
    await start();
    const run = async (/** @type {string} */ link) => {
      const text = await unpackLink(link);
      const story = storyOf(link, text);
      const script = story && (await (await fetch(`stories/${story}.tcp`)).text());
      const lab = Lab.fromPermalink(link, text, 'en', undefined, script);
      return JSON.stringify([lab.script(), lab.branches(), lab.report(0), lab.snapshot()]);
    };
    const timeline = /** @type {HTMLElement & {permalink: Promise<string>}} */ (document.querySelector('tcp-timeline'));
    const opened = [];
    for (const link of links) {
      const isReady = new Promise((resolve) => timeline.addEventListener('tcp-ready', resolve, { once: true }));
      location.hash = link;
      await isReady;
      const alert = timeline.shadowRoot?.querySelector('.alert:not([hidden])')?.textContent ?? '';
      opened.push({ alert, inPage: await run(await timeline.permalink), inLab: await run(link) });
    }
    return opened;
  }, kept.map((line) => line.split('\t')[1]));
  for (const [index, line] of kept.entries()) {
    const [name] = line.split('\t');
    const { alert, inPage, inLab } = opened[index];
    assert.deepEqual([alert, inPage], ['', inLab], name);
  }
});

inEveryBrowser('of a link that would be endless no more is unpacked than a run of ours has', {}, async (visit) => {
  await visit.open('#lang=en');
  await new Timeline(visit).ready();
  const unpacked = await visit.page.evaluate(async () => {
    const address = new URL('synfin.js', document.baseURI).href;
    const { default: start, Lab, unpackLink } = await import(address);
    await start();
    const packed = async (/** @type {number} */ octets) => {
      const text = new Blob(['\n'.repeat(octets)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
      const letters = [...new Uint8Array(await new Response(text).arrayBuffer())].map((it) => String.fromCharCode(it)).join('');
      return `run=1.${btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
    };
    const most = await unpackLink(await packed(4 * 64 * 1024));
    const more = await packed(30_000_000);
    let code = 'none';
    try {
      Lab.fromPermalink(more, await unpackLink(more), 'en');
    } catch (error) {
      code = /** @type {Error & {code: string}} */ (error).code;
    }
    const nothing = [await unpackLink(more), await unpackLink('run=1.***'), await unpackLink('run=1.q1')];
    return [most.length, ...nothing.map((each) => each === undefined), code];
  });
  assert.deepEqual(unpacked, [4 * 64 * 1024, true, true, true, 'link']);
});

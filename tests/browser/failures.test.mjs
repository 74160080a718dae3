// @ts-check
/** What the page says where the module cannot be had, or fails. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { inEveryBrowser } from './browsers.mjs';
import { serve } from '../../scripts/static.mjs';
import { Timeline } from './timeline.mjs';

/** @typedef {import('./browsers.mjs').Visit} Visit */

/**
 * Waits for the message that the simulation could not be loaded, and returns what else can be read in the element.
 *
 * @param {Visit} visit
 */
async function unavailable(visit) {
  await visit.until(() => document.querySelector('[data-when="unavailable"]:not([hidden])'));
  return visit.page.evaluate(() => {
    const element = /** @type {HTMLElement} */ (document.querySelector('tcp-timeline'));
    const told = [...element.querySelectorAll('[data-when="unavailable"]')].filter(
      (each) => /** @type {HTMLElement} */ (each).offsetHeight > 0,
    );
    const picture = element.querySelector(':scope > svg');
    return {
      languages: told.map((each) => each.getAttribute('lang')),
      hasPicture: (picture?.getBoundingClientRect().height ?? 0) > 100,
      isReady: element.hasAttribute('data-ready'),
    };
  });
}

/** Whether the page has its static picture yet. */
const hasStaticPicture = /<tcp-timeline[\s\S]*<svg/.test(
  readFileSync(new URL('../../dist/index.html', import.meta.url), 'utf8'),
);

/**
 * Answers a request with nothing.
 *
 * @param {Visit} visit
 * @param {RegExp} pattern of its address
 * @param {number} [times] how often
 */
async function withhold(visit, pattern, times = Infinity) {
  let left = times;
  await visit.page.setRequestInterception(true);
  visit.page.on('request', (request) => {
    if (pattern.test(request.url()) && left-- > 0) void request.respond({ status: 404, contentType: 'text/plain', body: 'not found' });
    else void request.continue();
  });
}

/**
 * Lets a request wait.
 *
 * @param {Visit} visit
 * @param {RegExp} pattern of its address
 * @param {number} [times] how often
 * @returns {Promise<() => void>} lets it go on
 */
async function hold(visit, pattern, times = Infinity) {
  let left = times;
  let go = () => {};
  const gate = new Promise((resolve) => (go = () => resolve(undefined)));
  await visit.page.setRequestInterception(true);
  visit.page.on('request', async (request) => {
    if (pattern.test(request.url()) && left-- > 0) await gate;
    await request.continue();
  });
  return go;
}

for (const [what, pattern] of /** @type {const} */ ([
  ['the wasm file', /\.wasm$/],
  ['its JavaScript side', /assets\/synfin-[^/]+\.js/],
  ['a style sheet', /assets\/tcp-timeline-[^/]+\.css$/],
  ['the words', /assets\/words-[^/]+\/en\/core\.txt$/],
  ['the module of the page', /assets\/page-[^/]+\/page\.js$/],
])) {
  inEveryBrowser(`where ${what} is missing, the page says so and keeps its picture`, {}, async (visit) => {
    await withhold(visit, pattern);
    await visit.open();
    const { languages, hasPicture, isReady } = await unavailable(visit);
    assert.ok(languages.includes('en'));
    assert.equal(hasPicture, hasStaticPicture);
    assert.equal(isReady, false);
    visit.expectProblem(/missing: .*404/);
    visit.problems = visit.problems.filter((problem) => !/404|uncaught|failed|preload/.test(problem));
  });
}

for (const [what, pattern] of /** @type {const} */ ([
  ['they', /assets\/page-[^/]+\/later\.js$/],
  ['their words', /assets\/words-[^/]+\/en\/panels\.json$/],
  ['their style', /assets\/panels-[^/]+\.css$/],
  ['those parts of the module that they use', /assets\/synfin_rest-[^/]+\.wasm$/],
])) {
  inEveryBrowser(`where panels do not come, because ${what} are missing, the page says so, and tries again when asked`, {}, async (visit) => {
    await withhold(visit, pattern, 1);
    await visit.open();
    const timeline = await new Timeline(visit).ready();
    await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.side [role="alert"]'));
    // What is there can be used.
    await timeline.press('step');
    await timeline.press('step');
    await timeline.told(/^The client/);
    await visit.expectAccessible();
    await visit.shot('incomplete');
    await timeline.click('button[data-does="complete"]');
    await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.steps'));
    const { alert, client, entries } = await timeline.ready().then((it) => it.read());
    assert.equal(alert, '');
    assert.equal(client.state, 'SYN-SENT');
    assert.equal(entries.filter(({ isFuture }) => !isFuture).length, 3);
    await timeline.press('back');
    visit.problems = visit.problems.filter((problem) => !/404|later\.js/.test(problem));
  });
}

inEveryBrowser('what is asked for before the panels are there is done when they come', {}, async (visit) => {
  const release = await hold(visit, /assets\/page-[^/]+\/later\.js$/);
  await visit.open();
  const timeline = new Timeline(visit);
  await visit.until(() => document.querySelector('tcp-timeline')?.hasAttribute('data-ready'));
  await timeline.press('step');
  await timeline.press('step');
  await timeline.choose('.in-flight', 'SYN');
  await timeline.press('drop');
  await visit.page.evaluate(() => /** @type {any} */ (document.querySelector('tcp-timeline')).compare('two-way-handshake'));
  await visit.page.select('#language', 'zh-Hant');
  await visit.until(() => document.documentElement.lang === 'zh-Hant');
  release();
  await visit.until(() => {
    const shown = document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.comparison');
    return shown?.getAttribute('lang') === 'zh-Hant' && shown.querySelectorAll('.pane svg').length === 2;
  });
  await timeline.click('button[data-does="leave"]');
  const { entries, server } = await timeline.ready().then((it) => it.read());
  assert.equal(server.state, 'LISTEN');
  assert.match(entries[entries.length - 1].summary, /SYN/);
});

inEveryBrowser('the first picture is stepped through, and a segment lost, without the rest of the module', {}, async (visit) => {
  await withhold(visit, /assets\/synfin_rest-[^/]+\.wasm$/);
  await visit.open();
  const timeline = new Timeline(visit);
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.side [role="alert"]'));
  await timeline.press('step');
  await timeline.press('step');
  await timeline.choose('.in-flight', 'SYN');
  await timeline.press('drop');
  await timeline.press('end');
  await timeline.told(/TIME-WAIT/);
  await timeline.press('back');
  await timeline.press('reset');
  await visit.page.setViewport({ width: 360, height: 640 });
  await timeline.press('step');
  await visit.page.select('#language', 'zh-Hans');
  await visit.until(() => document.documentElement.lang === 'zh-Hans');
  await timeline.press('step');
  await visit.until(() => !document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.broken'));
  const calls = await visit.page.evaluate(() =>
    performance.getEntriesByType('resource').filter((each) => 'initiatorType' in each && each.initiatorType === 'xmlhttprequest'),
  );
  assert.deepEqual(calls, [], 'no call had to fetch it');
  // It is asked for beforehand, and for the address of the run.
  visit.expectProblem(/404/);
});

inEveryBrowser('a call that needs the rest of the module does not wait for it to come by itself', {}, async (visit) => {
  const release = await hold(visit, /assets\/synfin_rest-[^/]+\.wasm$/, 1);
  await visit.open();
  await visit.until(() => document.querySelector('tcp-timeline')?.hasAttribute('data-ready'));
  const shown = await visit.page.evaluate(() => {
    const timeline = /** @type {any} */ (document.querySelector('tcp-timeline'));
    timeline.compare('two-way-handshake');
    return timeline.world;
  });
  assert.equal(shown, 'two-way-handshake');
  release();
  await visit.until(() => document.querySelector('tcp-timeline')?.shadowRoot?.querySelectorAll('.pane svg').length === 2);
});

inEveryBrowser('a question that is asked of a lab beside an element fetches what questions need', {}, async (visit) => {
  await visit.open();
  await new Timeline(visit).ready();
  const [kind, calls] = await visit.page.evaluate(async () => {
    const { Lab } = await import(new URL('synfin.js', document.baseURI).href);
    const lab = new Lab('client isn 100\nserver isn 300, listen 80\nat 0ms client open', 'en');
    const { kind } = lab.ask('state-after', 1);
    const resources = performance.getEntriesByType('resource');
    return [kind, resources.filter((each) => 'initiatorType' in each && each.initiatorType === 'xmlhttprequest').map(({ name }) => name)];
  });
  assert.equal(kind, 'state-after');
  assert.equal(calls.length, 1);
  assert.match(calls[0], /synfin_asked-[^/]+\.wasm$/);
});

inEveryBrowser('where the words of another language are missing, the page says so and goes on as it is', {}, async (visit) => {
  await withhold(visit, /assets\/words-[^/]+\/(zh-Hant\/core\.txt|en\/stories\.json)$/);
  await visit.open();
  const timeline = await new Timeline(visit).ready();
  await visit.until(() => document.querySelector('#story option')?.textContent === 'life');
  await timeline.press('step');
  await visit.page.select('#language', 'zh-Hant');
  await visit.until(() => /zh-Hant\/core\.txt: 404/.test(document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.alert')?.textContent ?? ''));
  await timeline.press('step');
  await timeline.told(/^The client's application/);
  await visit.page.select('#language', 'zh-Hans');
  await timeline.speaks('zh-Hans');
  visit.problems = visit.problems.filter((problem) => !/404/.test(problem));
});

inEveryBrowser('without WebAssembly, the page says so in the language of its reader', { language: 'zh-TW' }, async (visit) => {
  await visit.page.evaluateOnNewDocument(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  await visit.open();
  const { languages, hasPicture } = await unavailable(visit);
  assert.deepEqual(languages, ['zh-Hant']);
  assert.equal(hasPicture, hasStaticPicture);
  await visit.expectAccessible();
  await visit.shot('unavailable');
});

inEveryBrowser('under a policy that forbids wasm, the page says so', {}, async (visit) => {
  const server = await serve({ headers: { 'Content-Security-Policy': "script-src 'self'" } });
  try {
    await visit.open(server.address);
    const { languages, hasPicture } = await unavailable(visit);
    assert.deepEqual(languages, ['en']);
    assert.equal(hasPicture, hasStaticPicture);
    visit.expectProblem(/policy script-src|Content-Security-Policy/);
  } finally {
    await visit.page.goto('about:blank');
    await server.close();
  }
});

inEveryBrowser('after a trap in the module, the page says so and can start over', {}, async (visit) => {
  /** @type {{exports: [long: string, short: string][]}} */
  const names = JSON.parse(readFileSync(new URL('../../www/pkg/names.json', import.meta.url), 'utf8'));
  const stepName = new Map(names.exports).get('lab_step') ?? '';
  await visit.page.evaluateOnNewDocument((stepName) => {
    let hasTrapped = false;
    for (const name of /** @type {const} */ (['instantiate', 'instantiateStreaming'])) {
      const original = WebAssembly[name];
      Object.assign(WebAssembly, {
        [name]: async (/** @type {unknown[]} */ ...values) => {
          const { instance, module } = await Reflect.apply(original, WebAssembly, values);
          const { [stepName]: step } = instance.exports;
          const trap = (/** @type {unknown[]} */ ...values) => {
            if (hasTrapped) return step(...values);
            hasTrapped = true;
            throw new WebAssembly.RuntimeError('unreachable');
          };
          return { instance: { exports: { ...instance.exports, [stepName]: trap } }, module };
        },
      });
    }
  }, stepName);
  await visit.open();
  const timeline = await new Timeline(visit).ready();
  await timeline.press('step');
  const { alert, focus } = await timeline.read();
  assert.match(alert, /error of its own/);
  assert.equal(focus, 'Start over');
  await visit.expectAccessible();
  await visit.shot('trapped');
  visit.expectProblem(/unreachable/);
  // Nothing reaches what is broken.
  await visit.page.keyboard.press('ArrowRight');
  await timeline.press('again');
  await visit.until(() => !document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.alert:not([hidden])'));
  await timeline.told(/Nothing has happened yet/);
  await timeline.press('step');
  await timeline.press('step');
  await timeline.told(/sends SYN seq=100/);
  assert.equal((await timeline.read()).alert, '');
});

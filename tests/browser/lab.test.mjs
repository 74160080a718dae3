// @ts-check
/** What JavaScript can call: the element in pages of others, and the module itself. */
import assert from 'node:assert/strict';
import { inEveryBrowser } from './browsers.mjs';
import { Timeline } from './timeline.mjs';

inEveryBrowser('two elements on a page share the module and nothing else', {}, async (visit) => {
  await visit.open();
  const first = await new Timeline(visit).ready();
  await visit.page.evaluate(() => {
    const other = document.createElement('tcp-timeline');
    other.id = 'other';
    other.lang = 'zh-Hans';
    other.setAttribute('speed', '2');
    const script = document.createElement('script');
    script.type = 'text/x-tcp';
    script.text = 'client isn 7\nat 0ms client open\n';
    other.append(script);
    document.querySelector('main')?.append(other);
  });
  const other = await new Timeline(visit, '#other').ready();
  await other.press('step');
  assert.equal((await first.read()).current, 0);
  await first.press('step');
  await first.press('step');
  const state = await other.read();
  assert.deepEqual(state.sent, ['SYN seq=7']);
  assert.match(state.status, /客户端/);
  assert.equal(state.current, 1);

  // Moved, it keeps its run; taken away for good, it gives it back.
  await visit.page.evaluate(() => document.body.append(/** @type {Element} */ (document.querySelector('#other'))));
  assert.deepEqual((await other.read()).sent, ['SYN seq=7']);
  await other.press('end');
  await other.told(/./);
  const memory = await visit.page.evaluate(async () => {
    const gone = /** @type {Element} */ (document.querySelector('#other'));
    gone.remove();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return gone.shadowRoot?.childElementCount === 1 && gone.shadowRoot.querySelector('slot') !== null;
  });
  assert.ok(memory, 'it is empty again');
  await first.press('step');
  assert.equal((await first.read()).current, 3);
});

inEveryBrowser('a bad attribute gives the default and one warning; a bad script is told with its mistakes', {}, async (visit) => {
  await visit.open();
  await new Timeline(visit).ready();
  await visit.page.evaluate(() => {
    const other = document.createElement('tcp-timeline');
    other.id = 'other';
    for (const [name, value] of [
      ['story', 'no-such-story'],
      ['lang', 'tlh'],
      ['speed', 'fast'],
    ]) {
      other.setAttribute(name, value);
    }
    document.querySelector('main')?.append(other);
  });
  const other = await new Timeline(visit, '#other').ready();
  const warnings = () => visit.messages.filter((each) => each.startsWith('console.warn') && each.includes('<tcp-timeline'));
  assert.equal(warnings().length, 3, warnings().join('\n'));
  await other.press('step');
  await other.press('step');
  assert.deepEqual((await other.read()).sent, ['SYN seq=100']);
  const told = await visit.page.evaluate(async () => {
    const bad = document.createElement('tcp-timeline');
    bad.textContent = 'client isn 7\nat noon client open\n';
    const error = new Promise((resolve) => document.addEventListener('tcp-error', resolve, { once: true }));
    document.querySelector('main')?.append(bad);
    const { detail } = await /** @type {Promise<CustomEvent>} */ (error);
    return { detail, alert: bad.shadowRoot?.querySelector('[role="alert"]')?.textContent };
  });
  assert.equal(told.detail.code, 'script');
  assert.match(told.alert ?? '', /line 2, column 4/);
});

inEveryBrowser('bad arguments throw an error with a code, and the lab stays usable', {}, async (visit) => {
  await visit.open();
  const caught = await visit.page.evaluate(async () => {
    const address = new URL('synfin.js', document.baseURI).href;
    const { default: start, Lab } = await import(address);
    await start();
    const script = 'client isn 100\nserver isn 300, listen 80\nat 0ms client open\nat 200ms client send 5\n';
    const lab = new Lab(script, 'en');
    lab.runUntil(20);
    /** @type {Record<string, () => unknown>} */
    const deeds = {
      'script': () => new Lab('at noon client open'),
      'script type': () => new Lab(7),
      'language': () => new Lab(script, 'tlh'),
      'set language': () => lab.setLanguage(7),
      'words': () => new Lab(script, 'en', 'synfin core en 0\n'),
      'words type': () => lab.setLanguage('en', 7),
      'seek': () => lab.seek(-1),
      'seek type': () => lab.seek('far'),
      'runUntil': () => lab.runUntil(Number.NaN),
      'report': () => lab.report({}),
      'kind': () => lab.inject({ kind: 'explode' }),
      'field': () => lab.inject({ kind: 'drop', segment: 1, hard: true }),
      'span': () => lab.inject({ kind: 'delay', segment: 1, byMs: -5 }),
      'octets': () => lab.inject({ kind: 'call', side: 'client', call: { kind: 'send', octets: 1e6 } }),
      'line': () => lab.inject('client sned 5'),
      'window': () => lab.draw({ width: 'wide' }),
      'no segment': () => lab.inject({ kind: 'drop', segment: 99 }),
      'not held': () => lab.inject({ kind: 'release', segment: 1 }),
      'not on its way': () => {
        lab.inject({ kind: 'drop', segment: 1 });
        lab.inject({ kind: 'hold', segment: 1 });
        const lossy = new Lab(`${script}drop client 1\n`, 'en');
        lossy.runUntil(20);
        lossy.inject({ kind: 'hold', segment: 1 });
      },
      'too many': () => {
        for (let copy = 0; copy < 10_000; copy += 1) lab.inject({ kind: 'forge', to: 'server', seq: copy });
      },
    };
    /** @type {Record<string, {code: string, message: string}>} */
    const caught = {};
    for (const [name, deed] of Object.entries(deeds)) {
      try {
        deed();
        caught[name] = { code: 'none', message: '' };
      } catch (error) {
        const { code, message } = /** @type {Error & {code: string}} */ (error);
        caught[name] = { code: error instanceof Error ? code : 'no Error', message };
      }
    }
    lab.runToEnd();
    return caught;
  });
  const codes = Object.fromEntries(Object.entries(caught).map(([name, { code }]) => [name, code]));
  assert.deepEqual(codes, {
    'script': 'script',
    'script type': 'bad-argument',
    'language': 'bad-argument',
    'set language': 'bad-argument',
    'words': 'bad-argument',
    'words type': 'bad-argument',
    'seek': 'bad-argument',
    'seek type': 'bad-argument',
    'runUntil': 'bad-argument',
    'report': 'bad-argument',
    'kind': 'bad-argument',
    'field': 'bad-argument',
    'span': 'bad-argument',
    'octets': 'bad-argument',
    'line': 'script',
    'window': 'bad-argument',
    'no segment': 'no-such-segment',
    'not held': 'not-held',
    'not on its way': 'not-on-its-way',
    'too many': 'too-many-in-transit',
  });
  assert.match(caught.span.message, /delay segment 1 by -5000us: column 20: found "-5000us", expected a time/);
  assert.match(caught.kind.message, /explode/);
  assert.match(caught.line.message, /^column 8: found "sned", expected one of .*did you mean "send"/);
});

inEveryBrowser('why something happened is fetched when it has happened, in the language of its reader', {}, async (visit) => {
  await visit.open();
  const timeline = await new Timeline(visit).ready();
  const isAsked = () => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/reasons.json'));
  assert.equal(await visit.page.evaluate(isAsked), false);
  await timeline.press('step');
  for (const language of ['en', 'zh-Hant']) {
    await visit.page.select('#language', language);
    await timeline.speaks(language);
    await visit.until(async (language) => {
      const response = await fetch(new URL(`words/${language}/reasons.json`, document.baseURI));
      const expected = (await response.json())['passive-open'];
      return document.querySelector('tcp-timeline')?.shadowRoot?.querySelector('.reasons p')?.textContent === expected;
    }, language);
  }
});

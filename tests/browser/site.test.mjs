// @ts-check
/** The site as it is built and served: what is asked for, in which form it comes, and what pages of others may name. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { dist, serve } from '../../scripts/static.mjs';
import { inEveryBrowser } from './browsers.mjs';
import { Timeline } from './timeline.mjs';

inEveryBrowser('what the first picture needs is asked for at once, and nothing else', {}, async (visit) => {
  await visit.open();
  await new Timeline(visit).ready();
  const { named, loaded } = await visit.page.evaluate(() => {
    const [mark] = performance.getEntriesByName('first-diagram');
    const named = [...document.querySelectorAll('link[href]:not([rel="icon"]), script[src]')].map(
      (each) => new URL(each.getAttribute('href') ?? each.getAttribute('src') ?? '', document.baseURI).href,
    );
    const loaded = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < mark.startTime);
    return { named, loaded: loaded.map(({ name }) => name).filter((name) => !/icon-/.test(name)) };
  });
  // No page knows the language of its reader, and which story its address names.
  const isAsked = (/** @type {string} */ name) => /\/assets\/(words|stories)-/.test(name);
  const asked = loaded.filter(isAsked).map((name) => name.split('/').slice(5).join('/'));
  assert.deepEqual(asked.sort(), ['en/core.txt', 'en/page.json', 'life.tcp']);
  assert.deepEqual([...new Set(loaded.filter((name) => !isAsked(name)))].sort(), [...new Set(named)].sort());
});

for (const [what, policy] of /** @type {const} */ ([
  ['of the page', /Content-Security-Policy" content="([^"]+)"/.exec(readFileSync(join(dist, 'index.html'), 'utf8'))?.[1] ?? ''],
  ['that knows nothing of the style in the page', "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"],
])) {
  inEveryBrowser(`a host may send the policy ${what} as a header`, {}, async (visit) => {
    assert.match(policy, /^default-src 'self'; script-src 'self' 'wasm-unsafe-eval'/);
    const server = await serve({ headers: { 'Content-Security-Policy': policy } });
    try {
      await visit.open(server.address);
      const timeline = await new Timeline(visit).ready();
      await timeline.press('step');
      await visit.until(() => getComputedStyle(/** @type {Element} */ (document.querySelector('.skip'))).position === 'absolute');
      if (!policy.includes('style-src')) visit.expectProblem(/style-src|inline style/);
    } finally {
      await visit.page.goto('about:blank');
      await server.close();
    }
  });
}

inEveryBrowser('pages of others name register.js and synfin.js, and load the module once', {}, async (visit) => {
  const folder = mkdtempSync(join(tmpdir(), 'synfin-'));
  cpSync(dist, folder, { recursive: true });
  const page = `<!doctype html><title>A lesson</title><link rel="icon" href="data:,">
    <script type="module" src="register.js"></script>
    <script type="module">
      import init, { Lab } from './synfin.js';
      await init();
      const words = await (await fetch('words/zh-Hant/core.txt')).text();
      const lab = new Lab('client isn 100\\nserver isn 300, listen 80\\nat 0ms client open', 'zh-Hant', words);
      const { steps } = lab.runUntil(1100);
      const asked = lab.ask('state-after', 1);
      document.title = steps[0].summary + asked.kind + lab.snapshot().client.state;
    </script>
    <tcp-timeline story="lost-syn" lang="en"></tcp-timeline>`;
  writeFileSync(join(folder, 'lesson.html'), page);
  const server = await serve({ folder });
  try {
    await visit.open(`${server.address}lesson.html`);
    const timeline = await new Timeline(visit).ready();
    await timeline.press('step');
    await timeline.press('step');
    assert.deepEqual((await timeline.read()).sent, ['SYN seq=100']);
    await visit.until(() => /^伺服器的應用程式.*state-afterESTABLISHED$/.test(document.title));
    const modules = await visit.page.evaluate(() =>
      performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).map(({ name }) => name),
    );
    const parts = modules.map((name) => /synfin_(\w+)-/.exec(name)?.[1]);
    assert.deepEqual(parts.sort(), ['asked', 'first', 'rest'], modules.join());
  } finally {
    await visit.page.goto('about:blank');
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

test('each file is sent in the smallest form that is taken, with its type and how long it may be kept', async () => {
  const server = await serve();
  try {
    const names = readdirSync(dist, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => /\.[a-z]+$/.test(name) && !/\.(br|gz)$/.test(name));
    assert.ok(files.includes('index.html') && files.some((name) => name.endsWith('.wasm')));
    for (const name of files) {
      const original = readFileSync(join(dist, name));
      for (const [taken, expand] of /** @type {const} */ ([
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
        ['identity', (/** @type {Buffer} */ bytes) => bytes],
      ])) {
        const { status, headers, body } = await ask(server.address + name, { 'Accept-Encoding': taken });
        const ending = { br: '.br', gzip: '.gz', identity: '' }[taken];
        const encoding = names.includes(name + ending) && ending !== '' ? taken : undefined;
        assert.equal(status, 200, name);
        assert.equal(headers['content-encoding'], encoding, name);
        assert.ok((encoding ? expand(body) : body).equals(original), `${name} as ${taken}`);
        assert.ok(body.length <= original.length, `${name} as ${taken} is no larger`);
        assert.equal(headers.vary, 'Accept-Encoding');
        const isKept = name.startsWith('assets/');
        assert.equal(headers['cache-control'], isKept ? 'public, max-age=31536000, immutable' : 'no-cache', name);
        const type = { html: 'text/html', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm' }[/[a-z]+$/.exec(name)?.[0] ?? ''];
        if (type) assert.ok(headers['content-type']?.startsWith(type), `${name}: ${headers['content-type']}`);
        const again = await ask(server.address + name, { 'Accept-Encoding': taken, 'If-None-Match': headers.etag ?? '' });
        assert.equal(again.status, 304, name);
      }
    }
  } finally {
    await server.close();
  }
});

/**
 * Asks for a file and takes it as it is sent: `fetch` would expand it.
 *
 * @param {string} address
 * @param {import('node:http').OutgoingHttpHeaders} headers
 * @returns {Promise<{status: number | undefined, headers: import('node:http').IncomingHttpHeaders, body: Buffer}>}
 */
async function ask(address, headers) {
  const [response] = await once(get(address, { headers }), 'response');
  const pieces = [];
  for await (const piece of response) pieces.push(piece);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) };
}

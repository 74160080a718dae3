// @ts-check
/**
 * Measures how long the page takes on a slow line until it is live, beside a page of the same text without a script and beside
 * a page on which mermaid draws one sequence diagram. `make bench` calls it: `node benches/page/load.mjs`.
 *
 * All three are served alike, in their brotli forms, and loaded in turn into Chromium with an empty cache, over a line of
 * 1.6 Mbit/s and 150 ms; the medians of several rounds are told. It fails when a budget of budgets.json is exceeded. Further
 * folders given as arguments are measured beside them: their `index.html` sets the mark `first-diagram`, as ours does.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import puppeteer from 'puppeteer-core';
import { need } from '../../scripts/programs.mjs';
import { dist, serve } from '../../scripts/static.mjs';
import { budgets, compare, sums, weigh } from '../../scripts/weights.mjs';

/** How often each page is loaded. */
const rounds = Number(process.env.ROUNDS || 7);
const line = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 1_600_000 / 8 };
/** How long any page may take, in milliseconds. */
const patience = 60_000;

/**
 * @typedef {{name: string, type: string, bytes: number}} Part
 * @typedef {object} Load one load of a page
 * @property {number} firstPaint in milliseconds from the start of the navigation, as is `live`
 * @property {number} live
 * @property {Part[]} parts what was asked for before the page was live, as it was sent, without headers
 *
 * @typedef {{name: string, folder: string, mark: string | undefined}} Page `mark`: what the page sets when it is live
 */

const made = fileURLToPath(new URL('../../target/page-bench', import.meta.url));
/** @type {Page[]} */
const pages = [
  { name: 'bare page', folder: barePage(), mark: undefined },
  { name: 'synfin', folder: dist, mark: 'first-diagram' },
  { name: 'mermaid', folder: mermaidPage(), mark: 'first-diagram' },
  ...process.argv.slice(2).map((folder) => ({ name: basename(folder), folder, mark: 'first-diagram' })),
];

const capabilities = JSON.parse(readFileSync(new URL('../../webdriver.json', import.meta.url), 'utf8'));
const browser = await puppeteer.launch({
  browser: 'chrome',
  executablePath: need('chromium'),
  args: [...capabilities['goog:chromeOptions'].args, '--lang=en-US'],
  headless: true,
  defaultViewport: { width: 1280, height: 800 },
});
/** @type {Map<Page, Load[]>} */
const loads = new Map(pages.map((page) => [page, []]));
try {
  console.log(`${await browser.version()}, 1.6 Mbit/s and 150 ms, empty cache, medians of ${rounds} rounds`);
  // What a browser does once counts for none of them.
  await load(pages[0]);
  for (let round = 0; round < rounds; round += 1) {
    // Each page is the first of a round in its turn.
    for (let turn = 0; turn < pages.length; turn += 1) {
      const page = pages[(round + turn) % pages.length];
      loads.get(page)?.push(await load(page));
    }
  }
} finally {
  await browser.close();
}
report();

/**
 * Loads a page once.
 *
 * @param {Page} of
 * @returns {Promise<Load>}
 */
async function load({ folder, mark }) {
  const server = await serve({ folder });
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    const session = await page.createCDPSession();
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', line);
    await page.goto(server.address, { waitUntil: 'load', timeout: patience });
    await page.waitForFunction(
      (mark) =>
        performance.getEntriesByName('first-contentful-paint').length > 0 &&
        (mark === undefined || performance.getEntriesByName(mark).length > 0),
      { timeout: patience },
      mark,
    );
    return await page.evaluate((mark) => {
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      const live = mark === undefined ? paint.startTime : performance.getEntriesByName(mark)[0].startTime;
      const entries = /** @type {PerformanceResourceTiming[]} */ ([
        ...performance.getEntriesByType('navigation'),
        ...performance.getEntriesByType('resource'),
      ]);
      /** A file that is preloaded and then used has two entries. @type {Map<string, Part>} */
      const parts = new Map();
      for (const { name, startTime, encodedBodySize } of entries) {
        if (startTime > live) continue;
        const path = new URL(name).pathname;
        const type = /\.([a-z]+)$/.exec(path)?.[1].replace('mjs', 'js') ?? 'html';
        parts.set(name, { name: path, type, bytes: Math.max(encodedBodySize, parts.get(name)?.bytes ?? 0) });
      }
      return { firstPaint: paint.startTime, live, parts: [...parts.values()] };
    }, mark);
  } finally {
    await context.close();
    await server.close();
  }
}

// The pages beside ours ----------------------------------------------------------------------------------------------------

/** A heading and the text that our page shows at first, without a script, a style sheet or a picture. */
function barePage() {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const unseen = /<p [^>]*hidden>.*?<\/p>|<option.*?<\/option>|<svg class="[^"]*narrow".*?<\/svg>/gs;
  const text = html.slice(html.indexOf('<body>')).replace(unseen, '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
  return write('bare', {
    'index.html': `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title><h1>From SYN to FIN</h1><p>${text}</p></html>`,
  });
}

/** One sequence diagram by mermaid: its own bundle of modules, of which it loads what that diagram needs. */
function mermaidPage() {
  const source = fileURLToPath(new URL('node_modules/mermaid/dist', import.meta.url));
  /** @type {Record<string, string | Buffer>} */
  const files = {
    'mermaid.esm.min.mjs': readFileSync(join(source, 'mermaid.esm.min.mjs')),
    'draw.js': `import mermaid from './mermaid.esm.min.mjs';
mermaid.initialize({ startOnLoad: false });
await mermaid.run();
if (document.querySelector('.mermaid svg')) performance.mark('first-diagram');
`,
    'index.html': `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mermaid</title>
<link rel="modulepreload" href="mermaid.esm.min.mjs"><script type="module" src="draw.js"></script>
<h1>From SYN to FIN</h1><pre class="mermaid">
sequenceDiagram
  participant client
  participant server
  client->>server: SYN seq=100
  server->>client: SYN, ACK seq=300 ack=101
  client->>server: ACK seq=101 ack=301
</pre></html>`,
  };
  const chunks = join(source, 'chunks', 'mermaid.esm.min');
  for (const name of readdirSync(chunks).filter((name) => name.endsWith('.mjs'))) {
    files[`chunks/mermaid.esm.min/${name}`] = readFileSync(join(chunks, name));
  }
  return write('mermaid', files);
}

/**
 * Writes a folder to be served, each file with its brotli form.
 *
 * @param {string} name
 * @param {Record<string, string | Buffer>} files
 */
function write(name, files) {
  const folder = join(made, name);
  rmSync(folder, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    writeFileSync(`${path}.br`, brotliCompressSync(content));
  }
  return folder;
}

// What is told -------------------------------------------------------------------------------------------------------------

function report() {
  const bytes = (/** @type {Page} */ page) => middle(page, ({ parts }) => parts.reduce((sum, part) => sum + part.bytes, 0));
  const times = new Map(pages.map((page) => [page.name, { paint: middle(page, (it) => it.firstPaint), live: middle(page, (it) => it.live) }]));

  console.log(`\n${'page'.padEnd(16)}${['requests', 'bytes', 'first paint', 'live'].map((head) => head.padStart(14)).join('')}`);
  for (const page of pages) {
    const { paint, live } = /** @type {{paint: number, live: number}} */ (times.get(page.name));
    const cells = [middle(page, ({ parts }) => parts.length), bytes(page), `${paint} ms`, page.mark ? `${live} ms` : '–'];
    console.log(page.name.padEnd(16) + cells.map((cell) => String(cell).padStart(14)).join(''));
  }
  for (const page of pages.filter(({ mark }) => mark)) {
    console.log(`\nwhat ${page.name} loads until it is live, by kind`);
    const { parts } = /** @type {Load[]} */ (loads.get(page))[0];
    for (const type of new Set(parts.map(({ type }) => type))) {
      const some = parts.filter((part) => part.type === type);
      const sum = some.reduce((sum, { bytes }) => sum + bytes, 0);
      console.log(`  ${type.padEnd(8)}${String(some.length).padStart(4)} ${String(sum).padStart(9)} bytes`);
    }
  }

  const [bare, ours, mermaid] = ['bare page', 'synfin', 'mermaid'].map((name) => times.get(name) ?? { paint: NaN, live: NaN });
  const weights = weigh(dist);
  console.log('');
  for (const told of compare(weights)) console.log(told);
  const kept = [
    within('loaded until live', bytes(pages[1]), budgets.firstPictureBytes, 'bytes'),
    sums(weights).whole.brotli <= budgets.wholeLabBytes,
    within('first paint beside a bare page', ours.paint / bare.paint, budgets.firstPaintTimesBarePage, 'times'),
    within('live beside mermaid', ours.live / mermaid.live, budgets.liveTimesMermaid, 'times'),
  ];
  if (kept.includes(false)) {
    console.log('a budget is exceeded');
    process.exitCode = 1;
  }
}

/**
 * @param {string} what
 * @param {number} found
 * @param {number} budget
 * @param {string} unit
 */
function within(what, found, budget, unit) {
  const rounded = Number(found.toFixed(2));
  const isKept = found <= budget;
  console.log(`${what}: ${rounded} ${unit}; the budget of ${budget} is ${isKept ? 'kept' : 'EXCEEDED'}`);
  return isKept;
}

/**
 * The median over all rounds, rounded.
 *
 * @param {Page} page
 * @param {(load: Load) => number} value
 */
function middle(page, value) {
  const sorted = (loads.get(page) ?? []).map(value).sort((one, other) => one - other);
  return Math.round(sorted[sorted.length >> 1]);
}

// @ts-check
/**
 * Takes the README's picture of the page, `docs/page.webp`, anew: `node scripts/screenshot.mjs`, after `make build` and
 * `scripts/bootstrap bench`. Run it when the page looks different.
 */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { need } from './programs.mjs';
import { serve } from './static.mjs';

/** A run that shows what the page is for: the SYN is lost, the retransmission timer repairs that, and more is still to come. */
const run = '#story=lost-syn&step=8&lang=en';
const picture = fileURLToPath(new URL('../docs/page.webp', import.meta.url));

const capabilities = JSON.parse(readFileSync(new URL('../webdriver.json', import.meta.url), 'utf8'));
const server = await serve();
const browser = await puppeteer.launch({
  browser: 'chrome',
  executablePath: need('chromium'),
  args: [...capabilities['goog:chromeOptions'].args, '--lang=en-US', '--hide-scrollbars'],
  headless: true,
  defaultViewport: { width: 1200, height: 800, deviceScaleFactor: 1.5 },
});
try {
  const page = await browser.newPage();
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: 'light' },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await page.goto(server.address + run, { waitUntil: 'load' });
  await page.waitForFunction(() => {
    const timeline = document.querySelector('tcp-timeline[data-ready]');
    return timeline && !timeline.shadowRoot?.querySelector('[aria-busy]');
  });
  // What is drawn now stands after the next frame but one.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.screenshot({ path: picture, type: 'webp', quality: 80 });
} finally {
  await browser.close();
  await server.close();
}
console.log(`${picture}: ${statSync(picture).size} bytes`);

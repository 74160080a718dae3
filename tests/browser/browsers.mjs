// @ts-check
/**
 * Drives the real page in Chromium and in Firefox.
 *
 * A test is a function of a {@link Visit}: a fresh page, with its own storage, in one of the browsers. It fails when its body
 * throws, and also when the page logged an error, broke its content security policy, or asked for something that was not there.
 * What failed is told with what the page said and a picture of it.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import puppeteer from 'puppeteer-core';
import { need } from '../../scripts/programs.mjs';
import { serve } from '../../scripts/static.mjs';

/**
 * @typedef {'chromium' | 'firefox'} BrowserName
 *
 * @typedef {object} Surroundings what the visitor's machine is like
 * @property {number} width of the window, in CSS pixels
 * @property {number} height of the window, in CSS pixels
 * @property {number} scale device pixels in a CSS pixel. Zooming to 200 % is half the width at twice the scale.
 * @property {'light' | 'dark'} scheme the color scheme that the visitor prefers
 * @property {boolean} reducedMotion
 * @property {string} language the browser's language, as in `zh-TW`
 */

/** The names of all browsers, in the order in which tests run. @type {readonly BrowserName[]} */
export const browserNames = ['chromium', 'firefox'];

/** @type {Readonly<Surroundings>} */
const usual = { width: 1280, height: 800, scale: 1, scheme: 'light', reducedMotion: false, language: 'en-US' };

/** How long anything the page does may take, in milliseconds. Only a page that hangs takes that long. */
const patience = 15_000;

const shots = fileURLToPath(new URL('shots', import.meta.url));
const capabilities = JSON.parse(readFileSync(new URL('../../webdriver.json', import.meta.url), 'utf8'));

/**
 * Declares one test in each browser.
 *
 * @param {string} title a sentence
 * @param {Partial<Surroundings>} surroundings where they differ from the usual
 * @param {(visit: Visit) => Promise<void>} body
 */
export function inEveryBrowser(title, surroundings, body) {
  for (const name of browserNames) inBrowser(name, title, surroundings, body);
}

/**
 * Declares a test in one browser: for what only that browser lets us see.
 *
 * @param {BrowserName} name
 * @param {string} title a sentence
 * @param {Partial<Surroundings>} surroundings where they differ from the usual
 * @param {(visit: Visit) => Promise<void>} body
 */
export function inBrowser(name, title, surroundings, body) {
  test(`${name}: ${title}`, { timeout: 4 * patience }, async () => {
    const visit = await Visit.begin(name, title, { ...usual, ...surroundings });
    try {
      await body(visit);
      visit.expectNoProblems();
    } catch (error) {
      throw await visit.describe(error);
    } finally {
      await visit.end();
    }
  });
}

/** One page in one browser, and what it said. */
export class Visit {
  /** Everything that the page logged or that went wrong on it, a line each. @type {string[]} */
  messages = [];
  /** Those of the messages that no page should cause. @type {string[]} */
  problems = [];

  /**
   * @param {BrowserName} browser
   * @param {string} title
   * @param {Surroundings} surroundings
   * @param {import('puppeteer-core').BrowserContext} context
   * @param {import('puppeteer-core').Page} page
   * @param {string} address of the server, ends in a slash
   */
  constructor(browser, title, surroundings, context, page, address) {
    this.browser = browser;
    this.title = title;
    this.surroundings = surroundings;
    this.context = context;
    this.page = page;
    this.address = address;
  }

  /**
   * @param {BrowserName} name
   * @param {string} title
   * @param {Surroundings} surroundings
   */
  static async begin(name, title, surroundings) {
    const [server, browser] = await Promise.all([theServer(), theBrowser(name, surroundings)]);
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const { width, height, scale, scheme, reducedMotion } = surroundings;
    await page.setViewport({ width, height, deviceScaleFactor: scale });
    if (name === 'chromium') {
      // Firefox has no such call; there theBrowser() sets preferences.
      await page.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: scheme },
        { name: 'prefers-reduced-motion', value: reducedMotion ? 'reduce' : 'no-preference' },
      ]);
    }
    const visit = new Visit(name, title, surroundings, context, page, server.address);
    await visit.#listen();
    return visit;
  }

  /**
   * Opens an address below the server's, and waits until it has loaded.
   *
   * @param {string} [path]
   */
  async open(path = '') {
    await this.page.goto(new URL(path, this.address).href, { waitUntil: 'load' });
  }

  /**
   * Waits until `condition` is truthy in the page. It is asked again on every frame.
   *
   * @template {unknown[]} Arguments
   * @param {(...values: Arguments) => unknown} condition runs in the page
   * @param {Arguments} values what it is given
   */
  async until(condition, ...values) {
    await this.page.waitForFunction(condition, { polling: 'raf' }, .../** @type {any} */ (values));
  }

  /**
   * Takes a picture of the page as it is and returns its path. With `whole`, all of the page and not only what is in view.
   *
   * @param {string} name
   * @param {{whole?: boolean}} [options]
   */
  async shot(name, { whole = false } = {}) {
    const { width, scale, scheme } = this.surroundings;
    const words = [name, this.browser, scheme, `${width}px`, scale === 1 ? '' : `x${scale}`].filter(Boolean).join(' ');
    mkdirSync(shots, { recursive: true });
    const path = join(shots, `${words.replace(/[^\p{L}\p{N}]+/gu, '-')}.png`);
    await this.page.screenshot({ path: /** @type {`${string}.png`} */ (path), fullPage: whole });
    return path;
  }

  /** Fails with everything that axe finds wrong with the page as it is. */
  async expectAccessible() {
    await this.page.evaluate(axe.source);
    const { violations, passes } = await this.page.evaluate(async () => {
      const { axe } = /** @type {{axe: typeof import('axe-core')}} */ (/** @type {unknown} */ (window));
      const found = await axe.run(document, { resultTypes: ['violations'] });
      return {
        passes: found.passes.length,
        violations: found.violations.flatMap(({ id, help, impact, helpUrl, nodes }) => [
          `${id} (${impact}): ${help}, ${helpUrl}`,
          ...nodes.map(({ target, html, failureSummary = '' }) =>
            [`  ${target.flat().join(' ')}`, html, failureSummary.replace(/\s*\n\s*/g, '; ')].join('\n    '),
          ),
        ]),
      };
    });
    assert.ok(passes > 0, 'axe looked at the page');
    if (violations.length > 0) assert.fail(['axe finds nothing, but it found:', ...violations].join('\n'));
  }

  /**
   * Takes note of a problem that this test causes on purpose, and fails if there was none.
   *
   * @param {RegExp} pattern
   */
  expectProblem(pattern) {
    const others = this.problems.filter((problem) => !pattern.test(problem));
    assert.notEqual(others.length, this.problems.length, `the page had a problem like ${pattern}`);
    this.problems = others;
  }

  /** Fails if the page had a problem that no call of `expectProblem` took note of. */
  expectNoProblems() {
    if (this.problems.length > 0) assert.fail(['the page has no problems, but it had:', ...this.problems].join('\n  '));
  }

  /**
   * The error with all that helps to understand it.
   *
   * @param {unknown} error
   */
  async describe(error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    const picture = await this.shot(`FAILED ${this.title}`).catch((reason) => `none, because ${reason}`);
    const told = new Error(
      [
        message.trimEnd(),
        `where:   ${this.page.url()} in ${this.browser}, ${JSON.stringify(this.surroundings)}`,
        `picture: ${relative(process.cwd(), picture)}`,
        'the page said:',
        ...(this.messages.length === 0 ? ['nothing'] : this.messages).map((line) => `  ${line}`),
      ].join('\n'),
    );
    told.stack = [`Error: ${told.message}`, ...stack.split('\n').filter((line) => /^ {4}at /.test(line))].join('\n');
    return told;
  }

  async end() {
    await this.context.close();
  }

  async #listen() {
    const { page } = this;
    page.on('console', (message) => this.#note(`console.${message.type()}`, message.text(), message.type() === 'error'));
    page.on('pageerror', (error) => this.#note('uncaught', error instanceof Error ? error.message : String(error), true));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'for no stated reason';
      // Leaving a page ends what it was still loading.
      this.#note('failed', `${request.url()} ${reason}`, !/ERR_ABORTED|NS_BINDING_ABORTED/.test(reason));
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.#note('missing', `${response.url()} ${response.status()}`, true);
    });
    // Firefox tells its own console about a broken policy, but not us.
    await page.evaluateOnNewDocument(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy ${event.effectiveDirective} broken by ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`);
      });
    });
  }

  /**
   * @param {string} kind
   * @param {string} text
   * @param {boolean} isProblem
   */
  #note(kind, text, isProblem) {
    const line = `${kind}: ${text}`;
    this.messages.push(line);
    if (isProblem) this.problems.push(line);
  }
}

// What all tests of a file share: one server, and one browser for each set of preferences that only a start can set. -------------

/** @type {ReturnType<typeof serve> | undefined} */
let server;
/** @type {Map<string, Promise<import('puppeteer-core').Browser>>} */
const running = new Map();

function theServer() {
  server ??= serve();
  return server;
}

/**
 * @param {BrowserName} name
 * @param {Surroundings} surroundings
 */
function theBrowser(name, surroundings) {
  const start = starts[name](surroundings);
  const key = JSON.stringify([name, start.args, start.extraPrefsFirefox]);
  let browser = running.get(key);
  if (!browser) {
    browser = puppeteer.launch({ ...start, headless: true, defaultViewport: null });
    running.set(key, browser);
  }
  return browser;
}

/** @type {Record<BrowserName, (surroundings: Surroundings) => import('puppeteer-core').LaunchOptions>} */
const starts = {
  chromium: ({ language }) => ({
    browser: 'chrome',
    executablePath: need('chromium'),
    args: [...capabilities['goog:chromeOptions'].args, `--lang=${language}`, `--accept-lang=${language}`],
  }),
  firefox: ({ language, scheme, reducedMotion }) => ({
    browser: 'firefox',
    executablePath: need('firefox'),
    extraPrefsFirefox: {
      ...capabilities['moz:firefoxOptions'].prefs,
      'intl.accept_languages': language,
      'layout.css.prefers-color-scheme.content-override': scheme === 'dark' ? 0 : 1,
      'ui.prefersReducedMotion': reducedMotion ? 1 : 0,
    },
  }),
};

after(async () => {
  for (const browser of running.values()) await browser.then((each) => each.close()).catch(() => undefined);
  await server?.then((each) => each.close());
});

// @ts-check
/** What the parts of the built site weigh, beside what they may: benches/page/budgets.json. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {'first' | 'later' | 'aside'} When `first`: the first picture needs it; `later`: the page asks for it when it is used;
 * `aside`: the page never asks for it
 * @typedef {{file: string, when: When, raw: number, gzip: number, brotli: number}} Weight in octets
 * @typedef {{firstPictureBytes: number, wholeLabBytes: number, firstPaintTimesBarePage: number, liveTimesMermaid: number}} Budgets
 */

/** @type {Budgets} */
export const budgets = JSON.parse(readFileSync(new URL('../benches/page/budgets.json', import.meta.url), 'utf8'));

/** The words that the page loads are those of one language. */
const ofLanguage = /^assets\/words-[^/]+\/([^/]+)\//;
/** Of these, what the first picture needs. No page names them, because the language is not known before its modules run. */
const firstWords = /\/(core\.txt|page\.json)$/;
/** The script of the story that is shown first comes alone; the others come together, and their files are for pages of others. */
const ofStory = /^assets\/stories-[^/]+\/([^/]+)\.tcp$/;

/**
 * What each file of the site weighs. The page's first picture needs what the page names; and the
 * words of one language. Of these, and of what is asked for later, the language counts whose words weigh most.
 *
 * @param {string} dist
 * @returns {Weight[]}
 */
export function weigh(dist) {
  const html = readFileSync(join(dist, 'index.html'), 'utf8').replace(/<noscript>.*?<\/noscript>/g, '');
  /** What stands in the page, and is a file as well for hosts that forbid that. */
  const [, inlined] = /data-file="([^"]+)"/.exec(html) ?? [];
  const first = new Set(['index.html', ...[...html.matchAll(/(?:href|src)="(assets\/[^"]+)"/g)].map(([, name]) => name)]);
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/\.(br|gz)$/.test(name) && statSync(join(dist, name)).isFile())
    .sort();
  const weights = files.map((file) => {
    const isOurs = file.startsWith('assets') && file !== inlined && !forOthers.test(file);
    const when = first.has(file) ? 'first' : isOurs ? 'later' : 'aside';
    const raw = size(join(dist, file)) ?? 0;
    return {
      file,
      when: /** @type {When} */ (when),
      raw,
      gzip: size(join(dist, `${file}.gz`)) ?? raw,
      brotli: size(join(dist, `${file}.br`)) ?? raw,
    };
  });
  /** @type {Map<string, number>} */
  const languages = new Map();
  for (const { file, brotli } of weights) {
    const [, tag] = ofLanguage.exec(file) ?? [];
    if (tag) languages.set(tag, (languages.get(tag) ?? 0) + brotli);
  }
  const [, firstStory] = /<tcp-timeline[^>]* story="?([\w-]+)/.exec(html) ?? [];
  const heaviest = Math.max(...languages.values());
  for (const weight of weights) {
    const [, tag] = ofLanguage.exec(weight.file) ?? [];
    if (tag && languages.get(tag) !== heaviest) weight.when = 'aside';
    else if (tag && firstWords.test(weight.file)) weight.when = 'first';
    const [, story] = ofStory.exec(weight.file) ?? [];
    if (story) weight.when = story === firstStory ? 'first' : 'aside';
  }
  return weights;
}

/** What pages of others load: an element, and a lab that can ask questions, with its words. */
const forOthers = /^assets\/((register|picture|synfin_asked)-|words-[^/]+\/[^/]+\/quiz\.txt$)/;

/** How many files of a kind are listed. */
const longestList = 12;

/** @param {string} path */
function size(path) {
  return existsSync(path) ? statSync(path).size : undefined;
}

/**
 * The sums of what counts for the budgets.
 *
 * @param {readonly Weight[]} weights
 */
export function sums(weights) {
  const first = weights.filter(({ when }) => when === 'first');
  const whole = weights.filter(({ when }) => when !== 'aside');
  const sum = (/** @type {readonly Weight[]} */ some) => ({
    raw: some.reduce((all, { raw }) => all + raw, 0),
    gzip: some.reduce((all, { gzip }) => all + gzip, 0),
    brotli: some.reduce((all, { brotli }) => all + brotli, 0),
  });
  return { first: sum(first), whole: sum(whole) };
}

/**
 * Prints a table.
 *
 * @param {readonly Weight[]} weights
 */
export function print(weights) {
  const row = (/** @type {string} */ name, /** @type {(number | string)[]} */ ...numbers) =>
    console.log(`  ${name.padEnd(40)}${numbers.map((number) => String(number).padStart(10)).join('')}`);
  const headings = {
    first: 'for the first picture',
    later: 'when it is asked for (one language)',
    aside: 'for others, and other languages',
  };
  for (const when of /** @type {const} */ (['first', 'later', 'aside'])) {
    const some = weights.filter((weight) => weight.when === when);
    if (some.length === 0) continue;
    row(headings[when], 'raw', 'gzip', 'brotli');
    some.sort((one, other) => other.brotli - one.brotli);
    for (const { file, raw, gzip, brotli } of some.slice(0, longestList)) row(`  ${file}`, raw, gzip, brotli);
    if (some.length > longestList) console.log(`    and ${some.length - longestList} more`);
  }
}

/**
 * The sums beside the budgets, a line each.
 *
 * @param {readonly Weight[]} weights
 */
export function compare(weights) {
  const { first, whole } = sums(weights);
  return [
    line('first picture', first, budgets.firstPictureBytes),
    line('the whole lab, one language', whole, budgets.wholeLabBytes),
  ];
}

/**
 * @param {string} name
 * @param {{raw: number, gzip: number, brotli: number}} sum
 * @param {number} budget
 */
function line(name, { raw, gzip, brotli }, budget) {
  const verdict = brotli <= budget ? 'kept' : `EXCEEDED by ${brotli - budget}`;
  return `${name}: ${raw} bytes, ${gzip} gzip, ${brotli} brotli; the budget of ${budget} is ${verdict}`;
}

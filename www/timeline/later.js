// @ts-check
/** What comes after the first picture: the panels that it can do without, with their words and their style; and the rest of the module. */
import { address } from './address.js';
import { load, styleSheet } from './loader.js';
import { insight, ofPanels } from './words.js';

/**
 * @typedef {object} Later
 * @property {import('./language.js').Language} language
 * @property {typeof import('./panels/later.js')} panels
 * @property {import('./words.js').OfPanels} words
 * @property {string} insight the words for what is told of a run
 * @property {CSSStyleSheet} sheet
 */

/** @type {Promise<typeof import('./panels/later.js')> | undefined} */
let panels;
let tries = 0;

/**
 * A failure is not kept: the next call tries again.
 *
 * @param {import('./language.js').Language} language
 * @returns {Promise<Later>}
 */
export async function later(language) {
  panels ??= take();
  const { synfin } = await load();
  const [made, words, told, sheet] = await Promise.all([
    panels,
    ofPanels(language),
    insight(language),
    styleSheet('panels.css'),
    synfin.whole(),
  ]);
  return { language, panels: made, words, insight: told, sheet };
}

async function take() {
  tries += 1;
  // Some browsers remember of an address that it failed.
  const query = tries === 1 ? '' : `?try=${tries}`;
  try {
    return await import(address(`timeline/panels/later.js${query}`));
  } catch (error) {
    panels = undefined;
    throw error;
  }
}

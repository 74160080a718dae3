// @ts-check
/**
 * The words of a language. They are files beside the module: what the first picture needs, and what is fetched when it is
 * asked for. Each is fetched once; a failure is not kept, so the next call tries again.
 */
import { address } from './address.js';

/**
 * @typedef {import('./language.js').Language} Language
 * @typedef {Record<import('../pkg/words.js').PageWord, string>} Words of the interface, by their names: what the first picture needs
 * @typedef {Record<import('../pkg/words.js').PanelsWord, string>} OfPanels the others of the interface
 * @typedef {Record<import('../pkg/words.js').StoriesWord, string>} OfStories
 * @typedef {Record<string, string>} Reasons why each rule decides as it does, by its id
 *
 * @typedef {object} Speech what the element needs to say anything
 * @property {Language} language
 * @property {Words} words
 * @property {string} core the words of pictures and sentences, as the module takes them
 */

/** @type {Map<string, Promise<any>>} */
const packs = new Map();

/**
 * @param {Language} language
 * @returns {Promise<Speech>}
 */
export async function speech(language) {
  const [words, core] = await Promise.all([
    once(`${language}/page.json`, (response) => response.json()),
    once(`${language}/core.txt`, (response) => response.text()),
  ]);
  return { language, words, core };
}

/**
 * @param {Language} language
 * @returns {Promise<OfPanels>}
 */
export function ofPanels(language) {
  return once(`${language}/panels.json`, (response) => response.json());
}

/**
 * The words for what is told of a run, as the module takes them.
 *
 * @param {Language} language
 * @returns {Promise<string>}
 */
export function insight(language) {
  return once(`${language}/insight.txt`, (response) => response.text());
}

/**
 * @param {Language} language
 * @returns {Promise<Reasons>}
 */
export function reasons(language) {
  return once(`${language}/reasons.json`, (response) => response.json());
}

/**
 * @param {Language} language
 * @returns {Promise<OfStories>}
 */
export function ofStories(language) {
  return once(`${language}/stories.json`, (response) => response.json());
}

/**
 * @param {string} name
 * @param {(response: Response) => Promise<any>} read
 * @returns {Promise<any>}
 */
function once(name, read) {
  let pack = packs.get(name);
  if (!pack) {
    pack = take(name, read).catch((error) => {
      packs.delete(name);
      throw error;
    });
    packs.set(name, pack);
  }
  return pack;
}

/**
 * @param {string} name
 * @param {(response: Response) => Promise<any>} read
 */
async function take(name, read) {
  const response = await fetch(address(`pkg/words/${name}`));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return read(response);
}

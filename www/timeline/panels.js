// @ts-check
/**
 * The panels of an element, in the order in which they stand. A panel is a file with a function that makes it. One that the first
 * picture can do without stands here by its name: it comes after the picture, with all of `panels/later.js`.
 */
import { controls } from './panels/controls.js';
import { inFlight } from './panels/in-flight.js';
import { picture } from './panels/picture.js';
import { segmentMenu } from './panels/segment-menu.js';
import { telling } from './panels/telling.js';

/**
 * @typedef {import('./store.js').State} State
 * @typedef {import('./words.js').Words} Words
 *
 * @typedef {object} Panel
 * @property {HTMLElement} element
 * @property {readonly (keyof State)[]} reads the parts of the state that it shows: it is told when one of them changes
 * @property {(state: State, changed: import('./store.js').Changed) => void} [update]
 * @property {(state: State) => void} [measure] does what has to measure, once all panels are up to date
 * @property {(signal: AbortSignal) => void} [connect] follows what is outside, such as the size of the window, until the signal
 */

/**
 * What a panel is made of; it is made anew for another language.
 *
 * @template {Words} Known
 * @typedef {object} Context
 * @property {import('./session.js').Session} session whom it asks
 * @property {import('./language.js').Language} language
 * @property {Known} words
 */

/**
 * @typedef {Context<Words & import('./words.js').OfPanels>} LaterContext
 * @typedef {(context: Context<Words>) => Panel} MakePanel
 * @typedef {(context: LaterContext) => Panel} MakeLaterPanel
 * @typedef {keyof typeof import('./panels/later.js')} LaterName
 */

/** By the places of the layout, `screen.js`. @satisfies {Record<string, readonly (MakePanel | LaterName)[]>} */
export const panels = {
  head: [controls],
  stage: [telling, picture, inFlight],
  column: ['knows', 'found', 'endpoints', 'branches', 'prompt', 'worlds'],
  side: ['steps'],
  above: [segmentMenu],
  /** Instead of all these, while two runs are compared. */
  instead: ['comparison'],
};

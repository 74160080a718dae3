// @ts-check
/** Loads the module and the style sheets, once for all elements of a page. */
import { address } from './address.js';

/**
 * @typedef {typeof import('../pkg/synfin.js') & {whole: () => Promise<void>}} Synfin in the page, the module comes in parts: all that the
 *   page uses is there once `whole()` is done, a failure of which is not kept
 */
/** @typedef {{synfin: Synfin, sheets: CSSStyleSheet[]}} Parts */

/** @type {Promise<Parts> | undefined} */
let loading;
/** The style sheets that were asked for. @type {Map<string, Promise<CSSStyleSheet>>} */
const sheets = new Map();
let starts = 0;

/**
 * The module, ready to use. A failure is not kept: the next call tries again.
 *
 * @returns {Promise<Parts>}
 */
export function load() {
  loading ??= start().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/**
 * The module with a memory of its own that nobody has used: after a trap, the old one may be in any state.
 *
 * @returns {Promise<Parts>}
 */
export function loadAfresh() {
  loading = undefined;
  return load();
}

async function start() {
  for (const [isThere, name] of /** @type {const} */ ([
    [typeof WebAssembly === 'object', 'WebAssembly'],
    ['adoptedStyleSheets' in Document.prototype, 'adoptedStyleSheets'],
    ['popover' in HTMLElement.prototype, 'popover'],
  ])) {
    if (!isThere) throw new Error(name);
  }
  starts += 1;
  // A module is instantiated once for each address.
  const query = starts === 1 ? '' : `?start=${starts}`;
  const script = address(`pkg/synfin.js${query}`);
  const [synfin, ...sheets] = await Promise.all([instantiate(script), pictureSheet(), styleSheet('tcp-timeline.css')]);
  return { synfin, sheets };
}

/**
 * @param {string} script the address of its JavaScript side
 * @returns {Promise<Synfin>}
 */
async function instantiate(script) {
  /** @type {Synfin} */
  const synfin = await import(script);
  await synfin.default();
  return synfin;
}

/** The picture's style sheet. A page that shows a picture before the module is there has it in it. */
function pictureSheet() {
  const here = document.querySelector('style[data-picture]')?.textContent;
  return here ? new CSSStyleSheet().replace(here) : styleSheet('picture.css');
}

/**
 * A style sheet of the element. A failure is not kept: the next call tries again.
 *
 * @param {string} name
 * @returns {Promise<CSSStyleSheet>}
 */
export function styleSheet(name) {
  let sheet = sheets.get(name);
  if (!sheet) {
    sheet = fetchSheet(name).catch((error) => {
      sheets.delete(name);
      throw error;
    });
    sheets.set(name, sheet);
  }
  return sheet;
}

/** @param {string} name */
async function fetchSheet(name) {
  const response = await fetch(address(name));
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return new CSSStyleSheet().replace(await response.text());
}

// @ts-check
/** Where the panels stand, and which of them is told when something changes. */
import { make } from './build.js';
import { panels } from './panels.js';

/**
 * @typedef {import('./panels.js').Panel} Panel
 * @typedef {import('./store.js').State} State
 */

export class Screen {
  /** @type {Panel[]} */
  #panels = [];

  /** @param {import('./panels.js').Context} context */
  constructor(context) {
    const { session, language, words } = context;
    const all = (/** @type {keyof typeof panels} */ place) =>
      panels[place].map((makePanel) => {
        const panel = makePanel(context);
        this.#panels.push(panel);
        return panel.element;
      });
    this.element = session.state.comparison
      ? all('instead')[0]
      : make(
          'div',
          { class: 'lab synfin-picture', lang: language },
          ...all('head'),
          make('div', { class: 'stage' }, ...all('stage'), make('p', { class: 'hint' }, words['keyboard-help'])),
          make('div', { class: 'side' }, make('div', { class: 'column' }, ...all('column')), ...all('side')),
          ...all('above'),
        );
  }

  /** @param {AbortSignal} signal ends what follows the world around */
  connect(signal) {
    for (const panel of this.#panels) panel.connect?.(signal);
  }

  /**
   * @param {State} state
   * @param {import('./store.js').Changed} changed
   */
  update(state, changed) {
    if (changed.has('isBroken')) this.#stop(state);
    const concerned = this.#panels.filter(({ reads }) => reads.some((part) => changed.has(part)));
    for (const panel of concerned) panel.update?.(state, changed);
    for (const panel of concerned) panel.measure?.(state);
  }

  /**
   * Nothing can be used of what has failed, but what says so.
   *
   * @param {State} state
   */
  #stop({ isBroken }) {
    this.element.classList.toggle('broken', isBroken);
    for (const part of this.element.querySelectorAll(':scope > :not(.stage), .stage > :not(.telling, .hint)')) {
      part.toggleAttribute('inert', isBroken);
    }
  }
}

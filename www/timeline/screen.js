// @ts-check
/** Where the panels stand, and which of them is told when something changes. */
import { button, make } from './build.js';
import { panels } from './panels.js';

/**
 * @typedef {import('./later.js').Later} Later
 * @typedef {import('./panels.js').Panel} Panel
 * @typedef {import('./panels.js').Words} Words
 * @typedef {import('./store.js').State} State
 */

export class Screen {
  #context;
  /** @type {Panel[]} */
  #panels = [];
  /** The panels that are to come, and what keeps their places. @type {Map<import('./panels.js').LaterName, Comment>} */
  #missing = new Map();
  /** Where they will stand. */
  #side;
  /** Says that they do not come. @type {HTMLElement | undefined} */
  #excuse;
  /** Ends what follows the world around. @type {AbortSignal | undefined} */
  #signal;

  /**
   * @param {import('./panels.js').Context<Words>} context
   * @param {Later} [later] the panels that come after the first picture, once they are there
   */
  constructor(context, later) {
    this.#context = context;
    const { session, language, words } = context;
    const all = (/** @type {keyof typeof panels} */ place) =>
      panels[place].map((panel) => {
        if (typeof panel !== 'string') return this.#add(panel(context));
        if (later) return this.#add(this.#make(panel, later));
        const gap = document.createComment('');
        this.#missing.set(panel, gap);
        return gap;
      });
    if (session.state.comparison && later) {
      this.#side = this.element = /** @type {HTMLElement} */ (all('instead')[0]);
      return;
    }
    const [head, stage, column, side, above] = /** @type {const} */ (['head', 'stage', 'column', 'side', 'above']).map(all);
    this.#side = make('div', { class: 'side' }, make('div', { class: 'column' }, ...column), ...side);
    this.element = make(
      'div',
      { class: 'lab synfin-picture', lang: language },
      ...head,
      make('div', { class: 'stage' }, ...stage, make('p', { class: 'hint' }, words['keyboard-help'])),
      this.#side,
      ...above,
    );
    if (!later) this.#await();
  }

  /**
   * Puts the panels that were missing in their places.
   *
   * @param {Later} later
   */
  complete(later) {
    const { state } = this.#context.session;
    if (this.#excuse?.matches(':focus-within')) {
      this.#side.tabIndex = -1;
      this.#side.focus({ preventScroll: true });
    }
    this.#excuse?.remove();
    this.#side.removeAttribute('aria-busy');
    const come = [...this.#missing].map(([name, gap]) => {
      const panel = this.#make(name, later);
      gap.replaceWith(this.#add(panel));
      if (this.#signal) panel.connect?.(this.#signal);
      return panel;
    });
    this.#missing.clear();
    tell(come, state, /** @type {import('./store.js').Changed} */ (new Set(Object.keys(state))));
    this.#stop(state);
  }

  /**
   * Says that the panels do not come, where they would stand.
   *
   * @param {() => void} again tries once more
   */
  excuse(again) {
    const { words } = this.#context;
    const press = () => {
      this.#await();
      again();
    };
    this.#excuse?.remove();
    this.#excuse = make(
      'div',
      { class: 'alert', role: 'alert' },
      make('p', {}, words.incomplete),
      button({ 'data-does': 'complete' }, words['try-again'], press),
    );
    this.#side.removeAttribute('aria-busy');
    this.#side.prepend(this.#excuse);
  }

  /** @param {AbortSignal} signal ends what follows the world around */
  connect(signal) {
    this.#signal = signal;
    for (const panel of this.#panels) panel.connect?.(signal);
  }

  /**
   * @param {State} state
   * @param {import('./store.js').Changed} changed
   */
  update(state, changed) {
    if (changed.has('isBroken')) this.#stop(state);
    tell(this.#panels, state, changed);
  }

  /** @param {Panel} panel */
  #add(panel) {
    this.#panels.push(panel);
    return panel.element;
  }

  /**
   * @param {import('./panels.js').LaterName} name
   * @param {Later} later
   */
  #make(name, later) {
    const { words } = this.#context;
    return later.panels[name]({ ...this.#context, words: { ...words, ...later.words } });
  }

  /** Panels are on their way. */
  #await() {
    this.#side.setAttribute('aria-busy', 'true');
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

/**
 * @param {Panel[]} panels
 * @param {State} state
 * @param {import('./store.js').Changed} changed
 */
function tell(panels, state, changed) {
  const concerned = panels.filter(({ reads }) => reads.some((part) => changed.has(part)));
  for (const panel of concerned) panel.update?.(state, changed);
  for (const panel of concerned) panel.measure?.(state);
}

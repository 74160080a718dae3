// @ts-check
/** What can be done to a segment. */
import { make } from './build.js';
import { halves, time } from './format.js';

/**
 * @typedef {import('./run.js').Deed} Deed
 * @typedef {import('./run.js').SegmentView} SegmentView
 * @typedef {ReturnType<import('./run.js').Run['fate']>} Fate
 */

/** How much later a delayed segment or the copy of a duplicated one arrives, in milliseconds. */
const later = 200;
/** How far the menu stays from what was clicked and from the edges, in pixels. */
const margin = 8;

export class SegmentMenu {
  #words;
  #inject;
  /** What gets the focus back. @type {Element | null} */
  #from = null;

  /**
   * @param {import('./words.js').Words} words
   * @param {(deed: Deed) => void} inject
   */
  constructor(words, inject) {
    this.#words = words;
    this.#inject = inject;
    this.element = make('div', {
      class: 'menu',
      popover: 'auto',
      role: 'dialog',
      'aria-labelledby': 'menu-segment',
    });
    this.element.addEventListener('keydown', (event) => this.#press(event));
    this.element.addEventListener('toggle', (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === 'closed') this.element.replaceChildren();
    });
  }

  /**
   * @param {SegmentView} known
   * @param {number} window how many octets its window stands for
   * @param {Fate} fate
   * @param {DOMRect} at where to open
   */
  open(known, window, fate, at) {
    const segment = known.id;
    this.element.hidePopover();
    const root = /** @type {ShadowRoot} */ (this.element.getRootNode());
    this.#from = root.activeElement;
    const words = this.#words;
    /** @type {[string, Deed][]} */
    const actions = [
      [words['lose-it'], { kind: 'drop', segment }],
      [words['duplicate-it'], { kind: 'duplicate', segment, afterMs: later }],
      [words['delay-it'], { kind: 'delay', segment, byMs: later }],
      [words['corrupt-it'], { kind: 'corrupt', segment }],
      fate.fate === 'held'
        ? [words['release-it'], { kind: 'release', segment }]
        : [words['hold-it'], { kind: 'hold', segment }],
    ];
    this.element.replaceChildren(
      make('p', { class: 'label', id: 'menu-segment', translate: 'no' }, halves(known.label)[0]),
      this.#facts(known, window),
      make('p', { class: 'fate' }, this.#tell(fate)),
      ...actions.map(([name, deed]) => {
        const button = make('button', { type: 'button', 'data-does': deed.kind }, name);
        button.addEventListener('click', () => {
          this.close();
          this.#inject(deed);
        });
        return button;
      }),
    );
    this.element.showPopover();
    this.#place(at);
    this.#buttons()[0]?.focus();
  }

  /**
   * What the label leaves out, or says in few letters.
   *
   * @param {SegmentView} known
   * @param {number} octets
   */
  #facts({ id, window, options }, octets) {
    const { mss, windowScale, sackPermitted, timestamps } = options;
    const words = this.#words;
    const scaled = octets === window ? '' : ` × ${octets / window} = ${octets}`;
    /** @type {[string, string | number | undefined][]} */
    const facts = [
      [words['segment-number'], id],
      [words.window, `${window}${scaled}`],
      [words['option-mss'], mss],
      [words['option-window-scale'], windowScale],
      [words['option-sack'], sackPermitted ? words['option-permitted'] : undefined],
      [words['option-timestamp'], timestamps?.value],
      [words['option-echo'], timestamps?.echo],
    ];
    const list = make('dl', {});
    for (const [name, text] of facts) {
      if (text !== undefined) list.append(make('div', {}, make('dt', {}, name), make('dd', {}, String(text))));
    }
    return list;
  }

  close() {
    const from = this.#from;
    this.element.hidePopover();
    if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
  }

  /** @param {Fate} fate */
  #tell(fate) {
    switch (fate.fate) {
      case 'in-flight':
        return `${this.#words['arrives-at']} ${time(fate.at)}`;
      case 'held':
        return this.#words['is-held'];
      case 'arrived':
        return this.#words['it-has-arrived'];
      case 'lost':
        return this.#words['it-is-lost'];
    }
  }

  /**
   * Below what was clicked, or above it where there is no room.
   *
   * @param {DOMRect} at
   */
  #place(at) {
    const { width, height } = this.element.getBoundingClientRect();
    const left = Math.min(Math.max(margin, at.left), innerWidth - width - margin);
    const below = at.bottom + margin;
    const top = below + height + margin <= innerHeight ? below : Math.max(margin, at.top - height - margin);
    this.element.style.setProperty('left', `${left}px`);
    this.element.style.setProperty('top', `${top}px`);
  }

  #buttons() {
    return [...this.element.querySelectorAll('button')];
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const buttons = this.#buttons();
    const current = buttons.findIndex((each) => each.matches(':focus'));
    const target = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: -1 }[event.key];
    if (event.key === 'Escape') this.close();
    else if (target !== undefined) buttons.at(target % buttons.length)?.focus();
    else if (event.key === 'Tab') {
      // A menu is left with Escape; Tab goes around in it.
      buttons.at((event.shiftKey ? current - 1 : current + 1) % buttons.length)?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

// @ts-check
/** The segments on their way, as buttons. */
import { make, segmentLabel } from './build.js';

export class InFlight {
  #words;
  #list = make('ul', {});

  /**
   * @param {import('./words.js').Words} words
   * @param {(segment: number, at: DOMRect) => void} choose a segment was clicked
   */
  constructor(words, choose) {
    this.#words = words;
    this.element = make(
      'section',
      { class: 'in-flight', 'aria-labelledby': 'in-flight' },
      make('h2', { id: 'in-flight' }, words['in-flight']),
      this.#list,
    );
    this.#list.addEventListener('click', (event) => {
      const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[data-segment]'));
      if (button) choose(Number(button.dataset.segment), button.getBoundingClientRect());
    });
  }

  /**
   * @param {import('./run.js').SegmentView[]} segments
   * @param {boolean} isAtEnd whether nothing is left to happen
   */
  update(segments, isAtEnd) {
    const old = new Map(Array.from(this.#list.children, (each) => [/** @type {HTMLElement} */ (each).dataset.key, each]));
    // An entry that stays is kept, and with it the focus.
    const entries = segments.map((segment) => {
      const isHeld = segment.copies.some(({ fate }) => fate === 'held');
      const key = `${segment.id} ${isHeld}`;
      return old.get(key) ?? this.#entry(segment, isHeld, key);
    });
    if (entries.length === 0) {
      const words = isAtEnd ? this.#words['end-reached'] : this.#words['nothing-in-flight'];
      entries.push(make('li', { class: 'none' }, words));
    }
    this.#list.replaceChildren(...entries);
  }

  /**
   * @param {import('./run.js').SegmentView} segment
   * @param {boolean} isHeld
   * @param {string} key
   */
  #entry({ id, label, from }, isHeld, key) {
    const arrow = from === 'server' ? '← ' : '→ ';
    const button = make(
      'button',
      { type: 'button', class: 'segment', 'data-segment': id, 'aria-haspopup': 'dialog' },
      make('span', { 'aria-hidden': 'true' }, arrow),
      ...segmentLabel(label),
    );
    if (isHeld) button.append(make('span', { class: 'mark' }, this.#words['is-held']));
    return make('li', { 'data-key': key }, button);
  }
}

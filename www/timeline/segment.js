// @ts-check
/** Segments as buttons. */
import { make } from './build.js';

/**
 * A button that opens the menu of a segment. Its options stay together, on a line of their own where there is not room for all.
 *
 * @param {import('./store.js').SegmentView} segment
 * @param {...Node} before what stands before its label
 */
export function segmentButton({ id, label, text }, ...before) {
  const [numbers, options] = halves(label);
  return make(
    'button',
    { type: 'button', class: 'segment', 'data-segment': id, 'aria-haspopup': 'dialog' },
    ...before,
    text ? `${numbers} ${text}` : numbers,
    ...(options ? [' ', make('span', { class: 'extras' }, options)] : []),
  );
}

/**
 * Opens the menu of the segment that was clicked, if one was.
 *
 * @param {Event} event
 * @param {import('./session.js').Session} session
 * @returns {boolean} whether one was
 */
export function chooseSegment({ target }, session) {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest('[data-segment]'));
  if (button) session.select(Number(button.dataset.segment), button.getBoundingClientRect());
  return button !== null;
}

/**
 * The label of a segment in its two parts: flags and numbers, and the options, which may be none.
 *
 * @param {string} label
 * @returns {[string, string]}
 */
export function halves(label) {
  const options = label.indexOf(' <');
  return options < 0 ? [label, ''] : [label.slice(0, options), label.slice(options + 1)];
}

// @ts-check
/** The segments on their way, as buttons. */
import { make, section } from '../build.js';
import { chooseSegment, segmentButton } from '../segment.js';

/** @typedef {import('../store.js').SegmentView} SegmentView */

/** @type {import('../panels.js').MakePanel} */
export function inFlight({ session, words }) {
  const list = make('ul');
  list.addEventListener('click', (event) => chooseSegment(event, session));

  return {
    element: section('in-flight', words['in-flight'], list),
    reads: ['now'],
    update({ now }) {
      const old = new Map(Array.from(list.children, (each) => [/** @type {HTMLElement} */ (each).dataset.key, each]));
      // An entry that stays is kept, and with it the focus.
      const entries = now.inFlight.map((segment) => {
        const isHeld = segment.copies.some(({ fate }) => fate === 'held');
        const key = `${segment.id} ${isHeld}`;
        return old.get(key) ?? entry(segment, isHeld, key);
      });
      if (entries.length === 0) {
        entries.push(make('li', { class: 'none' }, now.atEnd ? words['end-reached'] : words['nothing-in-flight']));
      }
      for (const line of now.missed) {
        entries.push(make('li', { class: 'none' }, `${words['never-met']} `, make('code', {}, line)));
      }
      list.replaceChildren(...entries);
    },
  };

  /**
   * @param {SegmentView} segment
   * @param {boolean} isHeld
   * @param {string} key
   */
  function entry(segment, isHeld, key) {
    const arrow = segment.to === 'client' ? '← ' : '→ ';
    const button = segmentButton(segment, make('span', { 'aria-hidden': 'true' }, arrow));
    if (isHeld) button.append(make('span', { class: 'mark' }, words['is-held']));
    return make('li', { 'data-key': key }, button);
  }
}

// @ts-check
/** What can be done to a segment. */
import { button, make } from '../build.js';
import { time } from '../format.js';
import { halves } from '../segment.js';

/** @typedef {import('../store.js').Selection} Selection */

/** How far the menu stays from what was clicked and from the edges, in pixels. */
const margin = 8;

/** @type {import('../panels.js').MakePanel} */
export function segmentMenu({ session, words }) {
  const element = make('div', {
    class: 'menu',
    popover: 'auto',
    role: 'dialog',
    'aria-labelledby': 'menu-segment',
  });
  /** What gets the focus back. @type {Element | null} */
  let from = null;

  element.addEventListener('keydown', press);
  element.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'closed') return;
    element.replaceChildren();
    session.store.change({ selection: undefined });
  });

  return {
    element,
    reads: ['selection'],
    update({ selection }) {
      if (selection) open(selection);
    },
  };

  /** @param {Selection} selection */
  function open({ segment, known, at }) {
    element.hidePopover();
    from = /** @type {ShadowRoot} */ (element.getRootNode()).activeElement;
    element.replaceChildren(
      make('p', { class: 'label', id: 'menu-segment', translate: 'no' }, halves(segment.label)[0]),
      // What lies ahead of the run is known as it was; by how much its window counts is known again when the run is there.
      facts(segment, known.octets ?? segment.window),
      make('p', { class: 'fate' }, tell(known.fate)),
      ...known.offers.map(({ name, line }) =>
        button({ 'data-does': name }, words[`${name}-it`], () => {
          close();
          session.say(line);
        }),
      ),
    );
    element.showPopover();
    place(at);
    buttons()[0]?.focus();
  }

  /**
   * What the label leaves out, or says in few letters.
   *
   * @param {Selection['segment']} segment
   * @param {number} octets
   */
  function facts({ id, window, options, text }, octets) {
    const { mss, windowScale, sackPermitted, timestamps } = options;
    const scaled = octets === window ? '' : ` × ${octets / window} = ${octets}`;
    /** @type {[string, string | number | undefined][]} */
    const facts = [
      [words['segment-number'], id],
      [words.text, text],
      [words.window, `${window}${scaled}`],
      [words['option-mss'], mss],
      [words['option-window-scale'], windowScale],
      [words['option-sack'], sackPermitted ? words['option-permitted'] : undefined],
      [words['option-timestamp'], timestamps?.value],
      [words['option-echo'], timestamps?.echo],
    ];
    const list = make('dl');
    for (const [name, value] of facts) {
      if (value !== undefined) list.append(make('div', {}, make('dt', {}, name), make('dd', {}, String(value))));
    }
    return list;
  }

  function close() {
    element.hidePopover();
    if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
  }

  /** @param {import('../../pkg/synfin.js').CopyView} fate */
  function tell(fate) {
    switch (fate.fate) {
      case 'in-flight':
        return `${words['arrives-at']} ${time(fate.dueMs)}`;
      case 'held':
        return words['is-held'];
      case 'arrived':
        return words['it-has-arrived'];
      case 'lost':
        return words['it-is-lost'];
      case 'unknown':
        return '';
    }
  }

  /**
   * Below what was clicked, or above it where there is no room.
   *
   * @param {DOMRect} at
   */
  function place(at) {
    const { width, height } = element.getBoundingClientRect();
    const left = Math.min(Math.max(margin, at.left), innerWidth - width - margin);
    const below = at.bottom + margin;
    const top = below + height + margin <= innerHeight ? below : Math.max(margin, at.top - height - margin);
    element.style.setProperty('left', `${left}px`);
    element.style.setProperty('top', `${top}px`);
  }

  function buttons() {
    return [...element.querySelectorAll('button')];
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const all = buttons();
    const current = all.findIndex((each) => each.matches(':focus'));
    const target = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: -1 }[event.key];
    if (event.key === 'Escape') close();
    else if (target !== undefined) all.at(target % all.length)?.focus();
    else if (event.key === 'Tab') {
      // A menu is left with Escape; Tab goes around in it.
      all.at((event.shiftKey ? current - 1 : current + 1) % all.length)?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

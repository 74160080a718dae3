// @ts-check
/**
 * The steps as a list of buttons; that of the current step says why. Only a stretch of a long run is in the document: it
 * grows where somebody scrolls or steps to, and shrinks at the other end.
 */
import { make, section } from '../build.js';
import { time } from '../format.js';
import { chooseSegment, segmentButton } from '../segment.js';
import { reasons } from '../words.js';

/** @typedef {import('../store.js').StepView} StepView */

/** How many entries are added when an end of the list comes near. */
const more = 100;
/** How many entries are in the document at most. */
const most = 600;

/** @type {import('../panels.js').MakeLaterPanel} */
export function steps({ session, language, words }) {
  const { state } = session;
  const list = make('ol');
  const element = section('steps', words.events, list);
  element.setAttribute('part', 'steps');
  /** The entries in the document, each with what it shows: that of step `first + n` is at `n`. Step 0 is the start. */
  let entries = /** @type {{element: HTMLLIElement, step: StepView | undefined}[]} */ ([]);
  let first = 0;
  /** The entry that is marked. @type {HTMLLIElement | undefined} */
  let current;
  /** Why each rule decides as it does. @type {import('../words.js').Reasons | undefined} */
  let why;

  list.addEventListener('click', (event) => {
    if (chooseSegment(event, session)) return;
    const step = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[data-step]'));
    if (step) session.goTo(Number(step.dataset.step));
  });
  list.addEventListener('scroll', extend, { passive: true });

  return {
    element,
    reads: ['now'],
    update({ now, steps }) {
      const kept = entries.findIndex(({ step }, index) => step !== steps[first + index - 1]);
      if (kept >= 0) cut(kept);
      if (now.step < first || now.step > end() + more) {
        cut(0);
        first = Math.max(0, now.step - more);
      }
      append(Math.min(steps.length, Math.max(now.step + more / 2, end())));
      mark();
    },
    measure: reveal,
  };

  /** One more than the last step in the document. */
  function end() {
    return first + entries.length;
  }

  /** @param {number} kept how many entries stay */
  function cut(kept) {
    for (const { element } of entries.splice(kept)) element.remove();
  }

  /**
   * Entries for the steps from one to another.
   *
   * @param {number} from
   * @param {number} to the last one
   */
  function stretch(from, to) {
    const steps = Array.from({ length: Math.max(0, to + 1 - from) }, (_, index) => from + index);
    return steps.map((number) => ({ element: entry(number), step: state.steps[number - 1] }));
  }

  /** @param {number} last the step up to which there are to be entries */
  function append(last) {
    const added = stretch(end(), last);
    entries.push(...added);
    list.append(...added.map(({ element }) => element));
    const surplus = Math.min(entries.length - most, state.now.step - more - first);
    if (surplus <= 0) return;
    first += surplus;
    for (const { element } of entries.splice(0, surplus)) element.remove();
  }

  /** Adds entries where somebody scrolls to. */
  function extend() {
    const { scrollTop, scrollHeight, clientHeight } = list;
    if (scrollTop + clientHeight > scrollHeight - clientHeight && end() <= state.steps.length) {
      append(Math.min(state.steps.length, end() + more));
    }
    if (scrollTop < clientHeight && first > 0) {
      const added = stretch(Math.max(0, first - more), first - 1);
      entries.unshift(...added);
      list.prepend(...added.map(({ element }) => element));
      first -= added.length;
    }
  }

  function mark() {
    const cursor = state.now.step;
    const marked = entries[cursor - first]?.element;
    if (current !== marked) {
      current?.querySelector('[aria-current]')?.removeAttribute('aria-current');
      current?.querySelector('.reasons')?.remove();
      current = marked;
      marked?.querySelector('button')?.setAttribute('aria-current', 'step');
      const step = state.steps[cursor - 1];
      if (step) marked?.append(decisions(step));
    }
    for (const [index, { element }] of entries.entries()) element.classList.toggle('future', first + index > cursor);
  }

  /** Scrolls the list, and only the list, to the current entry. */
  function reveal() {
    if (!current) return;
    const sight = list.getBoundingClientRect();
    const { top, bottom } = current.getBoundingClientRect();
    if (bottom > sight.bottom) list.scrollTop += Math.min(bottom - sight.bottom, top - sight.top);
    else if (top < sight.top) list.scrollTop += top - sight.top;
  }

  /** @param {number} number */
  function entry(number) {
    const step = state.steps[number - 1];
    const entry = make(
      'li',
      { value: number },
      make(
        'button',
        { type: 'button', class: 'step', 'data-step': number },
        make('span', { class: 'time' }, time(step?.timeMs ?? 0)),
        make('span', { class: 'summary' }, step?.summary ?? words.start),
      ),
    );
    if (step && step.sent.length > 0) {
      entry.append(make('div', { class: 'sent' }, ...step.sent.map((segment) => segmentButton(segment))));
    }
    return entry;
  }

  /** Fetches what the rules say about themselves, and says it of the current step. */
  async function learn() {
    try {
      why = await reasons(language);
    } catch {
      // What was decided is told all the same; the next step asks again.
      return;
    }
    const step = state.steps[state.now.step - 1];
    current?.querySelector('.reasons')?.replaceWith(step ? decisions(step) : '');
    reveal();
  }

  /** @param {StepView} step */
  function decisions({ rules }) {
    if (!why) void learn();
    return make(
      'ul',
      { class: 'reasons', 'aria-label': words.why },
      ...rules.map(({ id, title, section }) => {
        const href = address(section);
        return make(
          'li',
          {},
          make('strong', {}, title),
          ...(why ? [make('p', {}, why[id])] : []),
          href ? make('a', { href, translate: 'no' }, section) : make('span', {}, section),
        );
      }),
    );
  }
}

/**
 * Where to read a section of a standard: `RFC 9293 §3.10.7.4`.
 *
 * @param {string} section
 * @returns {string | undefined} `undefined` if it names none
 */
function address(section) {
  const [, number, part] = /^RFC (\d+)(?: §(.+))?$/.exec(section) ?? [];
  if (!number) return undefined;
  const page = `https://www.rfc-editor.org/rfc/rfc${number}`;
  if (!part) return page;
  return /^\d/.test(part) ? `${page}#section-${part}` : `${page}#appendix-${part}`;
}

// @ts-check
/**
 * The steps as a list of buttons; that of the current step says why. Only a stretch of a long run is in the document: it
 * grows where somebody scrolls or steps to, and shrinks at the other end.
 */
import { make, segmentLabel } from './build.js';
import { address, time } from './format.js';
import { reasons } from './words.js';

/**
 * @typedef {import('../pkg/synfin.js').StepView} StepView
 * @typedef {import('./run.js').Run} Run
 */

/** How many entries are added when an end of the list comes near. */
const more = 100;
/** How many entries are in the document at most. */
const most = 600;

export class Steps {
  #words;
  #language;
  /** Why each rule decides as it does. @type {import('./words.js').Reasons | undefined} */
  #why;
  #run;
  #choose;
  #chooseSegment;
  #list = make('ol', {});
  /** The entries in the document; that of step `first + n` is at `n`. Step 0 is the start. @type {HTMLLIElement[]} */
  #entries = [];
  #first = 0;
  /** @type {HTMLLIElement | undefined} */
  #current;

  /**
   * @param {import('./words.js').Words} words
   * @param {import('./language.js').Language} language
   * @param {Run} run
   * @param {(step: number) => void} choose a step was clicked
   * @param {(segment: number, at: DOMRect) => void} chooseSegment a segment was clicked
   */
  constructor(words, language, run, choose, chooseSegment) {
    this.#words = words;
    this.#language = language;
    this.#run = run;
    this.#choose = choose;
    this.#chooseSegment = chooseSegment;
    this.element = make(
      'section',
      { class: 'steps', part: 'steps', 'aria-labelledby': 'steps' },
      make('h2', { id: 'steps' }, words.events),
      this.#list,
    );
    this.#list.addEventListener('click', (event) => this.#click(/** @type {Element} */ (event.target)));
    this.#list.addEventListener('scroll', () => this.#extend(), { passive: true });
  }

  /**
   * Shows what the run knows by now.
   *
   * @param {number} kept how many steps are the same as at the last call
   */
  update(kept) {
    const { cursor, steps } = this.#run;
    this.#cut(Math.max(0, kept + 1 - this.#first));
    if (cursor < this.#first || cursor > this.#first + this.#entries.length + more) {
      this.#cut(0);
      this.#first = Math.max(0, cursor - more);
    }
    this.#append(Math.min(steps.length, Math.max(cursor + more / 2, this.#end)));
    this.#mark();
  }

  /** One more than the last step in the document. */
  get #end() {
    return this.#first + this.#entries.length;
  }

  /** @param {number} kept how many entries stay */
  #cut(kept) {
    for (const entry of this.#entries.splice(kept)) entry.remove();
  }

  /** @param {number} last the step up to which there are to be entries */
  #append(last) {
    const added = [];
    for (let step = this.#end; step <= last; step += 1) added.push(this.#entry(step));
    this.#entries.push(...added);
    this.#list.append(...added);
    const surplus = Math.min(this.#entries.length - most, this.#run.cursor - more - this.#first);
    if (surplus <= 0) return;
    this.#first += surplus;
    for (const entry of this.#entries.splice(0, surplus)) entry.remove();
  }

  /** Adds entries where somebody scrolls to. */
  #extend() {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    if (scrollTop + clientHeight > scrollHeight - clientHeight && this.#end <= this.#run.steps.length) {
      this.#append(Math.min(this.#run.steps.length, this.#end + more));
    }
    if (scrollTop < clientHeight && this.#first > 0) {
      const first = Math.max(0, this.#first - more);
      const added = [];
      for (let step = first; step < this.#first; step += 1) added.push(this.#entry(step));
      this.#entries.unshift(...added);
      this.#list.prepend(...added);
      this.#first = first;
    }
  }

  #mark() {
    const { cursor } = this.#run;
    const entry = this.#entries[cursor - this.#first];
    if (this.#current !== entry) {
      this.#current?.querySelector('[aria-current]')?.removeAttribute('aria-current');
      this.#current?.querySelector('.reasons')?.remove();
      this.#current = entry;
      entry?.querySelector('button')?.setAttribute('aria-current', 'step');
      const step = this.#run.current;
      if (entry && step && cursor > 0) entry.append(this.#reasons(step));
    }
    for (const [index, each] of this.#entries.entries()) {
      each.classList.toggle('future', this.#first + index > cursor);
    }
    if (entry) this.#reveal(entry);
  }

  /**
   * Scrolls the list, and only the list.
   *
   * @param {HTMLLIElement} entry
   */
  #reveal(entry) {
    const list = this.#list.getBoundingClientRect();
    const { top, bottom } = entry.getBoundingClientRect();
    if (bottom > list.bottom) this.#list.scrollTop += Math.min(bottom - list.bottom, top - list.top);
    else if (top < list.top) this.#list.scrollTop += top - list.top;
  }

  /** @param {number} number */
  #entry(number) {
    const step = this.#run.steps[number - 1];
    const entry = make(
      'li',
      { value: number },
      make(
        'button',
        { type: 'button', class: 'step', 'data-step': number },
        make('span', { class: 'time' }, time(step?.timeMs ?? 0)),
        make('span', { class: 'summary' }, step?.summary ?? this.#words.start),
      ),
    );
    if (step && step.sent.length > 0) {
      entry.append(
        make(
          'div',
          { class: 'sent' },
          ...step.sent.map(({ id, label }) =>
            make('button', { type: 'button', class: 'segment', 'data-segment': id, 'aria-haspopup': 'dialog' }, ...segmentLabel(label)),
          ),
        ),
      );
    }
    return entry;
  }

  /** Fetches what the rules say about themselves, and says it of the current step. */
  async #learn() {
    try {
      this.#why = await reasons(this.#language);
    } catch {
      // What was decided is told all the same; the next step asks again.
      return;
    }
    const step = this.#run.current;
    this.#current?.querySelector('.reasons')?.replaceWith(step ? this.#reasons(step) : '');
    if (this.#current) this.#reveal(this.#current);
  }

  /** @param {StepView} step */
  #reasons(step) {
    const why = this.#why;
    if (!why) void this.#learn();
    return make(
      'ul',
      { class: 'reasons', 'aria-label': this.#words.why },
      ...step.rules.map(({ id, title, section }) => {
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

  /** @param {Element} target */
  #click(target) {
    const segment = /** @type {HTMLElement | null} */ (target.closest('[data-segment]'));
    if (segment) {
      this.#chooseSegment(Number(segment.dataset.segment), segment.getBoundingClientRect());
      return;
    }
    const step = /** @type {HTMLElement | null} */ (target.closest('[data-step]'));
    if (step) this.#choose(Number(step.dataset.step));
  }
}

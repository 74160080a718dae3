// @ts-check
/** Two runs side by side: what begins to differ when, and what each came to. */
import { make } from './build.js';
import { time } from './format.js';
import { Picture } from './picture.js';

/**
 * @typedef {import('../pkg/synfin.js').Pair} Pair
 * @typedef {import('../pkg/synfin.js').PairReport} Report
 * @typedef {import('../pkg/synfin.js').RunView} Side
 * @typedef {import('../pkg/synfin.js').WorldView} World
 *
 * @typedef {{world: World} | {branch: number}} Other what a run is compared with
 */

/** @type {readonly Side[]} */
const sides = ['left', 'right'];

export class Comparison {
  #words;
  #pair;
  #attempt;
  /** @type {Report} */
  #report;
  #clock = make('span', { class: 'clock' });
  #status = make('p', { class: 'status', role: 'status' });
  #rows = make('tbody', {});
  #panes;
  #back;
  #step;
  #end;

  /**
   * @param {import('./words.js').Words} words
   * @param {string} language
   * @param {Pair} pair
   * @param {[string, string]} names of both runs
   * @param {(action: () => void) => void} attempt does something with the pair and catches what it throws
   * @param {() => void} leave
   */
  constructor(words, language, pair, names, attempt, leave) {
    this.#words = words;
    this.#pair = pair;
    this.#attempt = attempt;
    this.#report = pair.report();
    this.#panes = sides.map((side, index) => this.#pane(side, names[index]));
    this.#back = this.#button('back', words.back, () => pair.back());
    this.#step = this.#button('step', words.step, () => pair.step());
    this.#end = this.#button('end', words['run-to-end'], () => pair.runToEnd());
    const leaving = make('button', { type: 'button', 'data-does': 'leave' }, words['stop-comparing']);
    leaving.addEventListener('click', leave);
    this.element = make(
      'div',
      { class: 'comparison synfin-picture', lang: language },
      make(
        'div',
        { class: 'controls plain', role: 'group', 'aria-label': words.controls },
        leaving,
        this.#button('reset', words.reset, () => pair.seek(0)),
        this.#back,
        this.#step,
        this.#end,
      ),
      make('div', { class: 'telling' }, this.#clock, this.#status),
      make('div', { class: 'panes' }, ...this.#panes.map(({ element }) => element)),
      make(
        'table',
        {},
        make('caption', {}, words.outcome),
        make(
          'thead',
          {},
          make(
            'tr',
            {},
            make('td', {}),
            ...names.map((name) => make('th', { scope: 'col' }, name)),
          ),
        ),
        this.#rows,
      ),
    );
  }

  /** Where both runs are. */
  get report() {
    return this.#report;
  }

  /** @param {AbortSignal} signal ends what follows the size of the window */
  connect(signal) {
    for (const { picture } of this.#panes) picture.connect(signal);
  }

  /** Lets both runs go on until they differ, or to their end. */
  begin() {
    this.#move(() => this.#pair.runToEnd());
  }

  /** Does what a key stands for. @param {string} key @returns {boolean} whether it stands for something */
  press(key) {
    const does = { ArrowLeft: this.#back, ArrowRight: this.#step, End: this.#end }[key];
    does?.click();
    return does !== undefined;
  }

  free() {
    this.#pair.free();
  }

  /** @param {() => Report} move */
  #move(move) {
    this.#attempt(() => {
      this.#report = move();
      this.#show();
    });
  }

  #show() {
    const { timeMs, difference, atEnd, outcome, cursor } = this.#report;
    const words = this.#words;
    this.#clock.textContent = time(timeMs);
    this.#status.textContent = difference?.sentence ?? (atEnd ? words['same-to-the-end'] : words['same-so-far']);
    this.#status.classList.toggle('differs', difference !== undefined);
    this.#back.setAttribute('aria-disabled', String(cursor === 0));
    for (const each of [this.#step, this.#end]) each.setAttribute('aria-disabled', String(atEnd));
    this.#rows.replaceChildren(
      ...outcome.map(({ name, left, right, differs }) =>
        make(
          'tr',
          { 'data-row': name, class: differs ? 'differs' : '' },
          make('th', { scope: 'row' }, words[`outcome-${name}`]),
          make('td', {}, left),
          make('td', {}, right),
        ),
      ),
    );
    sides.forEach((side, index) => {
      const { picture, sentence } = this.#panes[index];
      sentence.textContent = this.#pair.sentence(side) || words['nothing-yet'];
      picture.follow();
    });
  }

  /**
   * @param {Side} side
   * @param {string} name
   */
  #pane(side, name) {
    const pair = this.#pair;
    const steps = () => (side === 'left' ? this.#report.leftSteps : this.#report.rightSteps);
    const run = {
      get cursor() {
        return steps();
      },
      lab: {
        mount: (/** @type {SVGElement} */ svg) => pair.mount(side, svg),
        // At the end the first difference is marked; before, what happened last.
        draw: (/** @type {import('../pkg/synfin.js').Window} */ window) => {
          const { atEnd, difference } = this.#report;
          const step = side === 'left' ? difference?.leftStep : difference?.rightStep;
          return pair.draw(side, atEnd && step !== undefined ? { ...window, step } : window);
        },
      },
    };
    const words = { timeline: `${name}: ${this.#words.timeline}` };
    const picture = new Picture(words, run, false, this.#attempt, () => {
      // What two runs share cannot be changed in one of them.
    });
    const sentence = make('p', { class: 'small' });
    const element = make(
      'section',
      { class: 'pane', 'data-run': side },
      make('h2', {}, name),
      picture.element,
      sentence,
    );
    return { element, picture, sentence };
  }

  /**
   * @param {string} does
   * @param {string} label
   * @param {() => Report} move
   */
  #button(does, label, move) {
    const button = make('button', { type: 'button', 'data-does': does }, label);
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') !== 'true') this.#move(move);
    });
    return button;
  }
}

// @ts-check
/** Two runs side by side: what begins to differ when, and what each came to. */
import { button, make } from '../build.js';
import { time } from '../format.js';
import { Viewport } from '../viewport.js';

/**
 * @typedef {import('../../pkg/synfin.js').Pair} Pair
 * @typedef {import('../../pkg/synfin.js').RunView} Side
 */

/** @type {readonly Side[]} */
const sides = ['left', 'right'];

/** @type {import('../panels.js').MakeLaterPanel} */
export function comparison({ session, language, words }) {
  const { state } = session;
  const pair = () => /** @type {Pair} */ (session.pair);
  const names = namesOf(state, words);
  const clock = make('span', { class: 'clock' });
  const status = make('p', { class: 'status', role: 'status' });
  const rows = make('tbody');
  const panes = sides.map((side, index) => pane(side, names[index]));
  const back = move('back', words.back, (pair) => pair.back());
  const step = move('step', words.step, (pair) => pair.step());
  const end = move('end', words['run-to-end'], (pair) => pair.runToEnd());

  return {
    element: make(
      'div',
      { class: 'comparison synfin-picture', lang: language },
      make(
        'div',
        { class: 'controls plain', role: 'group', 'aria-label': words.controls },
        button({ 'data-does': 'leave' }, words['stop-comparing'], () => session.leave()),
        move('reset', words.reset, (pair) => pair.seek(0)),
        back,
        step,
        end,
      ),
      make('div', { class: 'telling' }, clock, status),
      make('div', { class: 'panes' }, ...panes.map(({ element }) => element)),
      make(
        'table',
        {},
        make('caption', {}, words.outcome),
        make('thead', {}, make('tr', {}, make('td'), ...names.map((name) => make('th', { scope: 'col' }, name)))),
        rows,
      ),
    ),
    reads: ['pair'],
    update({ pair }) {
      if (!pair) return;
      const { timeMs, difference, atEnd, outcome, cursor } = pair;
      clock.textContent = time(timeMs);
      status.textContent = difference?.sentence ?? (atEnd ? words['same-to-the-end'] : words['same-so-far']);
      status.classList.toggle('differs', difference !== undefined);
      back.ariaDisabled = String(cursor === 0);
      step.ariaDisabled = end.ariaDisabled = String(atEnd);
      rows.replaceChildren(
        ...outcome.map(({ name, left, right, differs }) =>
          make(
            'tr',
            { 'data-row': name, class: differs ? 'differs' : '' },
            make('th', { scope: 'row' }, words[`outcome-${name}`]),
            // What is equal is said once.
            ...(differs ? [make('td', {}, left), make('td', {}, right)] : [make('td', { colspan: '2' }, left)]),
          ),
        ),
      );
      for (const { tell } of panes) tell();
    },
    measure() {
      for (const { viewport } of panes) viewport.follow();
    },
    connect(signal) {
      for (const { viewport } of panes) viewport.connect(signal);
    },
  };

  /**
   * @param {Side} side
   * @param {string} name
   */
  function pane(side, name) {
    const run = {
      get cursor() {
        return state.pair?.[`${side}Steps`] ?? 0;
      },
      lab: {
        mount: (/** @type {SVGElement} */ svg) => pair().mount(side, svg),
        draw(/** @type {import('../../pkg/synfin.js').Window} */ window) {
          const { atEnd, difference } = state.pair ?? {};
          // At the end the first difference is marked; before, what happened last.
          const step = difference?.[`${side}Step`];
          return pair().draw(side, atEnd && step !== undefined ? { ...window, step } : window);
        },
      },
    };
    const viewport = new Viewport(
      `${name}: ${words.timeline}`,
      run,
      false,
      (action) => session.attempt(action),
      () => {
        // What two runs share cannot be changed in one of them.
      },
    );
    const sentence = make('p', { class: 'small' });
    return {
      viewport,
      element: make('section', { class: 'pane', 'data-run': side }, make('h2', {}, name), viewport.element, sentence),
      tell() {
        sentence.textContent = pair().sentence(side) || words['nothing-yet'];
      },
    };
  }

  /**
   * @param {string} does
   * @param {string} label
   * @param {(pair: Pair) => import('../store.js').PairReport} go
   */
  function move(does, label, go) {
    return button({ 'data-does': does }, label, () => session.movePair(go));
  }
}

/**
 * The names of both runs.
 *
 * @param {import('../store.js').State} state
 * @param {import('../panels.js').LaterContext['words']} words
 */
function namesOf({ comparison, branches }, words) {
  const other = comparison?.other;
  if (other && 'world' in other) return [words['as-the-rfc-says'], words[other.world]];
  const both = [branches.find(({ current }) => current), branches.find(({ id }) => id === other?.branch)];
  return both.map((branch) => branch?.name ?? '');
}

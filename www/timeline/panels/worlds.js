// @ts-check
/** The worlds in which one thing is otherwise, to compare the run with. */
import { button, make, section } from '../build.js';

/** @type {import('../panels.js').MakeLaterPanel} */
export function worlds({ session, words }) {
  const buttons = session.worlds.map((world) =>
    button({ 'data-world': world }, words[world], () => session.compare({ world })),
  );
  const hint = make('p', { class: 'hint' }, words['compare-hint']);
  return {
    element: section('comparisons', words.compare, hint, make('div', { class: 'calls' }, ...buttons)),
    reads: [],
  };
}

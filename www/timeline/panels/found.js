// @ts-check
/** What has happened in the run, by what was found in it; and, at its end, all of it as a story. */
import { button, make, section } from '../build.js';
import { time } from '../format.js';

/** @typedef {import('../../pkg/synfin.js').FindingView} Finding */

/** How many findings are in the document at most: the last ones. */
const most = 100;

/** @type {import('../panels.js').MakeLaterPanel} */
export function found({ session, words }) {
  const story = make('p', { class: 'story', hidden: true });
  const list = make('ol');
  const nothing = make('p', { class: 'none' }, words['nothing-found']);
  /** What was found, and what can be said besides at the end. @type {{finding: Finding, element: HTMLElement}[]} */
  let entries = [];
  /** @type {HTMLElement[]} */
  let left = [];
  /** The step up to which it was looked for, and what it was. @type {{step: number, view: object | undefined}} */
  let last = { step: 0, view: undefined };

  return {
    element: section('found', words.found, story, list, nothing),
    reads: ['now'],
    update({ now, steps }) {
      const { lab } = session.run;
      // Another branch: what was found may not be there.
      if (last.step > 0 && steps[last.step - 1] !== last.view) last = { step: 0, view: undefined };
      const kept = Math.min(last.step, now.step);
      for (const { element } of entries.filter(({ finding }) => finding.step > kept)) element.remove();
      for (const element of left) element.remove();
      entries = entries.filter(({ finding }) => finding.step <= kept);
      const news = lab.findings(kept);
      entries.push(...news.found.slice(-most).map((finding) => ({ finding, element: entry(finding) })));
      for (const { element } of entries.splice(0, entries.length - most)) element.remove();
      left = news.left.map(entry);
      list.append(...entries.map(({ element }) => element), ...left);
      last = { step: now.step, view: steps[now.step - 1] };
      nothing.hidden = list.hasChildNodes();
      story.hidden = !now.atEnd;
      if (now.atEnd) story.textContent = lab.story();
    },
    // The last one is the news.
    measure() {
      list.scrollTop = list.scrollHeight;
    },
  };

  /** @param {Finding} finding */
  function entry({ step, timeMs, isTrouble, told, cost }) {
    const press = button({ class: 'finding', 'data-found': step }, '', () => session.goTo(step));
    press.append(
      make('span', { class: 'time' }, time(timeMs)),
      make('span', { class: 'what' }, ...(isTrouble ? [make('strong', { class: 'trouble' }, '! ')] : []), told),
      make('span', { class: 'small' }, cost.told),
    );
    return make('li', {}, press);
  }
}

// @ts-check
/** The branches of a run: what was done in the past, and what was there before. Hidden while there is only one. */
import { button, make, section } from '../build.js';

/** @typedef {import('../store.js').BranchView} BranchView */

/** How long a name is at most, in characters. */
const longestName = 40;

/** @type {import('../panels.js').MakeLaterPanel} */
export function branches({ session, words }) {
  const list = make('ol');
  const element = section('branches', words.branches, make('p', { class: 'hint' }, words['branch-hint']), list);
  /** What is listed. */
  let listed = '';

  return {
    element,
    reads: ['branches'],
    update({ branches }) {
      // The entries are kept while nothing of them changes, and with them the focus.
      const now = JSON.stringify(branches.map(({ id, name, after, current }) => [id, name, after, current]));
      if (now === listed) return;
      listed = now;
      const hasChoice = branches.length > 1;
      element.hidden = !hasChoice;
      list.replaceChildren(...(hasChoice ? branches.map(entry) : []));
    },
  };

  /** @param {BranchView} branch */
  function entry(branch) {
    const { id, name, parent, after, current, given } = branch;
    const title = button({ class: 'branch', 'data-branch': id, 'aria-current': current }, name, () => {
      if (!current) session.switchTo(id);
    });
    title.title = current ? words['branch-here'] : words['branch-switch'];
    const facts = [parent === undefined ? '' : `${words['branch-after']} ${after}`, ...given].filter((each) => each !== '');
    const named = make('div', { class: 'named' }, title);
    if (current) named.append(make('span', { class: 'mark' }, words['branch-here']));
    const row = make('div', { class: 'calls' });
    if (!current) {
      row.append(button({ 'data-does': 'compare-branch' }, words['branch-compare'], () => session.compare({ branch: id })));
    }
    row.append(
      button({ 'data-does': 'rename' }, words['branch-rename'], () => rename(named, branch)),
      button({ 'data-does': 'delete' }, words['branch-delete'], () => session.remove(id)),
    );
    return make('li', {}, named, make('p', { class: 'small' }, facts.join(' · ')), row);
  }

  /**
   * Lets a name be typed where it stands. Enter keeps it, Escape keeps the old one.
   *
   * @param {HTMLElement} named where it stands
   * @param {BranchView} branch
   */
  function rename(named, { id, name }) {
    const input = make('input', { type: 'text', value: name, maxlength: longestName, 'aria-label': words['branch-rename'] });
    let isOver = false;
    const end = (/** @type {boolean} */ isKept) => {
      if (isOver) return;
      isOver = true;
      input.replaceWith(named);
      const wanted = input.value.trim();
      if (isKept && wanted !== name && wanted !== '') session.rename(id, wanted);
    };
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') end(true);
      else if (event.key === 'Escape') end(false);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    input.addEventListener('blur', () => end(true));
    named.replaceWith(input);
    input.select();
    input.focus();
  }
}

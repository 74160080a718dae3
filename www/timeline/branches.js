// @ts-check
/** The branches of a run: what was done in the past, and what was there before. Hidden while there is only one. */
import { make } from './build.js';

/**
 * @typedef {import('../pkg/synfin.js').BranchView} Branch
 *
 * @typedef {object} Deeds
 * @property {(id: number) => void} switchTo makes a branch the current one
 * @property {(id: number, name: string) => void} rename
 * @property {(id: number) => void} remove
 * @property {(id: number) => void} compare shows a branch beside the current one
 */

/** How long a name is at most, in characters. */
const longestName = 40;

export class Branches {
  #words;
  #deeds;
  #list = make('ol', {});
  /** What is listed. */
  #listed = '';

  /**
   * @param {import('./words.js').Words} words
   * @param {Deeds} deeds
   */
  constructor(words, deeds) {
    this.#words = words;
    this.#deeds = deeds;
    this.element = make(
      'section',
      { class: 'branches', 'aria-labelledby': 'branches', hidden: true },
      make('h2', { id: 'branches' }, words.branches),
      make('p', { class: 'hint' }, words['branch-hint']),
      this.#list,
    );
  }

  /** @param {Branch[]} branches */
  update(branches) {
    // The entries are kept while nothing of them changes, and with them the focus.
    const listed = JSON.stringify(branches.map(({ id, name, after, current }) => [id, name, after, current]));
    if (listed === this.#listed) return;
    this.#listed = listed;
    const hasChoice = branches.length > 1;
    this.element.hidden = !hasChoice;
    this.#list.replaceChildren(...(hasChoice ? branches.map((each) => this.#entry(each)) : []));
  }

  /** @param {Branch} branch */
  #entry(branch) {
    const words = this.#words;
    const { id, name, parent, after, current, given } = branch;
    const title = make('button', { type: 'button', class: 'branch', 'data-branch': id, 'aria-current': current }, name);
    title.title = current ? words['branch-here'] : words['branch-switch'];
    title.addEventListener('click', () => {
      if (!current) this.#deeds.switchTo(id);
    });
    const facts = [parent === undefined ? '' : `${words['branch-after']} ${after}`, ...given].filter((each) => each !== '');
    const entry = make(
      'li',
      {},
      make('div', { class: 'named' }, title, ...(current ? [make('span', { class: 'mark' }, words['branch-here'])] : [])),
      make('p', { class: 'small' }, facts.join(' · ')),
    );
    const row = make('div', { class: 'calls' });
    if (!current) row.append(this.#button('compare-branch', words['branch-compare'], () => this.#deeds.compare(id)));
    row.append(
      this.#button('rename', words['branch-rename'], () => this.#rename(entry, branch)),
      this.#button('delete', words['branch-delete'], () => this.#deeds.remove(id)),
    );
    entry.append(row);
    return entry;
  }

  /**
   * Lets a name be typed where it stands. Enter keeps it, Escape keeps the old one.
   *
   * @param {HTMLElement} entry
   * @param {Branch} branch
   */
  #rename(entry, { id, name }) {
    const label = this.#words['branch-rename'];
    const input = make('input', { type: 'text', value: name, maxlength: longestName, 'aria-label': label });
    const old = entry.querySelector('.named');
    let isOver = false;
    const end = (/** @type {boolean} */ isKept) => {
      if (isOver) return;
      isOver = true;
      input.replaceWith(...(old ? [old] : []));
      const wanted = input.value.trim();
      if (isKept && wanted !== name && wanted !== '') this.#deeds.rename(id, wanted);
    };
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') end(true);
      else if (event.key === 'Escape') end(false);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    input.addEventListener('blur', () => end(true));
    old?.replaceWith(input);
    input.select();
    input.focus();
  }

  /**
   * @param {string} does
   * @param {string} label
   * @param {() => void} press
   */
  #button(does, label, press) {
    const button = make('button', { type: 'button', 'data-does': does }, label);
    button.addEventListener('click', press);
    return button;
  }
}

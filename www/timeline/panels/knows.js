// @ts-check
/** Who knows what: how sure each side is of each fact, by which segment, and why. */
import { button, make, section } from '../build.js';
import { chooseSegment, segmentButton } from '../segment.js';
import { segmentOf } from '../store.js';

/**
 * @typedef {import('../../pkg/synfin.js').FactView} Fact
 * @typedef {import('../../pkg/synfin.js').SideView} Side
 */

/** @type {readonly Side[]} */
const sides = ['client', 'server'];

/**
 * The rows that belong together, by the name of their heading: the usual account of the handshake, that of the RFC, and what comes
 * after it. A row is a fact, by which the module calls it; or of each side another one, where it is the same to whoever looks.
 */
const groups = /** @type {const} */ ([
  [
    'knows-directions',
    [
      { title: 'client-sends', client: 'me-to-peer', server: 'peer-to-me' },
      { title: 'server-sends', client: 'peer-to-me', server: 'me-to-peer' },
    ],
  ],
  ['knows-agreement', ['peer-number', 'peer-has-number', 'peer-wants-this', 'peer-knows-number']],
  ['knows-data', ['peer-has-text', 'application-read']],
  ['knows-end', ['peer-knows-end', 'peer-ended', 'peer-knows-end-seen', 'network-clean', 'peer-gone']],
]);

/** What stands for a level where no segment does, and in the key. @type {Record<Fact['level'], string>} */
const marks = { unknown: '?', seems: '', sure: '✓', cannot: '—', deceived: '!' };

/** @type {import('../panels.js').MakeLaterPanel} */
export function knows({ session, words }) {
  /** @type {Map<string, string>} */
  const levels = new Map();
  const heads = sides.map(() => make('th', { scope: 'col' }));
  const table = make('table', {}, make('thead', {}, make('tr', {}, make('td'), ...heads)));
  const rows = groups.flatMap(([name, facts]) => {
    const made = facts.map((fact) =>
      typeof fact === 'string' ? row('', fact, fact) : row(words[fact.title], fact.client, fact.server),
    );
    const heading = make('tr', {}, make('th', { colspan: 3, scope: 'rowgroup' }, words[name]));
    table.append(make('tbody', {}, heading, ...made.flatMap(({ elements }) => elements)));
    return made;
  });
  table.addEventListener('click', (event) => chooseSegment(event, session));
  // Every level has its name where it is met; this is for eyes.
  const key = make('ul', { class: 'key', 'aria-hidden': 'true' });

  return {
    element: section('knows', words.knows, make('p', { class: 'hint' }, words['knows-hint']), table, key),
    reads: ['now'],
    update({ now }) {
      const known = session.run.lab.knows();
      if (levels.size === 0) {
        for (const { id, title } of known.levels) levels.set(id, title);
        const swatch = (/** @type {string} */ id) =>
          make('span', { class: `level ${id}` }, marks[/** @type {Fact['level']} */ (id)]);
        key.append(...known.levels.map(({ id, title }) => make('li', {}, swatch(id), title)));
      }
      const titles = new Map(known.facts.map(({ id, title }) => [id, title]));
      const ledgers = sides.map((side) => known[side].at(-1));
      for (const [index, head] of heads.entries()) {
        const number = ledgers[index]?.connection ?? 1;
        head.textContent = number > 1 ? `${words[sides[index]]} ${number}` : words[sides[index]];
        head.title = `${words.connection} ${number}`;
      }
      for (const { show } of rows) {
        show(titles, ledgers.map((ledger) => new Map(ledger?.facts.map((fact) => [fact.id, fact]))), now.step);
      }
    },
  };

  /**
   * @param {string} name if the module does not say it
   * @param {string[]} ids of the fact, for each side
   */
  function row(name, ...ids) {
    const title = make('th', { scope: 'row' }, name);
    const why = make('td', { colspan: 3 });
    const reason = make('tr', { class: 'reason', hidden: true }, why);
    /** What each side knows. @type {(Fact | undefined)[]} */
    let facts = [];
    /** Of which side the reason is shown. @type {number | undefined} */
    let shown;
    const cells = sides.map((_, index) => {
      const ask = () => {
        shown = shown === index ? undefined : index;
        tell();
      };
      return button({}, '', ask);
    });
    const elements = [make('tr', {}, title, ...cells.map((cell) => make('td', {}, cell))), reason];
    return { elements, show };

    function tell() {
      reason.hidden = shown === undefined;
      if (shown !== undefined) {
        const fact = facts[shown];
        const told = fact?.why ?? words['no-connection'];
        const proof = fact?.segment && segmentOf(session.state, fact.segment);
        // What stays the same is kept, and with it the focus.
        if (why.firstChild?.textContent !== told) why.replaceChildren(told, ...(proof ? [' ', segmentButton(proof)] : []));
      }
      for (const [index, cell] of cells.entries()) cell.ariaExpanded = String(index === shown);
    }

    /**
     * @param {Map<string, string>} titles of all facts
     * @param {Map<string, Fact>[]} ledgers of both sides
     * @param {number} step
     */
    function show(titles, ledgers, step) {
      if (name === '') title.textContent = titles.get(ids[0]) ?? '';
      facts = ledgers.map((ledger, index) => ledger.get(ids[index]));
      for (const [index, cell] of cells.entries()) {
        const fact = facts[index];
        const level = fact?.level ?? 'unknown';
        const isChanged = fact !== undefined && step > 0 && fact.step === step;
        const number = fact?.segment && level !== 'unknown' ? `#${fact.segment}` : '';
        const mark = number === '' || level === 'deceived' ? marks[level] : '';
        cell.className = `level ${level}${isChanged ? ' changed' : ''}`;
        cell.replaceChildren(make('span', {}, `${mark} ${number}`.trim()));
        cell.ariaLabel = `${words[sides[index]]} ${levels.get(level)} ${number}`.trim();
      }
      tell();
    }
  }
}

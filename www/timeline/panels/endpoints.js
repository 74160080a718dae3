// @ts-check
/** Both ends: the state, the variables of the connections, and what can be done there. */
import { button, make, section } from '../build.js';
import { time } from '../format.js';

/**
 * @typedef {import('../../pkg/synfin.js').ConnectionView} Connection
 * @typedef {import('../../pkg/synfin.js').HostView} Host
 * @typedef {import('../../pkg/synfin.js').SideView} Side
 * @typedef {import('../panels.js').LaterContext} Context
 */

/** @type {readonly Side[]} */
const sides = ['client', 'server'];

/** @type {import('../panels.js').MakeLaterPanel} */
export function endpoints(context) {
  const both = sides.map((side) => ({ side, ...endpoint(context, side) }));
  return {
    element: section('endpoints', context.words.endpoints, ...both.map(({ element }) => element)),
    reads: ['now'],
    update({ now, before }) {
      for (const { side, update } of both) update(now[side], before?.[side]);
    },
  };
}

/**
 * @param {Context} context
 * @param {Side} side
 */
function endpoint({ session, words }, side) {
  const state = make('strong', { class: 'state' });
  const resources = make('p', { class: 'resources', hidden: true });
  const connections = make('div', { class: 'connections' });
  const calls = make('div', { class: 'calls', role: 'group', 'aria-label': `${words[side]}: ${words['user-calls']}` });
  /** What is offered. */
  let offered = '';

  return {
    element: make(
      'section',
      { class: `endpoint ${side}`, 'aria-labelledby': side },
      make('header', {}, make('h3', { id: side }, words[side]), state),
      resources,
      connections,
      calls,
    ),
    /**
     * @param {Host} host
     * @param {Host | undefined} before what it was before the last step
     */
    update(host, before) {
      state.textContent = host.state;
      state.className = `state state-${host.state.toLowerCase()}`;
      state.classList.toggle('changed', before !== undefined && before.state !== host.state);
      state.title = host.meaning;
      tellResources(host);
      const entries = host.connections.map((each) => {
        const old = before?.connections.find(({ id }) => id === each.id);
        return entry(each, before && (old ?? 'new'), host.connections.length > 1);
      });
      if (entries.length === 0) entries.push(make('p', { class: 'none' }, words['no-connection']));
      connections.replaceChildren(...entries);
      offer(host);
    },
  };

  /**
   * @param {Connection} connection
   * @param {Connection | 'new' | undefined} before `undefined` if nothing is to be compared
   * @param {boolean} isOneOfMany
   */
  function entry(connection, before, isOneOfMany) {
    const old = new Map(before && before !== 'new' ? facts(before).map(([name, text]) => [name, text]) : []);
    const list = make('dl');
    for (const [name, text, attributes] of facts(connection)) {
      const was = old.get(name);
      const isChanged = before !== undefined && was !== text;
      const dd = make('dd', {}, isChanged ? make('strong', {}, text) : text);
      if (isChanged && was !== undefined) dd.prepend(make('span', { class: 'was' }, `${was} → `));
      list.append(make('div', { class: isChanged ? 'changed' : '' }, make('dt', attributes, name), dd));
    }
    if (!isOneOfMany) return list;
    const name = `${words.connection} ${connection.id}: ${connection.local} – ${connection.remote} `;
    return make(
      'section',
      { class: 'connection' },
      make('h4', {}, name, make('span', { class: 'small' }, connection.state)),
      list,
    );
  }

  /**
   * @param {Connection} of
   * @returns {(readonly [name: string, value: string, attributes?: Record<string, string>])[]}
   */
  function facts(of) {
    return [
      ...of.variables.map(
        (each) =>
          /** @type {const} */ ([
            each.name,
            each.unit === 'flag' ? words.yes : value(each),
            { class: 'variable', translate: 'no', title: words[/** @type {keyof typeof words} */ (each.name)] },
          ]),
      ),
      /** @type {const} */ ([words.unsent, octets(of.unsent), { title: words['unsent-meaning'] }]),
      /** @type {const} */ ([words.unread, octets(of.unread), { title: words['unread-meaning'] }]),
      /** @type {const} */ ([words['held-octets'], octets(of.held)]),
      /** @type {const} */ ([words.unacknowledged, of.unacknowledged.join('\n')]),
      ...of.timers.map((each) => /** @type {const} */ ([each.title, time(each.deadlineMs)])),
    ].filter(([, text]) => text !== '');
  }

  /**
   * What the host holds, where that is more than the connection that is shown.
   *
   * @param {Host} host
   */
  function tellResources({ up, requests, waiting, halfOpen, ghosts, memory }) {
    const counted = /** @type {const} */ ([
      [requests, words.requests],
      [waiting, words.waiting],
      [halfOpen, words['half-open']],
      [ghosts, words.ghosts],
    ]).filter(([count]) => count > 0);
    const facts = up ? counted.map(([count, name]) => `${name} ${count}`) : [words['host-down']];
    if (counted.length > 0) facts.push(`${memory} B`);
    resources.hidden = facts.length === 0;
    resources.textContent = `${words['host-resources']}: ${facts.join(' · ')}`;
  }

  /** @param {Host} host */
  function offer({ offers }) {
    const lines = offers.map(({ line }) => line).join('\n');
    // The buttons are kept while they stay the same, and with them the focus.
    if (lines === offered) return;
    offered = lines;
    calls.replaceChildren(
      ...offers.map(({ name, line }) => button({ 'data-call': name }, words[`call-${name}`], () => session.say(line))),
    );
  }
}

/** @param {number} count @returns {string} nothing if there are none */
function octets(count) {
  return count > 0 ? String(count) : '';
}

/**
 * The value of a variable with its unit.
 *
 * @param {import('../../pkg/synfin.js').Variable} variable
 */
function value({ value: number, unit }) {
  return unit === 'milliseconds' ? time(number) : String(number);
}

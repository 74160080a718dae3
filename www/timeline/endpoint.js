// @ts-check
/** What one side knows: its state, the variables of its connections, and what its user can do. */
import { make } from './build.js';
import { time, value } from './format.js';

/**
 * @typedef {import('../pkg/synfin.js').ConnectionView} Connection
 * @typedef {import('../pkg/synfin.js').HostView} Host
 */

export class Endpoint {
  #words;
  #inject;
  #state = make('strong', { class: 'state' });
  #meaning = make('p', { class: 'meaning' });
  #resources = make('p', { class: 'resources', hidden: true });
  #connections = make('div', { class: 'connections' });
  #calls = make('div', { class: 'calls', role: 'group' });
  /** What is offered. */
  #offered = '';

  /**
   * @param {import('./words.js').Words} words
   * @param {'client' | 'server'} side
   * @param {(line: string) => void} inject does what a line of script says
   */
  constructor(words, side, inject) {
    this.#words = words;
    this.#inject = inject;
    const heading = make('h3', { id: side }, words[side]);
    this.#calls.setAttribute('aria-label', `${words[side]}: ${words['user-calls']}`);
    this.element = make(
      'section',
      { class: `endpoint ${side}`, 'aria-labelledby': side },
      make('header', {}, heading, this.#state),
      this.#meaning,
      this.#resources,
      this.#connections,
      this.#calls,
    );
  }

  /**
   * @param {Host} host
   * @param {Host | undefined} before what it was before the last step
   */
  update(host, before) {
    this.#state.textContent = host.state;
    this.#state.className = `state state-${host.state.toLowerCase()}`;
    this.#state.classList.toggle('changed', before !== undefined && before.state !== host.state);
    this.#meaning.textContent = host.meaning;
    this.#tellResources(host);
    const connections = host.connections.map((each) => {
      const old = before?.connections.find(({ id }) => id === each.id);
      return this.#connection(each, before && (old ?? 'new'), host.connections.length > 1);
    });
    if (connections.length === 0) connections.push(make('p', { class: 'none' }, this.#words['no-connection']));
    this.#connections.replaceChildren(...connections);
    this.#offer(host);
  }

  /**
   * @param {Connection} connection
   * @param {Connection | 'new' | undefined} before `undefined` if nothing is to be compared
   * @param {boolean} isOneOfMany
   */
  #connection(connection, before, isOneOfMany) {
    const words = this.#words;
    const facts = (/** @type {Connection} */ of) =>
      /** @type {[name: string, value: string, attributes?: Record<string, string>][]} */ ([
        ...of.variables.map((each) => [
          each.name,
          each.unit === 'flag' ? words.yes : value(each),
          { class: 'variable', translate: 'no', title: words[/** @type {keyof typeof words} */ (each.name)] },
        ]),
        ...(of.unsent > 0 ? [[words.unsent, String(of.unsent), { title: words['unsent-meaning'] }]] : []),
        ...(of.unread > 0 ? [[words.unread, String(of.unread), { title: words['unread-meaning'] }]] : []),
        ...(of.held > 0 ? [[words['held-octets'], String(of.held)]] : []),
        ...(of.unacknowledged.length > 0 ? [[words.unacknowledged, of.unacknowledged.join('\n')]] : []),
        ...of.timers.map((each) => [each.title, time(each.deadlineMs)]),
      ]);
    const old = new Map(before && before !== 'new' ? facts(before).map(([name, text]) => [name, text]) : []);
    const list = make('dl', {});
    for (const [name, text, attributes] of facts(connection)) {
      const was = old.get(name);
      const isChanged = before !== undefined && was !== text;
      const dd = make('dd', {}, isChanged ? make('strong', {}, text) : text);
      if (isChanged && was !== undefined) dd.prepend(make('span', { class: 'was' }, `${was} → `));
      list.append(
        make(
          'div',
          { class: isChanged ? 'changed' : '' },
          make('dt', attributes ?? {}, name),
          dd,
        ),
      );
    }
    if (!isOneOfMany) return list;
    return make(
      'section',
      { class: 'connection' },
      make('h4', {}, `${connection.local} – ${connection.remote} `, make('span', { class: 'small' }, connection.state)),
      list,
    );
  }

  /**
   * What the host holds, where that is more than the connection that is shown.
   *
   * @param {Host} host
   */
  #tellResources({ up, requests, waiting, halfOpen, ghosts, memory }) {
    const words = this.#words;
    const counted = /** @type {const} */ ([
      [requests, words.requests],
      [waiting, words.waiting],
      [halfOpen, words['half-open']],
      [ghosts, words.ghosts],
    ]).filter(([count]) => count > 0);
    const facts = up
      ? counted.map(([count, name]) => `${count} ${name}`)
      : [words['host-down']];
    if (counted.length > 0) facts.push(`${memory} B`);
    this.#resources.hidden = facts.length === 0;
    this.#resources.textContent = `${words['host-resources']}: ${facts.join(' · ')}`;
  }

  /** @param {Host} host */
  #offer({ offers }) {
    const lines = offers.map(({ line }) => line).join('\n');
    // The buttons are kept while they stay the same, and with them the focus.
    if (lines === this.#offered) return;
    this.#offered = lines;
    this.#calls.replaceChildren(
      ...offers.map(({ name, line }) => {
        const button = make('button', { type: 'button', 'data-call': name }, this.#words[`call-${name}`]);
        button.addEventListener('click', () => this.#inject(line));
        return button;
      }),
    );
  }
}

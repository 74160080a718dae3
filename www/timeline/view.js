// @ts-check
/** All parts of the element in one language, and what each is told when the run has moved. */
import { Branches } from './branches.js';
import { make } from './build.js';
import { Controls } from './controls.js';
import { Endpoint } from './endpoint.js';
import { time } from './format.js';
import { InFlight } from './in-flight.js';
import { Picture } from './picture.js';
import { Prompt } from './prompt.js';
import { SegmentMenu } from './segment-menu.js';
import { Steps } from './steps.js';

export class View {
  #words;
  #session;
  #clock = make('span', { class: 'clock' });
  #status = make('p', { class: 'status', role: 'status' });
  #alert = make('div', { class: 'alert', role: 'alert', hidden: true });
  #side;

  /**
   * @param {import('./words.js').Speech} speech
   * @param {import('./session.js').Session} session
   * @param {boolean} hasPoster whether the element's children show the story as a whole
   * @param {(speed: number) => void} setSpeed
   * @param {(other: import('./comparison.js').Other) => void} compare shows this run beside another
   */
  constructor({ language, words }, session, hasPoster, setSpeed, compare) {
    this.#words = words;
    this.#session = session;
    const { run } = session;
    const say = (/** @type {string} */ line) => session.inject(line);
    const choose = (/** @type {number} */ segment, /** @type {DOMRect} */ at) => this.#open(segment, at);

    this.menu = new SegmentMenu(words, (injection) => session.inject(injection));
    this.picture = new Picture(words, run, hasPoster, (action) => session.attempt(action), choose);
    this.inFlight = new InFlight(words, choose);
    this.controls = new Controls(words, {
      reset: () => session.reset(),
      back: () => session.back(),
      toggle: () => session.toggle(),
      step: () => session.step(),
      hurry: () => session.hurry(),
      setSpeed,
    });
    this.client = new Endpoint(words, 'client', say);
    this.server = new Endpoint(words, 'server', say);
    this.prompt = new Prompt(words, session.draft, say);
    this.branches = new Branches(words, {
      switchTo: (id) => session.switchTo(id),
      rename: (id, name) => session.rename(id, name),
      remove: (id) => session.remove(id),
      compare: (id) => compare({ branch: id }),
    });
    const comparisons = session.worlds.map((world) => {
      const button = make('button', { type: 'button', 'data-world': world }, words[world]);
      button.addEventListener('click', () => compare({ world }));
      return button;
    });
    this.steps = new Steps(words, language, run, (step) => session.goTo(step), choose);
    run.takeKept();

    this.#side = make(
      'div',
      { class: 'side' },
      make(
        'div',
        { class: 'column' },
        make(
          'section',
          { class: 'endpoints', 'aria-labelledby': 'endpoints' },
          make('h2', { id: 'endpoints' }, words.endpoints),
          this.client.element,
          this.server.element,
        ),
        this.branches.element,
        this.prompt.element,
        make(
          'section',
          { class: 'comparisons', 'aria-labelledby': 'comparisons' },
          make('h2', { id: 'comparisons' }, words.compare),
          make('p', { class: 'hint' }, words['compare-hint']),
          make('div', { class: 'calls' }, ...comparisons),
        ),
      ),
      this.steps.element,
    );
    this.element = make(
      'div',
      { class: 'lab synfin-picture', lang: language },
      this.controls.element,
      make(
        'div',
        { class: 'stage' },
        make('div', { class: 'telling' }, this.#clock, this.#status, this.#alert),
        this.picture.element,
        this.inFlight.element,
        make('p', { class: 'hint' }, words['keyboard-help']),
      ),
      this.#side,
      this.menu.element,
    );
  }

  /** Shows the run as it is now. */
  update() {
    const { run, player } = this.#session;
    this.#alert.hidden = true;
    this.showTime(run.time);
    this.#status.textContent = this.sentence;
    this.controls.update(run, player.isPlaying);
    this.client.update(run.now.client, run.before?.client);
    this.server.update(run.now.server, run.before?.server);
    this.prompt.update(run.now.examples, this.sentence);
    this.inFlight.update(run.now.inFlight, run.isAtEnd);
    this.branches.update(run.branches);
    this.steps.update(run.takeKept());
    this.picture.follow();
  }

  /** @param {number} ms */
  showTime(ms) {
    this.#clock.textContent = time(ms);
  }

  /** What happened last, in one sentence. */
  get sentence() {
    const { run } = this.#session;
    return (run.cursor > 0 && run.current?.summary) || this.#words['nothing-yet'];
  }

  /** Shows whether the run is played. */
  updatePlaying() {
    const { run, player } = this.#session;
    this.controls.update(run, player.isPlaying);
  }

  /** @param {Error & {code: string}} error */
  refuse(error) {
    if (!this.prompt.refuse(error)) this.warn(error.message);
  }

  /** @param {string} message */
  warn(message) {
    this.#alert.replaceChildren(make('p', {}, message));
    this.#alert.hidden = false;
  }

  /**
   * Says that the lab has failed, and offers to begin again.
   *
   * @param {() => void} again
   */
  breakDown(again) {
    const button = make('button', { type: 'button', 'data-does': 'again' }, this.#words.reset);
    button.addEventListener('click', again);
    this.#alert.replaceChildren(make('p', {}, this.#words.crashed), button);
    this.#alert.hidden = false;
    this.element.classList.add('broken');
    for (const part of [this.controls.element, this.picture.element, this.inFlight.element, this.#side]) part.inert = true;
    button.focus();
  }

  /**
   * @param {number} segment
   * @param {DOMRect} at
   */
  #open(segment, at) {
    const { run, player } = this.#session;
    player.pause();
    const known = run.segment(segment);
    if (!known) return;
    // What lies ahead of the run is known as it was; by how much its window counts is known again when the run is there.
    this.menu.open(known, run.lab.windowOf(segment) ?? known.window, run.fate(segment), at);
  }
}

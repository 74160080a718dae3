// @ts-check
/**
 * One run of a story: the lab, and what it says about where the run is, which goes into the store.
 *
 * Steps after the present one stay known when the run goes back, because going forward repeats them; only what is done to it,
 * and another branch, changes what comes after.
 */
import { Store } from './store.js';

/**
 * @typedef {import('../pkg/synfin.js').Lab} Lab
 * @typedef {import('../pkg/synfin.js').Report} Report
 * @typedef {import('../pkg/synfin.js').Snapshot} Snapshot
 *
 * @typedef {{script: string, story?: string} | {link: string, text: string | undefined, script: string | undefined}} Source a script,
 *   with its story if it is one of the catalogue; or a whole run as the fragment of a URL, what it has packed, and the script of
 *   the story that it names
 */

/** How many steps `forward` takes before it looks at the clock. */
const stepsAtOnce = 64;

export class Run {
  #synfin;
  /** The words for what is told of a run, once they are there. @type {string | undefined} */
  #insight;

  /**
   * @param {import('./loader.js').Synfin} synfin
   * @param {Source} source
   * @param {import('./words.js').Speech} speech
   * @param {Pick<import('./store.js').State, 'speed' | 'hasPoster'>} shown
   */
  constructor(synfin, source, speech, shown) {
    this.#synfin = synfin;
    const { language, core } = speech;
    this.lab =
      'link' in source
        ? synfin.Lab.fromPermalink(source.link, source.text, language, core, source.script)
        : new synfin.Lab(source.script, language, core, source.story);
    const { steps, nextMs } = this.lab.report(0);
    const now = this.lab.snapshot();
    this.store = new Store({
      speech,
      steps,
      now,
      before: undefined,
      time: now.timeMs,
      next: nextMs,
      branches: this.lab.branches(),
      isPlaying: false,
      selection: undefined,
      comparison: undefined,
      pair: undefined,
      alert: undefined,
      isBroken: false,
      draft: '',
      isTyped: false,
      ...shown,
    });
  }

  /** Takes the next step. */
  step() {
    this.#arrive(this.lab.step(), this.store.state.now);
  }

  /**
   * Goes to just after a step.
   *
   * @param {number} step
   */
  goTo(step) {
    if (step <= 0) {
      this.#arrive(this.lab.seek(0));
      return;
    }
    // One step less first, so that what this step changed can be told.
    this.#absorb(this.lab.seek(step - 1));
    const before = this.lab.snapshot();
    this.#arrive(this.lab.step(), before);
  }

  /**
   * Takes steps until there is none or so much time has passed.
   *
   * @param {number} budget in milliseconds
   */
  forward(budget) {
    const end = performance.now() + budget;
    let { step, atEnd } = this.store.state.now;
    while (!atEnd && performance.now() < end) {
      ({ step, atEnd } = this.#absorb(this.lab.seek(step + stepsAtOnce)));
    }
    this.goTo(step);
  }

  /**
   * Makes a branch the current one.
   *
   * @param {number} id
   */
  switchTo(id) {
    this.#replace(this.lab.switchBranch(id));
  }

  /**
   * Deletes a branch.
   *
   * @param {number} id
   */
  remove(id) {
    this.#replace(this.lab.deleteBranch(id));
  }

  /**
   * @param {number} id of a branch
   * @param {string} name
   */
  rename(id, name) {
    this.lab.renameBranch(id, name);
    this.store.change({ branches: this.lab.branches(), alert: undefined });
  }

  /**
   * Does what a line of script says.
   *
   * @param {string} line
   */
  say(line) {
    this.#replace(this.lab.inject(line), this.store.state.now);
  }

  /**
   * Says everything in another language.
   *
   * @param {import('./words.js').Speech} speech
   */
  setSpeech(speech) {
    const { state } = this.store;
    this.lab.setLanguage(speech.language, speech.core);
    this.#insight = undefined;
    this.lab.seek(state.steps.length);
    state.steps = this.lab.report(0).steps;
    state.speech = speech;
    this.goTo(state.now.step);
  }

  /**
   * Takes the words for what is told of the run.
   *
   * @param {string} words
   */
  learn(words) {
    this.lab.addWords(words);
    this.#insight = words;
  }

  /** Begins the story anew, without what was done to it. */
  restart() {
    const { language, core } = this.store.state.speech;
    const fresh = new this.#synfin.Lab(this.lab.script(), language, core, this.lab.storyId);
    this.lab.free();
    this.lab = fresh;
    if (this.#insight) this.learn(this.#insight);
    this.#replace(fresh.report(0));
  }

  free() {
    this.lab.free();
  }

  /**
   * The run goes on from where it was the same as before.
   *
   * @param {Report} report
   * @param {Snapshot} [before]
   */
  #replace(report, before) {
    const { steps } = this.store.state;
    steps.length = Math.min(steps.length, report.kept);
    this.#arrive(report, before);
  }

  /**
   * The run is where it was to go.
   *
   * @param {Report} report
   * @param {Snapshot} [before]
   */
  #arrive(report, before) {
    const { step, timeMs, nextMs } = this.#absorb(report);
    const { steps } = this.store.state;
    const next = steps[step]?.timeMs ?? nextMs;
    const now = this.lab.snapshot();
    this.store.change({ steps, now, before, time: timeMs, next, branches: this.lab.branches(), alert: undefined });
  }

  /**
   * Steps that are known already are the same when they are repeated.
   *
   * @param {Report} report
   */
  #absorb(report) {
    const { steps } = this.store.state;
    steps.push(...report.steps.slice(Math.max(0, steps.length - report.kept)));
    return report;
  }
}

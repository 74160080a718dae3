// @ts-check
/**
 * One run of a story: the lab, the steps that are known, and where among them the run is.
 *
 * Steps after the cursor stay known when the run goes back, because going forward repeats them; only what is injected, and
 * another branch, changes what comes after.
 */

/**
 * @typedef {import('../pkg/synfin.js').Injection} Injection
 * @typedef {import('../pkg/synfin.js').Deed} Deed
 * @typedef {import('../pkg/synfin.js').Report} Report
 * @typedef {import('../pkg/synfin.js').SegmentView} SegmentView
 * @typedef {import('../pkg/synfin.js').Snapshot} Snapshot
 * @typedef {import('../pkg/synfin.js').StepView} StepView
 *
 * @typedef {{script: string, story?: string} | {link: string, text: string | undefined, script: string | undefined}} Source a script,
 *   with its story if it is one of the catalogue; or a whole run as the fragment of a URL, what it has packed, and the script of
 *   the story that it names
 */

/** How many steps `forward` takes before it looks at the clock. */
const stepsAtOnce = 64;

export class Run {
  /** Step `n` is at `n - 1`. @type {StepView[]} */
  steps = [];
  /** The number of the step that happened last; 0 at the start. */
  cursor = 0;
  /** In milliseconds. */
  time = 0;
  /** Whether nothing is left to happen. */
  isAtEnd = false;
  /** How many steps are the same as when `takeKept` was last asked. */
  #kept = 0;
  /** How things stand just before the step at the cursor. @type {Snapshot | undefined} */
  before;
  /** @type {number | undefined} */
  #next;
  #synfin;
  #speech;

  /**
   * @param {import('./loader.js').Synfin} synfin
   * @param {Source} source
   * @param {import('./words.js').Speech} speech
   */
  constructor(synfin, source, speech) {
    this.#synfin = synfin;
    this.#speech = speech;
    const { language, core } = speech;
    this.lab =
      'link' in source
        ? synfin.Lab.fromPermalink(source.link, source.text, language, core, source.script)
        : new synfin.Lab(source.script, language, core, source.story);
    this.#absorb(this.lab.report(0));
    this.now = this.lab.snapshot();
  }

  /** The step at the cursor; `undefined` at the start. */
  get current() {
    return this.steps.at(this.cursor - 1);
  }

  /** When the next step happens, in milliseconds; `undefined` if none does. */
  get next() {
    return this.steps[this.cursor]?.timeMs ?? this.#next;
  }

  /** Takes the next step. */
  step() {
    this.before = this.now;
    this.#absorb(this.lab.step());
    this.now = this.lab.snapshot();
  }

  /**
   * Goes to just after a step.
   *
   * @param {number} step
   */
  goTo(step) {
    if (step <= 0) {
      this.#absorb(this.lab.seek(0));
      this.now = this.lab.snapshot();
      this.before = undefined;
    } else {
      // One step less first, so that what this step changed can be told.
      this.#absorb(this.lab.seek(step - 1));
      this.now = this.lab.snapshot();
      this.step();
    }
  }

  /**
   * Takes steps until there is none or so much time has passed.
   *
   * @param {number} budget in milliseconds
   */
  forward(budget) {
    const end = performance.now() + budget;
    while (!this.isAtEnd && performance.now() < end) this.#absorb(this.lab.seek(this.cursor + stepsAtOnce));
    this.goTo(this.cursor);
  }

  /** @returns {import('../pkg/synfin.js').BranchView[]} */
  get branches() {
    return this.lab.branches();
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
   * Does something to the run. What was known to come after it stays on its own branch.
   *
   * @param {Injection} injection
   */
  inject(injection) {
    const report = this.lab.inject(injection);
    this.before = this.now;
    this.#forget(report.kept);
    this.#absorb(report);
    this.now = this.lab.snapshot();
  }

  /**
   * Says everything in another language.
   *
   * @param {import('./words.js').Speech} speech
   */
  setSpeech(speech) {
    const { cursor } = this;
    this.#speech = speech;
    this.lab.setLanguage(speech.language, speech.core);
    this.lab.seek(this.steps.length);
    this.#forget(0);
    this.#absorb(this.lab.report(0));
    this.goTo(cursor);
  }

  /** Begins the story anew, without what was injected. */
  restart() {
    const { language, core } = this.#speech;
    const fresh = new this.#synfin.Lab(this.lab.script(), language, core, this.lab.story);
    this.lab.free();
    this.lab = fresh;
    this.#forget(0);
    this.#absorb(fresh.report(0));
    this.now = fresh.snapshot();
    this.before = undefined;
  }

  /** How many of the known steps are still the same as when this was last asked. */
  takeKept() {
    const kept = this.#kept;
    this.#kept = Number.POSITIVE_INFINITY;
    return kept;
  }

  /**
   * A segment as it was when it left.
   *
   * @param {number} id
   * @returns {SegmentView | undefined}
   */
  segment(id) {
    return this.steps.flatMap(({ sent }) => sent).find((segment) => segment.id === id);
  }

  /**
   * What has become of a segment by now.
   *
   * @param {number} id
   * @returns {{fate: 'in-flight' | 'arrived', at: number} | {fate: 'held' | 'lost'}}
   */
  fate(id) {
    const copies = this.lab.copiesOf(id) ?? [];
    for (const copy of copies) if (copy.fate === 'in-flight') return { fate: 'in-flight', at: copy.dueMs };
    if (copies.some((copy) => copy.fate === 'held')) return { fate: 'held' };
    for (const copy of copies) if (copy.fate === 'arrived') return { fate: 'arrived', at: copy.atMs };
    return { fate: 'lost' };
  }

  free() {
    this.lab.free();
  }

  /** @param {Report} report on a branch that may be another one */
  #replace(report) {
    this.#forget(report.kept);
    this.#absorb(report);
    this.now = this.lab.snapshot();
    this.before = undefined;
  }

  /** @param {number} kept */
  #forget(kept) {
    this.steps.length = Math.min(this.steps.length, kept);
    this.#kept = Math.min(this.#kept, kept);
  }

  /** @param {Report} report */
  #absorb(report) {
    // Steps that are known already are the same when they are repeated.
    this.steps.push(...report.steps.slice(Math.max(0, this.steps.length - report.kept)));
    this.cursor = report.step;
    this.time = report.timeMs;
    this.isAtEnd = report.atEnd;
    this.#next = report.nextMs;
  }
}

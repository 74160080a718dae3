// @ts-check
/** Everything that can be asked of a run, of two that are compared, and of what is shown; and what becomes of what goes wrong. */
import { Player } from './player.js';
import { Run } from './run.js';
import { segmentOf } from './store.js';

/**
 * @typedef {import('../pkg/synfin.js').Pair} Pair
 * @typedef {import('../pkg/synfin.js').PairReport} PairReport
 * @typedef {import('./store.js').Other} Other
 *
 * @typedef {object} Witness who is told what concerns the world around
 * @property {(isDeed: boolean) => void} moved the run went somewhere; or what happens in it was changed
 * @property {(error: Error & {code: string}) => void} refused something is not possible; nothing has changed
 * @property {(error: unknown) => void} broke the lab has failed
 * @property {(speed: number) => void} setSpeed
 * @property {() => void} beginAgain
 */

export class Session {
  #synfin;
  #witness;
  /** Two runs, while they are compared. @type {Pair | undefined} */
  #pair;

  /**
   * @param {import('./loader.js').Synfin} synfin
   * @param {import('./run.js').Source} source
   * @param {import('./words.js').Speech} speech
   * @param {Pick<import('./store.js').State, 'speed' | 'hasPoster'>} shown
   * @param {Witness} witness
   */
  constructor(synfin, source, speech, shown, witness) {
    this.#synfin = synfin;
    this.#witness = witness;
    this.run = new Run(synfin, source, speech, shown);
    this.store = this.run.store;
    this.player = new Player(this.store, {
      step: () => this.#move(() => this.run.step()),
      forward: (budget) => this.#move(() => this.run.forward(budget)),
    });
  }

  get state() {
    return this.store.state;
  }

  /** The worlds with which the run can be compared. */
  get worlds() {
    return this.#synfin.worlds();
  }

  step() {
    this.player.pause();
    this.#move(() => this.run.step());
  }

  back() {
    this.goTo(this.state.now.step - 1);
  }

  /** @param {number} step */
  goTo(step) {
    this.player.pause();
    this.#move(() => this.run.goTo(step));
  }

  /** Plays, or pauses. At the end it plays again from the start. */
  toggle() {
    if (this.state.isPlaying) {
      this.player.pause();
      return;
    }
    if (this.state.now.atEnd) this.#move(() => this.run.goTo(0));
    this.player.play();
  }

  hurry() {
    this.player.hurry();
  }

  /** The story from its start, without what was done to it. */
  reset() {
    this.#do(() => this.run.restart());
  }

  /** Begins again after a failure. */
  beginAgain() {
    this.#witness.beginAgain();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.#witness.setSpeed(speed);
  }

  /**
   * Does what a line of script says. What was known to come after it stays on its own branch.
   *
   * @param {string} line
   * @returns {boolean} whether it was done
   */
  say(line) {
    return this.#do(() => this.run.say(line));
  }

  /**
   * Does what somebody typed, if it can be done; then it is no draft any more.
   *
   * @param {string} line
   */
  type(line) {
    this.state.isTyped = true;
    if (this.say(line)) this.state.draft = '';
    this.state.isTyped = false;
  }

  /** @param {number} id of a branch */
  switchTo(id) {
    this.#do(() => this.run.switchTo(id));
  }

  /** @param {number} id of a branch */
  remove(id) {
    this.#do(() => this.run.remove(id));
  }

  /**
   * @param {number} id of a branch
   * @param {string} name
   */
  rename(id, name) {
    this.#move(() => this.run.rename(id, name), true);
  }

  /**
   * A segment was clicked.
   *
   * @param {number} id
   * @param {DOMRect} at
   */
  select(id, at) {
    this.player.pause();
    const segment = segmentOf(this.state, id);
    this.attempt(() => {
      const known = this.run.lab.segment(id);
      if (segment && known) this.store.change({ selection: { segment, known, at } });
    });
  }

  /**
   * Says everything in another language.
   *
   * @param {import('./words.js').Speech} speech
   * @returns {boolean} whether it was done
   */
  setSpeech(speech) {
    return this.attempt(() => {
      this.run.setSpeech(speech);
      const { comparison } = this.state;
      this.store.change({ speech, selection: undefined });
      if (comparison) this.compare(comparison.other);
    });
  }

  /**
   * Shows this run beside another, to the end of both.
   *
   * @param {Other} other
   */
  compare(other) {
    this.player.pause();
    this.attempt(() => {
      const { lab } = this.run;
      const here = this.state.branches.find(({ current }) => current);
      const pair =
        'world' in other
          ? this.#synfin.Pair.under(lab, other.world)
          : this.#synfin.Pair.ofBranches(lab, here?.id ?? 0, other.branch);
      this.#pair?.free();
      this.#pair = pair;
      const report = pair.runToEnd();
      this.store.change({ comparison: { other }, pair: report, selection: undefined, alert: undefined });
    });
  }

  /**
   * Moves both runs that are compared.
   *
   * @param {(pair: Pair) => PairReport} move
   */
  movePair(move) {
    this.attempt(() => this.#pair && this.store.change({ pair: move(this.#pair) }));
  }

  /** Two runs, while they are compared. */
  get pair() {
    return this.#pair;
  }

  /** Shows this run alone. */
  leave() {
    if (!this.state.comparison) return;
    this.attempt(() => {
      this.store.change({ comparison: undefined, pair: undefined, alert: undefined });
      this.#pair?.free();
      this.#pair = undefined;
    });
  }

  /**
   * Does something with the lab.
   *
   * @param {() => void} action
   * @returns {boolean} whether it was done
   */
  attempt(action) {
    if (this.state.isBroken) return false;
    try {
      action();
      return true;
    } catch (error) {
      this.player.pause();
      if (isRefusal(error)) {
        const { message, code, column } = error;
        this.store.change({ alert: { message, code, column, isTyped: this.state.isTyped } });
        this.#witness.refused(error);
      } else {
        this.store.change({ isBroken: true });
        this.#witness.broke(error);
      }
      return false;
    }
  }

  free() {
    this.player.pause();
    // What has trapped cannot be freed.
    if (!this.state.isBroken) {
      this.#pair?.free();
      this.run.free();
    }
    this.state.isBroken = true;
  }

  /**
   * Changes what happens in the run.
   *
   * @param {() => void} action
   */
  #do(action) {
    this.player.pause();
    return this.#move(action, true);
  }

  /**
   * @param {() => void} action
   * @param {boolean} [isDeed] whether it changes what happens, not only where the run is
   * @returns {boolean} whether it was done
   */
  #move(action, isDeed = false) {
    const isDone = this.attempt(action);
    if (isDone) {
      this.state.hasPoster = false;
      this.#witness.moved(isDeed);
    }
    return isDone;
  }
}

/**
 * Whether the lab said no, rather than fell over.
 *
 * @param {unknown} error
 * @returns {error is Error & {code: string, column?: number}}
 */
export function isRefusal(error) {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

// @ts-check
/** A run and the player that moves it. Everything that is done to the run goes through here, and so does what goes wrong. */
import { Player } from './player.js';
import { Run } from './run.js';

/**
 * @typedef {object} Witness who is told
 * @property {(isDeed: boolean) => void} changed the run went somewhere; or what happens in it was changed
 * @property {() => void} played playing began or ended
 * @property {(ms: number) => void} waited the simulated time, while nothing happens
 * @property {(error: Error & {code: string}) => void} refused something is not possible; nothing has changed
 * @property {(error: unknown) => void} broke the lab has failed and is not to be touched again
 */

export class Session {
  #witness;
  #isBroken = false;

  /** What was typed and is not done yet. It outlives the view. */
  draft = { line: '' };

  /**
   * @param {import('./loader.js').Synfin} synfin
   * @param {import('./run.js').Source} source
   * @param {import('./words.js').Speech} speech
   * @param {Witness} witness
   */
  constructor(synfin, source, speech, witness) {
    this.#witness = witness;
    /** With which the run can be compared. */
    this.worlds = synfin.worlds();
    this.run = new Run(synfin, source, speech);
    this.player = new Player({
      step: () => this.#change(() => this.run.step()),
      forward: (budget) => this.#change(() => this.run.forward(budget)),
      isAtEnd: () => this.#isBroken || this.run.isAtEnd,
      gap: () => (this.run.next ?? this.run.time) - this.run.time,
      wait: (part) => witness.waited(this.run.time + part * ((this.run.next ?? this.run.time) - this.run.time)),
      changed: () => witness.played(),
    });
  }

  step() {
    this.player.pause();
    this.#change(() => this.run.step());
  }

  back() {
    this.goTo(this.run.cursor - 1);
  }

  /** @param {number} step */
  goTo(step) {
    this.player.pause();
    this.#change(() => this.run.goTo(step));
  }

  /** Plays, or pauses. At the end it plays again from the start. */
  toggle() {
    if (this.player.isPlaying) {
      this.player.pause();
      return;
    }
    if (this.run.isAtEnd) this.#change(() => this.run.goTo(0));
    this.player.play();
  }

  hurry() {
    this.player.hurry();
  }

  /** The story from its start, without what was done to it. */
  reset() {
    this.player.pause();
    this.#change(() => this.run.restart(), true);
  }

  /**
   * @param {import('./words.js').Speech} speech
   * @returns {boolean} whether it was done
   */
  setSpeech(speech) {
    return this.attempt(() => this.run.setSpeech(speech));
  }

  /**
   * @param {import('./run.js').Injection} injection
   * @returns {boolean} whether it was done
   */
  inject(injection) {
    this.player.pause();
    return this.#change(() => this.run.inject(injection), true);
  }

  /** @param {number} id of a branch */
  switchTo(id) {
    this.player.pause();
    this.#change(() => this.run.switchTo(id), true);
  }

  /** @param {number} id of a branch */
  remove(id) {
    this.player.pause();
    this.#change(() => this.run.remove(id), true);
  }

  /**
   * @param {number} id of a branch
   * @param {string} name
   */
  rename(id, name) {
    this.#change(() => this.run.lab.renameBranch(id, name), true);
  }

  /**
   * Does something with the lab.
   *
   * @param {() => void} action
   * @returns {boolean} whether it was done
   */
  attempt(action) {
    if (this.#isBroken) return false;
    try {
      action();
      return true;
    } catch (error) {
      this.player.pause();
      if (isRefusal(error)) {
        this.#witness.refused(error);
      } else {
        this.#isBroken = true;
        this.#witness.broke(error);
      }
      return false;
    }
  }

  free() {
    this.player.pause();
    // What has trapped cannot be freed.
    if (!this.#isBroken) this.run.free();
    this.#isBroken = true;
  }

  /**
   * @param {() => void} action
   * @param {boolean} [isDeed] whether it changes what happens, not only where the run is
   * @returns {boolean} whether it was done
   */
  #change(action, isDeed = false) {
    const isDone = this.attempt(action);
    if (isDone) this.attempt(() => this.#witness.changed(isDeed));
    return isDone;
  }
}

/**
 * Whether the lab said no, rather than fell over.
 *
 * @param {unknown} error
 * @returns {error is Error & {code: string}}
 */
export function isRefusal(error) {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

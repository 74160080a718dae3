// @ts-check
/** Goes on by itself: one step, a pause as long as the simulated time asks for, the next step. */

/** How long a simulated millisecond takes at speed 1, in milliseconds. */
const slowness = 12;
/** No pause is shorter or longer than this at speed 1, in milliseconds. */
const shortest = 350;
const longest = 1100;
/** With reduced motion all pauses are the same, in milliseconds at speed 1. */
const steady = 1000;
/** How long a run to the end keeps the page from painting, in milliseconds. */
const slice = 12;

/** The speeds to choose from; 1 is usual. */
export const speeds = [0.25, 0.5, 1, 2, 4];

/**
 * @typedef {object} Deck what is played
 * @property {() => void} step takes a step
 * @property {(budget: number) => void} forward takes steps for so many milliseconds
 */

export class Player {
  #store;
  #deck;
  #timer = 0;
  #frame = 0;
  #isCalm = matchMedia('(prefers-reduced-motion: reduce)');

  /**
   * @param {import('./store.js').Store} store
   * @param {Deck} deck
   */
  constructor(store, deck) {
    this.#store = store;
    this.#deck = deck;
  }

  play() {
    if (this.#isPlaying) return;
    this.#set(true);
    this.#next();
  }

  pause() {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    if (this.#isPlaying) this.#set(false);
  }

  /** To the end at once, or as fast as the page can paint if it is far. */
  hurry() {
    this.pause();
    this.#deck.forward(slice);
    if (this.#isAtEnd) return;
    this.#set(true);
    this.#hurryOn();
  }

  #hurryOn() {
    this.#frame = requestAnimationFrame(() => {
      if (!this.#isPlaying) return;
      this.#deck.forward(slice);
      if (this.#isAtEnd) this.pause();
      else this.#hurryOn();
    });
  }

  #next() {
    this.#deck.step();
    // The step may have failed, and so ended the playing.
    if (!this.#isPlaying) return;
    if (this.#isAtEnd) {
      this.pause();
      return;
    }
    const pause = this.#pause();
    this.#timer = setTimeout(() => this.#next(), pause);
    if (!this.#isCalm.matches) this.#animate(performance.now(), pause);
  }

  /**
   * @param {number} start
   * @param {number} length
   */
  #animate(start, length) {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame((now) => {
      if (!this.#isPlaying) return;
      const part = Math.min(1, Math.max(0, (now - start) / length));
      this.#store.change({ time: this.#store.state.now.timeMs + part * this.#gap });
      if (part < 1) this.#animate(start, length);
    });
  }

  #pause() {
    if (this.#isCalm.matches) return steady / this.#store.state.speed;
    return Math.min(longest, Math.max(shortest, this.#gap * slowness)) / this.#store.state.speed;
  }

  get #isPlaying() {
    return this.#store.state.isPlaying;
  }

  get #isAtEnd() {
    const { isBroken, now } = this.#store.state;
    return isBroken || now.atEnd;
  }

  /** The simulated time until the next step, in milliseconds. */
  get #gap() {
    const { now, next } = this.#store.state;
    return (next ?? now.timeMs) - now.timeMs;
  }

  /** @param {boolean} isPlaying */
  #set(isPlaying) {
    this.#store.change({ isPlaying });
  }
}
